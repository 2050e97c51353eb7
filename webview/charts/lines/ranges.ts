import type { Line, Range } from './types';

/** The share of values left out at each end when outliers are ignored. */
const OUTLIERS = 0.03;

/** From the first to the last place of any line; a single place gets room on both sides. Null without points. */
export function rangeOfX(lines: readonly Line[], logarithmic: boolean): Range | null {
  let [min, max] = [Infinity, -Infinity];
  for (const { curve } of lines) {
    for (const x of curve.x) {
      if (!Number.isFinite(x) || (logarithmic && x <= 0)) continue;
      if (x < min) min = x;
      if (x > max) max = x;
    }
  }
  return withRoom(min, max, logarithmic);
}

/** What the lines reach between two places, raw and smoothed, with their bands. */
export function rangeOfY(lines: readonly Line[], x: Range | null, logarithmic: boolean): Range | null {
  let [min, max] = [Infinity, -Infinity];
  const see = (value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value) || (logarithmic && value <= 0)) return;
    if (value < min) min = value;
    if (value > max) max = value;
  };
  for (const { curve, band } of lines) {
    for (let index = 0; index < curve.x.length; index += 1) {
      const at = curve.x[index] ?? NaN;
      if (x !== null && (at < x.min || at > x.max)) continue;
      see(curve.y[index]);
      if (band !== null) {
        see(band.low[index]);
        see(band.high[index]);
      }
    }
  }
  return withRoom(min, max, logarithmic);
}

/** The same without the lowest and highest few values of what is looked at. */
export function rangeWithoutOutliers(lines: readonly Line[], x: Range | null): Range | null {
  let size = 0;
  for (const { curve } of lines) size += curve.x.length;
  const all = new Float64Array(size);
  let count = 0;
  for (const { curve } of lines) {
    const ys = curve.smooth ?? curve.y;
    for (let index = 0; index < ys.length; index += 1) {
      const [at, y] = [curve.x[index] ?? NaN, ys[index] ?? NaN];
      if (!Number.isFinite(y) || (x !== null && (at < x.min || at > x.max))) continue;
      all[count] = y;
      count += 1;
    }
  }
  const values = all.subarray(0, count).sort();
  const at = (share: number) => values[Math.round(share * (count - 1))] ?? NaN;
  // Curves rise or fall fast at first: those few values are what makes the rest flat.
  const [low, high] = [at(OUTLIERS), at(1 - OUTLIERS)];
  // What is only a little outside is no outlier.
  const margin = (high - low) / 4;
  const min = Math.max(at(0), low - margin);
  const max = Math.min(at(1), high + margin);
  return min < max ? { min, max } : null;
}

/** From zero to a little above the highest, so that a flat line is not an edge. */
export function rangeFromZero(y: Range | null): Range | null {
  return y !== null && y.max > 0 ? { min: 0, max: y.max * 1.08 } : y;
}

function withRoom(min: number, max: number, logarithmic: boolean): Range | null {
  if (!(min <= max)) return null;
  if (min < max) return { min, max };
  if (logarithmic) return { min: min / 2, max: max * 2 };
  const room = Math.abs(min) / 10 || 1;
  return { min: min - room, max: max + room };
}
