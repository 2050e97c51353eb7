import type { SyntaxNode } from '@lezer/common';
import { type PythonFile, assignmentsOf, childrenOf, textOf } from './python';

/** A value that stands in the code as it is. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  /** `text` is what Python's str() would print. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'list'; readonly items: readonly Literal[] };

/** Names that a module assigns a literal once, at its top level. */
export type Constants = ReadonlyMap<string, SyntaxNode>;

const MAX_DEPTH = 50; // A default nested deeper than this is not typed by a person.

/** The literal that an expression is, or null when it must be computed. Constants are looked up, once. */
export function literalOf(
  file: PythonFile,
  node: SyntaxNode | null | undefined,
  constants?: Constants,
  depth = 0,
): Literal | null {
  if (node === null || node === undefined || depth > MAX_DEPTH) return null;
  switch (node.name) {
    case 'String':
    case 'FormatString':
    case 'ContinuedString': {
      const value = stringOf(file, node);
      return value === null ? null : { kind: 'string', value };
    }
    case 'Number':
      return numberOf(textOf(file, node), 1);
    case 'MemberExpression': // "30." reads as a number with a member that is not there yet.
      return /^[\d_]+\.(e\d+)?$/i.test(textOf(file, node)) ? numberOf(textOf(file, node), 1) : null;
    case 'Boolean':
      return { kind: 'bool', value: textOf(file, node) === 'True' };
    case 'None':
      return { kind: 'none' };
    case 'UnaryExpression':
      return signedNumber(file, node);
    case 'ParenthesizedExpression': {
      const inner = childrenOf(node).find((child) => child.name !== '(' && child.name !== ')');
      return literalOf(file, inner, constants, depth + 1);
    }
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression': {
      const items = childrenOf(node)
        .filter((child) => !'()[]{},'.includes(child.name))
        .map((child) => literalOf(file, child, constants, depth + 1));
      return items.every((item) => item !== null) ? { kind: 'list', items } : null;
    }
    case 'VariableName': {
      const constant = constants?.get(textOf(file, node));
      return constant === undefined ? null : literalOf(file, constant, undefined, depth + 1);
    }
    default:
      return null;
  }
}

/** The text of a string without quotes, escapes resolved; null for bytes, f-strings with values and cut strings. */
export function stringOf(file: PythonFile, node: SyntaxNode | null | undefined): string | null {
  if (node === null || node === undefined) return null;
  if (node.name === 'ContinuedString') {
    const parts = childrenOf(node).map((child) => stringOf(file, child));
    return parts.every((part) => part !== null) ? parts.join('') : null;
  }
  if (node.name === 'FormatString' && node.getChild('FormatReplacement') !== null) return null;
  if (node.name !== 'String' && node.name !== 'FormatString') return null;
  const match = /^([a-zA-Z]*)("""|'''|"|')([\s\S]*)\2$/.exec(textOf(file, node));
  const [, prefix, , body] = match ?? [];
  if (prefix === undefined || body === undefined || /b/i.test(prefix)) return null;
  const text = /r/i.test(prefix) ? body : unescape(body);
  return node.name === 'FormatString' ? text.replaceAll('{{', '{').replaceAll('}}', '}') : text;
}

export function constantsOf(file: PythonFile): Constants {
  const constants = new Map<string, SyntaxNode>();
  const seen = new Set<string>();
  for (const { target, value } of assignmentsOf(file)) {
    if (target.name !== 'VariableName') continue;
    const name = textOf(file, target);
    if (seen.has(name)) constants.delete(name);
    else if (target.parent?.parent?.name === 'Script') constants.set(name, value);
    seen.add(name);
  }
  return constants;
}

/** The literal as Python's str() prints it; null for lists and None. */
export function printed(literal: Literal): string | null {
  switch (literal.kind) {
    case 'string':
      return literal.value;
    case 'number':
      return literal.text;
    case 'bool':
      return literal.value ? 'True' : 'False';
    case 'none':
    case 'list':
      return null;
  }
}

function signedNumber(file: PythonFile, node: SyntaxNode): Literal | null {
  const [sign, number, ...rest] = childrenOf(node);
  if (sign === undefined || number?.name !== 'Number' || rest.length > 0) return null;
  switch (textOf(file, sign)) {
    case '-':
      return numberOf(textOf(file, number), -1);
    case '+':
      return numberOf(textOf(file, number), 1);
    default:
      return null;
  }
}

function numberOf(text: string, sign: 1 | -1): Literal | null {
  const digits = text.replaceAll('_', '').toLowerCase();
  if (digits.endsWith('j')) return null;
  const minus = sign < 0 ? '-' : '';
  if (/^0[xob]/.test(digits)) {
    const value = BigInt(digits);
    return { kind: 'number', value: sign * Number(value), text: `${minus}${value}` };
  }
  const value = sign * Number(digits);
  if (Number.isNaN(value)) return null;
  if (/^\d+$/.test(digits)) return { kind: 'number', value, text: `${minus}${BigInt(digits)}` };
  return { kind: 'number', value, text: printedFloat(value) };
}

/** A float as Python's repr() writes it: 0.003, 1e-05, 30.0, 1e+16. */
export function printedFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Resolves Python's escapes; an unknown one stays as it is, as in Python. */
function unescape(body: string): string {
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(\r\n|[\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, simple?: string) => {
      const hexadecimal = x ?? u ?? long;
      if (hexadecimal !== undefined) {
        const code = parseInt(hexadecimal, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      }
      if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
      if (simple === '\r\n') return '';
      return ESCAPES[simple ?? ''] ?? whole;
    },
  );
}
