import { kindOfName, metricName } from '../names';
import { LETTER, NUMBER, NUMBER_END, readNumber } from '../numbers';
import { positionIn } from '../position';
import type { PrintedValue, Shape } from '../shape';

const WORD = String.raw`${LETTER}[\w\u00aa-\u2019\u3000-\uffff.@/%'+-]*(?:\([\w@%]+\))?`;
const SEPARATOR = new RegExp(
  String.raw`(?<before>\s*)(?<mark>:|==?|->)(?<gap>\s*)['"]?(?:(?<number>${NUMBER})${NUMBER_END}|(?<part>\d+)/(?<of>\d+)\b)`,
  'g',
);
/** The words before a separator: up to four of `val loss: 0.5`, one of `loss=0.5`. */
const NAME = new RegExp(String.raw`(?:^|[^\w.@/-])((?:${WORD} ){0,3}${WORD})$`);
const LAST = new RegExp(String.raw`(?:^|[^\w.@/-])(${WORD})$`);
const HEAD = 100; // Longer names are none.
/** `Adam(lr=0.1)`, `Namespace(epochs=3)`: how Python shows an object. */
const OBJECT = /\w\((?:[^()]*[=:][^()]*|.*\w=.*)\)?,?$/;
const CUT =
  /^.*\b(?:with|the|of|is|was|at|for|and|to|has|have|on|in|from|by|now|new|current|over|after|got|a|an|our|its|best model|saved) /i;

/** `loss=0.5`, `val loss: 0.5`, `loss: 0.5, acc: 0.9`, `Accuracy: 97.5%`, `Accuracy: 97/100`, `key: value (step 3)`. */
export const pairs: Shape = {
  id: 'pairs',
  read(line) {
    const values = [...line.matchAll(SEPARATOR)].flatMap((found) => valueOf(line, found));
    if (values.length === 0 || (line.includes('(') && /^[\w.\s]*\w\(/.test(line) && OBJECT.test(line)))
      return null;
    const at = positionIn(line) ?? guildStep(line);
    return { values, ...(at === null ? {} : { at }) };
  },
};

/** `key: value (3)`: Guild AI's short form of a step. */
function guildStep(line: string): { step: number } | null {
  const step = /^[A-Za-z_]\S*: \S+ \((\d{1,15})\)$/.exec(line)?.[1];
  return step === undefined ? null : { step: Number(step) };
}

function valueOf(line: string, { index, groups }: RegExpExecArray): PrintedValue[] {
  const { before = '', mark, gap = '', number, part, of } = groups ?? {};
  const head = line.slice(Math.max(0, index - HEAD), index);
  const isAssigned = mark === '=' && before === '' && gap === '';
  const name = nameOf((isAssigned ? LAST : NAME).exec(head)?.[1] ?? '');
  if (name === '') return [];
  // `localhost:8080` has no space, `3/10` may be anything: these are seen by their names.
  const needsName = number === undefined || (mark === ':' && gap === '');
  if (needsName && kindOfName(name) !== 'metric') return [];
  if (number !== undefined) return [{ name, value: readNumber(number) }];
  return Number(of) === 0 ? [] : [{ name, value: Number(part) / Number(of) }];
}

/** `saved with val loss` is about the `val loss`. */
function nameOf(words: string): string {
  return metricName(words.replace(CUT, ''));
}
