import type { Sliced } from '../../base/slices';
import { parseFilter } from '../../model/filterText';
import type { FilterNode } from '../../model/filter/parse';
import { isSeed } from '../../model/noise';
import { type Column, type GroupCell, type TableQuery, columnKey } from '../../model/table';
import type { Db } from '../database';
import type { ColumnData } from './column';
import type { AskedColumn, Columns } from './columns';
import { type Group, groupedRuns, seedCountOf } from './groups';
import type { Members } from './members';
import { sortedRuns } from './order';
import { predicateOf } from './predicate';

/** The runs of a table in their order. */
export interface Ordered {
  readonly keys: Int32Array;
  /** Null when the table is not grouped. */
  readonly groups: readonly Group[] | null;
  /** All runs of the experiments. */
  readonly allCount: number;
  seedCount(group: { readonly from: number; readonly to: number }, seeds: readonly ColumnData[]): number;
  groupCell(
    group: { readonly from: number; readonly to: number },
    column: Column,
    data: ColumnData | undefined,
    compute: (data: ColumnData, keys: Int32Array) => GroupCell,
  ): GroupCell;
}

interface Use {
  readonly data: ColumnData;
  readonly column: AskedColumn;
  readonly version: number;
}

interface Kept {
  readonly ordered: Ordered;
  readonly uses: readonly Use[];
  readonly membersVersion: number;
  readonly isRelative: boolean;
  readonly madeAt: number;
}

/** A live sort changes at most so often: rows that jump cannot be read. */
const STEADY_MS = 2_000;
const RELATIVE_MS = 10_000; // Times such as -2d are as of now.
const MOST_KEPT = 12;

/** As the table's; ids of experiments are plain texts in the store. */
type OrderQuery = Omit<TableQuery, 'experimentIds' | 'folded'> & {
  readonly experimentIds: readonly string[];
};
type FilterQuery = Pick<OrderQuery, 'experimentIds' | 'filter' | 'includeArchived'>;

/** The orders of tables that were asked for, each made once and kept until something in it changes. */
export class Orders {
  private readonly kept = new Map<string, Kept>();
  private readonly making = new Map<string, Sliced<Kept>>();
  private readonly paramNames;
  private readonly inputs;

  constructor(
    db: Db,
    private readonly members: Members,
    private readonly columns: Columns,
  ) {
    // Steps over all entries of a name at once.
    this.paramNames = db
      .prepare<[], string>(
        `WITH RECURSIVE names(name) AS (
           SELECT min(key) FROM params
           UNION ALL SELECT (SELECT min(key) FROM params WHERE key > name) FROM names WHERE name IS NOT NULL)
         SELECT name FROM names WHERE name IS NOT NULL`,
      )
      .pluck();
    this.inputs = {
      name: db.prepare<[], [number, string]>('SELECT run_key, name FROM inputs').raw(),
      digest: db.prepare<[], [number, string]>('SELECT run_key, digest FROM inputs').raw(),
      context: db
        .prepare<[], [number, string]>('SELECT run_key, context FROM inputs WHERE context IS NOT NULL')
        .raw(),
    };
  }

  /** @throws UserError 'invalid' for a filter that makes no sense. */
  *read(query: OrderQuery): Sliced<Ordered> {
    const { experimentIds, filter, sort, groupBy, includeArchived } = query;
    const key = JSON.stringify([[...experimentIds].sort(), filter, sort, groupBy, includeArchived]);
    yield* this.members.refresh();
    const known = this.kept.get(key);
    if (known !== undefined && (yield* this.isGood(known))) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.ordered;
    }
    for (;;) {
      const making = this.making.get(key) ?? this.make(query);
      this.making.set(key, making);
      try {
        const step = making.next();
        if (step.done === true) {
          this.making.delete(key);
          this.keep(key, step.value);
          return step.value.ordered;
        }
      } catch (error) {
        this.making.delete(key);
        throw error;
      }
      yield;
      // Somebody who asked for the same may have come to the end of it.
      const made = this.making.has(key) ? undefined : this.kept.get(key);
      if (made !== undefined) return made.ordered;
    }
  }

  /** The runs that fulfil a filter, newest first. @throws UserError 'invalid'. */
  *filtered(query: FilterQuery): Sliced<Int32Array> {
    return (yield* this.read({ ...query, sort: [], groupBy: null })).keys;
  }

  /** The params whose names say that they are seeds. */
  *seeds(): Sliced<ColumnData[]> {
    const found: ColumnData[] = [];
    for (const name of this.paramNames.all()) {
      if (isSeed(name)) found.push(yield* this.columns.read({ kind: 'param', name }));
    }
    return found;
  }

  private *isGood(kept: Kept): Sliced<boolean> {
    const age = performance.now() - kept.madeAt;
    if (kept.membersVersion !== this.members.version) return false;
    if (kept.isRelative && age > RELATIVE_MS) return false;
    for (const { column, data, version } of kept.uses) {
      if (column.kind === 'metric' && age < STEADY_MS) continue;
      const now = yield* this.columns.read(column);
      if (now !== data || now.version !== version) return false;
    }
    return true;
  }

  private *make(query: OrderQuery): Sliced<Kept> {
    const node = parseFilter(query.filter, Date.now());
    const uses: Use[] = [];
    const use = (data: ColumnData, column: AskedColumn) =>
      void uses.push({ data, column, version: data.version });
    const asked = function* (columns: Columns, column: AskedColumn): Sliced<ColumnData> {
      const data = yield* columns.read(column);
      use(data, column);
      return data;
    };
    const holds = yield* predicateOf(node, { columns: this.columns, use, withDataset: this.withDataset });
    const archived = query.includeArchived
      ? null
      : yield* asked(this.columns, { kind: 'attribute', name: 'archived' });
    const sort = [];
    for (const { column, descending } of query.sort) {
      sort.push({ data: yield* asked(this.columns, column), descending });
    }
    const by = query.groupBy === null ? null : yield* asked(this.columns, query.groupBy);
    const { members } = this;
    const experiments = new Set(query.experimentIds.map(Number));
    let allCount = 0;
    const found = members.order.filter((key) => {
      if (!experiments.has(members.experimentOf(key))) return false;
      allCount++;
      const isArchived = archived?.kind === 'texts' && archived.text(key) === 'true';
      return !isArchived && holds(key);
    });
    const membersVersion = members.version;
    yield;
    const sorted = sortedRuns(found, sort);
    yield;
    const grouped = by === null ? null : groupedRuns(sorted, by, sort[0] ?? null);
    return {
      ordered: orderedRuns(grouped?.keys ?? sorted, grouped?.groups ?? null, allCount),
      uses,
      membersVersion,
      isRelative: isRelative(node),
      madeAt: performance.now(),
    };
  }

  private keep(key: string, made: Kept): void {
    this.kept.delete(key);
    this.kept.set(key, made);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }

  private readonly withDataset = (
    name: 'name' | 'digest' | 'context',
    matches: (text: string) => boolean,
  ): Set<number> => {
    const found = new Set<number>();
    for (const [key, text] of this.inputs[name].all()) if (matches(text)) found.add(key);
    return found;
  };
}

function orderedRuns(keys: Int32Array, groups: readonly Group[] | null, allCount: number): Ordered {
  const cells = new Map<
    string,
    { readonly data: ColumnData; readonly version: number; readonly cell: GroupCell }
  >();
  const seedCounts = new Map<number, { readonly versions: string; readonly count: number }>();
  return {
    keys,
    groups,
    allCount,
    seedCount({ from, to }, seeds) {
      const versions = seeds.map(({ version }) => version).join();
      const known = seedCounts.get(from);
      if (known?.versions === versions) return known.count;
      const count = seedCountOf(seeds, keys.subarray(from, to));
      seedCounts.set(from, { versions, count });
      return count;
    },
    groupCell({ from, to }, column, data, compute) {
      if (data === undefined) return { kind: 'none' };
      const key = `${from} ${columnKey(column)}`;
      const known = cells.get(key);
      if (known !== undefined && known.data === data && known.version === data.version) return known.cell;
      const cell = compute(data, keys.subarray(from, to));
      cells.set(key, { data, version: data.version, cell });
      return cell;
    },
  };
}

function isRelative(node: FilterNode): boolean {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.parts.some(isRelative);
    case 'not':
      return isRelative(node.part);
    case 'word':
      return false;
    case 'clause':
      return node.test.kind === 'stretch' && node.test.isRelative;
  }
}
