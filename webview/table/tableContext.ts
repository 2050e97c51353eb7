import type { ColumnInfo, TableQuery } from '../../src/model/table';
import type { SavedView, ViewDefinition } from '../../src/model/savedView';
import type { ColumnChoice } from './columns';
import type { TableAsks, TableHost, TableState } from './contract';
import type { Grid } from './grid';
import type { RowSource } from './rowSource';

/** What the parts of the table share: what it shows now, and whom they ask. */
export interface TableContext {
  readonly host: TableHost;
  readonly asks: TableAsks;
  readonly source: RowSource;
  grid(): Grid;
  /** Null before the first `update`. */
  state(): TableState | null;
  definition(): ViewDefinition;
  /** The rows that the table has now. */
  query(): TableQuery;
  infos(): readonly ColumnInfo[];
  choice(): ColumnChoice;
  change(partial: Partial<ViewDefinition>): void;
  /** A failure of what a person asked for is said above the rows. */
  try(work: Promise<unknown>): void;
}

/** The saved view that is open; null: all runs. */
export function openView(context: TableContext): SavedView | null {
  const state = context.state();
  return state?.view.views.find(({ name }) => name === state.viewName) ?? null;
}
