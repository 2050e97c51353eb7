import type { Stage } from '../../model/modelVersion';
import type { Db } from '../database';
import type { RegistryReader } from './reader';
import { type ModelVersionRecord, versionMissing } from './records';

export interface NewModelVersion {
  readonly name: string;
  readonly source: string;
  readonly storageLocation: string;
  readonly runId: string;
  readonly runLink: string;
  readonly description: string;
  readonly modelId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** A digest of the request, for `recentVersions`. */
  readonly creationKey: string;
}

export interface MadeVersion {
  /** Never given again, unlike the version's number in a model that is made anew. */
  readonly versionKey: number;
  readonly version: number;
}

/** @throws UserError 'not-found' for a model or version that is not there: so does everything in here. */
export interface ModelVersionStore {
  /** The next number of the model; numbers of deleted versions are not given again. */
  createModelVersion(version: NewModelVersion): MadeVersion;
  /** Versions that a request with this digest made since an instant, newest first. */
  recentVersions(
    name: string,
    creationKey: string,
    since: number,
  ): (MadeVersion & { readonly createdAt: number; readonly isUntouched: boolean })[];
  getModelVersion(name: string, version: number): ModelVersionRecord;
  /** Null when the model has no such alias. */
  versionByAlias(name: string, alias: string): ModelVersionRecord | null;
  /** The newest version of each stage that has one, oldest first. */
  latestVersions(name: string): ModelVersionRecord[];
  describeModelVersion(name: string, version: number, description: string | null): void;
  /** @param archiveOthers whether other versions of that stage become archived. */
  moveModelVersion(name: string, version: number, stage: Stage, archiveOthers: boolean): void;
  /** Its aliases go with it. */
  deleteModelVersion(name: string, version: number): void;
  setModelVersionTag(name: string, version: number, key: string, value: string): void;
  /** Nothing happens when there is no such tag. */
  deleteModelVersionTag(name: string, version: number, key: string): void;
}

export function modelVersionStore(db: Db, reader: RegistryReader): ModelVersionStore {
  const takeNumber = db
    .prepare<[number, number], number>(
      'UPDATE registered_models SET last_version = last_version + 1, updated_at = ? WHERE model_key = ? RETURNING last_version',
    )
    .pluck();
  const touchModel = db.prepare<[number, number]>(
    'UPDATE registered_models SET updated_at = ? WHERE model_key = ?',
  );
  const insert = db.prepare<(string | number | null)[]>(
    `INSERT INTO model_versions (model_key, version, created_at, updated_at, description, stage, source,
       storage_location, run_id, run_link, model_id, creation_key)
     VALUES (?, ?, ?, ?, ?, 'None', ?, ?, ?, ?, ?, ?)`,
  );
  const recent = db.prepare<
    [string, number, number],
    { version_key: number; version: number; created_at: number; touched: number }
  >(
    `SELECT version_key, version, created_at,
       updated_at <> created_at OR EXISTS (SELECT 1 FROM registered_model_aliases AS a
         WHERE a.version_key = model_versions.version_key) AS touched
     FROM model_versions WHERE creation_key = ? AND model_key = ? AND created_at >= ?
     ORDER BY version_key DESC`,
  );
  const byAlias = db
    .prepare<[number, string], number>(
      'SELECT version_key FROM registered_model_aliases WHERE model_key = ? AND alias = ?',
    )
    .pluck();
  const describe = db.prepare<[string | null, number, number]>(
    'UPDATE model_versions SET description = ?, updated_at = ? WHERE version_key = ?',
  );
  const move = db.prepare<[Stage, number, number]>(
    'UPDATE model_versions SET stage = ?, updated_at = ? WHERE version_key = ?',
  );
  const archive = db.prepare<[number, number, Stage, number]>(
    `UPDATE model_versions SET stage = 'Archived', updated_at = ?
     WHERE model_key = ? AND stage = ? AND version_key <> ?`,
  );
  const drop = db.prepare<[number]>('DELETE FROM model_versions WHERE version_key = ?');
  const putTag = db.prepare<[number, string, string]>(
    'INSERT INTO model_version_tags (version_key, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const dropTag = db.prepare<[number, string]>(
    'DELETE FROM model_version_tags WHERE version_key = ? AND key = ?',
  );

  const keyOf = (name: string, version: number) => reader.versionRow(name, version).version_key;

  return {
    createModelVersion(made) {
      const modelKey = reader.modelKey(made.name);
      const now = Date.now();
      const version = takeNumber.get(now, modelKey) ?? 1;
      const versionKey = Number(
        insert.run(
          modelKey,
          version,
          now,
          now,
          made.description,
          made.source,
          made.storageLocation,
          made.runId,
          made.runLink,
          made.modelId,
          made.creationKey,
        ).lastInsertRowid,
      );
      for (const [key, value] of Object.entries(made.tags)) putTag.run(versionKey, key, value);
      return { versionKey, version };
    },

    recentVersions: (name, creationKey, since) =>
      recent.all(creationKey, reader.modelKey(name), since).map((row) => ({
        versionKey: row.version_key,
        version: row.version,
        createdAt: row.created_at,
        isUntouched: row.touched === 0,
      })),

    getModelVersion(name, version) {
      const [record] = reader.versionsOf([keyOf(name, version)]);
      if (record === undefined) throw versionMissing(name, version);
      return record;
    },

    versionByAlias(name, alias) {
      const key = byAlias.get(reader.modelKey(name), alias);
      return key === undefined ? null : (reader.versionsOf([key])[0] ?? null);
    },

    latestVersions: (name) => reader.versionsOf(reader.latestVersionKeys([reader.modelKey(name)])),

    describeModelVersion(name, version, description) {
      describe.run(description, Date.now(), keyOf(name, version));
    },

    moveModelVersion(name, version, stage, archiveOthers) {
      const { model_key: modelKey, version_key: versionKey } = reader.versionRow(name, version);
      const now = Date.now();
      if (archiveOthers) archive.run(now, modelKey, stage, versionKey);
      move.run(stage, now, versionKey);
      touchModel.run(now, modelKey);
    },

    deleteModelVersion(name, version) {
      const { model_key: modelKey, version_key: versionKey } = reader.versionRow(name, version);
      drop.run(versionKey);
      touchModel.run(Date.now(), modelKey);
    },

    setModelVersionTag: (name, version, key, value) => void putTag.run(keyOf(name, version), key, value),
    deleteModelVersionTag: (name, version, key) => void dropTag.run(keyOf(name, version), key),
  };
}
