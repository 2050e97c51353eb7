import type { RunId } from './run';

/** The runs that wait, in the order in which they start, and what they wait for. */
export interface QueueState {
  /** Whether nothing is started until a person goes on. */
  readonly paused: boolean;
  /** Why it is paused, as a sentence; null when it is not, or a person paused it. */
  readonly pausedWhy: string | null;
  /** How many runs may go on at once on this machine. */
  readonly slots: number;
  readonly slotsInUse: number;
  /** Indexes of this machine's GPUs, as CUDA_VISIBLE_DEVICES counts them. */
  readonly gpus: readonly number[];
  readonly gpusInUse: readonly number[];
  readonly waiting: readonly WaitingRun[];
}

export interface WaitingRun {
  readonly runId: RunId;
  readonly name: string;
  readonly experiment: string;
  /** How many GPUs it asks for. */
  readonly gpuCount: number;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
}
