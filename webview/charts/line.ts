import type { ChartConfiguration, ChartDataset } from 'chart.js';
import type { ChartRun, PageSeries } from '../../src/api/pages';
import { type Direction, type Goal, defaultDirection, isBetter } from '../../src/model/goal';
import type { RunId } from '../../src/model/run';
import { COLOURS, type Dash, styleOf } from '../ui/runStyle';
import type { Theme } from './theme';
import { formatStep, formatTick } from './ticks';

/** What a chart of one metric is made of. */
export interface LineInput {
  readonly metric: string;
  readonly runs: readonly ChartRun[];
  readonly series: ReadonlyMap<RunId, PageSeries>;
  readonly axis: XAxis;
  readonly logarithmic: boolean;
  /** Leaves the lowest and highest few values out of the scale, not out of the lines. */
  readonly ignoreOutliers: boolean;
  readonly hidden: ReadonlySet<RunId>;
  /** The run that is pointed at: the others step back. */
  readonly emphasised: RunId | null;
  /** The run whose line is a little thicker. */
  readonly bestRunId: RunId | null;
  readonly goal: Goal | null;
  /** The part of the x axis that is looked at, in the axis' unit; null: all of it. */
  readonly zoom: Range | null;
  /** Begins the scale of values at zero: for amounts, whose height is what counts. */
  readonly fromZero?: boolean;
  /** Points of that part only, thinned less than the whole. */
  readonly details: ReadonlyMap<RunId, PageSeries>;
}

export type XAxis = 'step' | 'time';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Mark extends Point {
  /** A dot is drawn where there is room for it; a point alone between gaps always. */
  readonly kind: 'dot' | 'alone' | 'live' | 'failed';
}

export interface Line {
  readonly run: ChartRun;
  /** 1 to 8, or 0: grey. */
  readonly colour: number;
  readonly dash: Dash;
  readonly weight: 'faint' | 'normal' | 'strong';
  /** NaN where there is a gap: a value that is not finite, or not drawable on a logarithmic scale. */
  readonly points: Point[];
  /** As logged, one for each point. */
  readonly values: Float64Array;
  readonly steps: Float64Array;
  readonly marks: readonly Mark[];
}

export interface Best {
  readonly run: ChartRun;
  readonly value: number;
  readonly step: number;
}

/** Plain numbers that say everything about a chart. */
export interface PreparedLines {
  readonly metric: string;
  readonly direction: Direction;
  readonly isGoal: boolean;
  readonly lines: readonly Line[];
  readonly axis: XAxis;
  readonly unit: TimeUnit;
  readonly logarithmic: boolean;
  readonly x: Range | null;
  /** The x axis from the first to the last point, whatever is looked at. */
  readonly whole: Range | null;
  /** Null: as the drawn points say. */
  readonly y: Range | null;
  readonly target: number | null;
  readonly best: Best | null;
  /** Points that exist and points that are drawn; fewer when they were thinned. */
  readonly count: number;
  readonly drawn: number;
  /** Finite values that a logarithmic scale cannot show. */
  readonly notOnLogScale: number;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** How an axis of time counts. */
export interface TimeUnit {
  readonly name: 's' | 'min' | 'h';
  readonly seconds: number;
}

const SECONDS: TimeUnit = { name: 's', seconds: 1 };
const UNITS: readonly TimeUnit[] = [{ name: 'h', seconds: 3600 }, { name: 'min', seconds: 60 }, SECONDS];

/** Up to this many points a line shows where its points are; more would be a band of dots. */
const FEW_POINTS = 30;
/** The share of values left out at each end when outliers are ignored. */
const OUTLIERS = 0.03;

export function prepare(input: LineInput): PreparedLines {
  const goal = input.goal?.metric === input.metric ? input.goal : null;
  const direction = goal?.direction ?? defaultDirection(input.metric);
  const shown = input.runs.flatMap((run) => {
    const series = input.series.get(run.runId);
    return series === undefined || series.steps.length === 0 || input.hidden.has(run.runId)
      ? []
      : [{ run, series }];
  });
  const unit = input.axis === 'time' ? unitFor(shown) : SECONDS;
  const lines = shown.map(({ run, series }) =>
    toLine(run, input.details.get(run.runId) ?? series, startOf(run, series), unit, input),
  );
  const whole = rangeOf(shown.flatMap(({ run, series }) => endsOf(run, series, unit, input.axis)));
  return {
    metric: input.metric,
    direction,
    isGoal: goal !== null,
    lines,
    axis: input.axis,
    unit,
    logarithmic: input.logarithmic,
    x: input.zoom ?? whole,
    whole,
    y:
      input.fromZero === true
        ? rangeFromZero(lines)
        : input.ignoreOutliers
          ? rangeWithoutOutliers(lines)
          : null,
    target: goal?.target ?? null,
    best: bestPoint(shown, direction),
    count: sum(shown.map(({ series }) => series.count)),
    drawn: sum(shown.map(({ series }) => series.steps.length)),
    notOnLogScale: input.logarithmic ? sum(shown.map(({ series }) => countNotPositive(series.values))) : 0,
  };
}

function toLine(run: ChartRun, series: PageSeries, start: number, unit: TimeUnit, input: LineInput): Line {
  const points = Array.from(series.steps, (step, index) => {
    const timestamp = series.timestamps[index] ?? start;
    const y = series.values[index] ?? NaN;
    const drawable = Number.isFinite(y) && (!input.logarithmic || y > 0);
    return {
      x: input.axis === 'step' ? step : (timestamp - start) / 1000 / unit.seconds,
      y: drawable ? y : NaN,
    };
  });
  const weight =
    input.emphasised === null
      ? run.runId === input.bestRunId
        ? 'strong'
        : 'normal'
      : run.runId === input.emphasised
        ? 'strong'
        : 'faint';
  return {
    run,
    ...styleOf(run.slot),
    weight,
    points,
    values: series.values,
    steps: series.steps,
    marks: marksOf(run, points, series.count),
  };
}

/** Dots where a line alone would show nothing, and the sign at the end of a run that lives or failed. */
function marksOf(run: ChartRun, points: readonly Point[], count: number): readonly Mark[] {
  const marks: Mark[] = [];
  const gap = (index: number) => Number.isNaN(points[index]?.y ?? NaN);
  points.forEach((point, index) => {
    if (gap(index)) return;
    const alone = gap(index - 1) && gap(index + 1);
    if (alone) marks.push({ ...point, kind: 'alone' });
    else if (count <= FEW_POINTS) marks.push({ ...point, kind: 'dot' });
  });
  const last = points.findLast((point) => !Number.isNaN(point.y));
  if (last !== undefined) {
    if (run.state === 'running') marks.push({ ...last, kind: 'live' });
    if (run.state === 'failed' || run.state === 'lost') marks.push({ ...last, kind: 'failed' });
  }
  return marks;
}

/** The x of a run's first and last point. */
function endsOf(run: ChartRun, series: PageSeries, unit: TimeUnit, axis: XAxis): readonly number[] {
  const [from, to] =
    axis === 'step'
      ? [series.steps[0], series.steps.at(-1)]
      : [series.timestamps[0], series.timestamps.at(-1)];
  if (from === undefined || to === undefined) return [];
  if (axis === 'step') return [from, to];
  const start = startOf(run, series);
  return [from, to].map((at) => (at - start) / 1000 / unit.seconds);
}

/** Where the clock of a run is at zero. */
function startOf(run: ChartRun, series: PageSeries): number {
  const first = series.timestamps[0] ?? 0;
  // A client with a wrong clock must not push its line to the left of zero.
  return run.startedAt === null ? first : Math.min(run.startedAt, first);
}

function unitFor(shown: readonly { run: ChartRun; series: PageSeries }[]): TimeUnit {
  const longest = Math.max(
    0,
    ...shown.map(({ run, series }) => ((series.timestamps.at(-1) ?? 0) - startOf(run, series)) / 1000),
  );
  // Two of a unit at least, so that the axis does not read 0.2, 0.4, 0.6 of it.
  return UNITS.find((unit) => longest >= 2 * unit.seconds) ?? SECONDS;
}

function bestPoint(
  shown: readonly { run: ChartRun; series: PageSeries }[],
  direction: Direction,
): Best | null {
  let best: Best | null = null;
  for (const { run, series } of shown) {
    series.values.forEach((value, index) => {
      if (Number.isNaN(value)) return;
      if (best === null || isBetter(value, best.value, direction)) {
        best = { run, value, step: series.steps[index] ?? 0 };
      }
    });
  }
  return best;
}

function rangeOf(values: readonly number[]): Range | null {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min < max ? { min, max } : null;
}

function rangeWithoutOutliers(lines: readonly Line[]): Range | null {
  const values = lines
    .flatMap((line) => line.points.map((point) => point.y))
    .filter((y) => !Number.isNaN(y))
    .sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? NaN;
  // Curves rise or fall fast at first: those few values are what makes the rest flat.
  const [low, high] = [at(OUTLIERS), at(1 - OUTLIERS)];
  // What is only a little outside is no outlier.
  const margin = (high - low) / 4;
  const min = Math.max(at(0), low - margin);
  const max = Math.min(at(1), high + margin);
  return min < max ? { min, max } : null;
}

function rangeFromZero(lines: readonly Line[]): Range | null {
  let max = 0;
  for (const { points } of lines) for (const { y } of points) if (y > max) max = y;
  return max > 0 ? { min: 0, max: max * 1.08 } : null; // A little room, so that a flat line is not an edge.
}

function countNotPositive(values: Float64Array): number {
  return values.reduce((count, value) => (Number.isFinite(value) && value <= 0 ? count + 1 : count), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A run's value where the cross-hair stands. */
export interface Reading {
  readonly line: Line;
  readonly point: Point;
  readonly value: number;
  readonly step: number;
}

/** The x of the point nearest to where the pointer is; null without points. */
export function nearestX(chart: PreparedLines, x: number): number | null {
  let nearest: number | null = null;
  for (const line of chart.lines) {
    const point = line.points[nearestIndex(line.points, x)];
    if (point === undefined) continue;
    if (!isInView(chart, point.x)) continue;
    if (nearest === null || Math.abs(point.x - x) < Math.abs(nearest - x)) nearest = point.x;
  }
  return nearest;
}

/** The x of the next or previous point of any line; from the start or the end when there is no cross-hair. */
export function nextX(chart: PreparedLines, x: number | null, by: 1 | -1): number | null {
  if (x === null)
    return by === 1
      ? chart.x === null
        ? nearestX(chart, 0)
        : nearestX(chart, chart.x.min)
      : chart.x === null
        ? nearestX(chart, 0)
        : nearestX(chart, chart.x.max);
  let next: number | null = null;
  for (const line of chart.lines) {
    const from = nearestIndex(line.points, x);
    for (const index of [from - 1, from, from + 1]) {
      const candidate = line.points[index]?.x;
      if (candidate === undefined || (candidate - x) * by <= 0 || !isInView(chart, candidate)) continue;
      if (next === null || (candidate - next) * by < 0) next = candidate;
    }
  }
  return next ?? x;
}

function isInView(chart: PreparedLines, x: number): boolean {
  return chart.x === null || (x >= chart.x.min && x <= chart.x.max);
}

/** The part of the axis that is seen after zooming by a factor around x; null when it is all of it. */
export function zoomed(
  chart: PreparedLines,
  around: number | null,
  factor: number,
  whole: Range,
): Range | null {
  const { min, max } = chart.x ?? whole;
  const centre = around ?? (min + max) / 2;
  const next = {
    min: Math.max(whole.min, centre - (centre - min) * factor),
    max: Math.min(whole.max, centre + (max - centre) * factor),
  };
  return next.min <= whole.min && next.max >= whole.max ? null : next;
}

/**
 * What each line says at x, best first, NaN last. A line that ended before, or starts later, says nothing.
 * Thinned lines have no point at every step: then the nearest one speaks, with its own step.
 */
export function readingsAt(chart: PreparedLines, x: number): readonly Reading[] {
  const readings = chart.lines.flatMap((line) => {
    const first = line.points[0];
    const last = line.points.at(-1);
    if (first === undefined || last === undefined || x < first.x || x > last.x) return [];
    const index = nearestIndex(line.points, x);
    const point = line.points[index];
    const value = line.values[index];
    const step = line.steps[index];
    return point === undefined || value === undefined || step === undefined
      ? []
      : [{ line, point, value, step }];
  });
  return readings.sort((a, b) => {
    if (isBetter(a.value, b.value, chart.direction)) return -1;
    return isBetter(b.value, a.value, chart.direction) ? 1 : 0;
  });
}

function nearestIndex(points: readonly Point[], x: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? Infinity) < x) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [points[low - 1], points[low]];
  return before !== undefined && after !== undefined && x - before.x < after.x - x ? low - 1 : low;
}

const LINE_DASHES: Readonly<Record<Dash, readonly number[]>> = {
  solid: [],
  dashed: [6, 4],
  dotted: [1.5, 3],
};
/** In high contrast the shape tells the colours of one dash apart. */
const CONTRAST_DASHES: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 5],
  [5, 2],
  [4, 6],
  [12, 3, 2, 3, 2, 3],
];
const WIDTHS = { faint: 1.25, normal: 1.5, strong: 2.25 } as const;

export type LineDataset = ChartDataset<'line', Point[]>;

/** The dataset of a line: how it looks, nothing that is computed. */
export function datasetOf(line: Line, theme: Theme): LineDataset {
  const dash =
    theme.isHighContrast && line.dash === 'solid'
      ? (CONTRAST_DASHES[(line.colour + COLOURS - 1) % COLOURS] ?? [])
      : LINE_DASHES[line.dash];
  return {
    data: line.points,
    borderColor: line.weight === 'faint' ? theme.faintRuns[line.colour] : theme.runs[line.colour],
    borderWidth: WIDTHS[line.weight],
    borderDash: [...dash],
    borderJoinStyle: 'round',
    borderCapStyle: line.dash === 'dotted' ? 'round' : 'butt',
    // Drawn last, on top: the strong line; then colours, grey below all.
    order: line.weight === 'strong' ? 0 : line.colour === 0 ? 2 : 1,
  };
}

export function config(
  chart: PreparedLines,
  theme: Theme,
): Pick<ChartConfiguration<'line', Point[]>, 'options'> {
  const font = { size: 11, family: theme.fontFamily };
  const grid = { color: theme.gridLine, drawTicks: false, lineWidth: 1 };
  const border = { display: false };
  return {
    options: {
      parsing: false,
      normalized: true,
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      spanGaps: false,
      layout: { padding: { top: 6, right: 8, bottom: 0, left: 0 } },
      elements: { point: { radius: 0, hoverRadius: 0, hitRadius: 0 }, line: { tension: 0 } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: {
          type: 'linear',
          ...(chart.x ?? {}),
          grid,
          border,
          ticks: {
            color: theme.description,
            font,
            padding: 6,
            maxRotation: 0,
            autoSkipPadding: 24,
            maxTicksLimit: 8,
            ...(chart.axis === 'step' ? { precision: 0 } : { includeBounds: false }),
            callback: (value, index, ticks) => {
              if (chart.axis === 'step') return formatStep(Number(value));
              return `${formatTick(Number(value), distanceOf(ticks, index))} ${chart.unit.name}`;
            },
          },
        },
        y: {
          type: chart.logarithmic ? 'logarithmic' : 'linear',
          ...(chart.y ?? {}),
          grace: 0,
          grid,
          border,
          afterFit: (scale) => {
            // Charts above each other share one left edge.
            scale.width = Math.max(scale.width, 46);
          },
          ticks: {
            color: theme.description,
            font,
            padding: 6,
            maxTicksLimit: 7,
            includeBounds: false,
            callback: (value, index, ticks) =>
              chart.logarithmic
                ? formatLogTick(Number(value), ticks)
                : formatTick(Number(value), distanceOf(ticks, index)),
          },
        },
      },
    },
  };
}

/** The distance between ticks: of the inner ones, since the outer may be the ends of the data. */
function distanceOf(ticks: readonly { readonly value: number }[], index: number): number {
  const middle = Math.min(Math.max(index, 2), ticks.length - 2);
  const [a, b] = [ticks[middle - 1], ticks[middle]];
  return a === undefined || b === undefined ? 1 : Math.abs(b.value - a.value);
}

function formatLogTick(value: number, ticks: readonly { readonly value: number }[]): string | null {
  const [first, last] = [ticks[0]?.value ?? 1, ticks.at(-1)?.value ?? 1];
  // Within one power of ten 1, 2 and 5 would be too few.
  if (last / first < 10 && ticks.length <= 10) return formatTick(value, value);
  const tickCount = ticks.length;
  const mantissa = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
  const wanted = tickCount > 20 ? [1] : tickCount > 10 ? [1, 3] : [1, 2, 5];
  return wanted.includes(mantissa) ? formatTick(value, value) : null;
}
