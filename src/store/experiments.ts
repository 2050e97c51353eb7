import { UserError } from '../base/errors';
import type { Experiment } from '../model/experiment';
import { type Direction, type Goal, defaultGoal } from '../model/goal';
import type { ExperimentId, RunId } from '../model/run';
import type { Db } from './database';
import type { Journal } from './journal';

/** An experiment as MLflow speaks of it. Instants are epoch milliseconds. */
export interface ExperimentRecord {
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deleted: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ExperimentStore {
  /** @throws UserError 'already-exists' when the name is taken, also by a deleted experiment. */
  createExperiment(name: string, tags?: Readonly<Record<string, string>>): ExperimentId;
  getExperiment(experimentId: string): ExperimentRecord | null;
  getExperimentByName(name: string): ExperimentRecord | null;
  /** As lists show them, newest first. The one that MLflow calls "Default" is left out while it has no runs. */
  listExperiments(includeDeleted: boolean): Experiment[];
  renameExperiment(experimentId: string, name: string): void;
  setExperimentTag(experimentId: string, key: string, value: string): void;
  deleteExperimentTag(experimentId: string, key: string): void;
  /** Deletes or restores the experiment and the runs in it. */
  setExperimentDeleted(experimentId: string, deleted: boolean): void;
  /** Null goes back to the goal that follows from the metrics' names. */
  setGoal(experimentId: string, goal: Goal | null): void;
  /** The stored goal, or the one that follows from the metrics' names. */
  goalOf(experimentId: string): Goal | null;
  /** The run that is best by a goal; of equals the earliest. */
  bestRunId(experimentId: string, goal: Goal): RunId | null;
}

interface Row {
  experiment_id: number;
  name: string;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
  goal_metric: string | null;
  goal_direction: Direction | null;
  goal_target: number | null;
}

export function experimentStore(db: Db, journal: Journal): ExperimentStore {
  const byId = db.prepare<[string], Row>('SELECT * FROM experiments WHERE experiment_id = ?');
  const byName = db.prepare<[string], Row>('SELECT * FROM experiments WHERE name = ?');
  const all = db.prepare<[number], Row>(
    'SELECT * FROM experiments WHERE deleted_at IS NULL OR ? ORDER BY created_at DESC, experiment_id DESC',
  );
  const insert = db.prepare<[string, number, number, number]>(
    'INSERT INTO experiments (name, created_at, updated_at, seq) VALUES (?, ?, ?, ?)',
  );
  const rename = db.prepare<[string, number, number, number]>(
    'UPDATE experiments SET name = ?, updated_at = ?, seq = ? WHERE experiment_id = ?',
  );
  const touch = db.prepare<[number, number, number]>(
    'UPDATE experiments SET updated_at = ?, seq = ? WHERE experiment_id = ?',
  );
  const tagsOf = db.prepare<[number], { key: string; value: string }>(
    'SELECT key, value FROM experiment_tags WHERE experiment_id = ?',
  );
  const putTag = db.prepare<[number, string, string]>(
    'INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const dropTag = db.prepare<[number, string]>(
    'DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?',
  );
  const setDeleted = db.prepare<[number | null, number, number, number]>(
    'UPDATE experiments SET deleted_at = ?, updated_at = ?, seq = ? WHERE experiment_id = ?',
  );
  const runsIn = db.prepare<[number], { run_id: string }>('SELECT run_id FROM runs WHERE experiment_id = ?');
  const setRunsDeleted = db.prepare<[number | null, number, number]>(
    'UPDATE runs SET deleted_at = ?, seq = ? WHERE experiment_id = ?',
  );
  const putGoal = db.prepare<[string | null, Direction | null, number | null, number, number]>(
    'UPDATE experiments SET goal_metric = ?, goal_direction = ?, goal_target = ?, seq = ? WHERE experiment_id = ?',
  );
  const metricNames = db
    .prepare<[number], string>('SELECT name FROM experiment_metrics WHERE experiment_id = ?')
    .pluck();
  // From indexes alone: the rows of all runs are not read.
  const counts = db.prepare<[], { experiment_id: number; runs: number }>(
    `SELECT experiment_id, count(*) AS runs FROM runs INDEXED BY runs_by_experiment
     WHERE (deleted_at IS NOT NULL) = 0 GROUP BY experiment_id`,
  );
  const running = db.prepare<[], { experiment_id: number; runs: number }>(
    `SELECT experiment_id, count(*) AS runs FROM runs INDEXED BY runs_by_state
     WHERE state = 'running' AND deleted_at IS NULL GROUP BY experiment_id`,
  );
  const best = (column: 'max_value' | 'min_value', order: 'DESC' | 'ASC') =>
    db
      .prepare<[string, string], string>(
        `SELECT run_id FROM runs JOIN metrics USING (run_key)
         WHERE experiment_id = ? AND metrics.name = ? AND deleted_at IS NULL AND ${column} IS NOT NULL
         ORDER BY ${column} ${order}, created_at, run_key LIMIT 1`,
      )
      .pluck();
  const bestBy = { maximize: best('max_value', 'DESC'), minimize: best('min_value', 'ASC') };

  function needed(experimentId: string): Row {
    const row = byId.get(experimentId);
    if (row === undefined) throw new UserError('not-found', `No Experiment with id=${experimentId} exists`);
    return row;
  }

  function recordOf(row: Row): ExperimentRecord {
    return {
      experimentId: String(row.experiment_id) as ExperimentId,
      name: row.name,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      deleted: row.deleted_at !== null,
      tags: Object.fromEntries(tagsOf.all(row.experiment_id).map(({ key, value }) => [key, value])),
    };
  }

  function goalOfRow(row: Row): Goal | null {
    if (row.goal_metric !== null && row.goal_direction !== null) {
      return { metric: row.goal_metric, direction: row.goal_direction, target: row.goal_target };
    }
    return defaultGoal(metricNames.all(row.experiment_id));
  }

  function changed(experimentId: number): void {
    touch.run(Date.now(), journal.next(), experimentId);
    journal.experiment(experimentId);
  }

  const bestRunId = (experimentId: string, goal: Goal) =>
    (bestBy[goal.direction].get(experimentId, goal.metric) ?? null) as RunId | null;

  return {
    createExperiment(name, tags = {}) {
      const taken = byName.get(name);
      if (taken !== undefined) {
        throw new UserError(
          'already-exists',
          `Experiment '${name}' already exists${taken.deleted_at === null ? '' : ' in deleted state. You can restore the experiment, or permanently delete the experiment to create a new one'}.`,
        );
      }
      const now = Date.now();
      const id = Number(insert.run(name, now, now, journal.next()).lastInsertRowid);
      for (const [key, value] of Object.entries(tags)) putTag.run(id, key, value);
      journal.experiment(id);
      return String(id) as ExperimentId;
    },

    getExperiment(experimentId) {
      const row = byId.get(experimentId);
      return row === undefined ? null : recordOf(row);
    },

    getExperimentByName(name) {
      const row = byName.get(name);
      return row === undefined ? null : recordOf(row);
    },

    listExperiments(includeDeleted) {
      const countOf = new Map(counts.all().map((row) => [row.experiment_id, row.runs]));
      const runningOf = new Map(running.all().map((row) => [row.experiment_id, row.runs]));
      return all.all(includeDeleted ? 1 : 0).flatMap((row): Experiment[] => {
        const { experimentId, name, createdAt, deleted } = recordOf(row);
        const count = countOf.get(row.experiment_id);
        if (row.experiment_id === 0 && count === undefined) return [];
        const goal = goalOfRow(row);
        return [
          {
            experimentId,
            name,
            createdAt,
            deleted,
            runCount: count ?? 0,
            runningCount: runningOf.get(row.experiment_id) ?? 0,
            goal,
            bestRunId: goal === null ? null : bestRunId(experimentId, goal),
          },
        ];
      });
    },

    renameExperiment(experimentId, name) {
      const row = needed(experimentId);
      const taken = byName.get(name);
      if (taken !== undefined && taken.experiment_id !== row.experiment_id) {
        throw new UserError('already-exists', `Experiment '${name}' already exists.`);
      }
      rename.run(name, Date.now(), journal.next(), row.experiment_id);
      journal.experiment(row.experiment_id);
    },

    setExperimentTag(experimentId, key, value) {
      const row = needed(experimentId);
      putTag.run(row.experiment_id, key, value);
      changed(row.experiment_id);
    },

    deleteExperimentTag(experimentId, key) {
      const row = needed(experimentId);
      if (dropTag.run(row.experiment_id, key).changes === 0) {
        throw new UserError('not-found', `No tag with name: ${key} in experiment with id ${experimentId}`);
      }
      changed(row.experiment_id);
    },

    setExperimentDeleted(experimentId, deleted) {
      const row = needed(experimentId);
      const now = Date.now();
      setDeleted.run(deleted ? now : null, now, journal.next(), row.experiment_id);
      setRunsDeleted.run(deleted ? now : null, journal.next(), row.experiment_id);
      journal.experiment(row.experiment_id);
      for (const { run_id } of runsIn.iterate(row.experiment_id)) journal.run(run_id, row.experiment_id);
    },

    setGoal(experimentId, goal) {
      const row = needed(experimentId);
      putGoal.run(
        goal?.metric ?? null,
        goal?.direction ?? null,
        goal?.target ?? null,
        journal.next(),
        row.experiment_id,
      );
      journal.experiment(row.experiment_id);
    },

    goalOf: (experimentId) => goalOfRow(needed(experimentId)),
    bestRunId,
  };
}
