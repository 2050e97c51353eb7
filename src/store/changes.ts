import type { Db } from './database';
import type { Changes, Journal } from './journal';

const MOST = 20_000; // More names than this cost more than asking for everything anew.

export interface ChangeStore {
  /** The number of the newest change. */
  currentSeq(): number;
  /** Everything that changed after `seq`, also in earlier lives of the server. Null: too much to name. */
  changesSince(seq: number): Changes | null;
  /** What was written since the last call, for the feed. */
  takeChanges(): Changes | null;
}

export function changeStore(db: Db, journal: Journal): ChangeStore {
  const runs = db
    .prepare<[number, number], [string, number]>(
      'SELECT run_id, experiment_id FROM runs WHERE seq > ? LIMIT ?',
    )
    .raw();
  const metrics = db
    .prepare<[number, number], [string, number, string]>(
      'SELECT run_id, experiment_id, metrics.name FROM metrics JOIN runs USING (run_key) WHERE metrics.seq > ? LIMIT ?',
    )
    .raw();
  const experiments = db
    .prepare<[number], number>('SELECT experiment_id FROM experiments WHERE seq > ?')
    .pluck();
  const promotions = db.prepare<[number], number>('SELECT count(*) FROM promotions WHERE seq > ?').pluck();

  const queue = db.prepare<[number], number>('SELECT count(*) FROM queue WHERE seq > ?').pluck();

  return {
    currentSeq: () => journal.seq(),
    takeChanges: () => journal.take(),
    changesSince(seq) {
      if (seq > journal.seq()) return null; // A number of another store: this one was restored or made anew.
      const changedRuns = runs.all(seq, MOST);
      const changedMetrics = metrics.all(seq, MOST);
      if (changedRuns.length === MOST || changedMetrics.length === MOST) return null;
      const named = new Map<string, { experimentId: string; names: Set<string> }>();
      for (const [runId, experimentId, name] of changedMetrics) {
        const known = named.get(runId);
        if (known === undefined)
          named.set(runId, { experimentId: String(experimentId), names: new Set([name]) });
        else known.names.add(name);
      }
      return {
        seq: journal.seq(),
        runs: new Map(changedRuns.map(([runId, experimentId]) => [runId, String(experimentId)])),
        metrics: named,
        experiments: new Set(experiments.all(seq).map(String)),
        promotions: (promotions.get(seq) ?? 0) > 0,
        queue: (queue.get(seq) ?? 0) > 0,
      };
    },
  };
}
