import type { Stage } from '../../model/modelVersion';
import type { Db } from '../database';
import { type ModelVersionRecord, type RegisteredModelRecord, modelMissing, versionMissing } from './records';

export interface VersionRow {
  readonly version_key: number;
  readonly model_key: number;
  readonly name: string;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly description: string | null;
  readonly stage: Stage;
  readonly source: string;
  readonly storage_location: string;
  readonly run_id: string;
  readonly run_link: string;
  readonly model_id: string | null;
}

interface ModelRow {
  readonly model_key: number;
  readonly name: string;
  readonly description: string;
  readonly created_at: number;
  readonly updated_at: number;
}

/** Reads rows and makes records of them, a page at a time: one query a table, however long the page. */
export interface RegistryReader {
  hasModel(name: string): boolean;
  /** @throws UserError 'not-found'. */
  modelKey(name: string): number;
  findModel(name: string): RegisteredModelRecord | null;
  /** In the order of the keys. */
  modelsOf(modelKeys: readonly number[]): RegisteredModelRecord[];
  /** @throws UserError 'not-found'. */
  versionRow(name: string, version: number): VersionRow;
  /** In the order of the keys. */
  versionsOf(versionKeys: readonly number[]): ModelVersionRecord[];
  /** Keys of the newest version of each stage that has one, oldest first. */
  latestVersionKeys(modelKeys: readonly number[]): number[];
}

export function registryReader(db: Db): RegistryReader {
  const keyByName = db
    .prepare<[string], number>('SELECT model_key FROM registered_models WHERE name = ?')
    .pluck();
  const modelRows = db.prepare<[string], ModelRow>(
    'SELECT * FROM registered_models WHERE model_key IN (SELECT value FROM json_each(?))',
  );
  const modelTags = db.prepare<[string], { owner: number; key: string; value: string }>(
    `SELECT model_key AS owner, key, value FROM registered_model_tags
     WHERE model_key IN (SELECT value FROM json_each(?))`,
  );
  const modelAliases = db.prepare<[string], { owner: number; key: string; value: number }>(
    `SELECT a.model_key AS owner, alias AS key, version AS value
     FROM registered_model_aliases AS a JOIN model_versions USING (version_key)
     WHERE a.model_key IN (SELECT value FROM json_each(?))`,
  );
  const versionRows = db.prepare<[string], VersionRow>(
    `SELECT v.*, name FROM model_versions AS v JOIN registered_models USING (model_key)
     WHERE version_key IN (SELECT value FROM json_each(?))`,
  );
  const versionRowOf = db.prepare<[string, number], VersionRow>(
    `SELECT v.*, name FROM registered_models JOIN model_versions AS v USING (model_key)
     WHERE name = ? AND version = ?`,
  );
  const versionTags = db.prepare<[string], { owner: number; key: string; value: string }>(
    `SELECT version_key AS owner, key, value FROM model_version_tags
     WHERE version_key IN (SELECT value FROM json_each(?))`,
  );
  const versionAliases = db.prepare<[string], { owner: number; key: string }>(
    `SELECT version_key AS owner, alias AS key FROM registered_model_aliases
     WHERE version_key IN (SELECT value FROM json_each(?)) ORDER BY alias`,
  );
  // The maximum is one step in an index, so that a model with many versions costs no more than another.
  const latest = db
    .prepare<[string], number>(
      `SELECT version_key FROM json_each(?) AS model
       CROSS JOIN (VALUES ('None'), ('Staging'), ('Production'), ('Archived')) AS stages
       JOIN model_versions ON model_key = model.value AND stage = stages.column1 AND version = (
         SELECT max(version) FROM model_versions WHERE model_key = model.value AND stage = stages.column1)
       ORDER BY version`,
    )
    .pluck();

  function recordOf(
    row: VersionRow,
    tags: Map<number, Record<string, string>>,
    aliases: Map<number, Record<string, string>>,
  ): ModelVersionRecord {
    return {
      name: row.name,
      version: row.version,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      description: row.description,
      stage: row.stage,
      source: row.source,
      storageLocation: row.storage_location,
      runId: row.run_id,
      runLink: row.run_link,
      modelId: row.model_id,
      tags: tags.get(row.version_key) ?? {},
      aliases: Object.keys(aliases.get(row.version_key) ?? {}),
    };
  }

  function versionsByKey(versionKeys: readonly number[]): Map<number, ModelVersionRecord> {
    const list = JSON.stringify(versionKeys);
    const tags = grouped(versionTags.all(list));
    const aliases = grouped(versionAliases.all(list).map((alias) => ({ ...alias, value: '' })));
    return new Map(versionRows.all(list).map((row) => [row.version_key, recordOf(row, tags, aliases)]));
  }

  function versionsOf(versionKeys: readonly number[]): ModelVersionRecord[] {
    const records = versionsByKey(versionKeys);
    return versionKeys.flatMap((key) => records.get(key) ?? []);
  }

  function latestVersionKeys(modelKeys: readonly number[]): number[] {
    return latest.all(JSON.stringify(modelKeys));
  }

  function modelsOf(modelKeys: readonly number[]): RegisteredModelRecord[] {
    const list = JSON.stringify(modelKeys);
    const tags = grouped(modelTags.all(list));
    const aliases = grouped(modelAliases.all(list));
    const versions = new Map<string, ModelVersionRecord[]>();
    for (const version of versionsOf(latestVersionKeys(modelKeys))) {
      const known = versions.get(version.name);
      if (known === undefined) versions.set(version.name, [version]);
      else known.push(version);
    }
    const records = new Map(
      modelRows.all(list).map((row): [number, RegisteredModelRecord] => [
        row.model_key,
        {
          name: row.name,
          description: row.description,
          createdAt: row.created_at,
          updatedAt: row.updated_at,
          tags: tags.get(row.model_key) ?? {},
          aliases: aliases.get(row.model_key) ?? {},
          latestVersions: versions.get(row.name) ?? [],
        },
      ]),
    );
    return modelKeys.flatMap((key) => records.get(key) ?? []);
  }

  return {
    hasModel: (name) => keyByName.get(name) !== undefined,
    modelKey(name) {
      const key = keyByName.get(name);
      if (key === undefined) throw modelMissing(name);
      return key;
    },
    findModel(name) {
      const key = keyByName.get(name);
      return key === undefined ? null : (modelsOf([key])[0] ?? null);
    },
    modelsOf,
    versionRow(name, version) {
      const row = versionRowOf.get(name, version);
      if (row === undefined) throw versionMissing(name, version);
      return row;
    },
    versionsOf,
    latestVersionKeys,
  };
}

/** Pairs of a key and a value by the row they belong to. */
function grouped<T>(
  rows: readonly { readonly owner: number; readonly key: string; readonly value: T }[],
): Map<number, Record<string, T>> {
  const groups = new Map<number, Record<string, T>>();
  for (const { owner, key, value } of rows) {
    const known = groups.get(owner);
    // Without a prototype: a tag may be named like a property of every object.
    const group: Record<string, T> = known ?? Object.create(null);
    group[key] = value;
    if (known === undefined) groups.set(owner, group);
  }
  return groups;
}
