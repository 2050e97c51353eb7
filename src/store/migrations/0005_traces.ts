/**
 * Traces: calls that a script traced, with what was thought of them. Their spans are files among the artifacts.
 *
 * - An assessment's content is the client's own JSON: what a value is differs from client to client.
 */
export const sql = `
CREATE TABLE traces (
  trace_key INTEGER PRIMARY KEY,
  trace_id TEXT NOT NULL UNIQUE,
  experiment_id INTEGER NOT NULL REFERENCES experiments,
  client_request_id TEXT,
  request_preview TEXT,
  response_preview TEXT,
  requested_at INTEGER NOT NULL,
  duration_ms INTEGER,
  state TEXT NOT NULL CHECK (state IN ('STATE_UNSPECIFIED', 'OK', 'ERROR', 'IN_PROGRESS')),
  created_at INTEGER NOT NULL,
  creation_key TEXT
) STRICT;
CREATE INDEX traces_by_experiment ON traces (experiment_id, requested_at);
CREATE INDEX traces_by_creation ON traces (creation_key) WHERE creation_key IS NOT NULL;

CREATE TABLE trace_metadata (
  trace_key INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (trace_key, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE trace_tags (
  trace_key INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (trace_key, key)
) STRICT, WITHOUT ROWID;

-- Runs that a trace was linked to later; the run it was made in is in its metadata.
CREATE TABLE trace_runs (
  trace_key INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  PRIMARY KEY (trace_key, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE assessments (
  assessment_key INTEGER PRIMARY KEY,
  assessment_id TEXT NOT NULL UNIQUE,
  trace_key INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('feedback', 'expectation', 'issue')),
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  valid INTEGER NOT NULL
) STRICT;
CREATE INDEX assessments_by_trace ON assessments (trace_key, name);
`;
