import type { PageSeries } from '../../../src/api/pages';
import { meanDistance, smooth } from './smooth';
import type { Curve } from './types';

/** How a line is computed from its points: what a curve depends on beside them. */
export interface CurveSettings {
  readonly smoothing: number;
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
}

/**
 * The line of a series: gaps where a value is not finite or not drawable on a logarithmic scale, and the smoothed line
 * beside it. `whole` is where all of the run's points lie: smoothing goes by its distances, so that a part that is
 * zoomed into is as smooth as it was.
 */
export function curveOf(
  series: PageSeries,
  x: Float64Array,
  whole: Float64Array,
  settings: CurveSettings,
): Curve {
  const length = Math.min(x.length, series.values.length);
  const y = new Float64Array(length);
  let isSorted = true;
  let before = -Infinity;
  for (let index = 0; index < length; index += 1) {
    const value = series.values[index] ?? NaN;
    const at = x[index] ?? NaN;
    const drawable =
      Number.isFinite(value) &&
      Number.isFinite(at) &&
      (!settings.logarithmicY || value > 0) &&
      (!settings.logarithmicX || at > 0);
    y[index] = drawable ? value : NaN;
    if (!(at >= before)) isSorted = false;
    before = at;
  }
  return {
    x,
    y,
    smooth: settings.smoothing > 0 ? smooth(x, y, settings.smoothing, meanDistance(whole)) : null,
    values: series.values,
    steps: series.steps,
    isSorted,
  };
}

const known = new WeakMap<PageSeries, { readonly key: string; readonly curve: Curve }>();

/** `make`, unless the last curve of these points was made for the same key: what did not change is not computed again. */
export function rememberedCurve(series: PageSeries, key: string, make: () => Curve): Curve {
  const before = known.get(series);
  if (before?.key === key) return before.curve;
  const curve = make();
  known.set(series, { key, curve });
  return curve;
}

/** The index of the point nearest to x; −1 without points. */
export function nearestIndex(curve: Pick<Curve, 'x' | 'isSorted'>, x: number): number {
  const all = curve.x;
  if (!curve.isSorted) {
    let nearest = -1;
    for (let index = 0; index < all.length; index += 1) {
      const distance = Math.abs((all[index] ?? NaN) - x);
      if (nearest < 0 || distance < Math.abs((all[nearest] ?? Infinity) - x)) nearest = index;
    }
    return nearest;
  }
  let low = 0;
  let high = all.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle] ?? Infinity) < x) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [all[low - 1], all[low]];
  return before !== undefined && after !== undefined && x - before < after - x ? low - 1 : low;
}
