import type { ChartRun, PageSeries } from '../../../src/api/pages';
import type { LineAxis } from '../../../src/model/chartSpec';
import { type Direction, defaultDirection, isBetter } from '../../../src/model/goal';
import { styleOf } from '../../ui/runStyle';
import { axisKey, metricOf, unitFor, xOf } from './axis';
import { curveOf, rememberedCurve } from './curve';
import { rangeFromZero, rangeOfX, rangeOfY, rangeWithoutOutliers } from './ranges';
import { joinSeeds } from './seeds';
import type { Best, Curve, Line, LinesInput, Mark, PreparedLines, Range, TimeUnit } from './types';

/** Up to this many points a line shows where its points are; more would be a band of dots. */
const FEW_POINTS = 30;
const MARGIN = 0.03; // Of a scale's height: lines do not touch its edges.

interface Shown {
  readonly run: ChartRun;
  readonly series: PageSeries;
  readonly along: PageSeries | undefined;
}

/** Everything about a chart of lines as plain numbers. */
export function prepare(input: LinesInput): PreparedLines {
  const goal = input.goal?.metric === input.metric ? input.goal : null;
  const direction = goal?.direction ?? defaultDirection(input.metric);
  const wanted = metricOf(input.axis);
  const found = input.runs.flatMap((run): readonly Shown[] => {
    const own = input.series.get(run.runId);
    const series = own?.get(input.metric);
    const along = wanted === null ? undefined : own?.get(wanted);
    return series === undefined || series.steps.length === 0 ? [] : [{ run, series, along }];
  });
  // A metric that nobody logged is no axis: steps are better than nothing.
  const hasAxis = wanted === null || found.some(({ along }) => (along?.steps.length ?? 0) > 0);
  const axis: LineAxis = hasAxis ? input.axis : { kind: 'step' };
  const unit = unitFor(found);
  const single = found.flatMap((shown) => lineOf(shown, axis, unit, input));
  const lines = input.joinSeeds ? joinSeeds(single, input.params, input.bestRunId) : single;
  const wholeX = rangeOfX(lines, input.logarithmicX);
  const x = input.zoom?.x ?? wholeX;
  const inView = input.zoom === null ? null : input.zoom.x;
  const logarithmic = input.logarithmicY;
  const reach = rangeOfY(lines, inView, logarithmic);
  const without = input.ignoreOutliers ? (rangeWithoutOutliers(lines, inView) ?? reach) : reach;
  const y = input.fromZero === true ? rangeFromZero(without) : withMargin(without, logarithmic);
  return {
    metric: input.metric,
    direction,
    isGoal: goal !== null,
    lines,
    axis,
    unit,
    logarithmicX: input.logarithmicX,
    logarithmicY: logarithmic,
    smoothing: input.smoothing,
    x,
    y: input.zoom?.y ?? y,
    whole: wholeX === null || reach === null ? null : { x: wholeX, y: reach },
    isZoomed: input.zoom !== null,
    target: goal?.target ?? null,
    best: bestPoint(found, direction),
    runCount: input.runs.length,
    withoutX: found.length - single.length,
    count: sum(found, ({ series }) => series.count),
    drawn: sum(found, ({ series }) => series.steps.length),
    notOnLogScale: logarithmic ? sum(found, ({ series }) => countNotPositive(series.values)) : 0,
  };
}

function lineOf(
  { run, series, along }: Shown,
  axis: LineAxis,
  unit: TimeUnit,
  input: LinesInput,
): readonly Line[] {
  const whole = xOf(axis, run, series, along, unit);
  if (whole === null) return [];
  const detail = input.details.get(run.runId)?.get(input.metric);
  // A line may cross the part without a point in it: then the whole line says more than nothing.
  const part = detail !== undefined && detail.steps.length > 0 ? detail : series;
  const key = JSON.stringify([
    axisKey(axis),
    unit.name,
    run.startedAt,
    along?.steps.length,
    along?.steps.at(-1),
    series.count,
    input.smoothing,
    input.logarithmicX,
    input.logarithmicY,
  ]);
  const curve = rememberedCurve(part, key, () =>
    curveOf(part, part === series ? whole : (xOf(axis, run, part, along, unit) ?? whole), whole, input),
  );
  return [
    {
      run,
      name: run.name,
      runCount: 1,
      runIds: [run.runId],
      ...styleOf(run.slot),
      weight: weightOf(run, input),
      curve,
      band: null,
      marks: marksOf(run, curve, series.count),
      isChampion: run.runId === input.championId,
    },
  ];
}

function weightOf(run: ChartRun, input: LinesInput): Line['weight'] {
  if (input.emphasised === null) return run.runId === input.bestRunId ? 'strong' : 'normal';
  return run.runId === input.emphasised ? 'strong' : 'faint';
}

/** Dots where a line alone would show nothing, and the sign at the end of a run that lives or failed. */
function marksOf(run: ChartRun, { x, y, smooth }: Curve, count: number): readonly Mark[] {
  const marks: Mark[] = [];
  const shown = smooth ?? y;
  const gap = (index: number) => Number.isNaN(y[index] ?? NaN);
  const at = (index: number) => ({ x: x[index] ?? NaN, y: shown[index] ?? NaN });
  let last = -1;
  for (let index = 0; index < y.length; index += 1) {
    if (gap(index)) continue;
    last = index;
    if (gap(index - 1) && gap(index + 1)) marks.push({ ...at(index), kind: 'alone' });
    else if (count <= FEW_POINTS && smooth === null) marks.push({ ...at(index), kind: 'dot' });
  }
  if (last >= 0) {
    if (run.state === 'running') marks.push({ ...at(last), kind: 'live' });
    if (run.state === 'failed' || run.state === 'lost') marks.push({ ...at(last), kind: 'failed' });
  }
  return marks;
}

function withMargin(range: Range | null, logarithmic: boolean): Range | null {
  if (range === null) return null;
  if (logarithmic) return range;
  const room = (range.max - range.min) * MARGIN;
  return { min: range.min - room, max: range.max + room };
}

function bestPoint(shown: readonly Shown[], direction: Direction): Best | null {
  let best: Best | null = null;
  for (const { run, series } of shown) {
    for (let index = 0; index < series.values.length; index += 1) {
      const value = series.values[index] ?? NaN;
      // An overflow is no best value.
      if (!Number.isFinite(value)) continue;
      if (best === null || isBetter(value, best.value, direction)) {
        best = { run, value, step: series.steps[index] ?? 0 };
      }
    }
  }
  return best;
}

function countNotPositive(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (Number.isFinite(value) && value <= 0) count += 1;
  return count;
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  let total = 0;
  for (const one of all) total += of(one);
  return total;
}
