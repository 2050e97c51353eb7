import type { Bounds, ParamSpec } from './param';

/**
 * What is wrong with a value, as a sentence, or null. An empty text means "not given".
 * Types are checked as Python's int() and float() read them.
 */
export function checkValue(spec: ParamSpec, text: string): string | null {
  const label = spec.flag ?? spec.name;
  // A default is not passed: argparse takes it as it is, whatever the type says.
  if (text === spec.defaultValue) return null;
  if (text.includes('\0')) return `${label} cannot hold a NUL character.`;
  if (text.trim() === '') {
    return spec.required && spec.defaultValue === null ? `${label} is needed: it has no default.` : null;
  }
  if (spec.nullable === true && isNone(text)) return null;
  if (spec.action !== 'store') return asBool(text) === null ? `${label} is a switch: True or False.` : null;
  if (!spec.many) return checkWord(spec, label, text);
  const words = wordsOf(text);
  if (words === null) return `${label} has a quote that is not closed.`;
  if (spec.count !== undefined && words.length !== spec.count) {
    return `${label} takes ${spec.count} values, not ${words.length}.`;
  }
  return words.map((word) => checkWord(spec, label, word)).find((sentence) => sentence !== null) ?? null;
}

/** The values of a param that takes several: words as a shell splits them, or a list, `[64, 32]`. */
export function wordsOf(text: string): readonly string[] | null {
  const trimmed = text.trim();
  const isList = /^\[.*\]$|^\(.*\)$/s.test(trimmed);
  if (!isList) return splitWords(text);
  const items = splitAtCommas(trimmed.slice(1, -1));
  return items.map((item) => unquoted(item));
}

/** Splits a text into words as a shell does: quotes hold blanks. Null when a quote is not closed. */
export function splitWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}

/** A word so that splitWords gives it back. */
export function quoteWord(word: string): string {
  if (word !== '' && !/[\s"']/.test(word)) return word;
  if (!word.includes('"')) return `"${word}"`;
  if (!word.includes("'")) return `'${word}'`;
  return word
    .split(/(["])/)
    .filter((part) => part !== '')
    .map((part) => (part === '"' ? `'"'` : `"${part}"`))
    .join('');
}

/** The parts of a text between its commas; quotes and brackets hold commas together. Blank parts are left out. */
export function splitAtCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  let quote: string | null = null;
  for (const character of text) {
    if (quote !== null) {
      if (character === quote) quote = null;
    } else if (character === '"' || character === "'") {
      // An apostrophe within a word is no quote: it's.
      if (part.trim() === '' || depth > 0) quote = character;
    } else if ('[({'.includes(character)) {
      depth += 1;
    } else if ('])}'.includes(character)) {
      depth -= 1;
    } else if (character === ',' && depth <= 0) {
      parts.push(part);
      part = '';
      continue;
    }
    part += character;
  }
  return [...parts, part].map((one) => one.trim()).filter((one) => one !== '');
}

/** A text without the quotes around all of it. */
export function unquoted(text: string): string {
  const match = /^(["'])([^]*)\1$/.exec(text);
  return match?.[2] ?? text;
}

/** Whether a text says true or false, in the words that people and Python use; null when it does neither. */
export function asBool(text: string): boolean | null {
  switch (text.trim().toLowerCase()) {
    case 'true':
    case 'yes':
    case 'on':
    case '1':
      return true;
    case 'false':
    case 'no':
    case 'off':
    case '0':
      return false;
    default:
      return null;
  }
}

/** `None` of Python's, `null` of YAML's and JSON's. */
export function isNone(text: string): boolean {
  return /^(None|null|~)$/.test(text.trim());
}

/** Whether two texts are the same value of the param: `0.10` is `0.1`, and `yes` is `True`. */
export function isSameValue(spec: ParamSpec, a: string, b: string): boolean {
  if (a === b) return true;
  if (spec.many) {
    const [left, right] = [wordsOf(a), wordsOf(b)];
    if (left === null || left.length !== right?.length) return false;
    return left.every((word, index) => isSameValue({ ...spec, many: false }, word, right[index] ?? ''));
  }
  if (spec.action !== 'store' || spec.type === 'bool') return asBool(a) !== null && asBool(a) === asBool(b);
  const isNumber = spec.type === 'int' || spec.type === 'float';
  return isNumber && numberOf(a) === numberOf(b);
}

/** A number as Python reads it: `1_000`, `-inf`; NaN when it is none. */
export function numberOf(text: string): number {
  const word = text.trim().replaceAll('_', '').toLowerCase();
  const infinite = /^([+-]?)inf(?:inity)?$/.exec(word);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return word === '' ? NaN : Number(word);
}

function checkWord(spec: ParamSpec, label: string, word: string): string | null {
  switch (spec.type) {
    case 'int':
      if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(word)) return `${label} takes a whole number.`;
      break;
    case 'float':
      if (!isPythonFloat(word)) return `${label} takes a number.`;
      break;
    case 'bool':
      if (asBool(word) === null) return `${label} takes True or False.`;
      break;
    case 'str':
      break;
  }
  if (spec.bounds !== undefined && !isWithin(spec.bounds, numberOf(word))) {
    return `${label} takes a number ${boundsText(spec.bounds)}.`;
  }
  if (spec.choices === null || spec.choices.some((choice) => isSameChoice(spec, choice, word))) return null;
  return `${label} takes one of ${spec.choices.join(', ')}.`;
}

function isPythonFloat(word: string): boolean {
  const digits = String.raw`\d+(?:_\d+)*`;
  const number = String.raw`(?:${digits}\.?(?:${digits})?|\.${digits})(?:e[+-]?${digits})?`;
  return new RegExp(String.raw`^\s*[+-]?(?:${number}|nan|inf|infinity)\s*$`, 'i').test(word);
}

function isSameChoice(spec: ParamSpec, choice: string, word: string): boolean {
  if (spec.type === 'int' || spec.type === 'float') return numberOf(choice) === numberOf(word);
  return choice === word;
}

function isWithin({ min, max, minOpen, maxOpen }: Bounds, value: number): boolean {
  if (Number.isNaN(value)) return false;
  if (min !== null && (value < min || (minOpen === true && value === min))) return false;
  return max === null || value < max || (maxOpen !== true && value === max);
}

/** "from 1 to 10", "above 0", "of at most 1" */
function boundsText({ min, max, minOpen, maxOpen }: Bounds): string {
  const least = min === null ? null : minOpen === true ? `above ${min}` : `of at least ${min}`;
  const most = max === null ? null : maxOpen === true ? `below ${max}` : `of at most ${max}`;
  return [least, most].filter((part) => part !== null).join(' and ');
}
