/**
 * The model registry: named models, their numbered versions, tags and aliases.
 *
 * - Everything hangs on keys rather than on names, so that renaming a model changes one row.
 * - `last_version` counts on when a version is deleted: a number is given once in a model's life.
 * - Keys are never given again either (AUTOINCREMENT): they tell a version from a later one of the same name.
 * - `creation_key` is a digest of the request that made a version, so that a repeated one finds it.
 */
export const sql = `
CREATE TABLE registered_models (
  model_key INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_version INTEGER NOT NULL
) STRICT;

CREATE TABLE registered_model_tags (
  model_key INTEGER NOT NULL REFERENCES registered_models ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model_key, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX registered_prompts ON registered_model_tags (model_key)
  WHERE key = 'mlflow.prompt.is_prompt' AND value = 'true';

CREATE TABLE model_versions (
  version_key INTEGER PRIMARY KEY AUTOINCREMENT,
  model_key INTEGER NOT NULL REFERENCES registered_models ON DELETE CASCADE,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  description TEXT,
  stage TEXT NOT NULL CHECK (stage IN ('None', 'Staging', 'Production', 'Archived')),
  source TEXT NOT NULL,
  storage_location TEXT NOT NULL,
  run_id TEXT NOT NULL,
  run_link TEXT NOT NULL,
  model_id TEXT,
  creation_key TEXT NOT NULL,
  UNIQUE (model_key, version)
) STRICT;
CREATE INDEX model_versions_by_stage ON model_versions (model_key, stage, version);
CREATE INDEX model_versions_by_update ON model_versions (updated_at);
CREATE INDEX model_versions_by_run ON model_versions (run_id);
CREATE INDEX model_versions_by_creation ON model_versions (creation_key);

CREATE TABLE model_version_tags (
  version_key INTEGER NOT NULL REFERENCES model_versions ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (version_key, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX prompt_versions ON model_version_tags (version_key)
  WHERE key = 'mlflow.prompt.is_prompt' AND value = 'true';

CREATE TABLE registered_model_aliases (
  model_key INTEGER NOT NULL REFERENCES registered_models ON DELETE CASCADE,
  alias TEXT NOT NULL,
  version_key INTEGER NOT NULL REFERENCES model_versions ON DELETE CASCADE,
  PRIMARY KEY (model_key, alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_version ON registered_model_aliases (version_key);
`;
