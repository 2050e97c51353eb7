/**
 * The runs that wait, in their order, and what each run of ours was given.
 *
 * - `place` is a number while a run waits, and NULL from its start or its removal on; only its order means something.
 * - `request_key` names the private file of the user's state folder with the environment that it starts in.
 * - `gpus` is a JSON list of this machine's indexes, NULL while it waits or when it asked for none.
 * - `params` were named by whoever asked for the run; what the script logs itself takes their place.
 */
export const sql = `
CREATE TABLE queue (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
  paused_why TEXT,
  -- When, and in which life of the machine, a server last saw to the runs that wait.
  boot_id TEXT,
  seen_at INTEGER,
  seq INTEGER NOT NULL
) STRICT;
INSERT INTO queue (id, paused, seq) VALUES (1, 0, 0);

CREATE TABLE placements (
  run_key INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  place INTEGER,
  queued_at INTEGER NOT NULL,
  request_key TEXT,
  isolated INTEGER NOT NULL CHECK (isolated IN (0, 1)),
  gpu_count INTEGER NOT NULL,
  gpus TEXT,
  retries INTEGER NOT NULL,
  params TEXT NOT NULL
) STRICT;
CREATE INDEX placements_waiting ON placements (place) WHERE place IS NOT NULL;
CREATE INDEX placements_with_gpus ON placements (run_key) WHERE gpus IS NOT NULL;
`;
