import * as z from 'zod/mini';
import type { Goal } from '../model/goal';
import type { ExperimentId, RunId, RunState } from '../model/run';
import { type ChartFilesHost, chartFilesRequests } from './chartFiles';
import { runId } from './wire';

/**
 * What the window and its pages say to each other: two plain interfaces a page, a request and its answer in one
 * method. `pageRpc.ts` carries them. The page's requests are parsed by the schemas below; what the window
 * sends comes from the same build and carries no NaN outside of typed arrays, because VS Code's messages
 * are JSON with typed arrays beside it.
 */

/** A run as the charts page knows it. */
export interface ChartRun {
  readonly runId: RunId;
  readonly experimentId: ExperimentId;
  readonly experiment: string;
  readonly name: string;
  readonly state: RunState;
  /** A sentence when the state alone does not explain itself. */
  readonly reason: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number | null;
  /** Whether it has output that can be shown. */
  readonly hasOutput: boolean;
  /** 1 to 8 are the colours; 9 to 16 the same dashed, 17 to 24 dotted; null and above 24: grey. */
  readonly slot: number | null;
  /** The names of its metrics. */
  readonly metrics: readonly string[];
}

/** What the charts page is about. */
export interface ChartsView {
  /** The experiment's name, or how many there are. */
  readonly title: string;
  /** The experiment's goal; null when the runs are of several experiments or it has none. */
  readonly goal: Goal | null;
  /** In the order of the tree. */
  readonly runs: readonly ChartRun[];
  /** A sentence when some runs could not be read; the others are shown all the same. */
  readonly problem: string | null;
}

/** Metrics of a run that have new points. */
export interface ChangedMetrics {
  readonly runId: RunId;
  readonly names: readonly string[];
}

/** Points for drawing, in the order of (step, timestamp). Typed arrays keep NaN and ±Infinity on their way. */
export interface PageSeries {
  readonly runId: RunId;
  readonly metric: string;
  /** Points that exist, before thinning. */
  readonly count: number;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** Epoch milliseconds. */
  readonly timestamps: Float64Array;
}

/** What the window calls on the charts page. */
export interface ChartsPage {
  /** Replaces what the page is about; what is drawn already stays until its points are read again. */
  show(view: ChartsView): Promise<void>;
  pointsChanged(changed: readonly ChangedMetrics[]): Promise<void>;
  /** Scrolls to a metric's chart. */
  revealMetric(request: { readonly metric: string }): Promise<void>;
}

/** What the charts page calls on the window. */
export interface ChartsHost extends ChartFilesHost {
  /** The page is there: what should it show? */
  ready(request: Record<string, never>): Promise<ChartsView>;
  readSeries(request: {
    readonly series: readonly { readonly runId: RunId; readonly metric: string }[];
    readonly pixels: number;
    /** Only points of steps in this range. */
    readonly fromStep?: number | undefined;
    readonly toStep?: number | undefined;
  }): Promise<readonly PageSeries[]>;
  /** How many lines the script printed so far; null when there is no output. */
  countOutputLines(request: { readonly runId: RunId }): Promise<number | null>;
  openRun(request: { readonly runId: RunId }): Promise<void>;
  showOutput(request: { readonly runId: RunId }): Promise<void>;
  /** Takes a run off the charts. */
  turnOff(request: { readonly runId: RunId }): Promise<void>;
  /** Brings the Experiments view up, where runs are selected. */
  chooseRuns(request: Record<string, never>): Promise<void>;
}

const nothing = z.strictObject({});
const oneRun = z.strictObject({ runId });

/** The schema of each request of the charts page. Anything else is refused. */
export const chartsHostRequests = {
  ready: nothing,
  readSeries: z.strictObject({
    series: z
      .array(z.strictObject({ runId, metric: z.string().check(z.minLength(1), z.maxLength(1000)) }))
      .check(z.maxLength(2_000)),
    pixels: z.int().check(z.minimum(1), z.maximum(10_000)),
    fromStep: z.optional(z.number()),
    toStep: z.optional(z.number()),
  }),
  countOutputLines: oneRun,
  openRun: oneRun,
  showOutput: oneRun,
  turnOff: oneRun,
  chooseRuns: nothing,
  ...chartFilesRequests,
} as const satisfies Record<keyof ChartsHost, z.ZodMiniType>;
