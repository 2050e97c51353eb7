import type { RunId } from '../model/run';
import type { Db } from './database';
import type { Journal } from './journal';

/** What a run of ours asked for and was given, beside its command. */
export interface Placement {
  readonly runId: RunId;
  /** Null: it does not wait (any more). Only the order of places means something. */
  readonly place: number | null;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
  /** Names the private file with its request; null for a run that never waited. */
  readonly requestKey: string | null;
  /** Whether it runs in a checkout of its snapshot. */
  readonly isolated: boolean;
  readonly gpuCount: number;
  /** Indexes of the GPUs that it was given; null before, and for a run that asked for none. */
  readonly gpus: readonly number[] | null;
  /** How often it is queued again by itself when it fails. */
  readonly retries: number;
  /** The params that whoever asked for it named. */
  readonly params: Readonly<Record<string, string>>;
}

/** A run that waits, as lists show it. */
export interface WaitingRecord extends Placement {
  readonly name: string;
  readonly experiment: string;
  readonly experimentId: string;
}

export interface QueueSwitch {
  readonly paused: boolean;
  /** A sentence; null when it is not paused, or a person paused it. */
  readonly pausedWhy: string | null;
  readonly bootId: string | null;
  readonly seenAt: number | null;
}

/** Which runs wait, and in which order. */
export interface QueueStore {
  addPlacement(placement: Omit<Placement, 'place'> & { readonly waits: boolean }): void;
  placementOf(runId: string): Placement | null;
  /** By the key of its private file. */
  placementByKey(requestKey: string): Placement | null;
  /** Runs that wait, in order; deleted ones are not among them. */
  waitingRuns(): WaitingRecord[];
  /** Gives the runs that wait this order; those that are not named come last, as they were. */
  orderWaiting(runIds: readonly string[]): void;
  /** The run waits no longer, and has these GPUs. */
  leaveQueue(runId: string, gpus: readonly number[] | null): void;
  /** It waits again, before all others. */
  returnToQueue(runId: string): void;
  /** GPUs of runs whose attempt has not ended. */
  gpusInUse(): number[];
  queueSwitch(): QueueSwitch;
  setQueuePaused(paused: boolean, why: string | null): void;
  /** A server looks after the runs that wait. Nobody who listens needs to know. */
  noteQueueSeen(bootId: string, at: number): void;
}

interface Row {
  run_id: RunId;
  place: number | null;
  queued_at: number;
  request_key: string | null;
  isolated: number;
  gpu_count: number;
  gpus: string | null;
  retries: number;
  params: string;
}

export function queueStore(db: Db, journal: Journal): QueueStore {
  const columns =
    'run_id, place, queued_at, request_key, isolated, gpu_count, gpus, retries, placements.params';
  const insert = db.prepare<[Record<string, string | number | null>]>(
    `INSERT INTO placements (run_key, place, queued_at, request_key, isolated, gpu_count, gpus, retries, params)
     SELECT run_key, iif(@waits, (SELECT coalesce(max(place), 0) + 1 FROM placements), NULL), @queued_at,
       @request_key, @isolated, @gpu_count, @gpus, @retries, @params
     FROM runs WHERE run_id = @run_id`,
  );
  const byRun = db.prepare<[string], Row>(
    `SELECT ${columns} FROM placements JOIN runs USING (run_key) WHERE run_id = ?`,
  );
  const byKey = db.prepare<[string], Row>(
    `SELECT ${columns} FROM placements JOIN runs USING (run_key) WHERE request_key = ?`,
  );
  const waiting = db.prepare<[], Row & { name: string; experiment: string; experiment_id: number }>(
    `SELECT ${columns}, runs.name, experiments.name AS experiment, experiment_id
     FROM placements JOIN runs USING (run_key) JOIN experiments USING (experiment_id)
     WHERE place IS NOT NULL AND runs.deleted_at IS NULL AND runs.state = 'queued' ORDER BY place, run_key`,
  );
  const setPlace = db.prepare<[number, string]>(
    `UPDATE placements SET place = ? WHERE place IS NOT NULL
       AND run_key = (SELECT run_key FROM runs WHERE run_id = ?)`,
  );
  const leave = db.prepare<[string | null, string]>(
    `UPDATE placements SET place = NULL, gpus = coalesce(?, gpus)
     WHERE run_key = (SELECT run_key FROM runs WHERE run_id = ?)`,
  );
  const toTop = db.prepare<[string]>(
    `UPDATE placements SET gpus = NULL, place = (SELECT coalesce(min(place), 1) - 1 FROM placements)
     WHERE run_key = (SELECT run_key FROM runs WHERE run_id = ?)`,
  );
  const inUse = db
    .prepare<[], string>(
      `SELECT gpus FROM placements WHERE gpus IS NOT NULL AND EXISTS (
         SELECT 1 FROM attempts WHERE attempts.run_key = placements.run_key AND attempts.ended_at IS NULL)`,
    )
    .pluck();
  const read = db.prepare<
    [],
    { paused: number; paused_why: string | null; boot_id: string | null; seen_at: number | null }
  >('SELECT paused, paused_why, boot_id, seen_at FROM queue');
  const setPaused = db.prepare<[number, string | null]>('UPDATE queue SET paused = ?, paused_why = ?');
  const seen = db.prepare<[string, number]>('UPDATE queue SET boot_id = ?, seen_at = ?');
  const touch = db.prepare<[number]>('UPDATE queue SET seq = ?');

  function changed(): void {
    touch.run(journal.next());
    journal.queue();
  }

  const waitingRuns = (): WaitingRecord[] =>
    waiting.all().map((row) => ({
      ...placementOf(row),
      name: row.name,
      experiment: row.experiment,
      experimentId: String(row.experiment_id),
    }));

  return {
    addPlacement(placement) {
      insert.run({
        run_id: placement.runId,
        waits: placement.waits ? 1 : 0,
        queued_at: placement.queuedAt,
        request_key: placement.requestKey,
        isolated: placement.isolated ? 1 : 0,
        gpu_count: placement.gpuCount,
        gpus: placement.gpus === null ? null : JSON.stringify(placement.gpus),
        retries: placement.retries,
        params: JSON.stringify(placement.params),
      });
      changed();
    },
    placementOf(runId) {
      const row = byRun.get(runId);
      return row === undefined ? null : placementOf(row);
    },
    placementByKey(requestKey) {
      const row = byKey.get(requestKey);
      return row === undefined ? null : placementOf(row);
    },
    waitingRuns,
    orderWaiting(runIds) {
      const known = waitingRuns().map(({ runId }): string => runId);
      const named = runIds.filter((runId) => known.includes(runId));
      const order = [...named, ...known.filter((runId) => !named.includes(runId))];
      for (const [index, runId] of order.entries()) setPlace.run(index + 1, runId);
      changed();
    },
    leaveQueue(runId, gpus) {
      leave.run(gpus === null ? null : JSON.stringify(gpus), runId);
      changed();
    },
    returnToQueue(runId) {
      toTop.run(runId);
      changed();
    },
    gpusInUse: () =>
      [...new Set(inUse.all().flatMap((gpus) => JSON.parse(gpus) as number[]))].sort((a, b) => a - b),
    queueSwitch() {
      const row = read.get();
      return {
        paused: row?.paused === 1,
        pausedWhy: row?.paused_why ?? null,
        bootId: row?.boot_id ?? null,
        seenAt: row?.seen_at ?? null,
      };
    },
    setQueuePaused(paused, why) {
      setPaused.run(paused ? 1 : 0, why);
      changed();
    },
    noteQueueSeen: (bootId, at) => void seen.run(bootId, at),
  };
}

function placementOf(row: Row): Placement {
  return {
    runId: row.run_id,
    place: row.place,
    queuedAt: row.queued_at,
    requestKey: row.request_key,
    isolated: row.isolated === 1,
    gpuCount: row.gpu_count,
    gpus: row.gpus === null ? null : (JSON.parse(row.gpus) as number[]),
    retries: row.retries,
    params: JSON.parse(row.params) as Record<string, string>,
  };
}
