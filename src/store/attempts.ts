import type { RunAttempt } from '../model/attempt';
import type { AttemptId, RunCommand, RunId, RunSnapshot, RunState } from '../model/run';
import type { Db } from './database';

/** One start of a run by a runner of ours. Secrets and process ids are not in it: they lie in the state folder. */
export interface Attempt {
  readonly attemptId: AttemptId;
  readonly runId: RunId;
  /** 1 for the first of its run. */
  readonly number: number;
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
  /** When it is not the run's own. */
  readonly command?: RunCommand;
  readonly resumedFrom?: string | null;
  /** Where its events begin in events.jsonl, in bytes. */
  readonly eventsOffset?: number;
}

export interface AttemptUpdate {
  readonly startedAt?: number;
  readonly snapshot?: RunSnapshot;
  readonly endedAt?: number | null;
  readonly joinedKey?: string;
  readonly eventsOffset?: number;
}

/** How an attempt ended. */
export type AttemptOutcome = Pick<RunAttempt, 'exitCode' | 'signal' | 'reason'> & {
  readonly state: RunState;
  readonly endedAt: number;
};

export interface AttemptStore {
  /** One more attempt of a run; its number follows from those that are there. */
  createAttempt(attempt: NewAttempt): void;
  /** Of a run, the first one first. */
  attemptsOf(runId: string): RunAttempt[];
  endAttempt(attemptId: string, outcome: AttemptOutcome): void;
  getAttempt(attemptId: string): Attempt | null;
  attemptByTokenHash(tokenHash: string): Attempt | null;
  /** Attempts that have not ended. */
  liveAttempts(): Attempt[];
  updateAttempt(attemptId: string, update: AttemptUpdate): void;
}

interface Row {
  attempt_id: AttemptId;
  run_id: RunId;
  number: number;
  created_at: number;
  ended_at: number | null;
  experiment_chosen: number;
  joined_key: string | null;
  events_offset: number;
}

interface FullRow extends Row {
  command: string | null;
  snapshot: string | null;
  resumed_from: string | null;
  started_at: number | null;
  state: RunState | null;
  exit_code: number | null;
  signal: string | null;
  reason: string | null;
}

export function attemptStore(db: Db): AttemptStore {
  const select = `SELECT attempts.attempt_id, run_id, number, attempts.created_at, attempts.ended_at, experiment_chosen,
    joined_key, events_offset FROM attempts JOIN runs USING (run_key)`;
  const byId = db.prepare<[string], Row>(`${select} WHERE attempts.attempt_id = ?`);
  const byToken = db.prepare<[string], Row>(`${select} WHERE token_hash = ?`);
  const live = db.prepare<[], Row>(`${select} WHERE attempts.ended_at IS NULL`);
  const insert = db.prepare<[string, string, number, number, number, string | null, string | null, string]>(
    `INSERT INTO attempts (attempt_id, run_key, token_hash, created_at, experiment_chosen, events_offset, command,
       resumed_from, number)
     SELECT ?, run_key, ?, ?, ?, ?, ?, ?,
       1 + coalesce((SELECT max(number) FROM attempts WHERE attempts.run_key = runs.run_key), 0)
     FROM runs WHERE run_id = ?`,
  );
  const all = db.prepare<[string], FullRow>(
    `SELECT attempts.* FROM attempts JOIN runs USING (run_key) WHERE run_id = ? ORDER BY number`,
  );
  const end = db.prepare<[number, RunState, number | null, string | null, string | null, string]>(
    'UPDATE attempts SET ended_at = ?, state = ?, exit_code = ?, signal = ?, reason = ? WHERE attempt_id = ?',
  );
  const own = db.prepare<[string, string]>('UPDATE runs SET attempt_id = ? WHERE run_id = ?');
  const update = db.prepare<
    [number, number | null, string | null, number | null, number | null, string | null, string]
  >(
    `UPDATE attempts SET ended_at = iif(?, ?, ended_at), joined_key = coalesce(?, joined_key),
       events_offset = coalesce(?, events_offset), started_at = coalesce(started_at, ?),
       snapshot = coalesce(?, snapshot) WHERE attempt_id = ?`,
  );

  return {
    createAttempt(attempt) {
      const { attemptId, runId, tokenHash, experimentChosen, command, resumedFrom, eventsOffset } = attempt;
      insert.run(
        attemptId,
        tokenHash,
        Date.now(),
        experimentChosen ? 1 : 0,
        eventsOffset ?? 0,
        command === undefined ? null : JSON.stringify(command),
        resumedFrom ?? null,
        runId,
      );
      own.run(attemptId, runId);
    },
    attemptsOf: (runId) => all.all(runId).map(runAttemptOf),
    endAttempt: (attemptId, { endedAt, state, exitCode, signal, reason }) =>
      void end.run(endedAt, state, exitCode, signal, reason, attemptId),
    getAttempt: (attemptId) => attemptOf(byId.get(attemptId)),
    attemptByTokenHash: (tokenHash) => attemptOf(byToken.get(tokenHash)),
    liveAttempts: () => live.all().flatMap((row) => attemptOf(row) ?? []),
    updateAttempt(attemptId, { endedAt, joinedKey, eventsOffset, startedAt, snapshot }) {
      update.run(
        endedAt === undefined ? 0 : 1,
        endedAt ?? null,
        joinedKey ?? null,
        eventsOffset ?? null,
        startedAt ?? null,
        snapshot === undefined ? null : JSON.stringify(snapshot),
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
    number: row.number,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    experimentChosen: row.experiment_chosen === 1,
    joinedKey: row.joined_key,
    eventsOffset: row.events_offset,
  };
}

function runAttemptOf(row: FullRow): RunAttempt {
  return {
    attemptId: row.attempt_id,
    number: row.number,
    command: row.command === null ? null : (JSON.parse(row.command) as RunCommand),
    snapshot: row.snapshot === null ? null : (JSON.parse(row.snapshot) as RunSnapshot),
    resumedFrom: row.resumed_from,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    state: row.state,
    exitCode: row.exit_code,
    signal: row.signal,
    reason: row.reason,
  };
}
