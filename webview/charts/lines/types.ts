import type { ChartRun, PageSeries } from '../../../src/api/pages';
import type { LineAxis } from '../../../src/model/chartSpec';
import type { Direction, Goal } from '../../../src/model/goal';
import type { RunId } from '../../../src/model/run';
import type { Dash } from '../../ui/runStyle';

/** What a chart of lines is made from. */
export interface LinesInput {
  readonly metric: string;
  readonly runs: readonly ChartRun[];
  /** By run, then by metric: the chart's own, and the one along the x axis when it is a metric. */
  readonly series: ReadonlyMap<RunId, ReadonlyMap<string, PageSeries>>;
  /** As `series`, of the part that is zoomed into: thinned less than the whole. */
  readonly details: ReadonlyMap<RunId, ReadonlyMap<string, PageSeries>>;
  readonly axis: LineAxis;
  /** 0 (none) to 0.99: see smooth.ts. */
  readonly smoothing: number;
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
  /** Leaves the lowest and highest few values out of the scale, not out of the lines. */
  readonly ignoreOutliers: boolean;
  /** Makes one line with a band of runs that differ in their seeds only. */
  readonly joinSeeds: boolean;
  readonly params: ReadonlyMap<RunId, Readonly<Record<string, string>>>;
  readonly goal: Goal | null;
  /** The run that is pointed at: the others step back. */
  readonly emphasised: RunId | null;
  /** The run whose line is a little thicker. */
  readonly bestRunId: RunId | null;
  readonly championId: RunId | null;
  /** The part that is looked at; null: all of it. */
  readonly zoom: Zoom | null;
  /** Begins the scale of values at zero: for amounts, whose height is what counts. */
  readonly fromZero?: boolean;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A part of a chart in the units of its axes; y null: as high as what is in it. */
export interface Zoom {
  readonly x: Range;
  readonly y: Range | null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Mark extends Point {
  /** A dot is drawn where there is room for it; a point alone between gaps always. */
  readonly kind: 'dot' | 'alone' | 'live' | 'failed';
}

/** Numbers of one line, one of each for each point; NaN is a gap. */
export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The smoothed line; null without smoothing: then `y` is what is looked at. */
  readonly smooth: Float64Array | null;
  /** As logged: NaN and the infinities are here, too. */
  readonly values: Float64Array;
  readonly steps: Float64Array;
  /** Whether x never goes back. */
  readonly isSorted: boolean;
}

export interface Line {
  /** The run, or the best run of a group that differs in its seeds only. */
  readonly run: ChartRun;
  readonly name: string;
  /** How many runs it stands for. */
  readonly runCount: number;
  readonly runIds: readonly RunId[];
  /** 1 to 8, or 0: grey. */
  readonly colour: number;
  readonly dash: Dash;
  readonly weight: 'faint' | 'normal' | 'strong';
  readonly curve: Curve;
  readonly band: Band | null;
  readonly marks: readonly Mark[];
  readonly isChampion: boolean;
}

/** What lies around a mean, one of each for each of its points. */
export interface Band {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** A 95 percent interval of the mean, or from the lowest to the highest when there are only two runs. */
  readonly kind: 'interval' | 'extremes';
}

export interface Best {
  readonly run: ChartRun;
  readonly value: number;
  readonly step: number;
}

/** How an axis of time counts. */
export interface TimeUnit {
  readonly name: 's' | 'min' | 'h';
  readonly seconds: number;
}

/** Plain numbers that say everything about a chart. */
export interface PreparedLines {
  readonly metric: string;
  readonly direction: Direction;
  readonly isGoal: boolean;
  readonly lines: readonly Line[];
  /** What x is: what was asked for, or steps when no run has the metric for it. */
  readonly axis: LineAxis;
  readonly unit: TimeUnit;
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
  readonly smoothing: number;
  readonly x: Range | null;
  readonly y: Range | null;
  /** Both axes from the first to the last point, whatever is looked at. */
  readonly whole: { readonly x: Range; readonly y: Range } | null;
  readonly isZoomed: boolean;
  readonly target: number | null;
  readonly best: Best | null;
  /** Runs of the chart, and those that have nothing along the x axis. */
  readonly runCount: number;
  readonly withoutX: number;
  /** Points that exist and points that are drawn; fewer when they were thinned. */
  readonly count: number;
  readonly drawn: number;
  /** Finite values that a logarithmic scale cannot show. */
  readonly notOnLogScale: number;
}
