import type { Statement } from 'better-sqlite3';
import type { Sliced } from '../../base/slices';
import { type Direction, defaultDirection } from '../../model/goal';
import { TAGS, toMlflowStatus } from '../../model/run';
import type { FilterAttribute } from '../../model/filter/names';
import { readNumber } from '../../model/filter/values';
import type { MetricFacet, SortColumn } from '../../model/table';
import type { Db } from '../database';
import type { Journal } from '../journal';
import { type ColumnData, NumberColumn, TextColumn } from './column';
import type { Members } from './members';
import {
  type BoundSql,
  type ColumnReading,
  type ColumnSql,
  type Source,
  columnSql,
  sourceKey,
} from './columnSql';

/** What a column is asked for by: one of the table, or what filters know besides. */
export type AskedColumn = SortColumn | { readonly kind: 'attribute'; readonly name: FilterAttribute };

const ROWS_A_SLICE = 5_000;
const MOST_CHANGED = 20_000;
const MOST_BYTES = 64 * 1024 * 1024;

interface Kept extends ColumnSql {
  readonly data: ColumnData;
  seq: number;
  removals: number;
  /** When it was last asked for: the least goes first when there are too many. */
  used: number;
}

interface Derived {
  readonly data: ColumnData;
  /** Of what it was made, and as they were then. */
  readonly versions: readonly number[];
  readonly parents: readonly ColumnData[];
}

/**
 * Columns of all runs in memory, as they are asked for: each is read once, in slices, and then kept up to date by
 * what changed since. Those that nobody asks for make room.
 */
export class Columns {
  private readonly kept = new Map<string, Kept>();
  private readonly derived = new Map<string, Derived>();
  private readonly loading = new Map<string, Sliced<Kept>>();
  private readonly statements = new Map<
    string,
    Statement<(string | number)[], [number, number | string | null]>
  >();
  private clock = 0;
  private readonly knownMetric;
  private readonly goals;

  constructor(
    private readonly db: Db,
    private readonly journal: Journal,
    private readonly members: Members,
  ) {
    this.knownMetric = db.prepare<[string], number>('SELECT 1 FROM metrics WHERE name = ? LIMIT 1').pluck();
    this.goals = db.prepare<[string], { experiment_id: number; goal_direction: Direction }>(
      'SELECT experiment_id, goal_direction FROM experiments WHERE goal_metric = ? AND goal_direction IS NOT NULL',
    );
  }

  isMetric(name: string): boolean {
    return this.knownMetric.get(name) !== undefined;
  }

  /** A column as it is now. */
  *read(column: AskedColumn): Sliced<ColumnData> {
    switch (column.kind) {
      case 'name':
        return yield* this.stored({ from: 'run', name: 'name' });
      case 'param':
      case 'tag':
        return yield* this.stored({ from: column.kind, name: column.name });
      case 'metric':
        return yield* this.metric(column.name, column.of);
      case 'attribute':
        return yield* this.attribute(column.name);
    }
  }

  private *metric(name: string, of: MetricFacet): Sliced<ColumnData> {
    if (of !== 'best') return yield* this.stored({ from: 'metric', name, of });
    const usual = defaultDirection(name);
    const others = new Set<number>();
    for (const { experiment_id: id, goal_direction: direction } of this.goals.all(name)) {
      if (direction !== usual) others.add(id);
    }
    const [mostly, otherwise] = usual === 'maximize' ? (['max', 'min'] as const) : (['min', 'max'] as const);
    const main = yield* this.stored({ from: 'metric', name, of: mostly });
    if (others.size === 0) return main;
    const other = yield* this.stored({ from: 'metric', name, of: otherwise });
    const key = JSON.stringify(['best', name, [...others]]);
    return this.derive(key, [main, other], new NumberColumn(this.members.keyCount()), (data, run) => {
      const from = others.has(this.members.experimentOf(run)) ? other : main;
      data.set(run, from.kind === 'numbers' && from.isThere(run) ? from.number(run) : null);
    });
  }

  private *attribute(name: FilterAttribute): Sliced<ColumnData> {
    switch (name) {
      case 'started':
      case 'ended':
      case 'state':
      case 'name':
      case 'id':
      case 'user':
        return yield* this.stored({ from: 'run', name });
      case 'data':
        return yield* this.stored({ from: 'data', name: '' });
      case 'duration': {
        const started = yield* this.stored({ from: 'run', name: 'started' });
        const ended = yield* this.stored({ from: 'run', name: 'ended' });
        return this.derive(name, [started, ended], new NumberColumn(this.members.keyCount()), (data, run) => {
          const isKnown = started.isThere(run) && ended.isThere(run);
          const known = isKnown && started.kind === 'numbers' && ended.kind === 'numbers';
          data.set(run, known ? ended.number(run) - started.number(run) : null);
        });
      }
      case 'cost':
        return yield* this.numberTag(TAGS.cost);
      case 'energy':
        return yield* this.numberTag(TAGS.energyWh);
      case 'branch':
        return yield* this.textOf(TAGS.gitBranch, plain);
      case 'commit':
        return yield* this.textOf(TAGS.gitCommit, plain);
      case 'script':
        return yield* this.textOf(TAGS.sourceName, plain);
      case 'note':
        return yield* this.textOf(TAGS.note, plain);
      case 'dirty':
        return yield* this.textOf(TAGS.gitDirty, dirtyOf);
      case 'starred':
        return yield* this.stored({ from: 'tag', name: TAGS.starred });
      case 'archived':
        return yield* this.stored({ from: 'tag', name: TAGS.archived });
      case 'status': {
        const states = yield* this.stored({ from: 'run', name: 'state' });
        return this.derive(name, [states], new TextColumn(this.members.keyCount()), (data, run) => {
          const state = states.kind === 'texts' && states.isThere(run) ? states.text(run) : null;
          data.set(run, state === null ? null : statusOf(state));
        });
      }
    }
  }

  private *numberTag(key: string): Sliced<ColumnData> {
    const tags = yield* this.stored({ from: 'tag', name: key });
    return this.derive(`number ${key}`, [tags], new NumberColumn(this.members.keyCount()), (data, run) => {
      data.set(run, tags.kind === 'texts' && tags.isThere(run) ? readNumber(tags.text(run)) : null);
    });
  }

  private *textOf(key: string, read: (text: string) => string | null): Sliced<ColumnData> {
    const tags = yield* this.stored({ from: 'tag', name: key });
    return this.derive(`text ${key}`, [tags], new TextColumn(this.members.keyCount()), (data, run) => {
      data.set(run, tags.kind === 'texts' && tags.isThere(run) ? read(tags.text(run)) : null);
    });
  }

  private derive<T extends ColumnData>(
    key: string,
    parents: readonly ColumnData[],
    empty: T,
    fill: (data: T, run: number) => void,
  ): ColumnData {
    const versions = [this.members.version, ...parents.map(({ version }) => version)];
    const known = this.derived.get(key);
    const isFresh =
      known !== undefined &&
      known.parents.every((parent, i) => parent === parents[i]) &&
      known.versions.every((version, i) => version === versions[i]);
    if (isFresh) return known.data;
    for (const run of this.members.order) fill(empty, run);
    empty.version = (known?.data.version ?? 0) + 1;
    this.derived.delete(key);
    this.derived.set(key, { data: empty, versions, parents });
    const [oldest] = this.derived.keys();
    if (this.derived.size > 12 && oldest !== undefined) this.derived.delete(oldest);
    return empty;
  }

  private *stored(source: Source): Sliced<ColumnData> {
    const key = sourceKey(source);
    for (;;) {
      const known = this.kept.get(key);
      if (known !== undefined && this.catchUp(known)) {
        known.used = ++this.clock;
        return known.data;
      }
      // Whoever asks for the same column meanwhile works at it too.
      const loading = this.loading.get(key) ?? this.load(source);
      this.loading.set(key, loading);
      const step = loading.next();
      if (step.done === true) {
        this.loading.delete(key);
        this.kept.set(key, step.value);
        this.makeRoom(key);
      }
      yield;
    }
  }

  private *load(source: Source): Sliced<Kept> {
    const seq = this.journal.seq();
    const removals = this.journal.removals();
    const sql = columnSql(source);
    const keyCount = this.members.keyCount() + 100;
    const data = sql.isText ? new TextColumn(keyCount) : new NumberColumn(keyCount);
    yield* this.readAll(sql, data);
    return { ...sql, data, seq, removals, used: ++this.clock };
  }

  private *readAll({ read, isNaNNull }: ColumnSql, data: ColumnData): Sliced<void> {
    if (read.kind === 'byIndex') return void (yield* this.readIndex(read, data));
    const newest = this.members.keyCount();
    if (read.rare !== null) {
      // An entry of the index costs three times what looking into a run does.
      const most = Math.floor(newest / 4);
      const [[count = 0] = []] = this.rows(read.rare.count, most + 1);
      if (count <= Math.min(most, ROWS_A_SLICE)) {
        for (const [run, value] of this.rows(read.rare.all)) put(data, run, value, isNaNNull);
        return;
      }
    }
    for (let after = -1; after < newest; after += ROWS_A_SLICE) {
      for (const [run, value] of this.rows(read.all, after, after + ROWS_A_SLICE)) {
        put(data, run, value, isNaNNull);
      }
      yield;
    }
  }

  private *readIndex(
    { least, nan, equal, greater }: Extract<ColumnReading, { kind: 'byIndex' }>,
    data: ColumnData,
  ): Sliced<void> {
    for (let after = -1; nan !== null;) {
      const rows = this.rows(nan, after, ROWS_A_SLICE);
      for (const [run] of rows) put(data, run, null, true);
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_A_SLICE) break;
      after = last[0];
      yield;
    }
    let value = least;
    let rows = this.rows(equal, value, -1, ROWS_A_SLICE);
    for (;;) {
      for (const [run, found] of rows) put(data, run, found, true);
      const last = rows.at(-1);
      const isFull = rows.length === ROWS_A_SLICE;
      if (last !== undefined) value = last[1] ?? value;
      if (isFull) yield;
      const rest = isFull && last !== undefined ? this.rows(equal, value, last[0], ROWS_A_SLICE) : [];
      rows = rest.length > 0 ? rest : this.rows(greater, value, ROWS_A_SLICE);
      if (rows.length === 0) return;
    }
  }

  private rows(
    { text, values }: BoundSql,
    ...more: readonly (number | string)[]
  ): [number, number | string | null][] {
    return this.statement(text).all(...values, ...more);
  }

  /** Brings a column up to date; false when it must be read anew. */
  private catchUp(column: Kept): boolean {
    if (column.removals !== this.journal.removals()) return false;
    const seq = this.journal.seq();
    if (column.seq === seq) return true;
    for (const change of column.changes) {
      const rows = this.rows(change, column.seq, MOST_CHANGED);
      if (rows.length === MOST_CHANGED) return false;
      for (const [run, value] of rows) put(column.data, run, value, column.isNaNNull);
    }
    column.seq = seq;
    return true;
  }

  private statement(text: string): Statement<(string | number)[], [number, number | string | null]> {
    const known = this.statements.get(text);
    if (known !== undefined) return known;
    const made = this.db.prepare<(string | number)[], [number, number | string | null]>(text).raw();
    this.statements.set(text, made);
    return made;
  }

  private makeRoom(keptKey: string): void {
    let bytes = 0;
    for (const { data } of this.kept.values()) bytes += data.sizeBytes;
    while (bytes > MOST_BYTES) {
      let oldest: { key: string; used: number; bytes: number } | null = null;
      for (const [key, { used, data }] of this.kept) {
        // What the question at hand has asked for just now stays, however much it is.
        if (key === keptKey || used > this.clock - 40) continue;
        if (oldest === null || used < oldest.used) oldest = { key, used, bytes: data.sizeBytes };
      }
      if (oldest === null) return;
      this.kept.delete(oldest.key);
      bytes -= oldest.bytes;
    }
  }
}

/** @param isNaNNull whether NULL is the NaN of a value that is there. */
function put(data: ColumnData, run: number, value: number | string | null, isNaNNull: boolean): void {
  if (data.kind === 'texts') data.set(run, value === null ? null : String(value));
  else data.set(run, value === null ? (isNaNNull ? Number.NaN : null) : Number(value));
}

function plain(text: string): string | null {
  return text === '' ? null : text;
}

function dirtyOf(text: string): string | null {
  if (text === '') return null;
  return /^true$/i.test(text) ? 'yes' : 'no';
}

function statusOf(state: string): string {
  const known = (['queued', 'running', 'finished', 'failed', 'stopped', 'pruned', 'lost'] as const).find(
    (one) => one === state,
  );
  return known === undefined ? state : toMlflowStatus(known);
}
