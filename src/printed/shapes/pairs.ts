import { kindOfName, metricName } from '../names';
import { NUMBER, NUMBER_END, readNumber } from '../numbers';
import { positionIn } from '../position';
import type { PrintedValue, Shape } from '../shape';

const WORD = String.raw`[\p{L}_][\p{L}\p{N}_.@/%'+-]*(?:\([\w@%]+\))?`;
const PAIR = new RegExp(
  // `loss=0.5`: one word. `val loss: 0.5`, `val loss = 0.5`: up to four.
  String.raw`(?<![\p{L}\p{N}_.@/-])(?:(?<word>${WORD})=|(?<words>${WORD}(?: ${WORD}){0,3})\s*(?<mark>:|\s=|==|->|\s:)(?<gap>\s*))['"]?(?<number>${NUMBER})${NUMBER_END}`,
  'giu',
);
const OF = new RegExp(
  String.raw`(?<words>${WORD}(?: ${WORD}){0,3})\s*[:=]\s*(?<number>\d+)/(?<of>\d+)\b`,
  'giu',
);
/** `Adam(lr=0.1)`, `Namespace(epochs=3)`: how Python shows an object. */
const OBJECT = /[\p{L}_]\w*\((?:[^()]*[=:][^()]*|.*\w=.*)\)?,?$/u;
const CUT =
  /^.*\b(?:with|the|of|is|was|at|for|and|to|has|have|on|in|from|by|now|new|current|over|after|got|a|an|our|its|best model|saved) /i;

/** `loss=0.5`, `val loss: 0.5`, `loss: 0.5, acc: 0.9`, `Accuracy: 97.5%`, `Accuracy: 97/100`, `key: value (step 3)`. */
export const pairs: Shape = {
  id: 'pairs',
  read(line) {
    if (OBJECT.test(line) && /^[\w.\s]*\w\(/.test(line)) return null;
    const at = positionIn(line) ?? guildStep(line);
    const values = [...shares(line), ...[...line.matchAll(PAIR)].flatMap(valueOf)];
    if (values.length === 0) return null;
    return { values, ...(at === null ? {} : { at }) };
  },
};

/** `key: value (3)`: Guild AI's short form of a step. */
function guildStep(line: string): { step: number } | null {
  const step = /^[A-Za-z_]\S*: \S+ \((\d{1,15})\)$/.exec(line)?.[1];
  return step === undefined ? null : { step: Number(step) };
}

function shares(line: string): PrintedValue[] {
  return [...line.matchAll(OF)].flatMap(({ groups }) => {
    const name = nameOf(groups?.['words'] ?? '');
    const of = Number(groups?.['of']);
    if (kindOfName(name) !== 'metric' || of === 0) return [];
    return [{ name, value: Number(groups?.['number']) / of }];
  });
}

function valueOf({ groups }: RegExpMatchArray): PrintedValue[] {
  const { word, words, mark, gap, number = '' } = groups ?? {};
  const name = nameOf(word ?? words ?? '');
  if (name === '') return [];
  // `localhost:8080` has no space; `loss:0.5` is seen by its name.
  const isTight = mark === ':' && gap === '';
  if (isTight && kindOfName(name) !== 'metric') return [];
  return [{ name, value: readNumber(number) }];
}

/** `saved with val loss` is about the `val loss`. */
function nameOf(words: string): string {
  return metricName(words.replace(CUT, ''));
}
