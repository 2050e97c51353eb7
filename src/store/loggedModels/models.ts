import { randomBytes } from 'node:crypto';
import { UserError } from '../../base/errors';
import type { LoggedModel, LoggedModelStatus } from '../../model/loggedModel';
import { freeRunName } from '../../model/runName';
import type { Db } from '../database';
import { type KeyValue, groupedBy, recordFrom } from '../keyValues';
import { loggedModelMetricsReader } from './metrics';

/** What is known of a new model. */
export interface NewLoggedModel {
  readonly experimentId: string;
  /** Null: a free name of two words is made up. */
  readonly name: string | null;
  readonly modelType: string | null;
  readonly sourceRunId: string | null;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  /** A digest of the request that asked for it: a repeated request is recognised by it. */
  readonly creationKey: string;
}

/** A model as the writers need it. */
export interface LoggedModelHead {
  readonly modelKey: number;
  readonly modelId: string;
  readonly experimentId: number;
  readonly deleted: boolean;
}

export interface LoggedModelStore {
  createLoggedModel(model: NewLoggedModel): string;
  /** Models that the same request asked for, newest first; untouched: nothing became of it since. */
  findLoggedModelsByCreation(
    key: string,
    since: number,
  ): { modelId: string; createdAt: number; isUntouched: boolean }[];
  /** Also of a deleted model. @throws UserError 'not-found'. */
  loggedModelHead(modelId: string): LoggedModelHead;
  /** Null when it is not there or deleted; `deleted: true` gives a deleted one too. */
  getLoggedModel(modelId: string, options?: { readonly deleted?: boolean }): LoggedModel | null;
  /** In the order of the keys. */
  readLoggedModels(modelKeys: readonly number[]): LoggedModel[];
  setLoggedModelStatus(model: LoggedModelHead, status: LoggedModelStatus): void;
  /** Hides it from searches and closes its folder. Deleting it again changes nothing. */
  deleteLoggedModel(model: LoggedModelHead): void;
  /** @throws UserError 'param-changed' when a param is there with another value. */
  logLoggedModelParams(model: LoggedModelHead, params: readonly KeyValue[]): void;
  setLoggedModelTags(model: LoggedModelHead, tags: readonly KeyValue[]): void;
  /** @throws UserError 'not-found' when there is no such tag. */
  deleteLoggedModelTag(model: LoggedModelHead, key: string): void;
}

interface Row {
  model_key: number;
  model_id: string;
  experiment_id: number;
  name: string;
  model_type: string | null;
  source_run_id: string | null;
  status: LoggedModelStatus;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
}

export function loggedModelStore(db: Db): LoggedModelStore {
  const insert = db.prepare<[string, string, string, string | null, string | null, number, number, string]>(
    `INSERT INTO logged_models (model_id, experiment_id, name, model_type, source_run_id, status, created_at,
       updated_at, creation_key) VALUES (?, ?, ?, ?, ?, 'PENDING', ?, ?, ?)`,
  );
  const byId = db.prepare<[string], Row>('SELECT * FROM logged_models WHERE model_id = ?');
  const byKeys = db.prepare<[string], Row>(
    'SELECT * FROM logged_models WHERE model_key IN (SELECT value FROM json_each(?))',
  );
  const isNamed = db
    .prepare<[string], number>('SELECT 1 FROM logged_models WHERE name = ? AND deleted_at IS NULL LIMIT 1')
    .pluck();
  const byCreation = db.prepare<
    [string, number],
    { model_id: string; created_at: number; untouched: number }
  >(
    `SELECT model_id, created_at, status = 'PENDING' AND deleted_at IS NULL AND NOT EXISTS
         (SELECT 1 FROM logged_model_metrics AS m WHERE m.model_key = logged_models.model_key)
       AND NOT EXISTS (SELECT 1 FROM run_models AS r WHERE r.model_id = logged_models.model_id) AS untouched
     FROM logged_models WHERE creation_key = ? AND created_at >= ? ORDER BY model_key DESC LIMIT 100`,
  );
  const setStatus = db.prepare<[LoggedModelStatus, number, number]>(
    'UPDATE logged_models SET status = ?, updated_at = ? WHERE model_key = ?',
  );
  const setDeleted = db.prepare<[number, number, number]>(
    'UPDATE logged_models SET deleted_at = ?, updated_at = ? WHERE model_key = ? AND deleted_at IS NULL',
  );
  const inSelection = 'WHERE model_key IN (SELECT value FROM json_each(?))';
  const paramsOf = db.prepare<[string], KeyValue & { model_key: number }>(
    `SELECT model_key, key, value FROM logged_model_params ${inSelection}`,
  );
  const tagsOf = db.prepare<[string], KeyValue & { model_key: number }>(
    `SELECT model_key, key, value FROM logged_model_tags ${inSelection}`,
  );
  const putParam = db.prepare<[number, string, string]>(
    'INSERT INTO logged_model_params (model_key, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const param = db
    .prepare<[number, string], string>(
      'SELECT value FROM logged_model_params WHERE model_key = ? AND key = ?',
    )
    .pluck();
  const putTag = db.prepare<[number, string, string]>(
    `INSERT INTO logged_model_tags (model_key, key, value) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  );
  const dropTag = db.prepare<[number, string]>(
    'DELETE FROM logged_model_tags WHERE model_key = ? AND key = ?',
  );
  const metricsOf = loggedModelMetricsReader(db);

  function recordsOf(rows: readonly Row[]): Map<number, LoggedModel> {
    const keys = JSON.stringify(rows.map((row) => row.model_key));
    const params = groupedBy(paramsOf.all(keys), (row) => row.model_key);
    const tags = groupedBy(tagsOf.all(keys), (row) => row.model_key);
    const metrics = metricsOf(keys);
    return new Map(
      rows.map((row) => [
        row.model_key,
        {
          modelId: row.model_id,
          experimentId: String(row.experiment_id),
          name: row.name,
          modelType: row.model_type,
          sourceRunId: row.source_run_id,
          status: row.status,
          createdAt: row.created_at,
          updatedAt: row.updated_at,
          deleted: row.deleted_at !== null,
          params: recordFrom(params.get(row.model_key) ?? []),
          tags: recordFrom(tags.get(row.model_key) ?? []),
          metrics: metrics.get(row.model_key) ?? [],
        },
      ]),
    );
  }

  function logParams({ modelKey, modelId }: LoggedModelHead, params: readonly KeyValue[]): void {
    for (const { key, value } of params) {
      if (putParam.run(modelKey, key, value).changes === 1) continue;
      const known = param.get(modelKey, key);
      if (known === value) continue;
      throw new UserError(
        'param-changed',
        `Changing param values is not allowed. Param with key='${key}' was already logged with value='${known ?? ''}' for model ID='${modelId}'. Attempted logging new value '${value}'.`,
      );
    }
  }

  return {
    createLoggedModel(model) {
      const modelId = `m-${randomBytes(16).toString('hex')}`;
      const name = model.name ?? freeRunName((candidate) => isNamed.get(candidate) !== undefined);
      const { experimentId, modelType, sourceRunId, creationKey } = model;
      const now = Date.now();
      const { lastInsertRowid } = insert.run(
        modelId,
        experimentId,
        name,
        modelType,
        sourceRunId,
        now,
        now,
        creationKey,
      );
      const head = {
        modelKey: Number(lastInsertRowid),
        modelId,
        experimentId: Number(experimentId),
        deleted: false,
      };
      logParams(head, model.params);
      for (const { key, value } of model.tags) putTag.run(head.modelKey, key, value);
      return modelId;
    },

    findLoggedModelsByCreation: (key, since) =>
      byCreation.all(key, since).map((row) => ({
        modelId: row.model_id,
        createdAt: row.created_at,
        isUntouched: row.untouched === 1,
      })),

    loggedModelHead(modelId) {
      const row = byId.get(modelId);
      if (row === undefined) throw new UserError('not-found', `Logged model with ID '${modelId}' not found.`);
      return {
        modelKey: row.model_key,
        modelId,
        experimentId: row.experiment_id,
        deleted: row.deleted_at !== null,
      };
    },

    getLoggedModel(modelId, { deleted = false } = {}) {
      const row = byId.get(modelId);
      if (row === undefined || (row.deleted_at !== null && !deleted)) return null;
      return recordsOf([row]).get(row.model_key) ?? null;
    },

    readLoggedModels(modelKeys) {
      const records = recordsOf(byKeys.all(JSON.stringify(modelKeys)));
      return modelKeys.flatMap((key) => records.get(key) ?? []);
    },

    setLoggedModelStatus: ({ modelKey }, status) => void setStatus.run(status, Date.now(), modelKey),

    deleteLoggedModel({ modelKey }) {
      const now = Date.now();
      setDeleted.run(now, now, modelKey);
    },

    logLoggedModelParams: logParams,

    setLoggedModelTags({ modelKey }, tags) {
      for (const { key, value } of tags) putTag.run(modelKey, key, value);
    },

    deleteLoggedModelTag({ modelKey, modelId }, key) {
      if (dropTag.run(modelKey, key).changes === 0) {
        throw new UserError('not-found', `No tag with key '${key}' found for model with ID '${modelId}'.`);
      }
    },
  };
}
