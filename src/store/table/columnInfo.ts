import type { Sliced } from '../../base/slices';
import { readNumber } from '../../model/filter/values';
import { ATTRIBUTES, type Column, type ColumnInfo } from '../../model/table';
import type { Db } from '../database';
import type { Journal } from '../journal';
import type { Columns } from './columns';
import { type ColumnData, compareTexts } from './column';
import { columnTotals } from './columnTotals';
import type { Members } from './members';

const KINDS = ['metric', 'param', 'tag'] as const;
const FEW = 3_000;
const RUNS_A_SLICE = 200;

/** What runs have in a column, gathered. */
class Gathered {
  runCount = 0;
  numberCount = 0;
  min = Infinity;
  max = -Infinity;
  private first: string | number | null = null;
  private isSame = true;

  /** @param number what the value is as a number; null when it is none. */
  add(value: string | number, number: number | null): void {
    this.runCount++;
    if (this.first === null) this.first = value;
    else if (this.isSame && !Object.is(this.first, value)) this.isSame = this.first === value;
    if (number === null) return;
    this.numberCount++;
    if (!Number.isFinite(number)) return;
    if (number < this.min) this.min = number;
    if (number > this.max) this.max = number;
  }

  info(column: Column, runCount: number): ColumnInfo {
    return {
      column,
      runCount: this.runCount,
      differs: !this.isSame || this.runCount < runCount,
      isNumeric: this.numberCount === this.runCount,
      ...finite(this.min, this.max),
    };
  }
}

/**
 * The columns of some runs: by reading the runs when they are few, and from the indexes when they are nearly all.
 * @param few so many runs are read whole sooner than hundreds of indexes are asked.
 */
export function columnInfoReader(
  db: Db,
  journal: Journal,
  members: Members,
  columns: Columns,
  few = FEW,
): (keys: Int32Array) => Sliced<ColumnInfo[]> {
  const inKeys = 'run_key IN (SELECT value FROM json_each(?))';
  const statements = {
    metric: db
      .prepare<[string], [string, number | null]>(`SELECT name, last_value FROM metrics WHERE ${inKeys}`)
      .raw(),
    param: db.prepare<[string], [string, string]>(`SELECT key, value FROM params WHERE ${inKeys}`).raw(),
    tag: db.prepare<[string], [string, string]>(`SELECT key, value FROM tags WHERE ${inKeys}`).raw(),
  };
  const names = {
    metric: steps(db, 'metrics', 'name'),
    param: steps(db, 'params', 'key'),
    tag: steps(db, 'tags', 'key'),
  };
  const allKeys = db.prepare<[], number>('SELECT run_key FROM runs').pluck();
  const totals = columnTotals(db, journal);
  const hasInputs = db.prepare<[], number>('SELECT 1 FROM inputs LIMIT 1').pluck();
  let kept: { seq: number; removals: number; infos: ColumnInfo[]; keys: Int32Array } | null = null;

  function* ofFew(keys: Int32Array): Sliced<ColumnInfo[]> {
    const found = {
      metric: new Map<string, Gathered>(),
      param: new Map<string, Gathered>(),
      tag: new Map<string, Gathered>(),
    };
    for (let from = 0; from < keys.length; from += RUNS_A_SLICE) {
      const list = JSON.stringify([...keys.subarray(from, from + RUNS_A_SLICE)]);
      for (const [name, value] of statements.metric.all(list)) {
        const number = value ?? Number.NaN;
        gather(found.metric, name).add(number, number);
      }
      for (const kind of ['param', 'tag'] as const) {
        for (const [name, value] of statements[kind].all(list))
          gather(found[kind], name).add(value, readNumber(value));
      }
      yield;
    }
    const infos = KINDS.flatMap((kind) =>
      [...found[kind]]
        .sort(([a], [b]) => compareTexts(a, b))
        .map(([name, gathered]) => gathered.info(columnOf(kind, name), keys.length)),
    );
    return [...infos, ...(yield* ofAttributes(keys))];
  }

  /** From the indexes over all runs of the store, less the few that are not asked for. */
  function* ofMost(keys: Int32Array, others: readonly number[]): Sliced<ColumnInfo[]> {
    const less = new Set(others);
    const left = {
      metric: new Map<string, Gathered>(),
      param: new Map<string, Gathered>(),
      tag: new Map<string, Gathered>(),
    };
    for (let from = 0; from < others.length; from += RUNS_A_SLICE) {
      const list = JSON.stringify(others.slice(from, from + RUNS_A_SLICE));
      for (const kind of KINDS)
        for (const [name] of statements[kind].all(list)) gather(left[kind], name).runCount++;
      yield;
    }
    totals.refresh();
    const infos: ColumnInfo[] = [];
    for (const kind of KINDS) {
      for (const name of names[kind].all()) {
        const leftOut = left[kind].get(name)?.runCount ?? 0;
        const column = columnOf(kind, name);
        const total = totals.read(kind, name, leftOut, less);
        if (total === null) infos.push(...(yield* gathered(column, keys)));
        else if (total.runCount > 0) {
          const { hasTwo, ...info } = total;
          infos.push({ column, ...info, differs: hasTwo || info.runCount < keys.length });
        }
        yield;
      }
    }
    return [...infos, ...(yield* ofAttributes(keys))];
  }

  function* ofAttributes(keys: Int32Array): Sliced<ColumnInfo[]> {
    const infos: ColumnInfo[] = [];
    for (const name of ATTRIBUTES) {
      if (name === 'data' && hasInputs.get() === undefined) continue;
      infos.push(...(yield* gathered({ kind: 'attribute', name }, keys)));
    }
    return infos;
  }

  function* gathered(column: Column, keys: Int32Array): Sliced<ColumnInfo[]> {
    const data = yield* columns.read(column);
    const found = gatheredIn(data, keys);
    yield;
    return found.runCount === 0 ? [] : [found.info(column, keys.length)];
  }

  return function* read(keys) {
    if (keys.length <= few) return yield* ofFew(keys);
    const seq = journal.seq();
    const removals = journal.removals();
    if (kept?.seq === seq && kept.removals === removals && isSame(kept.keys, keys)) return kept.infos;
    const isIn = new Uint8Array(members.keyCount() + 1);
    for (const key of keys) isIn[key] = 1;
    const others = allKeys.all().filter((key) => isIn[key] !== 1);
    const infos = yield* others.length > FEW ? ofFew(keys) : ofMost(keys, others);
    kept = { seq, removals, infos, keys };
    return infos;
  };
}

/** All names of a table, stepping over their entries. */
function steps(db: Db, table: string, name: string) {
  return db
    .prepare<[], string>(
      `WITH RECURSIVE names(name) AS (
         SELECT min(${name}) FROM ${table}
         UNION ALL SELECT (SELECT min(${name}) FROM ${table} WHERE ${table}.${name} > names.name) FROM names WHERE name IS NOT NULL)
       SELECT name FROM names WHERE name IS NOT NULL`,
    )
    .pluck();
}

function gatheredIn(data: ColumnData, keys: Int32Array): Gathered {
  const found = new Gathered();
  if (data.kind === 'numbers') {
    for (const key of keys) {
      if (data.isThere(key)) found.add(data.number(key), data.number(key));
    }
    return found;
  }
  for (const key of keys) {
    const text = data.isThere(key) ? data.text(key) : null;
    if (text !== null) found.add(text, readNumber(text));
  }
  return found;
}

function gather(found: Map<string, Gathered>, name: string): Gathered {
  const known = found.get(name) ?? new Gathered();
  found.set(name, known);
  return known;
}

function columnOf(kind: 'metric' | 'param' | 'tag', name: string): Column {
  return kind === 'metric' ? { kind, name, of: 'last' } : { kind, name };
}

function finite(min: number, max: number): { readonly min: number | null; readonly max: number | null } {
  return min > max ? { min: null, max: null } : { min, max };
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  return a === b || (a.length === b.length && a.every((key, i) => key === b[i]));
}
