import type { RunId } from '../model/run';
import type { Db } from './database';
import type { Journal } from './journal';

/** What was deleted and may go for good. */
export interface Purgeable {
  readonly runs: readonly { readonly runId: RunId; readonly experimentId: string }[];
  readonly models: readonly { readonly modelId: string; readonly experimentId: string }[];
  /** They go with all that is in them. */
  readonly experimentIds: readonly string[];
}

/** Removes what was deleted, so that its space and its names are free again. There is no way back. */
export interface PurgeStore {
  /**
   * Runs, logged models and experiments that were deleted before an instant, in epoch milliseconds. A run that its
   * runner still owns is not among them; one whose purge was interrupted always is. A logged model goes with the run
   * that made it too, unless a version of the registry stands on it.
   */
  purgeable(before: number): Purgeable;
  /** From here on nobody finds these runs, and they cannot be restored. */
  startPurge(runIds: readonly string[]): void;
  /** Removes some of a run's points; false once there are none left. A call takes milliseconds. */
  purgePoints(runId: string): boolean;
  /** Removes a run, whose points should be gone. Its children become runs without a parent. */
  purgeRun(runId: string): void;
  purgeModel(modelId: string): void;
  /** Removes an experiment with its logged models and traces; its runs must be gone. */
  purgeExperiment(experimentId: string): void;
  /** Gives some of the free pages back to the disk; false once there are none. Outside of a write. */
  shrink(): boolean;
  /** The size of the file with its free pages, in bytes. */
  sizeBytes(): number;
}

const POINTS_A_TURN = 20_000; // About 20 ms.
const PAGES_A_TURN = 2_000; // 8 MB: a few milliseconds.

export function purgeStore(db: Db, journal: Journal): PurgeStore {
  const runs = db.prepare<[number], { run_id: RunId; experiment_id: number }>(
    `SELECT run_id, experiment_id FROM runs
     WHERE purged = 1 OR (deleted_at < ? AND NOT EXISTS (
       SELECT 1 FROM attempts WHERE attempts.run_key = runs.run_key AND attempts.ended_at IS NULL))`,
  );
  const models = db.prepare<[number, string], { model_id: string; experiment_id: number }>(
    `SELECT model_id, experiment_id FROM logged_models
     WHERE deleted_at < ? OR (source_run_id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
       SELECT 1 FROM model_versions WHERE model_versions.model_id = logged_models.model_id))`,
  );
  const experiments = db
    .prepare<[number, string], number>(
      `SELECT experiment_id FROM experiments WHERE deleted_at < ? AND experiment_id <> 0 AND NOT EXISTS (
         SELECT 1 FROM runs WHERE runs.experiment_id = experiments.experiment_id
           AND runs.run_id NOT IN (SELECT value FROM json_each(?)))`,
    )
    .pluck();
  const mark = db.prepare<[number, string]>('UPDATE runs SET purged = 1, seq = ? WHERE run_id = ?');
  const head = db.prepare<[string], { run_key: number; experiment_id: number }>(
    'SELECT run_key, experiment_id FROM runs WHERE run_id = ?',
  );
  const metric = db
    .prepare<[number], number>('SELECT metric_key FROM metrics WHERE run_key = ? LIMIT 1')
    .pluck();
  const boundary = db
    .prepare<[number], number | bigint>(
      `SELECT step FROM points WHERE metric_key = ? ORDER BY step LIMIT 1 OFFSET ${POINTS_A_TURN}`,
    )
    .pluck()
    .safeIntegers(true);
  const dropPoints = db.prepare<[number, number | bigint]>(
    'DELETE FROM points WHERE metric_key = ? AND step <= ?',
  );
  const blockLevel = db
    .prepare<[number], number | null>('SELECT max(level) FROM point_blocks WHERE metric_key = ?')
    .pluck();
  const dropBlocks = db.prepare<[number, number]>(
    'DELETE FROM point_blocks WHERE metric_key = ? AND level = ?',
  );
  const dropMetric = db.prepare<[number]>('DELETE FROM metrics WHERE metric_key = ?');
  const orphan = db.prepare<[number, string]>(
    'UPDATE runs SET parent_run_id = NULL, seq = ? WHERE parent_run_id = ?',
  );
  const dropRun = db.prepare<[number]>('DELETE FROM runs WHERE run_key = ?');
  const dropModel = db.prepare<[string]>('DELETE FROM logged_models WHERE model_id = ?');
  const dropModels = db.prepare<[string]>('DELETE FROM logged_models WHERE experiment_id = ?');
  const dropTraces = db.prepare<[string]>('DELETE FROM traces WHERE experiment_id = ?');
  const dropExperiment = db.prepare<[string]>('DELETE FROM experiments WHERE experiment_id = ?');
  const pages = (pragma: string) => Number(db.pragma(pragma, { simple: true }));

  return {
    purgeable(before) {
      const gone = runs.all(before);
      const ids = JSON.stringify(gone.map(({ run_id }) => run_id));
      return {
        runs: gone.map((row) => ({ runId: row.run_id, experimentId: String(row.experiment_id) })),
        models: models
          .all(before, ids)
          .map((row) => ({ modelId: row.model_id, experimentId: String(row.experiment_id) })),
        experimentIds: experiments.all(before, ids).map(String),
      };
    },

    startPurge(runIds) {
      for (const runId of runIds) mark.run(journal.next(), runId);
    },

    purgePoints(runId) {
      const run = head.get(runId);
      const key = run === undefined ? undefined : metric.get(run.run_key);
      if (key === undefined) return false;
      const level = blockLevel.get(key) ?? null;
      if (level !== null) {
        dropBlocks.run(key, level);
        return true;
      }
      const step = boundary.get(key);
      // Behind the boundary nothing is left but what goes with the metric itself.
      if (step === undefined) dropMetric.run(key);
      else dropPoints.run(key, step);
      return true;
    },

    purgeRun(runId) {
      const run = head.get(runId);
      if (run === undefined) return;
      orphan.run(journal.next(), runId);
      dropRun.run(run.run_key);
      journal.removed();
      journal.run(runId, run.experiment_id);
      journal.experiment(run.experiment_id);
    },

    purgeModel: (modelId) => void dropModel.run(modelId),

    purgeExperiment(experimentId) {
      dropModels.run(experimentId);
      dropTraces.run(experimentId);
      dropExperiment.run(experimentId);
      journal.next();
      journal.experiment(experimentId);
    },

    shrink() {
      if (pages('freelist_count') === 0) return false;
      if (pages('auto_vacuum') === 0) {
        // A store of before: it is written anew once, and can give back page by page from then on.
        db.pragma('auto_vacuum = INCREMENTAL');
        db.exec('VACUUM');
        return false;
      }
      db.pragma(`incremental_vacuum(${PAGES_A_TURN})`);
      return true;
    },

    sizeBytes: () => pages('page_count') * pages('page_size'),
  };
}
