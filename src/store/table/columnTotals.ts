import { readNumber } from '../../model/filter/values';
import type { Db } from '../database';
import type { Journal } from '../journal';
import { PREFIX } from '../search/sql';

/** What is known of a column over (nearly) all runs of the store. */
export interface ColumnTotal {
  readonly runCount: number;
  /** Whether two runs have different values. */
  readonly hasTwo: boolean;
  readonly isNumeric: boolean;
  readonly min: number | null;
  readonly max: number | null;
}

type Kind = 'metric' | 'param' | 'tag';

/** Answers from indexes, and remembers what did not change since. */
export interface ColumnTotals {
  /** Forgets what changed since the last time. */
  refresh(): void;
  /**
   * @param leftOut how many of `less` have the column.
   * @param less keys of runs that do not count; few.
   * @returns null when it has too many values to be walked along: then the column itself must be read.
   */
  read(kind: Kind, name: string, leftOut: number, less: ReadonlySet<number>): ColumnTotal | null;
}

const MOST_DISTINCT = 5_000;
const MOST_CHANGED = 2_000; // More than that, and nearly everything is to be looked at again.

/** As it is over all runs. */
type Known =
  | { readonly kind: 'metric'; readonly total: ColumnTotal }
  | { readonly kind: 'text'; readonly count: number; readonly values: readonly string[] | null };

export function columnTotals(db: Db, journal: Journal): ColumnTotals {
  const known = new Map<string, Known>();
  let seq = -1;
  let removals = 0;
  const metric = metricTotals(db);
  const text = { param: textValues(db, 'params'), tag: textValues(db, 'tags') };
  const changedMetrics = db
    .prepare<[number, number], string>(
      'SELECT name FROM metrics INDEXED BY metrics_by_seq WHERE seq > ? LIMIT ?',
    )
    .pluck();
  const changedRuns = db
    .prepare<[number, number], number>('SELECT run_key FROM runs WHERE seq > ? LIMIT ?')
    .pluck();
  const paramsOf = db
    .prepare<[string], string>(
      'SELECT DISTINCT key FROM params WHERE run_key IN (SELECT value FROM json_each(?))',
    )
    .pluck();

  function forget(): void {
    const metrics = changedMetrics.all(seq, MOST_CHANGED);
    const runs = changedRuns.all(seq, MOST_CHANGED);
    if (metrics.length === MOST_CHANGED || runs.length === MOST_CHANGED) return known.clear();
    for (const name of new Set(metrics)) known.delete(`metric ${name}`);
    if (runs.length === 0) return;
    for (const name of paramsOf.all(JSON.stringify(runs))) known.delete(`param ${name}`);
    // A tag that was taken away is on no list.
    for (const key of [...known.keys()]) if (key.startsWith('tag ')) known.delete(key);
  }

  return {
    refresh() {
      if (removals !== journal.removals()) known.clear();
      else if (seq !== journal.seq()) forget();
      removals = journal.removals();
      seq = journal.seq();
    },

    read(kind, name, leftOut, less) {
      const key = `${kind} ${name}`;
      if (kind === 'metric') {
        if (leftOut > 0) return metric(name, less);
        const found = known.get(key);
        if (found?.kind === 'metric') return found.total;
        const total = metric(name, less);
        known.set(key, { kind: 'metric', total });
        return total;
      }
      const found = known.get(key);
      const { count, values } = found?.kind === 'text' ? found : text[kind].read(name);
      known.set(key, { kind: 'text', count, values });
      if (values === null) return null;
      const isLeft =
        leftOut === 0 ? () => true : (value: string) => text[kind].isElsewhere(name, value, less);
      // Runs that do not count have few values: only these are looked for elsewhere.
      const own = leftOut === 0 ? null : text[kind].of(name, less);
      return totalOf(
        count - leftOut,
        values.filter((value) => own === null || !own.has(value) || isLeft(value)),
      );
    },
  };
}

function totalOf(runCount: number, values: readonly string[]): ColumnTotal {
  let min = Infinity;
  let max = -Infinity;
  let isNumeric = true;
  for (const value of values) {
    const number = readNumber(value);
    if (number === null) isNumeric = false;
    else if (Number.isFinite(number)) {
      min = Math.min(min, number);
      max = Math.max(max, number);
    }
  }
  const ends = min > max ? { min: null, max: null } : { min, max };
  return { runCount, hasTwo: values.length > 1, isNumeric, ...ends };
}

/** Steps in from both ends of the index until a run counts. */
function metricTotals(db: Db): (name: string, less: ReadonlySet<number>) => ColumnTotal {
  const from = 'FROM metrics INDEXED BY metrics_by_last WHERE name = ?';
  const count = db.prepare<[string], number>(`SELECT count(*) ${from}`).pluck();
  const nans = db.prepare<[string], number>(`SELECT run_key ${from} AND last_value IS NULL`).pluck();
  const upwards = db
    .prepare<[string], [number, number]>(
      `SELECT run_key, last_value ${from} AND last_value IS NOT NULL ORDER BY last_value`,
    )
    .raw();
  const downwards = db
    .prepare<[string], [number, number]>(
      `SELECT run_key, last_value ${from} AND last_value IS NOT NULL ORDER BY last_value DESC`,
    )
    .raw();
  const has = db
    .prepare<[number, string], number>('SELECT 1 FROM metrics WHERE run_key = ? AND name = ?')
    .pluck();

  return (name, less) => {
    let runCount = count.get(name) ?? 0;
    for (const key of less) runCount -= has.get(key, name) ?? 0;
    let nanCount = 0;
    for (const key of nans.all(name)) if (!less.has(key)) nanCount++;
    const ends = (rows: Iterable<[number, number]>) => {
      let first: number | null = null;
      for (const [key, value] of rows) {
        if (less.has(key)) continue;
        first ??= value;
        if (Number.isFinite(value)) return { first, finite: value };
      }
      return { first, finite: null };
    };
    const low = ends(upwards.iterate(name));
    const high = ends(downwards.iterate(name));
    const hasTwo = low.first !== high.first || (nanCount > 0 && nanCount < runCount);
    return { runCount, hasTwo, isNumeric: true, min: low.finite, max: high.finite };
  };
}

/** The different values of a param or a tag, each found by a step over all entries that are alike. */
function textValues(db: Db, table: 'params' | 'tags') {
  const from = `FROM ${table} INDEXED BY ${table}_by_value WHERE key = ?`;
  const count = db.prepare<[string], number>(`SELECT count(*) ${from}`).pluck();
  const distinct = db
    .prepare<[string, string, number], string>(
      `WITH RECURSIVE found(start) AS (
         SELECT min(start) ${from}
         UNION ALL SELECT (SELECT min(start) ${from} AND start > found.start) FROM found WHERE start IS NOT NULL)
       SELECT start FROM found WHERE start IS NOT NULL LIMIT ?`,
    )
    .pluck();
  const runsWith = db.prepare<[string, string], number>(`SELECT run_key ${from} AND start = ?`).pluck();
  const valueOf = db
    .prepare<[number, string], string>(`SELECT value FROM ${table} WHERE run_key = ? AND key = ?`)
    .pluck();
  return {
    read(name: string): { readonly count: number; readonly values: readonly string[] | null } {
      const values = distinct.all(name, name, MOST_DISTINCT);
      const isLong = values.length === MOST_DISTINCT || values.some((value) => value.length >= PREFIX);
      return { count: count.get(name) ?? 0, values: isLong ? null : values };
    },
    isElsewhere(name: string, value: string, less: ReadonlySet<number>): boolean {
      for (const key of runsWith.iterate(name, value)) if (!less.has(key)) return true;
      return false;
    },
    of(name: string, keys: ReadonlySet<number>): Set<string> {
      const values = new Set<string>();
      for (const key of keys) {
        const value = valueOf.get(key, name);
        if (value !== undefined) values.add(value);
      }
      return values;
    },
  };
}
