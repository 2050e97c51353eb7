/**
 * What a search needs so that it reads about as much as it answers with.
 *
 * - Runs in the order in which they are listed: newest first, one that has not started yet before all others.
 *   The expressions are those of `search/sql.ts`, letter for letter, or SQLite does not see that they fit.
 * - A metric's values in order, each summary in an index of its own; NaN is NULL and lies at one end.
 * - Texts by their first 64 characters: values have up to 8,000, and what is told apart later is rare. The order
 *   by that prefix and then by the value is the order by the value.
 * - `in_order`: the points of a metric never go back in time as steps go up, so that their order by step is their
 *   order by time too.
 */
export const sql = `
DROP INDEX runs_by_experiment;
CREATE INDEX runs_by_experiment
  ON runs (experiment_id, deleted_at IS NOT NULL, coalesce(started_at, 9223372036854775807) DESC, run_id);
CREATE INDEX runs_by_start
  ON runs (deleted_at IS NOT NULL, coalesce(started_at, 9223372036854775807) DESC, run_id, experiment_id);
CREATE INDEX runs_by_end ON runs (deleted_at IS NOT NULL, ended_at, experiment_id);
DROP INDEX runs_going_on;
CREATE INDEX runs_by_state ON runs (state, experiment_id);

DROP INDEX metrics_by_name;
CREATE INDEX metrics_by_last ON metrics (name, last_value, run_key);
CREATE INDEX metrics_by_min ON metrics (name, min_value, run_key);
CREATE INDEX metrics_by_max ON metrics (name, max_value, run_key);

DROP INDEX params_by_key;
ALTER TABLE params ADD COLUMN start TEXT AS (substr(value, 1, 64)) VIRTUAL;
CREATE INDEX params_by_value ON params (key, start, run_key);
ALTER TABLE tags ADD COLUMN start TEXT AS (substr(value, 1, 64)) VIRTUAL;
CREATE INDEX tags_by_value ON tags (key, start, run_key);
CREATE INDEX inputs_by_name ON inputs (name, digest, run_key);

ALTER TABLE metrics ADD COLUMN in_order INTEGER NOT NULL DEFAULT 1;
UPDATE metrics SET in_order = 0 WHERE metric_key IN (
  SELECT metric_key FROM (
    SELECT metric_key, timestamp < lag(timestamp) OVER (PARTITION BY metric_key ORDER BY step, timestamp) AS back
    FROM points
  ) WHERE back
);
`;
