import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { UserError } from '../base/errors';
import {
  type ExperimentId,
  type MetricSummary,
  type Run,
  type RunCommand,
  type RunDetail,
  type RunId,
  type RunSnapshot,
  type RunState,
  TAGS,
} from '../model/run';
import { freeRunName } from '../model/runName';
import type { Db } from './database';
import type { Journal } from './journal';
import { type RunModels, runModelReader } from './loggedModels/links';

/** What is known of a new run. Instants are epoch milliseconds. */
export interface NewRun {
  readonly experimentId: string;
  readonly name: string;
  readonly state: RunState;
  readonly userId?: string;
  readonly startedAt?: number | null;
  readonly parentRunId?: string | null;
  readonly command?: RunCommand | null;
  readonly attemptId?: string | null;
  /** Where the output goes: a function, since the path holds the id that is made here. */
  readonly outputPath?: (runId: RunId) => string;
  /** A digest of the request that asked for it: a repeated request is recognised by it. */
  readonly creationKey?: string | null;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The fields to change; absent ones stay as they are. */
export interface RunUpdate {
  readonly state?: RunState;
  readonly name?: string;
  readonly userId?: string;
  readonly experimentId?: string;
  readonly startedAt?: number | null;
  readonly endedAt?: number | null;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly reason?: string | null;
  readonly pid?: number | null;
  readonly snapshot?: RunSnapshot | null;
  readonly parentRunId?: string | null;
}

/** A run as the writers need it. */
export interface RunHead {
  readonly runKey: number;
  readonly runId: RunId;
  readonly experimentId: number;
  readonly state: RunState;
  readonly deleted: boolean;
  readonly attemptId: string | null;
}

/** The columns of a run that MLflow's answers have and a `Run` has not. */
export interface RunRecord extends Run {
  readonly userId: string;
  readonly attemptId: string | null;
  readonly inputs: readonly DatasetInput[];
  /** Logged models that the run used and made; null: none. */
  readonly models: RunModels | null;
  /** Steps beyond 2^53 of the last points, exactly, by metric. */
  readonly wideSteps: Readonly<Record<string, { readonly step: string; readonly timestamp: string }>>;
  /** Epoch milliseconds of the last point of each metric. */
  readonly lastTimestamps: Readonly<Record<string, number>>;
}

export interface DatasetInput {
  readonly dataset: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

export interface RunStore {
  createRun(run: NewRun): RunId;
  /** @throws UserError 'not-found'. */
  runHead(runId: string): RunHead;
  /** A name that no run of the store has, deleted ones aside. */
  freeName(): string;
  /** The head of a run that may be written to. @throws UserError 'not-found', 'run-deleted'. */
  activeRun(runId: string): RunHead;
  /** Runs that the same request asked for, newest first; untouched: nothing was logged to it since. */
  findByCreationKey(key: string, since: number): { runId: RunId; createdAt: number; isUntouched: boolean }[];
  getRun(runId: string): RunDetail | null;
  /** Runs as lists show them, in the order of the keys. */
  readRuns(runKeys: readonly number[]): RunRecord[];
  runKeysOf(runIds: readonly string[]): number[];
  /** By id, unique prefix of it, or name. @throws UserError 'not-found', 'ambiguous'. */
  resolveRun(ref: string): RunDetail;
  updateRun(runId: string, update: RunUpdate): void;
  /** Runs that are queued or running, with or without a runner. */
  liveRuns(): { runId: RunId; state: RunState; attemptId: string | null }[];
  deleteRuns(runIds: readonly string[]): void;
  restoreRuns(runIds: readonly string[]): void;
  /** The run that answered a request to start one, or null. */
  startedBy(requestId: string): RunId | null;
  rememberStart(requestId: string, runId: string): void;
}

interface Row {
  run_key: number;
  run_id: RunId;
  experiment_id: number;
  experiment: string;
  name: string;
  state: RunState;
  user_id: string;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  exit_code: number | null;
  signal: string | null;
  reason: string | null;
  parent_run_id: RunId | null;
  attempt_id: string | null;
  command: string | null;
  snapshot: string | null;
  output_path: string | null;
  pid: number | null;
  deleted_at: number | null;
  child_count: number;
}

interface MetricRow {
  run_key: number;
  name: string;
  last_value: number | null;
  last_step: number;
  last_timestamp: number;
  first_value: number | null;
  first_step: number;
  min_value: number | null;
  min_step: number;
  max_value: number | null;
  max_step: number;
  count: number;
  wide: number;
  exact_step: string | null;
  exact_timestamp: string | null;
}

export interface RunStoreOptions {
  /** The folder of artifacts, for `artifactDirectory`. */
  readonly artifacts: string;
}

const COLUMNS: Record<keyof RunUpdate, string> = {
  state: 'state',
  name: 'name',
  userId: 'user_id',
  experimentId: 'experiment_id',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  exitCode: 'exit_code',
  signal: 'signal',
  reason: 'reason',
  pid: 'pid',
  snapshot: 'snapshot',
  parentRunId: 'parent_run_id',
};

export function runStore(db: Db, journal: Journal, options: RunStoreOptions): RunStore {
  const head = db.prepare<
    [string],
    Pick<Row, 'run_key' | 'experiment_id' | 'state' | 'deleted_at' | 'attempt_id'>
  >('SELECT run_key, experiment_id, state, deleted_at, attempt_id FROM runs WHERE run_id = ? AND purged = 0');
  const insert = db.prepare<[Record<string, string | number | null>]>(
    `INSERT INTO runs (run_id, experiment_id, name, state, user_id, created_at, started_at, parent_run_id,
       attempt_id, creation_key, command, output_path, seq)
     VALUES (@run_id, @experiment_id, @name, @state, @user_id, @created_at, @started_at, @parent_run_id,
       @attempt_id, @creation_key, @command, @output_path, @seq)`,
  );
  const putTag = db.prepare<[number, string, string]>(
    'INSERT INTO tags (run_key, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const select = `SELECT runs.*, experiments.name AS experiment,
      (SELECT count(*) FROM runs AS child WHERE child.parent_run_id = runs.run_id AND child.deleted_at IS NULL) AS child_count
    FROM runs JOIN experiments USING (experiment_id)`;
  const byId = db.prepare<[string], Row>(`${select} WHERE run_id = ?`);
  const byKeys = db.prepare<[string], Row>(`${select} WHERE run_key IN (SELECT value FROM json_each(?))`);
  const keysByIds = db.prepare<[string], { run_key: number; run_id: string }>(
    'SELECT run_key, run_id FROM runs WHERE run_id IN (SELECT value FROM json_each(?))',
  );
  const byPrefix = db.prepare<[string, string], { run_id: string; name: string }>(
    'SELECT run_id, name FROM runs WHERE run_id >= ? AND run_id < ? ORDER BY created_at DESC LIMIT 6',
  );
  const byName = db.prepare<[string], { run_id: string; name: string }>(
    'SELECT run_id, name FROM runs WHERE name = ? AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 6',
  );
  const byCreation = db.prepare<[string, number], { run_id: RunId; created_at: number; touched: number }>(
    `SELECT run_id, created_at, state <> 'running'
       OR EXISTS (SELECT 1 FROM params WHERE params.run_key = runs.run_key)
       OR EXISTS (SELECT 1 FROM metrics WHERE metrics.run_key = runs.run_key) AS touched
     FROM runs WHERE creation_key = ? AND created_at >= ? ORDER BY run_key DESC LIMIT 100`,
  );
  const live = db.prepare<[], { run_id: RunId; state: RunState; attempt_id: string | null }>(
    "SELECT run_id, state, attempt_id FROM runs WHERE state IN ('queued', 'running') AND deleted_at IS NULL",
  );
  const setDeleted = db.prepare<[number | null, number, string]>(
    'UPDATE runs SET deleted_at = ?, seq = ? WHERE run_id = ?',
  );
  const inSelection = 'WHERE run_key IN (SELECT value FROM json_each(?))';
  const paramsOf = db.prepare<[string], { run_key: number; key: string; value: string }>(
    `SELECT run_key, key, value FROM params ${inSelection}`,
  );
  const tagsOf = db.prepare<[string], { run_key: number; key: string; value: string }>(
    `SELECT run_key, key, value FROM tags ${inSelection}`,
  );
  const metricsOf = db.prepare<[string], MetricRow>(
    `SELECT run_key, name, last_value, last_step, last_timestamp, first_value, first_step, min_value, min_step,
       max_value, max_step, count, wide,
       iif(wide, CAST(last_step AS TEXT), NULL) AS exact_step,
       iif(wide, CAST(last_timestamp AS TEXT), NULL) AS exact_timestamp
     FROM metrics ${inSelection} ORDER BY name`,
  );
  const inputsOf = db.prepare<[string], { run_key: number; dataset: string; tags: string }>(
    `SELECT run_key, dataset, tags FROM inputs ${inSelection}`,
  );
  const modelsOf = runModelReader(db);
  const copyMetricNames = db.prepare<[number, number]>(
    'INSERT OR IGNORE INTO experiment_metrics (experiment_id, name) SELECT ?, name FROM metrics WHERE run_key = ?',
  );
  const started = db
    .prepare<[string], RunId>('SELECT run_id FROM start_requests WHERE request_id = ?')
    .pluck();
  const remember = db.prepare<[string, string, number]>(
    'INSERT OR IGNORE INTO start_requests (request_id, run_id, created_at) VALUES (?, ?, ?)',
  );

  function runHead(runId: string): RunHead {
    const row = head.get(runId);
    if (row === undefined) throw new UserError('not-found', `Run with id=${runId} not found`);
    return {
      runKey: row.run_key,
      runId: runId as RunId,
      experimentId: row.experiment_id,
      state: row.state,
      deleted: row.deleted_at !== null,
      attemptId: row.attempt_id,
    };
  }

  function recordsOf(rows: readonly Row[]): Map<number, RunRecord> {
    const keys = JSON.stringify(rows.map((row) => row.run_key));
    const params = grouped(paramsOf.all(keys));
    const tags = grouped(tagsOf.all(keys));
    const inputs = grouped(inputsOf.all(keys));
    const models = modelsOf(keys);
    const metrics = grouped(metricsOf.all(keys));
    return new Map(
      rows.map((row) => {
        const summaries = metrics.get(row.run_key) ?? [];
        const wide = summaries.filter((metric) => metric.wide === 1);
        return [
          row.run_key,
          {
            runId: row.run_id,
            experimentId: String(row.experiment_id) as ExperimentId,
            experiment: row.experiment,
            name: row.name,
            state: row.state,
            createdAt: row.created_at,
            startedAt: row.started_at,
            endedAt: row.ended_at,
            exitCode: row.exit_code,
            signal: row.signal,
            reason: row.reason,
            parentRunId: row.parent_run_id,
            childCount: row.child_count,
            hasRunner: row.attempt_id !== null || row.command !== null,
            deleted: row.deleted_at !== null,
            params: recordFrom(params.get(row.run_key) ?? []),
            tags: recordFrom(tags.get(row.run_key) ?? []),
            metrics: dictionary(summaries.map((metric) => [metric.name, summaryOf(metric)])),
            userId: row.user_id,
            attemptId: row.attempt_id,
            inputs: (inputs.get(row.run_key) ?? []).map((input) => ({
              dataset: JSON.parse(input.dataset) as DatasetInput['dataset'],
              tags: JSON.parse(input.tags) as DatasetInput['tags'],
            })),
            models: models.get(row.run_key) ?? null,
            wideSteps: dictionary(
              wide.map((metric) => [
                metric.name,
                { step: metric.exact_step ?? '0', timestamp: metric.exact_timestamp ?? '0' },
              ]),
            ),
            lastTimestamps: dictionary(summaries.map((metric) => [metric.name, metric.last_timestamp])),
          },
        ];
      }),
    );
  }

  function detailOf(row: Row): RunDetail {
    const record = recordsOf([row]).get(row.run_key);
    if (record === undefined) throw new Error(`Run ${row.run_id} vanished while it was read.`);
    const {
      userId: _user,
      attemptId: _attempt,
      inputs: _inputs,
      models: _models,
      wideSteps: _wide,
      lastTimestamps: _times,
      ...run
    } = record;
    return {
      ...run,
      command: row.command === null ? null : (JSON.parse(row.command) as RunCommand),
      snapshot: row.snapshot === null ? null : (JSON.parse(row.snapshot) as RunSnapshot),
      outputPath: row.output_path,
      artifactDirectory: path.join(options.artifacts, String(row.experiment_id), row.run_id, 'artifacts'),
      pid: row.pid,
    };
  }

  function setRunsDeleted(runIds: readonly string[], deletedAt: number | null): void {
    for (const runId of runIds) {
      const run = runHead(runId);
      setDeleted.run(deletedAt, journal.next(), runId);
      journal.run(runId, run.experimentId);
    }
  }

  return {
    freeName: () => freeRunName((name) => byName.get(name) !== undefined),

    createRun(run) {
      const runId = randomBytes(16).toString('hex') as RunId;
      const inserted = insert.run({
        run_id: runId,
        experiment_id: run.experimentId,
        name: run.name,
        state: run.state,
        user_id: run.userId ?? '',
        created_at: Date.now(),
        started_at: run.startedAt ?? null,
        parent_run_id: run.parentRunId ?? null,
        attempt_id: run.attemptId ?? null,
        creation_key: run.creationKey ?? null,
        command: run.command === undefined || run.command === null ? null : JSON.stringify(run.command),
        output_path: run.outputPath?.(runId) ?? null,
        seq: journal.next(),
      });
      const runKey = Number(inserted.lastInsertRowid);
      for (const [key, value] of Object.entries(run.tags ?? {})) putTag.run(runKey, key, value);
      putTag.run(runKey, TAGS.runName, run.name);
      journal.run(runId, run.experimentId);
      return runId;
    },

    runHead,

    activeRun(runId) {
      const run = runHead(runId);
      if (run.deleted) {
        throw new UserError(
          'run-deleted',
          `The run ${runId} must be in the 'active' state. Current state is deleted.`,
        );
      }
      return run;
    },

    findByCreationKey: (key, since) =>
      byCreation.all(key, since).map((row) => ({
        runId: row.run_id,
        createdAt: row.created_at,
        isUntouched: row.touched === 0,
      })),

    getRun(runId) {
      const row = byId.get(runId);
      return row === undefined ? null : detailOf(row);
    },

    readRuns(runKeys) {
      const records = recordsOf(byKeys.all(JSON.stringify(runKeys)));
      return runKeys.flatMap((key) => records.get(key) ?? []);
    },

    runKeysOf(runIds) {
      const keys = new Map(keysByIds.all(JSON.stringify(runIds)).map((row) => [row.run_id, row.run_key]));
      return runIds.flatMap((runId) => keys.get(runId) ?? []);
    },

    resolveRun(ref) {
      const exact = byId.get(ref);
      if (exact !== undefined) return detailOf(exact);
      const found = new Map(byName.all(ref).map((row) => [row.run_id, row.name]));
      if (/^[0-9a-f]{4,31}$/.test(ref)) {
        for (const row of byPrefix.all(ref, `${ref}g`)) found.set(row.run_id, row.name);
      }
      if (found.size > 1) {
        const list = [...found].map(([runId, name]) => `${runId.slice(0, 8)} (${name})`).join(', ');
        throw new UserError(
          'ambiguous',
          `"${ref}" fits several runs: ${list}. Give the id of the one you mean.`,
        );
      }
      const [only] = found.keys();
      const row = only === undefined ? undefined : byId.get(only);
      if (row === undefined) {
        throw new UserError(
          'not-found',
          `There is no run with the id or name "${ref}". \`winnow runs\` lists them.`,
        );
      }
      return detailOf(row);
    },

    updateRun(runId, update) {
      const run = runHead(runId);
      const fields = (Object.keys(COLUMNS) as (keyof RunUpdate)[]).filter((key) => update[key] !== undefined);
      if (fields.length > 0) {
        db.prepare(
          `UPDATE runs SET ${fields.map((field) => `${COLUMNS[field]} = ?`).join(', ')}, seq = ? WHERE run_key = ?`,
        ).run(...fields.map((field) => columnValue(update[field])), journal.next(), run.runKey);
      }
      if (update.name !== undefined) putTag.run(run.runKey, TAGS.runName, update.name);
      if (update.experimentId !== undefined) {
        copyMetricNames.run(Number(update.experimentId), run.runKey);
        journal.run(runId, update.experimentId);
        journal.experiment(update.experimentId);
        journal.experiment(run.experimentId);
      } else {
        journal.run(runId, run.experimentId);
      }
    },

    liveRuns: () =>
      live.all().map((row) => ({ runId: row.run_id, state: row.state, attemptId: row.attempt_id })),
    deleteRuns: (runIds) => setRunsDeleted(runIds, Date.now()),
    restoreRuns: (runIds) => setRunsDeleted(runIds, null),
    startedBy: (requestId) => started.get(requestId) ?? null,
    rememberStart: (requestId, runId) => void remember.run(requestId, runId, Date.now()),
  };
}

function columnValue(value: RunUpdate[keyof RunUpdate]): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function summaryOf(row: MetricRow): MetricSummary {
  return {
    last: row.last_value ?? Number.NaN,
    lastStep: row.last_step,
    min: row.min_value ?? Number.NaN,
    minStep: row.min_step,
    max: row.max_value ?? Number.NaN,
    maxStep: row.max_step,
    first: row.first_value ?? Number.NaN,
    firstStep: row.first_step,
    count: row.count,
  };
}

function grouped<T extends { run_key: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.run_key);
    if (group === undefined) groups.set(row.run_key, [row]);
    else group.push(row);
  }
  return groups;
}

function recordFrom(rows: readonly { key: string; value: string }[]): Record<string, string> {
  return dictionary(rows.map(({ key, value }) => [key, value]));
}

/** A record for names that clients choose: `__proto__` is a name like any other. */
function dictionary<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries);
}
