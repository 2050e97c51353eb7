import type { ParamSpec, Range } from '../../model/param';
import { type Literal, printedFloat } from '../literals';

/** A value of a config that can be changed where it stands. */
export interface ConfigEntry {
  /** The keys that lead to it. */
  readonly keys: readonly string[];
  readonly literal: Literal;
  readonly value: Range;
  readonly help: string | null;
}

/** A kind of config file. */
export interface ConfigFormat {
  readonly extensions: readonly string[];
  /** The scalars and the lists of scalars in it, in their order; empty when it cannot be read. */
  read(text: string): readonly ConfigEntry[];
  /** What to put in the place of an entry's value. */
  write(spec: ParamSpec, value: string, old: string): string;
}

/** A number as Python prints it; `isWhole`: it is written without a point and an exponent. */
export function numberLiteral(value: number, isWhole: boolean): Literal {
  return { kind: 'number', value, text: isWhole ? String(value) : printedFloat(value) };
}

/** A value of JSON's, or null for what is neither a scalar nor a list of scalars. */
export function literalOfValue(value: unknown, source: string): Literal | null {
  switch (typeof value) {
    case 'string':
      return { kind: 'string', value };
    case 'boolean':
      return { kind: 'bool', value };
    case 'number':
      return numberLiteral(value, Number.isInteger(value) && !/[.eE]/.test(source));
    case 'bigint':
      return { kind: 'number', value: Number(value), text: String(value) };
    default:
      return value === null ? { kind: 'none' } : null;
  }
}
