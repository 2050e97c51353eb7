/**
 * A run may have several attempts: each says how it was started, with which code, and how it ended. Of attempts
 * from before, the run itself says so: they were the only ones.
 */
export const sql = `
ALTER TABLE attempts ADD COLUMN number INTEGER NOT NULL DEFAULT 1;
ALTER TABLE attempts ADD COLUMN command TEXT;
ALTER TABLE attempts ADD COLUMN snapshot TEXT;
ALTER TABLE attempts ADD COLUMN resumed_from TEXT;
ALTER TABLE attempts ADD COLUMN started_at INTEGER;
ALTER TABLE attempts ADD COLUMN state TEXT;
ALTER TABLE attempts ADD COLUMN exit_code INTEGER;
ALTER TABLE attempts ADD COLUMN signal TEXT;
ALTER TABLE attempts ADD COLUMN reason TEXT;
UPDATE attempts SET (command, snapshot, started_at, exit_code, signal, reason) =
  (SELECT command, snapshot, started_at, exit_code, signal, reason FROM runs
   WHERE runs.run_key = attempts.run_key);
UPDATE attempts SET state = (SELECT state FROM runs WHERE runs.run_key = attempts.run_key)
  WHERE ended_at IS NOT NULL;
CREATE UNIQUE INDEX attempts_by_number ON attempts (run_key, number);
DROP INDEX attempts_by_run;
`;
