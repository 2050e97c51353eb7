import type { Goal } from './goal';
import type { ExperimentId, RunId } from './run';

/** An experiment as lists show it. Instants are epoch milliseconds. */
export interface Experiment {
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly createdAt: number;
  readonly deleted: boolean;
  /** Runs that are not deleted, child runs included. */
  readonly runCount: number;
  readonly runningCount: number;
  /** The stored goal, or the one that follows from the metrics' names; null before the first metric. */
  readonly goal: Goal | null;
  /** The run with the best value of the goal's metric. */
  readonly bestRunId: RunId | null;
}
