/**
 * Logged models: folders of files with params, tags and metrics of their own, and their links to runs.
 *
 * - A metric's point is the whole key, so that one that is sent twice is one. NaN is value 0 with is_nan 1,
 *   since NULLs are never equal; a dataset that nobody named is the empty text for the same reason.
 * - A model names its source run by id, without a reference: clients may name one that is not here.
 */
export const sql = `
CREATE TABLE logged_models (
  model_key INTEGER PRIMARY KEY,
  model_id TEXT NOT NULL UNIQUE,
  experiment_id INTEGER NOT NULL REFERENCES experiments,
  name TEXT NOT NULL,
  model_type TEXT,
  source_run_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('PENDING', 'READY', 'UPLOAD_FAILED')),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  creation_key TEXT NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX logged_models_by_experiment ON logged_models (experiment_id, created_at);
CREATE INDEX logged_models_by_name ON logged_models (name);
CREATE INDEX logged_models_by_source ON logged_models (source_run_id) WHERE source_run_id IS NOT NULL;
CREATE INDEX logged_models_by_creation ON logged_models (creation_key);

CREATE TABLE logged_model_params (
  model_key INTEGER NOT NULL REFERENCES logged_models ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model_key, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE logged_model_tags (
  model_key INTEGER NOT NULL REFERENCES logged_models ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model_key, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE logged_model_metrics (
  model_key INTEGER NOT NULL REFERENCES logged_models ON DELETE CASCADE,
  name TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  step INTEGER NOT NULL,
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  dataset_name TEXT NOT NULL,
  dataset_digest TEXT NOT NULL,
  value REAL NOT NULL,
  is_nan INTEGER NOT NULL,
  PRIMARY KEY (model_key, name, timestamp, step, run_key, dataset_name, dataset_digest, value, is_nan)
) STRICT, WITHOUT ROWID;
CREATE INDEX logged_model_metrics_by_run ON logged_model_metrics (run_key);

-- The models that a run used (inputs, whose step means nothing) and that it made (outputs).
CREATE TABLE run_models (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  direction TEXT NOT NULL CHECK (direction IN ('input', 'output')),
  model_id TEXT NOT NULL,
  step INTEGER NOT NULL,
  PRIMARY KEY (run_key, direction, model_id, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_models_by_model ON run_models (model_id);
`;
