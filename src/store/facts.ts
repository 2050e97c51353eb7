import { UserError } from '../base/errors';
import { TAGS } from '../model/run';
import type { Db } from './database';
import type { Journal } from './journal';
import type { DatasetInput, RunHead } from './runs';

/** Params, tags and inputs of a run. */
export interface FactStore {
  /**
   * In a run of several attempts the first value of a param stays and another one is passed over.
   * @throws UserError 'param-changed' when a param is there with another value. Nothing is written then.
   */
  logParams(run: RunHead, params: readonly { key: string; value: string }[]): void;
  /** Params that whoever asked for the run named: what the script logs itself takes their place. */
  giveParams(run: RunHead, params: Readonly<Record<string, string>>): void;
  setTags(run: RunHead, tags: readonly { key: string; value: string }[]): void;
  /** @throws UserError 'not-found' when there is no such tag. */
  deleteTag(run: RunHead, key: string): void;
  getTag(run: RunHead, key: string): string | null;
  /** Notes datasets that a run used. One that is noted already (same name and digest) stays as it is. */
  logInputs(run: RunHead, inputs: readonly DatasetInput[]): void;
  /** The datasets of the runs of experiments, each once for every context that it was used in. */
  datasetsOf(experimentIds: readonly string[]): DatasetSummary[];
}

/** A dataset as a list of an experiment's names it. */
export interface DatasetSummary {
  readonly experimentId: string;
  readonly name: string;
  readonly digest: string;
  /** What it was used for, such as 'training'; null when nobody said. */
  readonly context: string | null;
}

const MOST_DATASETS = 1000; // As MLflow: the list is for choosing from.

export function factStore(db: Db, journal: Journal): FactStore {
  const touch = db.prepare<[number, number]>('UPDATE runs SET seq = ? WHERE run_key = ?');
  const putParam = db.prepare<[number, string, string]>(
    // What was recorded without being logged gives way: a client must not be refused for what nobody logged.
    `INSERT INTO params (run_key, key, value) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, recorded = 0 WHERE params.recorded <> 0`,
  );
  const giveParam = db.prepare<[number, string, string]>(
    'INSERT INTO params (run_key, key, value, recorded) VALUES (?, ?, ?, 2) ON CONFLICT DO NOTHING',
  );
  const param = db
    .prepare<[number, string], string>('SELECT value FROM params WHERE run_key = ? AND key = ?')
    .pluck();
  const attemptCount = db
    .prepare<[number], number>('SELECT max(count(*), 1) FROM attempts WHERE run_key = ?')
    .pluck();
  const putTag = db.prepare<[number, string, string]>(
    'INSERT INTO tags (run_key, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const tag = db
    .prepare<[number, string], string>('SELECT value FROM tags WHERE run_key = ? AND key = ?')
    .pluck();
  const dropTag = db.prepare<[number, string]>('DELETE FROM tags WHERE run_key = ? AND key = ?');
  const setName = db.prepare<[string, number]>('UPDATE runs SET name = ? WHERE run_key = ?');
  const setParent = db.prepare<[string | null, number]>(
    'UPDATE runs SET parent_run_id = ? WHERE run_key = ?',
  );
  const putInput = db.prepare<[number, string, string, string | null, string, string]>(
    `INSERT INTO inputs (run_key, name, digest, context, dataset, tags) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );

  const datasets = db.prepare<[string, number], DatasetSummary>(
    `SELECT DISTINCT CAST(runs.experiment_id AS TEXT) AS experimentId, inputs.name, inputs.digest, inputs.context
     FROM runs JOIN inputs USING (run_key)
     WHERE runs.deleted_at IS NULL
       AND runs.experiment_id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))
     ORDER BY runs.experiment_id, inputs.name, inputs.digest, inputs.context LIMIT ?`,
  );

  function changed(run: RunHead): void {
    touch.run(journal.next(), run.runKey);
    journal.run(run.runId, run.experimentId);
  }

  return {
    logParams(run, params) {
      for (const { key, value } of params) {
        if (putParam.run(run.runKey, key, value).changes === 1) continue;
        const known = param.get(run.runKey, key);
        // A script that goes on logs its flags again, and now it has a checkpoint: the run keeps what it began with.
        if (known !== value && attemptCount.get(run.runKey) !== 1) continue;
        if (known !== value) {
          throw new UserError(
            'param-changed',
            `Changing param values is not allowed. Param with key='${key}' was already logged with value='${known ?? ''}' for run ID='${run.runId}'. Attempted logging new value '${value}'.`,
          );
        }
      }
      if (params.length > 0) changed(run);
    },

    giveParams(run, params) {
      const given = Object.entries(params);
      for (const [key, value] of given) giveParam.run(run.runKey, key, value);
      if (given.length > 0) changed(run);
    },

    setTags(run, tags) {
      for (const { key, value } of tags) {
        putTag.run(run.runKey, key, value);
        if (key === TAGS.runName) setName.run(value, run.runKey);
        if (key === TAGS.parentRunId && value !== run.runId) setParent.run(value, run.runKey);
      }
      if (tags.length > 0) changed(run);
    },

    deleteTag(run, key) {
      if (dropTag.run(run.runKey, key).changes === 0) {
        throw new UserError('not-found', `No tag with name: ${key} in run with id ${run.runId}`);
      }
      if (key === TAGS.parentRunId) setParent.run(null, run.runKey);
      changed(run);
    },

    getTag: (run, key) => tag.get(run.runKey, key) ?? null,

    logInputs(run, inputs) {
      for (const { dataset, tags } of inputs) {
        const context = tags.find(({ key }) => key === 'mlflow.data.context')?.value ?? null;
        putInput.run(
          run.runKey,
          dataset.name ?? '',
          dataset.digest ?? '',
          context,
          JSON.stringify(dataset),
          JSON.stringify(tags),
        );
      }
      if (inputs.length > 0) changed(run);
    },

    datasetsOf: (experimentIds) => datasets.all(JSON.stringify(experimentIds), MOST_DATASETS),
  };
}
