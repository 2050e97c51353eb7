import type { PrintedPoint } from './reader';

/** Points by their metric, as the events of a run have them. */
export interface PrintedSeriesEvent {
  name: string;
  rule: string;
  line: string;
  offset: number;
  /** Step and value. */
  values: [number, number][];
}

export function bySeries(points: readonly PrintedPoint[]): PrintedSeriesEvent[] {
  const series = new Map<string, PrintedSeriesEvent>();
  for (const { name, rule, line, offset, step, value } of points) {
    const known = series.get(name);
    if (known === undefined) series.set(name, { name, rule, line, offset, values: [[step, value]] });
    else known.values.push([step, value]);
  }
  return [...series.values()];
}
