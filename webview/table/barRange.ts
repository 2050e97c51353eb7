import type { Direction } from '../../src/model/goal';

/** The stretch of numbers that the bars of a column stand for. */
export interface BarRange {
  readonly low: number;
  readonly high: number;
}

const WORST_LEFT_OUT = 0.1; // A run that went astray must not press all others together.

/**
 * The range of a column's bars: round ends around its values. With a direction (the goal's column) the worst tenth may
 * lie outside, but the marks (champion, target, best) never do. Null without two different numbers.
 */
export function barRange(
  values: readonly number[],
  marks: readonly (number | null)[],
  direction: Direction | null,
): BarRange | null {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  const held = marks.filter((mark) => mark !== null && Number.isFinite(mark)).map(Number);
  const at = (share: number) =>
    finite[Math.min(finite.length - 1, Math.max(0, Math.round(share * (finite.length - 1))))];
  const lowest = at(direction === 'maximize' ? WORST_LEFT_OUT : 0);
  const highest = at(direction === 'minimize' ? 1 - WORST_LEFT_OUT : 1);
  const all = [...held, ...(lowest === undefined || highest === undefined ? [] : [lowest, highest])];
  if (all.length === 0) return null;
  const low = Math.min(...all);
  const high = Math.max(...all);
  if (!(high > low)) return null;
  const step = roundStep((high - low) / 4);
  const round = (value: number) => Number(value.toPrecision(12)); // 0.30000000000000004 is 0.3.
  return { low: round(Math.floor(low / step) * step), high: round(Math.ceil(high / step) * step) };
}

/** Where a value lies, from 0 to 1; what is outside lies at the end. NaN has no place. */
export function placeIn(range: BarRange, value: number): number | null {
  if (Number.isNaN(value)) return null;
  return Math.min(1, Math.max(0, (value - range.low) / (range.high - range.low)));
}

/** An end of an axis as short as it can be: `.95`, `1`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(value);
  return text
    .replace(/^(-?)0\./, '$1.')
    .replace('e+', 'e')
    .replace('.0e', 'e')
    .replaceAll('-', '−');
}

/** Four significant digits, as words about a range have it: `0.05884`. */
export function roundedNumber(value: number): string {
  return shortNumber(Number(value.toPrecision(4))).replace(/^(−?)\./, '$10.');
}

/** The power of ten, or twice or five times it, that is next to `size`. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const share = size / power;
  return power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
}
