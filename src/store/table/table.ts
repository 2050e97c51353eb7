import type { Sliced } from '../../base/slices';
import type { RunId, RunState } from '../../model/run';
import type {
  Cell,
  Column,
  ColumnInfo,
  RunColumns,
  TableQuery,
  TableRow,
  TableWindow,
} from '../../model/table';
import type { Db } from '../database';
import type { Journal } from '../journal';
import type { ColumnData } from './column';
import { columnInfoReader } from './columnInfo';
import { Columns } from './columns';
import { type RunFactStore, experimentFactsReader } from './experimentFacts';
import { groupCell, textIn } from './groups';
import { Members } from './members';
import { type Ordered, Orders } from './orders';
import { numberCell, rowReader } from './rows';

/** Which runs a list of columns is about. */
export interface ColumnsQuery {
  readonly experimentIds: readonly string[];
  readonly filter: string;
  readonly includeArchived: boolean;
}

/** The runs table: see model/table.ts. Whatever looks at many runs is done in slices. */
export interface TableStore {
  /** @throws UserError 'invalid' for a filter that makes no sense. */
  readTable(query: TableQuery, columns: readonly Column[], from: number, count: number): Sliced<TableWindow>;
  /** Metrics, params, tags and attributes, each kind by name. @throws UserError 'invalid'. */
  listColumns(query: ColumnsQuery): Sliced<ColumnInfo[]>;
  /** The most frequent values that contain a text in any case. */
  listValues(
    experimentIds: readonly string[],
    column: Column,
    containing: string,
    limit: number,
  ): Sliced<{ readonly text: string; readonly runCount: number }[]>;
  /** Where a run stands among the rows; null when it is not there. @throws UserError 'invalid'. */
  findRow(query: TableQuery, runId: string): Sliced<number | null>;
  /** In the order of the table, those of folded groups included. @throws UserError 'invalid'. */
  listRunIds(query: TableQuery, limit: number): Sliced<RunId[]>;
  /** @param runIds null: those of the table, in its order. @throws UserError 'invalid'. */
  readColumns(
    query: TableQuery,
    runIds: readonly string[] | null,
    columns: readonly Column[],
    limit: number,
  ): Sliced<RunColumns>;
}

const KEYS_A_SLICE = 5_000;

/** What is kept of the runs in memory: who they are, and columns and orders of them. */
export interface TableParts {
  readonly members: Members;
  readonly columns: Columns;
  readonly orders: Orders;
}

/** When nobody looks at runs for so long, their memory is given back: tens of megabytes with 100,000 runs. */
const FORGET_MS = 5 * 60_000;

/** The parts, made when they are first asked for, and again after they were forgotten. */
export interface TableMemory {
  parts(): TableParts;
}

export function tableMemory(db: Db, journal: Journal): TableMemory {
  let kept: TableParts | null = null;
  let timer: NodeJS.Timeout | undefined;
  return {
    parts() {
      clearTimeout(timer);
      timer = setTimeout(() => (kept = null), FORGET_MS).unref();
      if (kept !== null) return kept;
      const members = new Members(db, journal);
      const columns = new Columns(db, journal, members);
      kept = { members, columns, orders: new Orders(db, members, columns) };
      return kept;
    },
  };
}

export function tableStore(db: Db, journal: Journal, memory: TableMemory): TableStore & RunFactStore {
  const readRows = rowReader(db);
  // They hold the parts, and go with them when these are forgotten.
  const readers = new WeakMap<TableParts, ReturnType<typeof readersOf>>();

  function readersOf(parts: TableParts) {
    const { members, columns, orders } = parts;
    return {
      readInfos: columnInfoReader(db, journal, members, columns),
      readFacts: experimentFactsReader(db, journal, members, columns, orders),
    };
  }

  /** Those of the parts that are in memory now. */
  function known(): ReturnType<typeof readersOf> {
    const parts = memory.parts();
    const made = readers.get(parts) ?? readersOf(parts);
    readers.set(parts, made);
    return made;
  }

  const keyOf = db
    .prepare<[string], number>('SELECT run_key FROM runs WHERE run_id = ? AND purged = 0')
    .pluck();
  const keysOf = db.prepare<[string], { run_key: number; run_id: string }>(
    'SELECT run_key, run_id FROM runs WHERE purged = 0 AND run_id IN (SELECT value FROM json_each(?))',
  );
  const heads = db
    .prepare<[string], [number, RunId, string, RunState]>(
      'SELECT run_key, run_id, name, state FROM runs WHERE run_key IN (SELECT value FROM json_each(?))',
    )
    .raw();

  function* headsOf(keys: Int32Array): Sliced<Map<number, [number, RunId, string, RunState]>> {
    const found = new Map<number, [number, RunId, string, RunState]>();
    for (let from = 0; from < keys.length; from += KEYS_A_SLICE) {
      const slice = JSON.stringify([...keys.subarray(from, from + KEYS_A_SLICE)]);
      for (const head of heads.all(slice)) found.set(head[0], head);
      yield;
    }
    return found;
  }

  return {
    readFacts: (...question) => known().readFacts(...question),

    *readTable(query, asked, from, count) {
      const { orders, columns } = memory.parts();
      const ordered = yield* orders.read(query);
      const layout = layoutOf(ordered, query.folded);
      const stretches = layout.slice(from, count);
      const needed: ColumnData[] = [];
      const hasGroups = stretches.some((one) => one.kind === 'group');
      const seeds = hasGroups ? yield* orders.seeds() : [];
      if (hasGroups) for (const column of asked) needed.push(yield* columns.read(column));
      const keys = stretches.flatMap((one) => (one.kind === 'run' ? [one.key] : []));
      const runs = readRows(keys, asked);
      const rows: TableRow[] = [];
      for (const one of stretches) {
        if (one.kind === 'run') {
          const row = runs.get(one.key);
          if (row !== undefined) rows.push(row);
          continue;
        }
        const own = ordered.keys.subarray(one.from, one.to);
        rows.push({
          kind: 'group',
          value: one.value,
          runCount: own.length,
          isFolded: one.isFolded,
          seedCount: ordered.seedCount(one, seeds),
          cells: asked.map((column, i) => ordered.groupCell(one, column, needed[i], groupCell)),
        });
        yield;
      }
      return {
        from,
        rows,
        rowCount: layout.rowCount,
        runCount: ordered.keys.length,
        allCount: ordered.allCount,
        seq: journal.seq(),
      };
    },

    *listColumns(query) {
      const { orders } = memory.parts();
      const { readInfos } = known();
      const keys = yield* orders.filtered(query);
      return yield* readInfos(keys);
    },

    *listValues(experimentIds, column, containing, limit) {
      const { orders, columns } = memory.parts();
      const keys = yield* orders.filtered({ experimentIds, filter: '', includeArchived: true });
      const data = yield* columns.read(column);
      const counts = new Map<string, number>();
      for (const key of keys) {
        const text = textIn(data, key);
        if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
      }
      yield;
      const part = containing.toLowerCase();
      return [...counts]
        .filter(([text]) => text.toLowerCase().includes(part))
        .map(([text, runCount]) => ({ text, runCount }))
        .sort((a, b) => b.runCount - a.runCount || (a.text < b.text ? -1 : 1))
        .slice(0, limit);
    },

    *findRow(query, runId) {
      const ordered = yield* memory.parts().orders.read(query);
      const key = keyOf.get(runId);
      const index = key === undefined ? -1 : ordered.keys.indexOf(key);
      return index < 0 ? null : layoutOf(ordered, query.folded).rowOf(index);
    },

    *listRunIds(query, limit) {
      const ordered = yield* memory.parts().orders.read(query);
      const keys = ordered.keys.subarray(0, limit);
      const found = yield* headsOf(keys);
      return [...keys].flatMap((key) => found.get(key)?.[1] ?? []);
    },

    *readColumns(query, runIds, asked, limit) {
      const { members, orders, columns } = memory.parts();
      let all: Int32Array;
      if (runIds === null) all = (yield* orders.read(query)).keys;
      else {
        yield* members.refresh();
        const named = new Map(keysOf.all(JSON.stringify(runIds)).map((row) => [row.run_id, row.run_key]));
        all = Int32Array.from(runIds.flatMap((id) => named.get(id) ?? []));
      }
      const found = yield* headsOf(all.subarray(0, limit));
      const keys = all.subarray(0, limit).filter((key) => found.has(key));
      const cells: Cell[][] = [];
      for (const column of asked) {
        const data = yield* columns.read(column);
        cells.push(Array.from(keys, (key) => cellIn(data, key)));
        yield;
      }
      const known = [...keys].flatMap((key) => {
        const head = found.get(key);
        return head === undefined ? [] : [head];
      });
      return {
        runIds: known.map(([, id]) => id),
        names: known.map(([, , name]) => name),
        states: known.map(([, , , state]) => state),
        cells,
        runCount: all.length,
      };
    },
  };
}

function cellIn(data: ColumnData, key: number): Cell {
  if (!data.isThere(key)) return null;
  return data.kind === 'texts' ? data.text(key) : numberCell(data.number(key));
}

type Stretch =
  | { readonly kind: 'run'; readonly key: number }
  | {
      readonly kind: 'group';
      readonly value: string;
      readonly from: number;
      readonly to: number;
      readonly isFolded: boolean;
    };

/** Where the groups and the runs of a table stand as rows. */
function layoutOf(ordered: Ordered, folded: readonly string[]) {
  const { keys, groups } = ordered;
  if (groups === null) {
    return {
      rowCount: keys.length,
      slice: (from: number, count: number): Stretch[] =>
        Array.from(keys.subarray(from, from + count), (key) => ({ kind: 'run', key })),
      rowOf: (index: number): number | null => index,
    };
  }
  const hidden = new Set(folded);
  const heads: (Extract<Stretch, { kind: 'group' }> & { readonly row: number })[] = [];
  let rowCount = 0;
  for (const { value, from, to } of groups) {
    const isFolded = hidden.has(value);
    heads.push({ kind: 'group', value, from, to, isFolded, row: rowCount });
    rowCount += 1 + (isFolded ? 0 : to - from);
  }
  return {
    rowCount,
    slice(from: number, count: number): Stretch[] {
      const rows: Stretch[] = [];
      for (const head of heads) {
        const end = head.row + 1 + (head.isFolded ? 0 : head.to - head.from);
        if (end <= from) continue;
        if (head.row >= from + count) break;
        if (head.row >= from) rows.push(head);
        if (head.isFolded) continue;
        const first = Math.max(0, from - head.row - 1);
        const most = Math.min(head.to - head.from, from + count - head.row - 1);
        for (let i = first; i < most; i++) rows.push({ kind: 'run', key: keys[head.from + i] ?? 0 });
      }
      return rows;
    },
    rowOf(index: number): number | null {
      const head = heads.find(({ from, to }) => index >= from && index < to);
      return head === undefined || head.isFolded ? null : head.row + 1 + index - head.from;
    },
  };
}
