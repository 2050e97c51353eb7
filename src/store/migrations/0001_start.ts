/**
 * The first schema. Migrations are SQL in a .ts file rather than a .sql one, so that the bundler, the tests
 * and the type checker read them in the same way without a loader of their own.
 *
 * - `seq` on a row is the number of its last change: "what changed since N" is a query, also after a restart.
 * - A summary's value that is NULL is NaN (SQLite stores NaN as NULL): it matches no comparison, as it should.
 * - Points are clustered by (metric, step, timestamp, value): a chart reads one stretch of the file, and a
 *   point that is sent twice is the same key. NaN is value 0 with is_nan 1, since NULLs are never equal.
 */
export const sql = `
CREATE TABLE store (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  generation TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE experiments (
  experiment_id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  goal_metric TEXT,
  goal_direction TEXT CHECK (goal_direction IN ('maximize', 'minimize')),
  goal_target REAL,
  seq INTEGER NOT NULL
) STRICT;
CREATE INDEX experiments_by_seq ON experiments (seq);

CREATE TABLE experiment_tags (
  experiment_id INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (experiment_id, key)
) STRICT, WITHOUT ROWID;

-- The names of metrics that an experiment's runs ever had: its goal follows from them without a scan.
CREATE TABLE experiment_metrics (
  experiment_id INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
  name TEXT NOT NULL,
  PRIMARY KEY (experiment_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  run_key INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  experiment_id INTEGER NOT NULL REFERENCES experiments,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'stopped', 'pruned', 'lost')),
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  exit_code INTEGER,
  signal TEXT,
  reason TEXT,
  parent_run_id TEXT,
  attempt_id TEXT,
  creation_key TEXT,
  command TEXT,
  snapshot TEXT,
  output_path TEXT,
  pid INTEGER,
  deleted_at INTEGER,
  seq INTEGER NOT NULL
) STRICT;
CREATE INDEX runs_by_experiment ON runs (experiment_id, started_at);
CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX runs_by_name ON runs (name);
CREATE INDEX runs_by_creation ON runs (creation_key) WHERE creation_key IS NOT NULL;
CREATE INDEX runs_going_on ON runs (state) WHERE state IN ('queued', 'running');
CREATE INDEX runs_by_seq ON runs (seq);

CREATE TABLE params (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_key, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX params_by_key ON params (key);

CREATE TABLE tags (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_key, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE inputs (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  context TEXT,
  dataset TEXT NOT NULL,
  tags TEXT NOT NULL,
  PRIMARY KEY (run_key, name, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE metrics (
  metric_key INTEGER PRIMARY KEY,
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  last_value REAL,
  last_step INTEGER NOT NULL,
  last_timestamp INTEGER NOT NULL,
  first_value REAL,
  first_step INTEGER NOT NULL,
  first_timestamp INTEGER NOT NULL,
  min_value REAL,
  min_step INTEGER NOT NULL,
  max_value REAL,
  max_step INTEGER NOT NULL,
  count INTEGER NOT NULL,
  wide INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  UNIQUE (run_key, name)
) STRICT;
CREATE INDEX metrics_by_name ON metrics (name);
CREATE INDEX metrics_by_seq ON metrics (seq);

CREATE TABLE points (
  metric_key INTEGER NOT NULL REFERENCES metrics ON DELETE CASCADE,
  step INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  value REAL NOT NULL,
  is_nan INTEGER NOT NULL,
  PRIMARY KEY (metric_key, step, timestamp, value, is_nan)
) STRICT, WITHOUT ROWID;

-- One start of a run by a runner of ours. The token itself is never stored.
CREATE TABLE attempts (
  attempt_id TEXT PRIMARY KEY,
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  token_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  experiment_chosen INTEGER NOT NULL,
  joined_key TEXT,
  events_offset INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_run ON attempts (run_key);
CREATE INDEX attempts_live ON attempts (created_at) WHERE ended_at IS NULL;

CREATE TABLE promotions (
  promotion_id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  promoted_at INTEGER NOT NULL,
  undone_at INTEGER,
  record TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;

-- Requests to start a run that were answered, so that a repeated one gets the same run.
CREATE TABLE start_requests (
  request_id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
