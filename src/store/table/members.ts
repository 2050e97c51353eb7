import type { Sliced } from '../../base/slices';
import type { Db } from '../database';
import type { Journal } from '../journal';
import { IS_DELETED, START } from '../search/sql';

const ROWS_A_SLICE = 10_000;
const MOST_CHANGED = 20_000; // Reading everything anew is quicker then.
const NEVER = 9_223_372_036_854_775_807n; // As the indexes have it: not started yet.

type PageRow = [key: number, experimentId: number, start: number, runId: string];

interface Row {
  readonly run_key: number;
  readonly run_id: string;
  readonly experiment_id: number;
  readonly start: number;
  readonly deleted: number;
}

/** Which runs there are, deleted ones aside, and in which order they are listed when nobody asks for one. */
export class Members {
  /** Counts the changes of the order and of what is in it. */
  version = 0;
  /** Keys of runs, newest first, and of equals by id. */
  order: Int32Array = new Int32Array(0);
  private experiments: Int32Array = new Int32Array(0);
  private starts: Float64Array = new Float64Array(0);
  private seq = -1;
  private removals = 0;
  private loading: Sliced<void> | null = null;
  private readonly newest;
  private readonly first;
  private readonly ties;
  private readonly older;
  private readonly changed;
  private readonly idOf;

  constructor(
    db: Db,
    private readonly journal: Journal,
  ) {
    // The id is needed of the last row of a page only, but reading it here costs less than asking for it.
    const select = `SELECT run_key, experiment_id, CAST(${START} AS REAL), run_id
      FROM runs INDEXED BY runs_by_start WHERE ${IS_DELETED} = 0`;
    const order = `ORDER BY ${START} DESC, run_id LIMIT ${ROWS_A_SLICE}`;
    this.newest = db.prepare<[], number>('SELECT max(run_key) FROM runs').pluck();
    this.first = db.prepare<[], PageRow>(`${select} ${order}`).raw();
    this.ties = db
      .prepare<[number | bigint, string], PageRow>(`${select} AND ${START} = ? AND run_id > ? ${order}`)
      .raw();
    this.older = db.prepare<[number | bigint], PageRow>(`${select} AND ${START} < ? ${order}`).raw();
    this.changed = db.prepare<[number, number], Row>(
      `SELECT run_key, run_id, experiment_id, CAST(${START} AS REAL) AS start, ${IS_DELETED} AS deleted
       FROM runs WHERE seq > ? LIMIT ?`,
    );
    this.idOf = db.prepare<[number], string>('SELECT run_id FROM runs WHERE run_key = ?').pluck();
  }

  /** The experiment of a run; -1 for a run that is not there. */
  experimentOf(key: number): number {
    return this.experiments[key] ?? -1;
  }

  /** About the greatest key, for arrays by key. */
  keyCount(): number {
    return Math.max(this.experiments.length, (this.newest.get() ?? 0) + 1);
  }

  /** Brings it up to date. */
  *refresh(): Sliced<void> {
    if (this.removals !== this.journal.removals()) {
      this.removals = this.journal.removals();
      this.seq = -1;
    }
    while (this.seq < 0) {
      // Whoever asks meanwhile works at the same list.
      this.loading ??= this.load();
      if (this.loading.next().done === true) this.loading = null;
      yield;
    }
    const seq = this.journal.seq();
    if (seq === this.seq) return;
    const rows = this.changed.all(this.seq, MOST_CHANGED);
    if (rows.length === MOST_CHANGED) {
      this.seq = -1;
      return void (yield* this.refresh());
    }
    this.seq = seq;
    this.merge(rows);
  }

  private *load(): Sliced<void> {
    const seq = this.journal.seq();
    let keys = new Int32Array(this.keyCount() + 1_000);
    const experiments = new Int32Array(keys.length).fill(-1);
    const starts = new Float64Array(keys.length);
    let count = 0;
    let rows = this.first.all();
    for (;;) {
      if (count + rows.length > keys.length) {
        const more = new Int32Array(2 * keys.length + rows.length);
        more.set(keys);
        keys = more;
      }
      for (const [key, experimentId, start] of rows) {
        keys[count++] = key;
        experiments[key] = experimentId;
        starts[key] = start;
      }
      const last = rows.at(-1);
      if (last === undefined) break;
      yield;
      const start = last[2] >= Number(NEVER) ? NEVER : last[2];
      rows = this.ties.all(start, last[3]);
      if (rows.length === 0) rows = this.older.all(start);
    }
    this.order = keys.slice(0, count);
    this.experiments = experiments;
    this.starts = starts;
    this.seq = seq;
    this.version++;
  }

  private merge(rows: readonly Row[]): void {
    const moved = rows.filter(
      (row) =>
        this.experimentOf(row.run_key) !== (row.deleted === 1 ? -1 : row.experiment_id) ||
        (row.deleted === 0 && this.starts[row.run_key] !== row.start),
    );
    if (moved.length === 0) return;
    const gone = new Set(moved.map((row) => row.run_key));
    const rest = this.order.filter((key) => !gone.has(key));
    for (const row of moved) this.note(row);
    const added = moved
      .filter((row) => row.deleted === 0)
      .sort((a, b) => b.start - a.start || (a.run_id < b.run_id ? -1 : 1));
    const order = new Int32Array(rest.length + added.length);
    let next = 0;
    for (const [index, row] of added.entries()) {
      while (next < rest.length && this.isBefore(rest[next] ?? 0, row)) {
        order[next + index] = rest[next] ?? 0;
        next++;
      }
      order[next + index] = row.run_key;
    }
    order.set(rest.subarray(next), next + added.length);
    this.order = order;
    this.version++;
  }

  private isBefore(key: number, row: Row): boolean {
    const start = this.starts[key] ?? 0;
    return start === row.start ? (this.idOf.get(key) ?? '') < row.run_id : start > row.start;
  }

  private note({ run_key: key, experiment_id: experimentId, start, deleted }: Row): void {
    if (key >= this.experiments.length) {
      const length = Math.ceil(key * 1.25) + 16;
      const experiments = new Int32Array(length).fill(-1);
      experiments.set(this.experiments);
      this.experiments = experiments;
      const starts = new Float64Array(length);
      starts.set(this.starts);
      this.starts = starts;
    }
    this.experiments[key] = deleted === 1 ? -1 : experimentId;
    this.starts[key] = start;
  }
}
