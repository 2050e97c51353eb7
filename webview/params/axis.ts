import type { ParamSpec } from '../../src/model/param';
import { numberOf } from '../../src/model/paramValue';
import { isNumeric } from './likeness';

/** How the values of a param lie on a line. */
export interface ParamAxis {
  readonly kind: 'linear' | 'log' | 'words';
  /** The values once each, in their order. */
  readonly values: readonly string[];
  /** Where a value lies in the axis' own unit; null when it has no place. */
  at(value: string): number | null;
  readonly min: number;
  readonly max: number;
}

const LOG_FROM = 10; // The largest over the smallest: from here on a linear axis presses the small ones together.

/** The axis for some values of a param: numbers by size, logarithmic over decades, words in their order. */
export function axisOf(spec: ParamSpec, values: Iterable<string>): ParamAxis {
  const all = [...new Set(values)];
  const numbers = all.map(numberOf);
  if (isNumeric(spec) && numbers.length > 0 && numbers.every(Number.isFinite)) {
    const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
    const isLog = min > 0 && max / min >= LOG_FROM;
    const distinct = [...new Map(all.map((value) => [numberOf(value), value])).entries()];
    return {
      kind: isLog ? 'log' : 'linear',
      values: distinct.sort(([a], [b]) => a - b).map(([, value]) => value),
      at(value) {
        const number = numberOf(value);
        return Number.isFinite(number) && (!isLog || number > 0) ? number : null;
      },
      min,
      max,
    };
  }
  const order = spec.choices ?? [];
  const words = all.sort(
    (a, b) => rank(order, a) - rank(order, b) || a.localeCompare(b, 'en', { numeric: true }),
  );
  const places = new Map(words.map((word, index) => [word, index]));
  return {
    kind: 'words',
    values: words,
    at: (value) => places.get(value) ?? null,
    min: 0,
    max: Math.max(0, words.length - 1),
  };
}

/** A place on the axis as a share of its length, 0 to 1; values outside lie at the ends. */
export function shareOf(axis: ParamAxis, at: number): number {
  const scale = axis.kind === 'log' ? Math.log : (value: number) => value;
  const [min, max] = [scale(axis.min), scale(axis.max)];
  return max === min ? 0.5 : Math.min(1, Math.max(0, (scale(at) - min) / (max - min)));
}

function rank(order: readonly string[], word: string): number {
  const index = order.indexOf(word);
  return index < 0 ? order.length : index;
}
