import type { Sliced } from '../../base/slices';
import { readNumber } from '../../model/filter/values';
import { ATTRIBUTES, type Column, type ColumnInfo } from '../../model/table';
import type { Db } from '../database';
import type { Journal } from '../journal';
import { PREFIX } from '../search/sql';
import type { Columns } from './columns';
import { type ColumnData, compareTexts } from './column';
import type { Members } from './members';

const FEW = 3_000; // So many runs are read whole sooner than hundreds of indexes are asked.
const RUNS_A_SLICE = 200;
const MOST_DISTINCT = 5_000; // More values of a param are no list to walk.
const LARGEST = Number.MAX_VALUE;

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

/** The columns of some runs: by reading the runs when they are few, and from the indexes when they are many. */
export function columnInfoReader(
  db: Db,
  journal: Journal,
  members: Members,
  columns: Columns,
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
  const runTotal = db.prepare<[], number>('SELECT count(*) FROM runs').pluck();
  const hasInputs = db.prepare<[], number>('SELECT 1 FROM inputs LIMIT 1').pluck();
  const metricTotals = metricReader(db);
  const texts = { param: textReader(db, 'params'), tag: textReader(db, 'tags') };
  let kept: { seq: number; removals: number; runs: number; infos: ColumnInfo[]; keys: Int32Array } | null =
    null;

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
    const infos = (['metric', 'param', 'tag'] as const).flatMap((kind) =>
      [...found[kind]]
        .sort(([a], [b]) => compareTexts(a, b))
        .map(([name, gathered]) => gathered.info(columnOf(kind, name), keys.length)),
    );
    return [...infos, ...(yield* ofAttributes(keys))];
  }

  function* ofMany(keys: Int32Array, isEach: boolean): Sliced<ColumnInfo[]> {
    const isIn = new Uint8Array(members.keyCount() + 1);
    for (const key of keys) isIn[key] = 1;
    const infos: ColumnInfo[] = [];
    for (const name of names.metric.all()) {
      if (isEach) infos.push(...metricTotals(name, keys.length));
      else infos.push(...(yield* gathered({ kind: 'metric', name, of: 'last' }, keys)));
      yield;
    }
    for (const kind of ['param', 'tag'] as const) {
      for (const name of names[kind].all()) {
        const column = columnOf(kind, name);
        const total = isEach ? texts[kind](name, keys.length, column) : null;
        infos.push(...(total ?? (yield* gathered(column, keys))));
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
    if (keys.length <= FEW) return yield* ofFew(keys);
    const seq = journal.seq();
    const removals = journal.removals();
    if (kept?.seq === seq && kept.removals === removals && isSame(kept.keys, keys)) return kept.infos;
    const runs = runTotal.get() ?? 0;
    const infos = yield* ofMany(keys, runs === keys.length);
    kept = { seq, removals, runs, infos, keys };
    return infos;
  };
}

/** A metric in all runs of the store: each question is a step into an index. */
function metricReader(db: Db): (name: string, runCount: number) => ColumnInfo[] {
  const from = 'FROM metrics INDEXED BY metrics_by_last WHERE name = ?';
  const one = (what: string, where = '') =>
    db.prepare<[string], number>(`SELECT ${what} ${from}${where}`).pluck();
  const count = one('count(*)');
  const nan = one('count(*)', ' AND last_value IS NULL');
  const least = one('min(last_value)');
  const most = one('max(last_value)');
  const leastFinite = one('min(last_value)', ` AND last_value >= -${LARGEST}`);
  const mostFinite = one('max(last_value)', ` AND last_value <= ${LARGEST}`);
  return (name, runCount) => {
    const total = count.get(name) ?? 0;
    if (total === 0) return [];
    const nans = nan.get(name) ?? 0;
    return [
      {
        column: columnOf('metric', name),
        runCount: total,
        differs: total < runCount || (nans > 0 && nans < total) || least.get(name) !== most.get(name),
        isNumeric: true,
        ...finite(leastFinite.get(name) ?? Infinity, mostFinite.get(name) ?? -Infinity),
      },
    ];
  };
}

/** A param or a tag in all runs of the store; null when it has too many values to walk along. */
function textReader(
  db: Db,
  table: 'params' | 'tags',
): (name: string, runCount: number, column: Column) => ColumnInfo[] | null {
  const count = db
    .prepare<[string], number>(`SELECT count(*) FROM ${table} INDEXED BY ${table}_by_value WHERE key = ?`)
    .pluck();
  const distinct = db
    .prepare<[string, string, number], string>(
      `WITH RECURSIVE found(start) AS (
         SELECT min(start) FROM ${table} INDEXED BY ${table}_by_value WHERE key = ?
         UNION ALL SELECT (SELECT min(start) FROM ${table} INDEXED BY ${table}_by_value WHERE key = ? AND start > found.start)
         FROM found WHERE start IS NOT NULL)
       SELECT start FROM found WHERE start IS NOT NULL LIMIT ?`,
    )
    .pluck();
  return (name, runCount, column) => {
    const total = count.get(name) ?? 0;
    const values = distinct.all(name, name, MOST_DISTINCT);
    if (values.length === MOST_DISTINCT || values.some((value) => value.length >= PREFIX)) return null;
    if (values.length === 0) return [];
    const found = new Gathered();
    for (const value of values) found.add(value, readNumber(value));
    return [
      {
        ...found.info(column, values.length),
        runCount: total,
        differs: values.length > 1 || total < runCount,
      },
    ];
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
