import type { Goal } from '../../src/model/goal';
import type { ColumnLook, ViewColumn, ViewDefinition } from '../../src/model/savedView';
import { type Column, type ColumnInfo, columnKey } from '../../src/model/table';

/** A column as the table shows it. */
export interface ShownColumn {
  readonly column: Column;
  readonly key: string;
  /** Null: as its content wants. */
  readonly width: number | null;
  readonly pinned: boolean;
  readonly look: ColumnLook;
  /** Whether it has the best values of the experiment's goal. */
  readonly isGoal: boolean;
  /** Right-aligned, and can be drawn as bars. */
  readonly isNumeric: boolean;
  /** What is known of its values; null before it was read, and for attributes. */
  readonly info: ColumnInfo | null;
}

export interface ColumnChoice {
  /** Pinned ones first. */
  readonly shown: readonly ShownColumn[];
  /** How many are left out since all runs are equal in them. */
  readonly equalCount: number;
}

/** More columns than this are found by the picker and not shown by themselves. */
const MOST_BY_ITSELF = 1_000;
const MOST_METRICS = 8; // Beside the goal: what fits beside the params that differ.
const NUMERIC_ATTRIBUTES: ReadonlySet<string> = new Set(['started', 'ended', 'duration', 'cost', 'energy']);

/** Which columns a view shows, in their order. Pure. */
export function chooseColumns(
  definition: Pick<ViewDefinition, 'columns' | 'onlyDiffering' | 'groupBy'>,
  infos: readonly ColumnInfo[],
  goal: Goal | null,
): ColumnChoice {
  const known = new Map(infos.map((info) => [columnKey(info.column), info]));
  const chosen = definition.columns ?? defaultColumns(definition, infos, goal);
  const shown: ShownColumn[] = [];
  let equalCount = 0;
  for (const { column, width, pinned, look } of chosen) {
    const info = known.get(columnKey(infoColumn(column))) ?? null;
    const isGoal = isGoalColumn(column, goal);
    if (definition.onlyDiffering && !isGoal && !pinned && info !== null && !info.differs) {
      equalCount += 1;
      continue;
    }
    const isNumeric =
      column.kind === 'metric' ||
      (column.kind === 'attribute' ? NUMERIC_ATTRIBUTES.has(column.name) : (info?.isNumeric ?? false));
    shown.push({
      ...{ column, key: columnKey(column), width, pinned, isGoal, isNumeric, info },
      look: look ?? (isGoal ? 'bars' : 'plain'),
    });
  }
  shown.sort((a, b) => Number(b.pinned) - Number(a.pinned));
  return { shown, equalCount };
}

/** A metric's facets share what is known of it. */
export function infoColumn(column: Column): Column {
  return column.kind === 'metric' ? { ...column, of: 'last' } : column;
}

export function isGoalColumn(column: Column, goal: Goal | null): boolean {
  return column.kind === 'metric' && column.name === goal?.metric && column.of === 'best';
}

/** The columns of a view that a person changes: those that it shows now, made their own. */
export function asViewColumns(shown: readonly ShownColumn[]): readonly ViewColumn[] {
  return shown.map(({ column, width, pinned, look, isGoal }) => ({
    ...{ column, width, pinned },
    ...(look === (isGoal ? 'bars' : 'plain') ? {} : { look }),
  }));
}

/**
 * What a view without columns of its own shows: the goal's best, other metrics of the goal's kind, params, duration
 * and start. What is grouped by stands above the rows and needs no column.
 */
function defaultColumns(
  definition: Pick<ViewDefinition, 'onlyDiffering' | 'groupBy'>,
  infos: readonly ColumnInfo[],
  goal: Goal | null,
): readonly ViewColumn[] {
  const grouped = definition.groupBy === null ? null : columnKey(definition.groupBy);
  const metrics = infos.filter(({ column }) => column.kind === 'metric' && !isSystem(column.name));
  const kind = goal === null ? null : kindOf(goal.metric);
  const others = metrics.filter(({ column }) => column.name !== goal?.metric);
  const alike = kind === null ? others : others.filter(({ column }) => kindOf(column.name) === kind);
  const wanted = !definition.onlyDiffering
    ? others
    : (alike.length > 0 ? alike : others).slice(0, MOST_METRICS);
  const params = infos.filter(({ column }) => column.kind === 'param' && columnKey(column) !== grouped);
  const goalColumn: Column[] =
    goal === null || metrics.length === others.length
      ? []
      : [{ kind: 'metric', name: goal.metric, of: 'best' }];
  const columns: Column[] = [
    ...goalColumn,
    ...wanted.map(({ column }) => column),
    ...params.map(({ column }) => column),
    { kind: 'attribute', name: 'duration' },
    { kind: 'attribute', name: 'started' },
  ];
  return columns.slice(0, MOST_BY_ITSELF).map((column) => ({ column, width: null, pinned: false }));
}

/** What stands before the first `_` or `/`: val of val_loss. Null without one. */
function kindOf(metric: string): string | null {
  return /^([^_/]+)[_/]/.exec(metric)?.[1] ?? null;
}

export function isSystem(metric: string): boolean {
  return metric.startsWith('system/');
}
