import { allAtOnce } from '../../base/slices';
import { type Direction, defaultDirection } from '../../model/goal';
import { isSeed } from '../../model/noise';
import { parseFilter } from '../../model/filterText';
import type { FilterName } from '../../model/filter/names';
import type { FilterNode, FilterTest } from '../../model/filter/parse';
import { readNumber } from '../../model/filter/values';
import { TAGS, toMlflowStatus } from '../../model/run';
import {
  ATTRIBUTES,
  type Cell,
  type Column,
  type ColumnInfo,
  type GroupCell,
  type SortColumn,
  type SortKey,
  type TableQuery,
  type TableRow,
  columnKey,
} from '../../model/table';
import type { RunRecord } from '../runs';
import type { Store } from '../store';
import { compareTexts } from './column';
import type { TableStore } from './table';

/* For tests: the table without any shortcut. Every run is read and looked at for every question. */

export function naiveTable(sources: Store): TableStore {
  function runsOf(query: {
    experimentIds: readonly string[];
    filter: string;
    includeArchived: boolean;
  }): RunRecord[] {
    const keys = sources.searchRunKeys({
      experimentIds: query.experimentIds,
      lifecycle: 'active',
      limit: 10_000_000,
      offset: 0,
    });
    const node = parseFilter(query.filter, Date.now());
    return sources
      .readRuns(keys)
      .filter((run) => query.includeArchived || run.tags[TAGS.archived] !== 'true')
      .filter((run) => holds(node, run));
  }

  function holds(node: FilterNode, run: RunRecord): boolean {
    switch (node.kind) {
      case 'all':
        return node.parts.every((part) => holds(part, run));
      case 'any':
        return node.parts.some((part) => holds(part, run));
      case 'not':
        return !holds(node.part, run);
      case 'word':
        return run.name.toLowerCase().includes(node.text.toLowerCase());
      case 'clause':
        return fulfils(valueFor(node.name, run), node.test);
    }
  }

  function valueFor(name: FilterName, run: RunRecord): number | string | null {
    if (name.kind === 'dataset') return null;
    if (name.kind === 'metric') {
      const isOther = name.otherwise !== null && !isMetric(name.name);
      return value(run, { kind: 'metric', ...(isOther ? name.otherwise : { name: name.name, of: name.of }) });
    }
    if (name.kind !== 'attribute') return value(run, name);
    switch (name.name) {
      case 'name':
        return run.name;
      case 'id':
        return run.runId;
      case 'status':
        return toMlflowStatus(run.state);
      case 'starred':
        return run.tags[TAGS.starred] ?? null;
      case 'archived':
        return run.tags[TAGS.archived] ?? null;
      default:
        return attribute(run, name.name);
    }
  }

  function isMetric(name: string): boolean {
    return allAtOnce(sources.metricUsage(name, undefined)) !== null;
  }

  function value(run: RunRecord, column: SortColumn): number | string | null {
    switch (column.kind) {
      case 'name':
        return run.name;
      case 'param':
        return run.params[column.name] ?? null;
      case 'tag':
        return run.tags[column.name] ?? null;
      case 'metric': {
        const metric = run.metrics[column.name];
        if (metric === undefined) return null;
        if (column.of === 'best') {
          const goal = sources.goalOf(run.experimentId);
          const direction: Direction =
            goal?.metric === column.name ? goal.direction : defaultDirection(column.name);
          return direction === 'maximize' ? metric.max : metric.min;
        }
        return metric[column.of];
      }
      case 'attribute':
        return attribute(run, column.name);
    }
  }

  function rowsOf(query: TableQuery, columns: readonly Column[]) {
    const sort: readonly SortKey[] = query.sort;
    const runs = runsOf(query).sort((a, b) => {
      for (const { column, descending } of sort) {
        const order = compareCells(value(a, column), value(b, column), descending);
        if (order !== 0) return order;
      }
      return 0;
    });
    const { groupBy } = query;
    if (groupBy === null) return { runs, rows: runs.map((run) => ({ run })) };
    const groups = new Map<string, RunRecord[]>();
    for (const run of runs) {
      const key = String(value(run, groupBy) ?? '');
      groups.set(key, [...(groups.get(key) ?? []), run]);
    }
    const [first] = sort;
    const ranked = [...groups].map(([key, own]) => ({
      key,
      own,
      mean:
        first === undefined || columnsAlike(first.column, groupBy)
          ? null
          : meanOf(own.map((run) => numberOf(value(run, first.column)))),
    }));
    const byValue = ranked.every(({ mean }) => mean === null);
    const descending = first?.descending ?? false;
    const isOwn = first !== undefined && columnsAlike(first.column, groupBy);
    ranked.sort((a, b) => {
      const order = byValue ? 0 : compareCells(a.mean, b.mean, descending);
      const values = [a.key === '' ? null : a.key, b.key === '' ? null : b.key] as const;
      return order === 0 ? compareCells(...values, byValue && isOwn && descending) : order;
    });
    const rows = ranked.flatMap(({ key, own }) => {
      const isFolded = query.folded.includes(key);
      const group = { value: key, isFolded, own, columns };
      return [{ group }, ...(isFolded ? [] : own.map((run) => ({ run })))];
    });
    return { runs: ranked.flatMap(({ own }) => own), rows };
  }

  function runRow(run: RunRecord, columns: readonly Column[]): TableRow {
    return {
      kind: 'run',
      runId: run.runId,
      experimentId: run.experimentId,
      name: run.name,
      state: run.state,
      reason: run.reason,
      startedAt: run.startedAt,
      endedAt: run.endedAt,
      exitCode: run.exitCode,
      hasRunner: run.hasRunner,
      childCount: run.childCount,
      starred: run.tags[TAGS.starred] === 'true',
      archived: run.tags[TAGS.archived] === 'true',
      hasNote: (run.tags[TAGS.note] ?? '') !== '',
      cells: columns.map((column) => cellOf(value(run, column))),
    };
  }

  return {
    *readTable(query, columns, from, count) {
      const { runs, rows } = rowsOf(query, columns);
      return {
        from,
        rows: rows.slice(from, from + count).map((row): TableRow => {
          if ('run' in row) return runRow(row.run, columns);
          const { own, value: key, isFolded } = row.group;
          return {
            kind: 'group',
            value: key,
            runCount: own.length,
            isFolded,
            seedCount: seedCountOf(own),
            cells: columns.map((column) => groupCellOf(own.map((run) => value(run, column)))),
          };
        }),
        rowCount: rows.length,
        runCount: runs.length,
        allCount: runsOf({ ...query, filter: '', includeArchived: true }).length,
        seq: sources.currentSeq(),
      };
    },

    *listColumns(query) {
      const runs = runsOf(query);
      const found = new Map<string, Column>();
      for (const run of runs) {
        const add = (column: Column) => void found.set(columnKey(column), column);
        for (const name of Object.keys(run.metrics).sort()) add({ kind: 'metric', name, of: 'last' });
        for (const name of Object.keys(run.params).sort()) add({ kind: 'param', name });
        for (const name of Object.keys(run.tags).sort()) add({ kind: 'tag', name });
      }
      for (const name of ATTRIBUTES) {
        const column = { kind: 'attribute', name } as const;
        if (runs.some((run) => value(run, column) !== null)) found.set(columnKey(column), column);
      }
      const kinds = ['metric', 'param', 'tag', 'attribute'];
      return [...found.values()]
        .sort(
          (a, b) =>
            kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
            (a.kind === 'attribute' ? 0 : compareTexts(a.name, b.name)),
        )
        .map((column) =>
          infoOf(
            column,
            runs.map((run) => value(run, column)),
          ),
        );
    },

    *listValues(experimentIds, column, containing, limit) {
      const counts = new Map<string, number>();
      for (const run of runsOf({ experimentIds, filter: '', includeArchived: true })) {
        const cell = cellOf(value(run, column));
        const text = cell === null ? '' : String(cell);
        if (cell === null || !text.toLowerCase().includes(containing.toLowerCase())) continue;
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
      return [...counts]
        .map(([text, runCount]) => ({ text, runCount }))
        .sort((a, b) => b.runCount - a.runCount || compareCells(a.text, b.text, false))
        .slice(0, limit);
    },

    *findRow(query, runId) {
      const index = rowsOf(query, []).rows.findIndex((row) => 'run' in row && row.run.runId === runId);
      return index < 0 ? null : index;
    },

    *listRunIds(query, limit) {
      return rowsOf(query, [])
        .runs.slice(0, limit)
        .map(({ runId }) => runId);
    },

    *readColumns(query, runIds, columns, limit) {
      const all = rowsOf(query, []).runs;
      const named = runIds === null ? all : runIds.flatMap((id) => runsById(all, query, id));
      const runs = named.slice(0, limit);
      return {
        runIds: runs.map(({ runId }) => runId),
        names: runs.map(({ name }) => name),
        states: runs.map(({ state }) => state),
        cells: columns.map((column) => runs.map((run) => cellOf(value(run, column)))),
        runCount: named.length,
      };
    },
  };

  function runsById(all: readonly RunRecord[], query: TableQuery, runId: string): RunRecord[] {
    const known = all.find((run) => run.runId === runId);
    if (known !== undefined) return [known];
    return runsOf({ ...query, filter: '', includeArchived: true }).filter((run) => run.runId === runId);
  }
}

function fulfils(value: number | string | null, test: FilterTest): boolean {
  if (test.kind === 'there') return (value !== null) === test.isThere;
  if (test.kind === 'flag') return /^(true|yes)$/i.test(String(value)) === test.isTrue;
  if (value === null) return false;
  switch (test.kind) {
    case 'list':
      return test.texts.includes(String(value)) === test.isIn;
    case 'text': {
      const text = String(value);
      const pattern = test.text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const like = pattern.replaceAll('%', '.*').replaceAll('_', '.');
      switch (test.operator) {
        case '=':
          return text === test.text;
        case '!=':
          return text !== test.text;
        case '~':
          return new RegExp(pattern, 'is').test(text);
        case '!~':
          return !new RegExp(pattern, 'is').test(text);
        case 'LIKE':
          return new RegExp(`^${like}$`, 's').test(text);
        case 'ILIKE':
          return new RegExp(`^${like}$`, 'is').test(text);
      }
    }
    case 'stretch':
    case 'number': {
      const number = typeof value === 'number' ? value : readNumber(value);
      if (number === null) return false;
      const from = test.kind === 'number' ? test.number : test.from;
      const to = test.kind === 'number' ? test.number : Math.max(test.from, test.to - 1);
      switch (test.operator) {
        case '=':
          return Number.isNaN(from) ? Number.isNaN(number) : number >= from && number <= to;
        case '!=':
          return Number.isNaN(from) ? !Number.isNaN(number) : number < from || number > to;
        case '<':
          return number < from;
        case '<=':
          return number <= to;
        case '>':
          return number > to;
        case '>=':
          return number >= from;
      }
    }
  }
}

function attribute(run: RunRecord, name: (typeof ATTRIBUTES)[number]): number | string | null {
  const tag = (key: string) => {
    const text = run.tags[key];
    return text === undefined || text === '' ? null : text;
  };
  const number = (key: string) => {
    const text = tag(key);
    return text === null ? null : readNumber(text);
  };
  switch (name) {
    case 'state':
      return run.state;
    case 'started':
      return run.startedAt;
    case 'ended':
      return run.endedAt;
    case 'duration':
      return run.startedAt === null || run.endedAt === null ? null : run.endedAt - run.startedAt;
    case 'cost':
      return number(TAGS.cost);
    case 'energy':
      return number(TAGS.energyWh);
    case 'branch':
      return tag(TAGS.gitBranch);
    case 'commit':
      return tag(TAGS.gitCommit);
    case 'dirty': {
      const text = tag(TAGS.gitDirty);
      return text === null ? null : /^true$/i.test(text) ? 'yes' : 'no';
    }
    case 'data': {
      const names = run.inputs.map(({ dataset }) => dataset['name'] ?? '').filter((one) => one !== '');
      return names.length === 0 ? null : [...new Set(names)].sort().join(', ');
    }
    case 'user':
      return run.userId === '' ? null : run.userId;
    case 'script':
      return tag(TAGS.sourceName);
    case 'note':
      return tag(TAGS.note);
  }
}

function columnsAlike(a: SortColumn, b: SortColumn): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function cellOf(value: number | string | null): Cell {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function numberOf(value: number | string | null): number | null {
  if (value === null || typeof value === 'number') return value;
  return readNumber(value);
}

/** Numbers, then NaN, then texts, then what is missing; `descending` turns each of the first three round. */
function compareCells(a: number | string | null, b: number | string | null, descending: boolean): number {
  const rank = (value: number | string | null) => {
    if (value === null) return 3;
    const number = numberOf(value);
    if (number === null) return 2;
    return Number.isNaN(number) ? 1 : 0;
  };
  const [left, right] = [rank(a), rank(b)];
  if (left !== right) return left - right;
  const sign = descending ? -1 : 1;
  if (left === 0) return sign * ((numberOf(a) ?? 0) - (numberOf(b) ?? 0)) || 0;
  if (left === 2) return a === b ? 0 : sign * (String(a) < String(b) ? -1 : 1);
  return 0;
}

function meanOf(values: readonly (number | null)[]): number | null {
  const finite = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

function groupCellOf(values: readonly (number | string | null)[]): GroupCell {
  const there = values.filter((value) => value !== null);
  const numbers = there.map(numberOf).filter((value) => value !== null && Number.isFinite(value)) as number[];
  const texts = new Set(there.map(String));
  const [only] = texts;
  if (numbers.length === 0) {
    return texts.size === 1 && only !== undefined ? { kind: 'same', text: only } : { kind: 'none' };
  }
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    kind: 'numbers',
    mean,
    deviation: numbers.length < 2 ? null : Math.sqrt(squares / (numbers.length - 1)),
    min: Math.min(...numbers),
    max: Math.max(...numbers),
    count: numbers.length,
  };
}

function seedCountOf(runs: readonly RunRecord[]): number {
  const seeds = new Set<string>();
  for (const run of runs) {
    const own = Object.entries(run.params).filter(([key]) => isSeed(key));
    if (own.length > 0) seeds.add(JSON.stringify(own.sort()));
  }
  return seeds.size;
}

function infoOf(column: Column, values: readonly (number | string | null)[]): ColumnInfo {
  const there = values.filter((value) => value !== null);
  const numbers = there.map(numberOf).filter((value) => value !== null);
  const finite = numbers.filter(Number.isFinite);
  return {
    column,
    runCount: there.length,
    differs: there.length > 0 && (there.length < values.length || new Set(there.map(String)).size > 1),
    isNumeric: there.length > 0 && numbers.length === there.length,
    min: finite.length === 0 ? null : finite.reduce((a, b) => Math.min(a, b)),
    max: finite.length === 0 ? null : finite.reduce((a, b) => Math.max(a, b)),
  };
}
