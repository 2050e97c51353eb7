import { asBool, numberOf, wordsOf } from '../../model/paramValue';
import type { ParamSpec } from '../../model/param';
import { type Literal, printedFloat } from '../literals';
import { type ConfigEntry, type ConfigFormat, numberLiteral } from './entry';
import { NotRead, Scanner } from './scanner';

/** TOML 1.0; dates, texts of several lines and tables in lists are left alone. */
export const tomlFormat: ConfigFormat = {
  extensions: ['toml'],
  read(text) {
    const entries: ConfigEntry[] = [];
    try {
      readDocument(new Scanner(text), entries);
    } catch (error) {
      if (error instanceof NotRead) return []; // Half written, or no TOML: nothing in it can be changed.
      throw error;
    }
    return entries;
  },
  write(spec, value) {
    if (!spec.many) return tomlScalar(spec, value);
    return `[${(wordsOf(value) ?? [value]).map((word) => tomlScalar(spec, word)).join(', ')}]`;
  },
};

const BLANKS = /[ \t]*/y;
const LINES = /(?:[ \t\r\n\ufeff]|#[^\n]*)*/y;
const BARE = /[A-Za-z0-9_-]+/y;
const BASIC = /"(?:[^"\\\n]|\\.)*"/y;
const LITERAL = /'[^'\n]*'/y;
const LONG = /"""(?:[^\\]|\\[^])*?"""|'''[^]*?'''/y;
const NUMBER =
  /[+-]?(?:inf|nan|0x[\da-fA-F_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?)(?![\w:-])/y;
const MOMENT = /\d[\d:TtZz.+ -]*/y;

function readDocument(scanner: Scanner, entries: ConfigEntry[]): void {
  let table: readonly string[] | null = [];
  for (scanner.take(LINES); !scanner.isAtEnd; scanner.take(LINES)) {
    if (scanner.take(/\[\[/y) !== null) {
      readKeys(scanner);
      scanner.must(/\]\]/y);
      table = null; // One of a list of tables: it has no name of its own.
    } else if (scanner.take(/\[/y) !== null) {
      table = readKeys(scanner);
      scanner.must(/\]/y);
    } else {
      readPair(scanner, table, entries);
      scanner.must(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y);
    }
  }
}

function readPair(scanner: Scanner, table: readonly string[] | null, entries: ConfigEntry[]): void {
  const keys = readKeys(scanner);
  scanner.must(/=/y);
  scanner.take(BLANKS);
  const from = scanner.at;
  const own = table === null ? null : [...table, ...keys];
  const literal = readValue(scanner, own, entries);
  if (literal === null || own === null) return;
  const comment = /^[ \t]*,?[ \t]*#+[ \t]*(\S.*?)\s*$/m.exec(restOfLine(scanner))?.[1] ?? null;
  entries.push({ keys: own, literal, value: { from, to: scanner.at }, help: comment });
}

function readKeys(scanner: Scanner): readonly string[] {
  const keys: string[] = [];
  do {
    scanner.take(BLANKS);
    keys.push(scanner.take(BARE) ?? readText(scanner));
    scanner.take(BLANKS);
  } while (scanner.take(/\./y) !== null);
  return keys;
}

/** The literal that a value is; null for what cannot be typed. Tables in a line give their own entries. */
function readValue(scanner: Scanner, keys: readonly string[] | null, entries: ConfigEntry[]): Literal | null {
  if (scanner.take(LONG) !== null) return null;
  if (scanner.next === '"' || scanner.next === "'") return { kind: 'string', value: readText(scanner) };
  if (scanner.take(/true\b/y) !== null) return { kind: 'bool', value: true };
  if (scanner.take(/false\b/y) !== null) return { kind: 'bool', value: false };
  if (scanner.next === '[') return readList(scanner);
  if (scanner.take(/\{/y) !== null) {
    for (scanner.take(LINES); scanner.next !== '}'; scanner.take(LINES)) {
      readPair(scanner, keys, entries);
      scanner.take(LINES);
      if (scanner.take(/,/y) === null) break;
    }
    scanner.must(/\}/y);
    return null;
  }
  const number = scanner.take(NUMBER);
  if (number !== null) return numberOfToml(number);
  scanner.must(MOMENT);
  return null;
}

function readList(scanner: Scanner): Literal | null {
  scanner.must(/\[/y);
  const items: (Literal | null)[] = [];
  for (scanner.take(LINES); scanner.next !== ']'; scanner.take(LINES)) {
    items.push(readValue(scanner, null, []));
    scanner.take(LINES);
    if (scanner.take(/,/y) === null) break;
  }
  scanner.take(LINES);
  scanner.must(/\]/y);
  return items.every((item) => item !== null) ? { kind: 'list', items } : null;
}

function readText(scanner: Scanner): string {
  const literal = scanner.take(LITERAL);
  if (literal !== null) return literal.slice(1, -1);
  const basic = scanner.must(BASIC);
  try {
    return String(
      JSON.parse(
        basic.replace(/\\U([\da-fA-F]{8})/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16))),
      ),
    );
  } catch {
    throw new NotRead(`${basic} is no text.`); // An escape that does not exist.
  }
}

function numberOfToml(text: string): Literal {
  const word = text.replaceAll('_', '');
  const isWhole = !/[.]|^[+-]?\d+[eE]|inf|nan/.test(word);
  const value = /nan/.test(word) ? NaN : numberOf(word);
  return numberLiteral(value, isWhole && Number.isSafeInteger(value));
}

function restOfLine({ text, at }: Scanner): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? undefined : end);
}

function tomlScalar(spec: ParamSpec, text: string): string {
  const word = text.trim();
  switch (spec.type) {
    case 'int':
      return word.replaceAll('_', '').replace(/^([+-]?)0+(?=\d)/, '$1');
    case 'float':
      return printedFloat(/nan/i.test(word) ? NaN : numberOf(word));
    case 'bool':
      return asBool(word) === false ? 'false' : 'true';
    case 'str':
      return JSON.stringify(text).replaceAll('\u007f', String.raw`\u007f`);
  }
}
