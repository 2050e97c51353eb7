import { isBetter } from '../../../src/model/goal';
import { nearestIndex } from './curve';
import type { Line, PreparedLines, Range, Zoom } from './types';

/** A line's value where the cross-hair stands. */
export interface Reading {
  readonly line: Line;
  readonly x: number;
  /** What is drawn there: smoothed when lines are. */
  readonly y: number;
  /** As logged. */
  readonly value: number;
  readonly step: number;
}

/** The x of the point nearest to where the pointer is; null without points. */
export function nearestX(chart: PreparedLines, x: number): number | null {
  let nearest: number | null = null;
  for (const { curve } of chart.lines) {
    const candidate = curve.x[nearestIndex(curve, x)];
    if (candidate === undefined || !isInView(chart, candidate)) continue;
    if (nearest === null || Math.abs(candidate - x) < Math.abs(nearest - x)) nearest = candidate;
  }
  return nearest;
}

/** The x of the next or previous point of any line; from the start or the end when there is no cross-hair. */
export function nextX(chart: PreparedLines, x: number | null, by: 1 | -1): number | null {
  if (x === null) return nearestX(chart, chart.x === null ? 0 : by === 1 ? chart.x.min : chart.x.max);
  let next: number | null = null;
  for (const { curve } of chart.lines) {
    const from = nearestIndex(curve, x);
    for (const index of [from - 1, from, from + 1]) {
      const candidate = curve.x[index];
      if (candidate === undefined || (candidate - x) * by <= 0 || !isInView(chart, candidate)) continue;
      if (next === null || (candidate - next) * by < 0) next = candidate;
    }
  }
  return next ?? x;
}

function isInView(chart: PreparedLines, x: number): boolean {
  return chart.x === null || (x >= chart.x.min && x <= chart.x.max);
}

/**
 * What each line says at x, best first, NaN last. A line that ended before, or starts later, says nothing.
 * Thinned lines have no point at every step: then the nearest one speaks, with its own step.
 */
export function readingsAt(chart: PreparedLines, x: number): readonly Reading[] {
  const readings = chart.lines.flatMap((line): readonly Reading[] => {
    const { curve } = line;
    const [first, last] = [curve.x[0], curve.x.at(-1)];
    if (first === undefined || last === undefined) return [];
    if (curve.isSorted && (x < first || x > last)) return [];
    const index = nearestIndex(curve, x);
    const [at, value, step] = [curve.x[index], curve.values[index], curve.steps[index]];
    if (at === undefined || value === undefined || step === undefined) return [];
    return [{ line, x: at, y: (curve.smooth ?? curve.y)[index] ?? NaN, value, step }];
  });
  const shown = ({ y, value }: Reading) => (Number.isNaN(y) ? value : y);
  return readings.sort((a, b) => {
    if (isBetter(shown(a), shown(b), chart.direction)) return -1;
    return isBetter(shown(b), shown(a), chart.direction) ? 1 : 0;
  });
}

/** What is seen after zooming the x axis by a factor around x; null when it is all of it. */
export function zoomedBy(chart: PreparedLines, around: number | null, factor: number): Zoom | null {
  const whole = chart.whole?.x;
  if (whole === undefined) return null;
  const { min, max } = chart.x ?? whole;
  const centre = around ?? (min + max) / 2;
  const next: Range = {
    min: Math.max(whole.min, centre - (centre - min) * factor),
    max: Math.min(whole.max, centre + (max - centre) * factor),
  };
  if (next.max - next.min < (whole.max - whole.min) * 1e-9) return { x: { min, max }, y: null };
  return next.min <= whole.min && next.max >= whole.max ? null : { x: next, y: null };
}
