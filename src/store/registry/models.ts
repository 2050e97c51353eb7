import { UserError } from '../../base/errors';
import { PROMPT_TAG } from '../../model/modelVersion';
import type { Db } from '../database';
import type { RegistryReader } from './reader';
import { type RegisteredModelRecord, modelMissing } from './records';

export interface RegisteredModelStore {
  /** @throws UserError 'already-exists', which says whether a model or a prompt has the name. */
  createRegisteredModel(model: {
    readonly name: string;
    readonly description: string;
    readonly tags: Readonly<Record<string, string>>;
  }): void;
  /** @throws UserError 'not-found'; so does everything below. */
  getRegisteredModel(name: string): RegisteredModelRecord;
  describeRegisteredModel(name: string, description: string): void;
  /** The versions go with it. @throws UserError 'already-exists'. */
  renameRegisteredModel(name: string, newName: string): void;
  /** With its versions; a model that is made with the name later counts from 1 again, as in MLflow. */
  deleteRegisteredModel(name: string): void;
  setRegisteredModelTag(name: string, key: string, value: string): void;
  /** Nothing happens when there is no such tag; so with an alias. */
  deleteRegisteredModelTag(name: string, key: string): void;
  /** Points the alias to the version, wherever it pointed before. */
  setModelAlias(name: string, alias: string, version: number): void;
  deleteModelAlias(name: string, alias: string): void;
}

export function registeredModelStore(db: Db, reader: RegistryReader): RegisteredModelStore {
  const insert = db.prepare<[string, string, number, number]>(
    'INSERT INTO registered_models (name, description, created_at, updated_at, last_version) VALUES (?, ?, ?, ?, 0)',
  );
  const describe = db.prepare<[string, number, number]>(
    'UPDATE registered_models SET description = ?, updated_at = ? WHERE model_key = ?',
  );
  const rename = db.prepare<[string, number, number]>(
    'UPDATE registered_models SET name = ?, updated_at = ? WHERE model_key = ?',
  );
  const touchVersions = db.prepare<[number, number]>(
    'UPDATE model_versions SET updated_at = ? WHERE model_key = ?',
  );
  const drop = db.prepare<[number]>('DELETE FROM registered_models WHERE model_key = ?');
  const putTag = db.prepare<[number, string, string]>(
    'INSERT INTO registered_model_tags (model_key, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const dropTag = db.prepare<[number, string]>(
    'DELETE FROM registered_model_tags WHERE model_key = ? AND key = ?',
  );
  const putAlias = db.prepare<[number, string, number]>(
    'INSERT INTO registered_model_aliases (model_key, alias, version_key) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version_key = excluded.version_key',
  );
  const dropAlias = db.prepare<[number, string]>(
    'DELETE FROM registered_model_aliases WHERE model_key = ? AND alias = ?',
  );

  return {
    createRegisteredModel({ name, description, tags }) {
      const taken = reader.findModel(name);
      if (taken !== null) throw nameTaken(name, PROMPT_TAG in taken.tags, PROMPT_TAG in tags);
      const now = Date.now();
      const key = Number(insert.run(name, description, now, now).lastInsertRowid);
      for (const [tag, value] of Object.entries(tags)) putTag.run(key, tag, value);
    },

    getRegisteredModel(name) {
      const model = reader.findModel(name);
      if (model === null) throw modelMissing(name);
      return model;
    },

    describeRegisteredModel(name, description) {
      describe.run(description, Date.now(), reader.modelKey(name));
    },

    renameRegisteredModel(name, newName) {
      const key = reader.modelKey(name);
      if (newName !== name && reader.hasModel(newName)) {
        throw new UserError('already-exists', `Registered Model (name=${newName}) already exists.`);
      }
      const now = Date.now();
      rename.run(newName, now, key);
      touchVersions.run(now, key);
    },

    deleteRegisteredModel: (name) => void drop.run(reader.modelKey(name)),
    setRegisteredModelTag: (name, key, value) => void putTag.run(reader.modelKey(name), key, value),
    deleteRegisteredModelTag: (name, key) => void dropTag.run(reader.modelKey(name), key),

    setModelAlias(name, alias, version) {
      const { model_key: modelKey, version_key: versionKey } = reader.versionRow(name, version);
      putAlias.run(modelKey, alias, versionKey);
    },

    deleteModelAlias: (name, alias) => void dropAlias.run(reader.modelKey(name), alias),
  };
}

function nameTaken(name: string, byPrompt: boolean, wantsPrompt: boolean): UserError {
  const taken = byPrompt ? 'Prompt' : 'Registered Model';
  const wanted = wantsPrompt ? 'Prompt' : 'Registered Model';
  return new UserError(
    'already-exists',
    taken === wanted
      ? `${wanted} (name=${name}) already exists.`
      : `Tried to create a ${wanted.toLowerCase()} with name '${name}', but the name is already taken by a ${taken.toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`,
  );
}
