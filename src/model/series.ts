import type { RunId } from './run';

/** The points of one metric of one run, in the order of (step, timestamp), perhaps thinned for drawing. */
export interface Series {
  readonly runId: RunId;
  readonly metric: string;
  /** Points that exist in the range asked for, before thinning. */
  readonly count: number;
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** Epoch milliseconds. */
  readonly timestamps: readonly number[];
}
