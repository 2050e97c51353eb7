import type { ExperimentId, RunId, RunState } from '../model/run';
import type { Db } from './database';
import { type RunModels, runModelReader } from './loggedModels/links';
import type { DatasetInput, RunRecord } from './runs';

/** What MLflow calls the info of a run. */
export type RunFacts = Pick<
  RunRecord,
  'runId' | 'name' | 'experimentId' | 'userId' | 'state' | 'createdAt' | 'startedAt' | 'endedAt' | 'deleted'
>;

/**
 * A run whose many values are JSON already: for answers with so many runs that a row of JavaScript for each value,
 * and collecting that garbage, would be most of the work.
 */
export interface RunTexts {
  readonly run: RunFacts;
  /**
   * The last value of each metric as [{"key", "value", "timestamp", "step"}, …], by name; null: there are none. NaN
   * and the infinities are texts. Numbers read back as exactly what was logged, but are not always the shortest text.
   */
  readonly metrics: string | null;
  /** [{"key", "value"}, …], by key, as the tags are; null: there are none. */
  readonly params: string | null;
  readonly tags: string | null;
  readonly inputs: readonly DatasetInput[];
  readonly models: RunModels | null;
}

export interface RunTextStore {
  /** Runs in the order of the keys. */
  readRunTexts(runKeys: readonly number[]): RunTexts[];
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

export function runTextStore(db: Db): RunTextStore {
  const inSelection = 'WHERE run_key IN (SELECT value FROM json_each(?))';
  const heads = db
    .prepare<[string], HeadRow>(
      `SELECT run_key, run_id, name, experiment_id, user_id, state, created_at, started_at, ended_at, deleted_at
       FROM runs ${inSelection}`,
    )
    .raw();
  type Text = [runKey: number, text: string];
  // The rows of a run come in the order of the table's key: by run, then by name.
  const metrics = db
    .prepare<[string], Text>(
      `SELECT run_key, json_group_array(json_object('key', name,
           'value', CASE WHEN last_value IS NULL THEN 'NaN' WHEN last_value = 9e999 THEN 'Infinity'
             WHEN last_value = -9e999 THEN '-Infinity' ELSE last_value END,
           'timestamp', last_timestamp, 'step', last_step) ORDER BY name)
       FROM metrics ${inSelection} GROUP BY run_key`,
    )
    .raw();
  const texts = (table: 'params' | 'tags') =>
    db
      .prepare<[string], Text>(
        `SELECT run_key, json_group_array(json_object('key', key, 'value', value) ORDER BY key)
         FROM ${table} ${inSelection} GROUP BY run_key`,
      )
      .raw();
  const params = texts('params');
  const tags = texts('tags');
  const inputs = db
    .prepare<[string], [number, string, string]>(`SELECT run_key, dataset, tags FROM inputs ${inSelection}`)
    .raw();
  const modelsOf = runModelReader(db);

  return {
    readRunTexts(runKeys) {
      const keys = JSON.stringify(runKeys);
      const [metricsOf, paramsOf, tagsOf] = [metrics, params, tags].map((of) => new Map(of.all(keys)));
      const models = modelsOf(keys);
      const inputsOf = new Map<number, DatasetInput[]>();
      for (const [key, dataset, own] of inputs.all(keys)) {
        const input = {
          dataset: JSON.parse(dataset) as DatasetInput['dataset'],
          tags: JSON.parse(own) as DatasetInput['tags'],
        };
        inputsOf.set(key, [...(inputsOf.get(key) ?? []), input]);
      }
      const runs = new Map(
        heads.all(keys).map((row): [number, RunTexts] => {
          const [key] = row;
          return [
            key,
            {
              run: factsOf(row),
              metrics: metricsOf?.get(key) ?? null,
              params: paramsOf?.get(key) ?? null,
              tags: tagsOf?.get(key) ?? null,
              inputs: inputsOf.get(key) ?? [],
              models: models.get(key) ?? null,
            },
          ];
        }),
      );
      return runKeys.flatMap((key) => runs.get(key) ?? []);
    },
  };
}

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
