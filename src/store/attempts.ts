import type { AttemptId, RunId } from '../model/run';
import type { Db } from './database';

/** One start of a run by a runner of ours. Secrets and process ids are not in it: they lie in the state folder. */
export interface Attempt {
  readonly attemptId: AttemptId;
  readonly runId: RunId;
  readonly createdAt: number;
  /** Null while a runner owns it. */
  readonly endedAt: number | null;
  /** Whether the person named the experiment, so that the script's own does not win. */
  readonly experimentChosen: boolean;
  /** What told the script's first `create_run` from later ones; null before it came. */
  readonly joinedKey: string | null;
  /** Bytes of events.jsonl that are in the store. */
  readonly eventsOffset: number;
}

export interface NewAttempt {
  readonly attemptId: string;
  readonly runId: string;
  /** SHA-256 of the attempt's token in hexadecimal. */
  readonly tokenHash: string;
  readonly experimentChosen: boolean;
}

export interface AttemptUpdate {
  readonly endedAt?: number | null;
  readonly joinedKey?: string;
  readonly eventsOffset?: number;
}

export interface AttemptStore {
  createAttempt(attempt: NewAttempt): void;
  getAttempt(attemptId: string): Attempt | null;
  attemptByTokenHash(tokenHash: string): Attempt | null;
  /** Attempts that have not ended. */
  liveAttempts(): Attempt[];
  updateAttempt(attemptId: string, update: AttemptUpdate): void;
}

interface Row {
  attempt_id: AttemptId;
  run_id: RunId;
  created_at: number;
  ended_at: number | null;
  experiment_chosen: number;
  joined_key: string | null;
  events_offset: number;
}

export function attemptStore(db: Db): AttemptStore {
  const select = `SELECT attempts.attempt_id, run_id, attempts.created_at, attempts.ended_at, experiment_chosen,
    joined_key, events_offset FROM attempts JOIN runs USING (run_key)`;
  const byId = db.prepare<[string], Row>(`${select} WHERE attempts.attempt_id = ?`);
  const byToken = db.prepare<[string], Row>(`${select} WHERE token_hash = ?`);
  const live = db.prepare<[], Row>(`${select} WHERE attempts.ended_at IS NULL`);
  const insert = db.prepare<[string, string, number, number, string]>(
    `INSERT INTO attempts (attempt_id, run_key, token_hash, created_at, experiment_chosen, events_offset)
     SELECT ?, run_key, ?, ?, ?, 0 FROM runs WHERE run_id = ?`,
  );
  const own = db.prepare<[string, string]>('UPDATE runs SET attempt_id = ? WHERE run_id = ?');
  const update = db.prepare<[number, number | null, string | null, number | null, string]>(
    `UPDATE attempts SET ended_at = iif(?, ?, ended_at), joined_key = coalesce(?, joined_key),
       events_offset = coalesce(?, events_offset) WHERE attempt_id = ?`,
  );

  return {
    createAttempt({ attemptId, runId, tokenHash, experimentChosen }) {
      insert.run(attemptId, tokenHash, Date.now(), experimentChosen ? 1 : 0, runId);
      own.run(attemptId, runId);
    },
    getAttempt: (attemptId) => attemptOf(byId.get(attemptId)),
    attemptByTokenHash: (tokenHash) => attemptOf(byToken.get(tokenHash)),
    liveAttempts: () => live.all().flatMap((row) => attemptOf(row) ?? []),
    updateAttempt(attemptId, { endedAt, joinedKey, eventsOffset }) {
      update.run(
        endedAt === undefined ? 0 : 1,
        endedAt ?? null,
        joinedKey ?? null,
        eventsOffset ?? null,
        attemptId,
      );
    },
  };
}

function attemptOf(row: Row | undefined): Attempt | null {
  if (row === undefined) return null;
  return {
    attemptId: row.attempt_id,
    runId: row.run_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    experimentChosen: row.experiment_chosen === 1,
    joinedKey: row.joined_key,
    eventsOffset: row.events_offset,
  };
}
