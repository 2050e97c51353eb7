import { wordsOf } from '../../model/paramValue';
import { asBool, isNone, numberOf } from '../../model/paramValue';
import type { ParamSpec } from '../../model/param';
import { type Literal, printedFloat } from '../literals';
import { type ConfigEntry, type ConfigFormat, literalOfValue } from './entry';
import { NotRead, Scanner } from './scanner';

/** JSON, also with comments as some readers allow. */
export const jsonFormat: ConfigFormat = {
  extensions: ['json'],
  read(text) {
    const scanner = new Scanner(text);
    const entries: ConfigEntry[] = [];
    try {
      readValue(scanner, [], entries);
    } catch (error) {
      if (error instanceof NotRead) return []; // Half written, or no JSON: nothing in it can be changed.
      throw error;
    }
    return entries;
  },
  write(spec, value) {
    if (!spec.many) return jsonScalar(spec, value);
    return `[${(wordsOf(value) ?? [value]).map((word) => jsonScalar(spec, word)).join(', ')}]`;
  },
};

const MAX_DEPTH = 50;
const BLANKS = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const WORD = /-?[\w.+-]+/y;

/** Reads a value and notes where those of keys stand; the literal that it is, or null for an object. */
function readValue(scanner: Scanner, keys: readonly string[], entries: ConfigEntry[] | null): Literal | null {
  if (keys.length > MAX_DEPTH) throw new NotRead('Nested too deep.');
  scanner.take(BLANKS);
  switch (scanner.next) {
    case '{':
      readObject(scanner, keys, entries);
      return null;
    case '[':
      return readList(scanner, keys);
    case '"':
      return { kind: 'string', value: parsed(scanner.must(STRING)) };
    default:
      return wordLiteral(scanner.must(WORD));
  }
}

function readObject(scanner: Scanner, keys: readonly string[], entries: ConfigEntry[] | null): void {
  scanner.must(/\{/y);
  scanner.take(BLANKS);
  while (scanner.next !== '}') {
    const key = parsed(scanner.must(STRING));
    scanner.take(BLANKS);
    scanner.must(/:/y);
    scanner.take(BLANKS);
    const from = scanner.at;
    const own = [...keys, key];
    const literal = readValue(scanner, own, entries);
    if (literal !== null) entries?.push({ keys: own, literal, value: { from, to: scanner.at }, help: null });
    scanner.take(BLANKS);
    if (scanner.take(/,/y) === null) break;
    scanner.take(BLANKS);
  }
  scanner.must(/\}/y);
}

function readList(scanner: Scanner, keys: readonly string[]): Literal | null {
  scanner.must(/\[/y);
  scanner.take(BLANKS);
  const items: (Literal | null)[] = [];
  while (scanner.next !== ']') {
    items.push(readValue(scanner, [...keys, ''], null));
    scanner.take(BLANKS);
    if (scanner.take(/,/y) === null) break;
    scanner.take(BLANKS);
  }
  scanner.must(/\]/y);
  return items.every((item) => item !== null) ? { kind: 'list', items } : null;
}

function wordLiteral(word: string): Literal {
  const value: unknown = JSON_WORDS.has(word) ? JSON_WORDS.get(word) : Number(word);
  const literal = Number.isNaN(value) && word !== 'NaN' ? null : literalOfValue(value, word);
  if (literal === null) throw new NotRead(`${word} is no value.`);
  return literal;
}

/** With what Python's json writes besides. */
const JSON_WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function parsed(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new NotRead(`${text} is no text.`); // An escape that JSON has not.
  }
}

function jsonScalar(spec: ParamSpec, text: string): string {
  const word = text.trim();
  if (isNone(word) && (spec.nullable === true || spec.type !== 'str')) return 'null';
  switch (spec.type) {
    case 'int':
      return word
        .replaceAll('_', '')
        .replace(/^\+/, '')
        .replace(/^(-?)0+(?=\d)/, '$1');
    case 'float':
      return jsonNumber(numberOf(word));
    case 'bool':
      return asBool(word) === false ? 'false' : 'true';
    case 'str': {
      const isFree = spec.nullable === true && spec.defaultValue === null;
      if (isFree && /^(true|false)$/i.test(word)) return word.toLowerCase();
      if (isFree && Number.isFinite(numberOf(word)))
        return /^-?[1-9]\d*$/.test(word) ? word : jsonNumber(numberOf(word));
      return JSON.stringify(text);
    }
  }
}

function jsonNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return printedFloat(value);
}
