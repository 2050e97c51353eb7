import type { AttemptId, RunCommand, RunSnapshot, RunState } from './run';

/** One start of a run. A run that was resumed has several; its own fields tell of the whole. */
export interface RunAttempt {
  readonly attemptId: AttemptId;
  /** 1 for the first. */
  readonly number: number;
  /** What was started, when it differs from the run's own command or is the first; null: as the run says. */
  readonly command: RunCommand | null;
  /** The code that it ran; null when none was kept, or not yet. */
  readonly snapshot: RunSnapshot | null;
  /** The checkpoint that the script was told to go on from, absolute; null when it finds its own or has none. */
  readonly resumedFrom: string | null;
  /** Epoch milliseconds; null before its script ran. */
  readonly startedAt: number | null;
  /** Epoch milliseconds; null while it goes on. */
  readonly endedAt: number | null;
  /** How it ended; null while it goes on. */
  readonly state: RunState | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
}

/** How a run could go on, for a person to confirm or change. */
export interface ResumePlan {
  /** Which attempt it would be. */
  readonly number: number;
  /** The script's arguments as they would be, with the checkpoint where it takes one. */
  readonly args: readonly string[];
  /** The newest checkpoint that an earlier attempt wrote; null when none was found. */
  readonly checkpoint: { readonly path: string; readonly writtenAt: number } | null;
  /** The flag by which the script takes a checkpoint, such as `--resume`; null when reading it finds none. */
  readonly flag: string | null;
}
