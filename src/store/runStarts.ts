import type { Db } from './database';

export interface RunStartStore {
  /** How many attempts a run has had; 0 for one that no runner started, or that is not there. */
  countAttempts(runId: string): number;
}

export function runStartStore(db: Db): RunStartStore {
  const count = db
    .prepare<[string], number>('SELECT count(*) FROM attempts JOIN runs USING (run_key) WHERE run_id = ?')
    .pluck();
  return { countAttempts: (runId) => count.get(runId) ?? 0 };
}
