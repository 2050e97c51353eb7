/** A run's id: 32 lower-case hexadecimal digits, as MLflow makes them. */
export type RunId = string & { readonly __brand: 'RunId' };

/** Whether a value is written as a run's id: for what comes from links, saved state and command lines. */
export function isRunId(value: unknown): value is RunId {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}

/** An experiment's id: a whole number written as text, as MLflow's SQL store counts them. */
export type ExperimentId = string & { readonly __brand: 'ExperimentId' };
/** One start of a run. 32 lower-case hexadecimal digits. */
export type AttemptId = string & { readonly __brand: 'AttemptId' };

/**
 * Where a run is in its life.
 * - queued: waits for a slot or for its snapshot.
 * - running: a process works on it, or a client without a runner reports to it.
 * - finished: ended by itself with exit code 0, or a client said FINISHED.
 * - failed: ended by itself with another exit code or by a signal nobody of Winnow sent.
 * - stopped: a person ended it.
 * - pruned: a search ended it because it was hopeless.
 * - lost: its process is proved gone, and nobody was there to see how it ended.
 */
export type RunState = 'queued' | 'running' | 'finished' | 'failed' | 'stopped' | 'pruned' | 'lost';

export const RUN_STATES: readonly RunState[] = [
  'queued',
  'running',
  'finished',
  'failed',
  'stopped',
  'pruned',
  'lost',
];

/** MLflow's word for a state (enum RunStatus of its service.proto). */
export type MlflowRunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export function isOver(state: RunState): boolean {
  return state !== 'queued' && state !== 'running';
}

export function toMlflowStatus(state: RunState): MlflowRunStatus {
  switch (state) {
    case 'queued':
      return 'SCHEDULED';
    case 'running':
      return 'RUNNING';
    case 'finished':
      return 'FINISHED';
    case 'failed':
    case 'lost':
      return 'FAILED';
    case 'stopped':
    case 'pruned':
      return 'KILLED';
  }
}

export function fromMlflowStatus(status: MlflowRunStatus): RunState {
  switch (status) {
    case 'SCHEDULED':
      return 'queued';
    case 'RUNNING':
      return 'running';
    case 'FINISHED':
      return 'finished';
    case 'FAILED':
      return 'failed';
    case 'KILLED':
      return 'stopped';
  }
}

/**
 * What is known of one metric of one run without reading its points. NaN takes part in `last` and `count`
 * only; `min`, `max` and `best` look at the other values, and are NaN when there is none.
 */
export interface MetricSummary {
  readonly last: number;
  readonly lastStep: number;
  readonly min: number;
  readonly minStep: number;
  readonly max: number;
  readonly maxStep: number;
  readonly first: number;
  readonly firstStep: number;
  readonly count: number;
}

/** A run as lists show it. Instants are epoch milliseconds. */
export interface Run {
  readonly runId: RunId;
  readonly experimentId: ExperimentId;
  readonly experiment: string;
  readonly name: string;
  readonly state: RunState;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The script's exit code; null while it runs, when a signal ended it, or when nobody saw it end. */
  readonly exitCode: number | null;
  /** The signal that ended it, such as 'SIGKILL'. */
  readonly signal: string | null;
  /** A sentence for a person when the state alone does not explain itself. */
  readonly reason: string | null;
  readonly parentRunId: RunId | null;
  readonly childCount: number;
  /** Whether a runner of Winnow's started it, so that it has output, a command and can be stopped. */
  readonly hasRunner: boolean;
  readonly deleted: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** How a run was started: enough to start it again. Values of the environment are not in it. */
export interface RunCommand {
  /** The interpreter, or null when the script is executed itself. */
  readonly python: string | null;
  /** Relative to `folder` where it lies in it, else absolute. */
  readonly script: string;
  readonly args: readonly string[];
  /** The working directory, absolute. */
  readonly folder: string;
  /** Variables of the environment that a person set for this run. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What is known of the code that a run ran. */
export interface RunSnapshot {
  /** The commit in `.winnow/snapshots.git`. */
  readonly commit: string;
  /** The user's HEAD at that moment; null without a repository or before the first commit. */
  readonly baseCommit: string | null;
  /** The user's branch at that moment; null when detached or without a repository. */
  readonly branch: string | null;
  /** Whether the files differed from `baseCommit`. */
  readonly dirty: boolean;
  readonly fileCount: number;
  /** Files that are not in the commit, each with the reason. Paths are relative to the repository's top. */
  readonly leftOut: readonly LeftOutFile[];
}

export interface LeftOutFile {
  readonly path: string;
  readonly why: 'too large' | 'unreadable' | 'not a regular file';
  readonly sizeBytes: number | null;
  /** SHA-256 of the content in hexadecimal, null until it is known. */
  readonly sha256: string | null;
}

/** One run with everything. */
export interface RunDetail extends Run {
  readonly command: RunCommand | null;
  readonly snapshot: RunSnapshot | null;
  /** The absolute path of `output.log`, or null for a run without a runner. */
  readonly outputPath: string | null;
  readonly artifactDirectory: string;
  /** Process id of the script while it runs. */
  readonly pid: number | null;
}

/** Tags with a meaning of their own. */
export const TAGS = {
  runName: 'mlflow.runName',
  parentRunId: 'mlflow.parentRunId',
  user: 'mlflow.user',
  sourceName: 'mlflow.source.name',
  sourceType: 'mlflow.source.type',
  gitCommit: 'mlflow.source.git.commit',
  gitBranch: 'mlflow.source.git.branch',
  /** Whether the files differed from the commit. */
  gitDirty: 'mlflow.git.dirty',
  note: 'mlflow.note.content',
  /** 'true' on a run that a person marked. */
  starred: 'winnow.starred',
  /** 'true' on a run that a person put aside: lists leave it out unless they are asked for it. */
  archived: 'winnow.archived',
  /** The attempt whose script created this run beside the attempt's own. */
  attempt: 'winnow.attempt',
  /** The status that the client sent while a runner was still alive. */
  clientStatus: 'winnow.clientStatus',
  /** The number of the attempt that ran other code than the run began with. */
  codeChanged: 'winnow.codeChanged',
  /** A tracking address that the script set itself: its metrics go there, not here. */
  logsTo: 'winnow.logsTo',
  /** The run that this one repeats: the same command with the same code. */
  retryOf: 'winnow.retryOf',
  /** Where files lie that the run made in its checkout: a folder, relative to that of the store. */
  checkout: 'winnow.checkout',
  /** The paths of these files in it, a JSON list of at most a hundred. */
  newFiles: 'winnow.newFiles',
  /** How far the cells of a notebook are, such as `3/12`. */
  cells: 'winnow.cells',
  /** A number in `winnow.currency`: the duration at the price that winnow.yaml names. */
  cost: 'winnow.cost',
  currency: 'winnow.currency',
  /** Watt-hours, and whether they were 'measured' or are an 'estimate'. */
  energyWh: 'winnow.energyWh',
  energyHow: 'winnow.energyHow',
  /** Of a dataset: why the content that was read is not there any more. */
  datasetProblem: 'winnow.problem',
} as const;
