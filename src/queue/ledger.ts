import type { Goal } from '../model/goal';
import type { RunAttempt } from '../model/attempt';
import type { AttemptId, RunCommand, RunDetail, RunId, RunSnapshot, RunState } from '../model/run';
import type { PrintedRule } from '../model/printed';
import type { PrintedSeries } from '../store/printed';
import type { Placement, QueueSwitch, WaitingRecord } from '../store/queue';

export type { Placement, QueueSwitch, WaitingRecord };

/**
 * What the queue asks of the store, through ingest. Every promise resolves once the change is on disk, and
 * every call may be repeated: the second time it changes nothing.
 */
export interface AttemptLedger {
  /** The run that a request started before, or null. */
  startedBy(requestId: string): { readonly runId: RunId; readonly name: string } | null;
  /** Makes a queued run and its first attempt, or one that waits for it, remembered under the request, in one transaction. */
  createRun(run: NewRun, attempt: NewAttempt | null): Promise<CreatedRun>;
  /** One more attempt of a run that is there, which is queued again until its script starts. */
  addAttempt(runId: RunId, attempt: NewAttempt): Promise<void>;
  /** The first attempt of a run that waits, with its GPUs; false when it waits no longer. */
  startWaiting(runId: RunId, attempt: NewAttempt, gpus: readonly number[]): Promise<boolean>;
  /** A run without an attempt ends: it was removed, or could not be made ready. */
  endWaiting(runId: RunId, end: Pick<AttemptEnd, 'state' | 'reason'>): Promise<void>;
  /** As snapshotTaken, for a run that has no attempt yet. */
  runSnapshot(runId: RunId, taken: TakenSnapshot): Promise<void>;
  run(runId: string): RunDetail | null;
  setTags(runId: RunId, tags: Readonly<Record<string, string>>): Promise<void>;
  placementOf(runId: string): Placement | null;
  placementByKey(requestKey: string): Placement | null;
  waitingRuns(): readonly WaitingRecord[];
  orderWaiting(runIds: readonly string[]): Promise<void>;
  /** A run whose start was cut off before its script began waits again, before all others. */
  returnToQueue(runId: RunId): Promise<void>;
  gpusInUse(): readonly number[];
  queueSwitch(): QueueSwitch;
  setQueuePaused(paused: boolean, why: string | null): Promise<void>;
  noteQueueSeen(bootId: string, at: number): Promise<void>;
  /** The snapshot is there; or there is none, and the reason says why the run goes on without. */
  snapshotTaken(attemptId: AttemptId, taken: TakenSnapshot): Promise<void>;
  /** A later attempt runs other code than the run began with: the run says so. */
  codeChanged(attemptId: AttemptId): Promise<void>;
  /** The script names a tracking address of its own: the run says so, until the script reports here after all. */
  logsElsewhere(attemptId: AttemptId, uri: string): Promise<void>;
  /** The script runs: the run's state becomes running. */
  attemptStarted(attemptId: AttemptId, started: AttemptStart): Promise<void>;
  /** A notebook is at this cell, or failed in it. */
  cellReached(attemptId: AttemptId, cell: ReachedCell): Promise<void>;
  /** Params that are known from outside the script: what it logs itself takes their place. */
  paramsKnown(attemptId: AttemptId, params: Readonly<Record<string, string>>): Promise<void>;
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
  /** Of a run, the first one first. */
  attemptsOf(runId: RunId): readonly RunAttempt[];
  /** Every attempt that has not ended. */
  liveAttempts(): { readonly attemptId: AttemptId; readonly runId: RunId }[];
  /** One of them, or null when it has ended. */
  liveAttempt(attemptId: string): LiveAttempt | null;
}

export interface NewRun {
  readonly requestId: string;
  /** By name; made when it is missing. */
  readonly experiment: string;
  /** The goal that winnow.yaml names: stored for the experiment. Null: left as it is. */
  readonly goal: Goal | null;
  /** Null: the store gives it a name. */
  readonly name: string | null;
  readonly command: RunCommand;
  readonly outputPath: (runId: RunId) => string;
  /** Tags beside those that every run gets. */
  readonly tags: Readonly<Record<string, string>>;
  readonly placement: Omit<Placement, 'runId' | 'place' | 'queuedAt'>;
}

export interface NewAttempt {
  readonly attemptId: AttemptId;
  /** SHA-256 of the attempt's token in hexadecimal. */
  readonly tokenHash: string;
  /** Whether a person chose the experiment: then the script's own choice does not move the run. */
  readonly experimentChosen: boolean;
  /** When it is not the run's own. */
  readonly command?: RunCommand;
  /** The checkpoint that it goes on from. */
  readonly resumedFrom?: string | null;
  /** Where its events begin in events.jsonl, in bytes. */
  readonly eventsOffset?: number;
  /** The request that asked for it, which is answered with the same run when it comes again. */
  readonly requestId?: string;
}

export interface CreatedRun {
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

export interface ReachedCell {
  /** Counted from 1, of the cells that are executed. */
  readonly number: number;
  readonly count: number;
  readonly state: 'started' | 'done' | 'failed';
  readonly error?: string | undefined;
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
  /** The folder of the run's artifacts at this moment, absolute: it changes with the experiment. */
  readonly artifactDirectory: string | null;
}
