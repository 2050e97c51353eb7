import type { ParamSpec } from '../model/param';
import { asBool, isNone } from '../model/paramValue';

/**
 * One value as Python's source has it: numbers and switches as they are, texts in quotes. What a param without a
 * known type is given is a number, a switch or None when it reads as one. A text keeps the quotes of the old one.
 */
export function pythonWord(spec: ParamSpec, text: string, old = '""'): string {
  const word = text.trim();
  if (isNone(word) && (spec.nullable === true || spec.type !== 'str')) return 'None';
  switch (spec.type) {
    case 'int':
    case 'float':
      return pythonNumber(word);
    case 'bool':
      return asBool(word) === false ? 'False' : 'True';
    case 'str':
      if (spec.nullable === true && spec.defaultValue === null && isPythonValue(word)) return word;
      return pythonString(text, old.startsWith("'") && !old.startsWith("'''") ? "'" : '"');
  }
}

/** A text in Python's quotes, which say the same in every version of it. */
export function pythonString(text: string, quote: '"' | "'" = '"'): string {
  const body = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\t', String.raw`\t`)
    .replaceAll('\0', String.raw`\x00`);
  return `${quote}${body}${quote}`;
}

function pythonNumber(word: string): string {
  const [, sign = '', name = ''] = /^([+-]?)(nan|inf|infinity)$/i.exec(word) ?? [];
  if (name !== '') return `float("${sign}${name.toLowerCase()}")`;
  // int("007") is 7, but the source of Python has no such number.
  return word.replace(/^([+-]?)0+(?=\d)/, '$1');
}

/** Whether a text is a number or a switch in Python's own source. */
function isPythonValue(word: string): boolean {
  return /^(True|False|[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?)$/i.test(word) && !/^[+-]?0\d/.test(word);
}
