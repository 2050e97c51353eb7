import type { Db } from '../database';
import { type Searchable, compileFilter, compileOrder } from './filter';
import type { RegistryReader } from './reader';
import type { ModelVersionRecord, RegisteredModelRecord } from './records';

export interface RegistrySearch {
  readonly filter?: string | undefined;
  readonly orderBy: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

/** A page of what was found, and whether there is more behind it. */
export interface Page<T> {
  readonly found: readonly T[];
  readonly hasMore: boolean;
}

export interface RegistrySearchStore {
  /** @throws UserError 'invalid' for a filter or an order that makes no sense. */
  searchRegisteredModels(search: RegistrySearch): Page<RegisteredModelRecord>;
  searchModelVersions(search: RegistrySearch): Page<ModelVersionRecord>;
}

const MODELS: Searchable = {
  attributes: { name: { sql: 'm.name', type: 'text', lists: true } },
  orders: { name: 'm.name', timestamp: 'm.updated_at', last_updated_timestamp: 'm.updated_at' },
  ties: [{ sql: 'm.name', descending: false }],
  unknownOrder: "Invalid order by key '%s' specified. Valid keys are 'name', 'timestamp'",
  tag: 'EXISTS (SELECT 1 FROM registered_model_tags AS t WHERE t.model_key = m.model_key AND t.key = ?',
  isPrompt: `EXISTS (SELECT 1 FROM registered_model_tags AS p WHERE p.model_key = m.model_key
    AND p.key = 'mlflow.prompt.is_prompt' AND p.value = 'true')`,
};

const VERSIONS: Searchable = {
  attributes: {
    name: { sql: 'm.name', type: 'text', lists: true },
    version_number: { sql: 'v.version', type: 'number' },
    run_id: { sql: 'v.run_id', type: 'text', lists: true },
    source_path: { sql: 'v.source', type: 'text' },
  },
  orders: {
    name: 'm.name',
    version_number: 'v.version',
    creation_timestamp: 'v.created_at',
    last_updated_timestamp: 'v.updated_at',
  },
  ties: [
    { sql: 'm.name', descending: false },
    { sql: 'v.version', descending: true },
  ],
  unknownOrder:
    "Invalid attribute key '%s' specified. Valid keys are 'name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'",
  tag: 'EXISTS (SELECT 1 FROM model_version_tags AS t WHERE t.version_key = v.version_key AND t.key = ?',
  // One version that is a prompt makes its model one: MLflow leaves out all versions of that name.
  isPrompt: `v.model_key IN (SELECT other.model_key FROM model_version_tags AS p
    JOIN model_versions AS other USING (version_key)
    WHERE p.key = 'mlflow.prompt.is_prompt' AND p.value = 'true')`,
};

const NEWEST_FIRST = ['last_updated_timestamp DESC'];

export function registrySearchStore(db: Db, reader: RegistryReader): RegistrySearchStore {
  function keys(select: string, searchable: Searchable, search: RegistrySearch): number[] {
    const where = compileFilter(search.filter, searchable);
    const order = compileOrder(search.orderBy, searchable);
    return db
      .prepare<unknown[], number>(`${select} WHERE ${where.text} ORDER BY ${order} LIMIT ? OFFSET ?`)
      .pluck()
      .all(...where.values, search.limit + 1, search.offset);
  }

  return {
    searchRegisteredModels(search) {
      const all = keys('SELECT m.model_key FROM registered_models AS m', MODELS, search);
      return {
        found: reader.modelsOf(all.slice(0, search.limit)),
        hasMore: all.length > search.limit,
      };
    },

    searchModelVersions(search) {
      const all = keys(
        'SELECT v.version_key FROM model_versions AS v JOIN registered_models AS m USING (model_key)',
        VERSIONS,
        search.orderBy.length === 0 ? { ...search, orderBy: NEWEST_FIRST } : search,
      );
      return {
        found: reader.versionsOf(all.slice(0, search.limit)),
        hasMore: all.length > search.limit,
      };
    },
  };
}
