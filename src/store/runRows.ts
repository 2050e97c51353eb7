import type { ExperimentId, RunId, RunState } from '../model/run';
import type { Db } from './database';
import { type RunModels, runModelReader } from './loggedModels/links';
import type { DatasetInput, RunRecord } from './runs';

/** What MLflow calls the info of a run. */
export type RunFacts = Pick<
  RunRecord,
  'runId' | 'name' | 'experimentId' | 'userId' | 'state' | 'createdAt' | 'startedAt' | 'endedAt' | 'deleted'
>;

/** Key of the run, name, last value (null: NaN), its step and its time. Whole numbers beyond 2^53 are texts. */
export type MetricRow = readonly [number, string, number | null, number | string, number | string];
/** Key of the run, key, value. */
export type TextRow = readonly [number, string, string];

/** A run as rows of the store: for answers with so many runs that an object of each row would be most of the work. */
export interface RunRows {
  readonly run: RunFacts;
  /** By name. */
  readonly metrics: readonly MetricRow[];
  /** By key, as the tags are. */
  readonly params: readonly TextRow[];
  readonly tags: readonly TextRow[];
  readonly inputs: readonly DatasetInput[];
  readonly models: RunModels | null;
}

export interface RunRowStore {
  /** Runs in the order of the keys, with the last value of each metric. */
  readRunRows(runKeys: readonly number[]): RunRows[];
}

type HeadRow = [
  number,
  RunId,
  string,
  number,
  string,
  RunState,
  number,
  number | null,
  number | null,
  number | null,
];

export function runRowStore(db: Db): RunRowStore {
  const inSelection = 'WHERE run_key IN (SELECT value FROM json_each(?))';
  const heads = db
    .prepare<[string], HeadRow>(
      `SELECT run_key, run_id, name, experiment_id, user_id, state, created_at, started_at, ended_at, deleted_at
       FROM runs ${inSelection}`,
    )
    .raw();
  const metrics = db
    .prepare<[string], MetricRow>(
      `SELECT run_key, name, last_value, iif(wide, CAST(last_step AS TEXT), last_step),
         iif(wide, CAST(last_timestamp AS TEXT), last_timestamp)
       FROM metrics ${inSelection} ORDER BY run_key, name`,
    )
    .raw();
  const texts = (table: 'params' | 'tags') =>
    db
      .prepare<[string], TextRow>(
        `SELECT run_key, key, value FROM ${table} ${inSelection} ORDER BY run_key, key`,
      )
      .raw();
  const params = texts('params');
  const tags = texts('tags');
  const inputs = db
    .prepare<[string], [number, string, string]>(`SELECT run_key, dataset, tags FROM inputs ${inSelection}`)
    .raw();
  const modelsOf = runModelReader(db);

  return {
    readRunRows(runKeys) {
      const keys = JSON.stringify(runKeys);
      const rows = new Map<number, Writable<RunRows>>();
      for (const row of heads.all(keys)) {
        rows.set(row[0], {
          run: factsOf(row),
          metrics: [],
          params: [],
          tags: [],
          inputs: [],
          models: null,
        });
      }
      for (const row of metrics.all(keys)) rows.get(row[0])?.metrics.push(row);
      for (const row of params.all(keys)) rows.get(row[0])?.params.push(row);
      for (const row of tags.all(keys)) rows.get(row[0])?.tags.push(row);
      for (const [key, dataset, own] of inputs.all(keys)) {
        rows.get(key)?.inputs.push({
          dataset: JSON.parse(dataset) as DatasetInput['dataset'],
          tags: JSON.parse(own) as DatasetInput['tags'],
        });
      }
      for (const [key, models] of modelsOf(keys)) {
        const run = rows.get(key);
        if (run !== undefined) run.models = models;
      }
      return runKeys.flatMap((key) => rows.get(key) ?? []);
    },
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

function factsOf([
  ,
  runId,
  name,
  experimentId,
  userId,
  state,
  createdAt,
  startedAt,
  endedAt,
  deletedAt,
]: HeadRow): RunFacts {
  return {
    runId,
    name,
    experimentId: String(experimentId) as ExperimentId,
    userId,
    state,
    createdAt,
    startedAt,
    endedAt,
    deleted: deletedAt !== null,
  };
}
