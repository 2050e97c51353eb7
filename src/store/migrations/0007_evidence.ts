/**
 * What is recorded of a run by itself. A param that nobody logged gives way to what the script's client says of
 * the same name (recorded: 0 = logged, 1 = seen in the script's process, 2 = typed by the person). Locks of
 * packages are kept once for each content. A file that has neither digest nor problem waits to be hashed.
 */
export const sql = `
ALTER TABLE params ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN hook_offset INTEGER NOT NULL DEFAULT 0;

CREATE TABLE package_locks (
  lock_key INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  packages TEXT NOT NULL
) STRICT;

CREATE TABLE run_environments (
  run_key INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  version TEXT,
  interpreter TEXT,
  locked_by TEXT,
  lock_key INTEGER REFERENCES package_locks,
  host TEXT,
  seeds TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE opened_files (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  path TEXT NOT NULL,
  is_folder INTEGER NOT NULL,
  file_count INTEGER,
  size_bytes INTEGER,
  modified_at INTEGER,
  digest TEXT,
  problem TEXT,
  PRIMARY KEY (run_key, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX opened_files_waiting ON opened_files (run_key) WHERE digest IS NULL AND problem IS NULL;
`;
