/**
 * Metrics that scripts print. Their points are told from logged ones, so that they can go when the script logs a
 * metric of that name itself, or when a person mutes them.
 */
export const sql = `
ALTER TABLE points ADD COLUMN printed INTEGER NOT NULL DEFAULT 0;

-- Which line gave a metric of a run: the first line, and where it begins in the output, in bytes.
CREATE TABLE printed_metrics (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  rule TEXT NOT NULL,
  line TEXT NOT NULL,
  offset INTEGER NOT NULL,
  count INTEGER NOT NULL,
  dropped TEXT,
  PRIMARY KEY (run_key, name)
) STRICT, WITHOUT ROWID;

-- What a person decided about printed metrics; without an experiment it holds for all.
CREATE TABLE printed_rules (
  rule_id TEXT PRIMARY KEY,
  experiment_id INTEGER REFERENCES experiments ON DELETE CASCADE,
  rule TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
