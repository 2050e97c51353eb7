import type { ParamSpec } from '../model/param';
import { asBool, isNone, numberOf } from '../model/paramValue';
import { printedFloat } from './literals';

/**
 * One value as YAML has it, so that readers of YAML 1.1 (PyYAML, which takes `1e-3` for a text and `no` for
 * false) and of 1.2 agree on it. What a param without a known type is given stands as it was typed.
 */
export function yamlScalar(spec: ParamSpec, text: string, quote: '"' | "'" | null = null): string {
  const word = text.trim();
  if (isNone(word) && (spec.nullable === true || spec.type !== 'str')) return 'null';
  switch (spec.type) {
    case 'int':
      return word.replaceAll('_', '').replace(/^([+-]?)0+(?=\d)/, '$1');
    case 'float':
      return yamlNumber(word);
    case 'bool':
      return asBool(word) === false ? 'false' : 'true';
    case 'str':
      if (spec.nullable === true && spec.defaultValue === null && isYamlValue(word)) return yamlNumber(word);
      if (quote === "'" && !/[\n\r\t\0]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
      return quote === null && isPlain(text) ? text : JSON.stringify(text);
  }
}

/** Several values as a list in one line. */
export function yamlFlow(spec: ParamSpec, words: readonly string[]): string {
  return `[${words.map((word) => yamlScalar({ ...spec, many: false }, word)).join(', ')}]`;
}

/** PyYAML reads a number with an exponent only with a point and a sign: 1.0e-05. */
function yamlNumber(word: string): string {
  const value = numberOf(word);
  if (asBool(word) !== null && Number.isNaN(value)) return word;
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  if (/^[+-]?\d+$/.test(word)) return word.replace(/^([+-]?)0+(?=\d)/, '$1');
  const text = printedFloat(value);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}

function isYamlValue(word: string): boolean {
  return /^(true|false)$/i.test(word) || (/^[+-.\d]/.test(word) && !Number.isNaN(numberOf(word)));
}

/** Whether a text without quotes is the same text to every reader. */
function isPlain(text: string): boolean {
  if (!/^[A-Za-z_/.][\w/.+@ %-]*$/.test(text) || text !== text.trim()) return false;
  if (/^[.\d+-]/.test(text) && !Number.isNaN(numberOf(text.replaceAll('_', '')))) return false;
  return !/^(y|n|yes|no|on|off|true|false|null|none|nan|inf|\.nan|\.inf|\.)$/i.test(text);
}
