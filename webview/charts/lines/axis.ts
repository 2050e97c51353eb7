import type { ChartRun, PageSeries } from '../../../src/api/pages';
import type { LineAxis } from '../../../src/model/chartSpec';
import { t } from '../../ui/l10n';
import type { TimeUnit } from './types';

const SECONDS: TimeUnit = { name: 's', seconds: 1 };
const UNITS: readonly TimeUnit[] = [{ name: 'h', seconds: 3600 }, { name: 'min', seconds: 60 }, SECONDS];

/** The metric that lies along an axis; null: none, it follows from the points themselves. */
export function metricOf(axis: LineAxis): string | null {
  return axis.kind === 'metric' ? axis.name : axis.kind === 'epoch' ? 'epoch' : null;
}

/** One text for each axis: charts of one follow each other's cross-hair. */
export function axisKey(axis: LineAxis): string {
  return axis.kind === 'metric' ? JSON.stringify(axis.name) : axis.kind;
}

/** The axis in a word. */
export function axisLabel(axis: LineAxis): string {
  switch (axis.kind) {
    case 'step':
      return t('step');
    case 'epoch':
      return t('epoch');
    case 'relative':
      return t('relative time');
    case 'time':
      return t('wall time');
    case 'metric':
      return axis.name;
  }
}

/**
 * Where the points of a run lie along the axis. Null when it is a metric that the run does not have. A metric is read at
 * the same step; both may be thinned, so between two of its points it is taken as a straight line.
 */
export function xOf(
  axis: LineAxis,
  run: ChartRun,
  series: PageSeries,
  along: PageSeries | undefined,
  unit: TimeUnit,
): Float64Array | null {
  switch (axis.kind) {
    case 'step':
      return series.steps;
    case 'time':
      return series.timestamps;
    case 'relative': {
      const start = startOf(run, series);
      return series.timestamps.map((at) => (at - start) / 1000 / unit.seconds);
    }
    case 'epoch':
    case 'metric':
      return along === undefined || along.steps.length === 0 ? null : valuesAt(along, series.steps);
  }
}

/** Where the clock of a run is at zero. */
function startOf(run: ChartRun, series: PageSeries): number {
  const first = series.timestamps[0] ?? 0;
  // A client with a wrong clock must not push its line to the left of zero.
  return run.startedAt === null ? first : Math.min(run.startedAt, first);
}

/** The unit in which the longest of the runs reads best. */
export function unitFor(shown: readonly { readonly run: ChartRun; readonly series: PageSeries }[]): TimeUnit {
  let longest = 0;
  for (const { run, series } of shown) {
    longest = Math.max(longest, ((series.timestamps.at(-1) ?? 0) - startOf(run, series)) / 1000);
  }
  // Two of a unit at least, so that the axis does not read 0.2, 0.4, 0.6 of it.
  return UNITS.find((unit) => longest >= 2 * unit.seconds) ?? SECONDS;
}

/** The values of a series at steps in order; before its first and after its last point it stays as it is there. */
function valuesAt(series: PageSeries, steps: Float64Array): Float64Array {
  const values = new Float64Array(steps.length);
  let next = 0;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] ?? NaN;
    while (next < series.steps.length && (series.steps[next] ?? Infinity) < step) next += 1;
    const [b, a] = [series.values[next], series.values[next - 1]];
    const [to, from] = [series.steps[next], series.steps[next - 1]];
    if (b === undefined || to === undefined) values[index] = a ?? NaN;
    else if (to === step || a === undefined || from === undefined) values[index] = b;
    else values[index] = a + ((b - a) * (step - from)) / (to - from);
  }
  return values;
}
