import type { Db } from './database';

/** What was written since the last look: names, never values. */
export interface Changes {
  readonly seq: number;
  /** Run id → experiment id: state, name, tags, params, or the run is new. */
  readonly runs: ReadonlyMap<string, string>;
  /** Run id → its experiment and the metrics with new points. */
  readonly metrics: ReadonlyMap<
    string,
    { readonly experimentId: string; readonly names: ReadonlySet<string> }
  >;
  readonly experiments: ReadonlySet<string>;
  readonly promotions: boolean;
  /** Whether the runs that wait, their order or the pause changed. */
  readonly queue: boolean;
}

/** Numbers every change and remembers what changed until somebody takes it. */
export interface Journal {
  /** The number of the newest change. */
  seq(): number;
  next(): number;
  run(runId: string, experimentId: string | number): void;
  metric(runId: string, experimentId: string | number, name: string): void;
  experiment(experimentId: string | number): void;
  promotion(): void;
  queue(): void;
  /** Rows of runs or metrics are gone, and with them the number of their last change. */
  removed(): void;
  /** How often rows went, in this life of the server. */
  removals(): number;
  /** Everything since the last call. Call it after a commit: what a rolled back part names does no harm. */
  take(): Changes | null;
}

export function createJournal(db: Db): Journal {
  let seq = newestSeq(db);
  let taken = seq;
  let runs = new Map<string, string>();
  let metrics = new Map<string, { experimentId: string; names: Set<string> }>();
  let experiments = new Set<string>();
  let promotions = false;
  let queue = false;
  let removals = 0;

  return {
    seq: () => seq,
    next: () => ++seq,
    run: (runId, experimentId) => void runs.set(runId, String(experimentId)),
    metric(runId, experimentId, name) {
      const known = metrics.get(runId);
      if (known === undefined)
        metrics.set(runId, { experimentId: String(experimentId), names: new Set([name]) });
      else known.names.add(name);
    },
    experiment: (experimentId) => void experiments.add(String(experimentId)),
    promotion: () => void (promotions = true),
    queue: () => void (queue = true),
    removed: () => void removals++,
    removals: () => removals,
    take() {
      if (taken === seq) return null;
      const changes = { seq, runs, metrics, experiments, promotions, queue };
      taken = seq;
      runs = new Map();
      metrics = new Map();
      experiments = new Set();
      promotions = false;
      queue = false;
      return changes;
    },
  };
}

function newestSeq(db: Db): number {
  const newest = db
    .prepare(
      `SELECT max(seq) FROM (
         SELECT max(seq) AS seq FROM runs UNION ALL
         SELECT max(seq) FROM metrics UNION ALL
         SELECT max(seq) FROM experiments UNION ALL
         SELECT max(seq) FROM promotions UNION ALL
         SELECT max(seq) FROM queue)`,
    )
    .pluck()
    .get();
  return Number(newest ?? 0);
}
