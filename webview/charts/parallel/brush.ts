import { clausesOf } from '../plot/clauses';
import type { ParallelAxis, PreparedParallel } from './prepare';

/** A part of an axis, from its lower to its upper end: 0 to 1. */
export interface Brush {
  readonly low: number;
  readonly high: number;
}

/** By the key of the axis. */
export type Brushes = ReadonlyMap<string, Brush>;

/** What a press on an axis takes hold of. */
export type Grip = 'low' | 'high' | 'whole' | 'new';

const LEAST = 0.004; // Thinner than that is a line that nothing lies in.

/** What lies at a place of an axis. `near` is how far an edge reaches, as a share. */
export function gripAt(brush: Brush | undefined, place: number, near: number): Grip {
  if (brush === undefined) return 'new';
  if (Math.abs(place - brush.high) <= near) return 'high';
  if (Math.abs(place - brush.low) <= near) return 'low';
  return place > brush.low && place < brush.high ? 'whole' : 'new';
}

/** A brush after the pointer went from one place to another. */
export function dragged(brush: Brush | undefined, grip: Grip, from: number, to: number): Brush {
  if (grip === 'new' || brush === undefined) return between(from, to);
  if (grip === 'low') return between(to, brush.high);
  if (grip === 'high') return between(brush.low, to);
  const size = brush.high - brush.low;
  const low = Math.min(1 - size, Math.max(0, brush.low + to - from));
  return { low, high: low + size };
}

function between(a: number, b: number): Brush {
  const low = Math.max(0, Math.min(a, b));
  return { low, high: Math.max(low + LEAST, Math.min(1, Math.max(a, b))) };
}

/** The runs within all brushes, as one byte each; null: there is no brush. */
export function withinBrushes(chart: PreparedParallel, brushes: Brushes): Uint8Array | null {
  const brushed = chart.axes.filter(({ key }) => brushes.has(key));
  if (brushed.length === 0) return null;
  const within = new Uint8Array(chart.rows.runs.length).fill(1);
  for (const { key, places } of brushed) {
    const brush = brushes.get(key);
    if (brush === undefined) continue;
    for (let run = 0; run < within.length; run += 1) {
      const place = places[run] ?? NaN;
      if (!(place >= brush.low - 1e-6 && place <= brush.high + 1e-6)) within[run] = 0;
    }
  }
  return within;
}

/** All brushes in the search language. */
export function brushClauses(chart: PreparedParallel, brushes: Brushes): readonly string[] {
  return chart.axes.flatMap((axis) => {
    const brush = brushes.get(axis.key);
    return brush === undefined ? [] : clausesOf(axis.column, axis.names, valuesOf(axis, brush), axis.values);
  });
}

/** The values at the ends of a brush, the smaller one first: an axis may have its least value at the top. */
export function valuesOf(axis: ParallelAxis, brush: Brush): readonly [number, number] {
  const [a, b] = [axis.valueAt(brush.low), axis.valueAt(brush.high)];
  // What lies at an end of the axis is within a brush that reaches it, whatever rounding says.
  const room = Math.abs(b - a) * 1e-6;
  return [Math.min(a, b) - room, Math.max(a, b) + room];
}
