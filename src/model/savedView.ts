import type { BoardSettings, ChartSpec } from './chartSpec';
import type { Column, GroupColumn, SortKey } from './table';

/** A column of a view as a person left it. */
export interface ViewColumn {
  readonly column: Column;
  /** In pixels; null: as its content wants. */
  readonly width: number | null;
  /** Stands beside the name while the others scroll. */
  readonly pinned: boolean;
  /** How its numbers are drawn beside being written; absent: not at all (the goal's: as bars). */
  readonly look?: ColumnLook | undefined;
}

/** A bar that marks the place in the column's range, or the cell filled by it. 'plain' is neither. */
export const COLUMN_LOOKS = ['plain', 'bars', 'heat'] as const;
export type ColumnLook = (typeof COLUMN_LOOKS)[number];

/** How a page shows its experiment: columns, filter, order, charts. */
export interface ViewDefinition {
  /** Null: those that the page chooses by itself (the goal, params that differ, duration, start). */
  readonly columns: readonly ViewColumn[] | null;
  readonly onlyDiffering: boolean;
  readonly filter: string;
  readonly sort: readonly SortKey[];
  readonly groupBy: GroupColumn | null;
  readonly folded: readonly string[];
  readonly includeArchived: boolean;
  /** Null: those that the page chooses by itself. */
  readonly charts: readonly ChartSpec[] | null;
  readonly board: BoardSettings;
}

/** A view with a name, kept in the store. Of one experiment no two have the same name. */
export interface SavedView {
  readonly name: string;
  readonly definition: ViewDefinition;
}

/** What a new page shows: all runs, newest first. */
export const PLAIN_VIEW: ViewDefinition = {
  columns: null,
  onlyDiffering: true,
  filter: '',
  sort: [],
  groupBy: null,
  folded: [],
  includeArchived: false,
  charts: null,
  board: { x: { kind: 'step' }, smoothing: 0, joinSeeds: false, ignoreOutliers: false },
};
