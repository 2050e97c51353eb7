import { formatNumber } from '../../../src/model/format';
import { formatTick } from '../ticks';

export interface Span {
  readonly min: number;
  readonly max: number;
}

const LOG_RATIO = 8; // Below it a linear axis shows all there is.

/** From the least to the largest finite number; null without any. */
export function spanOf(values: Iterable<number>): Span | null {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : null;
}

/** A span with a little room at its ends; a single value gets some on both sides. */
export function padded(span: Span, isLogarithmic: boolean, share = 0.04): Span {
  if (isLogarithmic && span.min > 0) {
    const room = Math.max((span.max / span.min) ** share, 1.05);
    return { min: span.min / room, max: span.max * room };
  }
  const room = span.max > span.min ? (span.max - span.min) * share : Math.abs(span.max) * 0.1 || 1;
  return { min: span.min - room, max: span.max + room };
}

/**
 * Whether values are better read on a logarithmic axis: all are above zero, they differ by a factor of 8 or more, and
 * their median lies nearer to the middle of a logarithmic axis than to that of a linear one.
 */
export function isBetterLogarithmic(values: Iterable<number>): boolean {
  const finite = Float64Array.from([...values].filter(Number.isFinite)).sort();
  const [min, max] = [finite[0], finite[finite.length - 1]];
  if (min === undefined || max === undefined || min <= 0 || max / min < LOG_RATIO) return false;
  // A value that many runs have counts once: what counts is which values were tried.
  const distinct = finite.filter((value, index) => index === 0 || value !== finite[index - 1]);
  const median = distinct[Math.floor((distinct.length - 1) / 2)] ?? min;
  const linear = Math.abs((median - min) / (max - min) - 0.5);
  const logarithmic = Math.abs(Math.log(median / min) / Math.log(max / min) - 0.5);
  return logarithmic <= linear;
}

/** Round numbers within a span, at most `most` of them. */
export function linearTicks({ min, max }: Span, most: number): readonly number[] {
  if (!(max > min)) return [min];
  const rough = (max - min) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let at = Math.ceil(min / distance - 1e-9); at * distance <= max + distance * 1e-9; at += 1)
    ticks.push(Number((at * distance).toPrecision(12)));
  return ticks;
}

/** Powers of ten within a span, with 3 (or 2 and 5) between them when there is room. */
export function logTicks({ min, max }: Span, most: number): readonly number[] {
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power += 1) {
      for (const factor of factors) {
        const tick = Number((factor * 10 ** power).toPrecision(3));
        if (tick >= min * 0.999 && tick <= max * 1.001) ticks.push(tick);
      }
    }
    if (ticks.length >= 2 && ticks.length <= most) return ticks;
  }
  return [min, max];
}

/** The words of ticks, all with one number of decimals. */
export function tickLabels(ticks: readonly number[], isLogarithmic: boolean): readonly string[] {
  if (isLogarithmic)
    return ticks.map((tick) => (tick >= 1e-3 && tick < 1e6 ? String(tick) : formatNumber(tick)));
  const distance = Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0));
  return ticks.map((tick) => formatTick(tick, distance === 0 ? Math.abs(tick) / 100 : distance));
}
