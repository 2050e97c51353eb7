import type { Goal } from '../model/goal';
import type { PrintedRule } from '../model/printed';
import type { PrintedSeries } from '../store/printed';
import type { AttemptId, RunCommand, RunId, RunSnapshot, RunState } from '../model/run';

/**
 * What the queue asks of the store, through ingest. Every promise resolves once the change is on disk, and
 * every call may be repeated: the second time it changes nothing.
 */
export interface AttemptLedger {
  /** The run that a request started before, or null. */
  startedBy(requestId: string): { readonly runId: RunId; readonly name: string } | null;
  /** Makes a queued run and its attempt, remembered under the request, in one transaction. */
  createAttempt(attempt: NewAttempt): Promise<CreatedAttempt>;
  /** The snapshot is there; or there is none, and the reason says why the run goes on without. */
  snapshotTaken(attemptId: AttemptId, taken: TakenSnapshot): Promise<void>;
  /** The script names a tracking address of its own: the run says so, until the script reports here after all. */
  logsElsewhere(attemptId: AttemptId, uri: string): Promise<void>;
  /** The script runs: the run's state becomes running. */
  attemptStarted(attemptId: AttemptId, started: AttemptStart): Promise<void>;
  /** Stores samples (perhaps none) as metrics, and printed ones, and moves the offset, in one transaction. */
  attemptSamples(
    attemptId: AttemptId,
    samples: readonly AttemptSample[],
    eventsOffset: number,
    printed?: readonly PrintedSeries[],
  ): Promise<void>;
  /** What a person decided about printed metrics of an experiment's runs. */
  printedRules(experimentId: string): readonly PrintedRule[];
  /** The script ended: settles the run and closes the attempt, whose token is worth nothing from then on. */
  attemptEnded(attemptId: AttemptId, ended: AttemptEnd): Promise<void>;
  /** Every attempt that has not ended. */
  liveAttempts(): { readonly attemptId: AttemptId; readonly runId: RunId }[];
  /** One of them, or null when it has ended. */
  liveAttempt(attemptId: string): LiveAttempt | null;
}

export interface NewAttempt {
  readonly requestId: string;
  readonly attemptId: AttemptId;
  /** By name; made when it is missing. */
  readonly experiment: string;
  /** Whether a person chose it: then the script's own choice does not move the run. */
  readonly experimentChosen: boolean;
  /** The goal that winnow.yaml names: stored for the experiment. Null: left as it is. */
  readonly goal: Goal | null;
  /** Null: the store gives it a name. */
  readonly name: string | null;
  readonly command: RunCommand;
  readonly outputPath: (runId: RunId) => string;
  /** SHA-256 of the attempt's token in hexadecimal. */
  readonly tokenHash: string;
}

export interface CreatedAttempt {
  readonly runId: RunId;
  readonly name: string;
  readonly experimentId: string;
}

export interface TakenSnapshot {
  readonly snapshot: RunSnapshot | null;
  readonly reason: string | null;
}

export interface AttemptStart {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly pid: number;
}

export interface AttemptSample {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Seconds since the start: the step of the system metrics. */
  readonly step: number;
  /** `system/cpu_utilization_percentage` and the like. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface AttemptEnd {
  readonly state: Extract<RunState, 'finished' | 'failed' | 'stopped' | 'pruned' | 'lost'>;
  readonly endedAt: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
}

export interface LiveAttempt {
  readonly attemptId: AttemptId;
  readonly runId: RunId;
  /** When the attempt was made. */
  readonly createdAt: number;
  /** When its script started; null before. */
  readonly startedAt: number | null;
  /** Bytes of events.jsonl that are taken in. */
  readonly eventsOffset: number;
  /** The status that the script's MLflow client sent (TAGS.clientStatus), or null. */
  readonly clientStatus: string | null;
}
