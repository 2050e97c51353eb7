import type { ExperimentHost, ExperimentView } from '../../src/api/experimentPage';
import type { RunId } from '../../src/model/run';
import type { SavedView, ViewDefinition } from '../../src/model/savedView';
import type { TableQuery } from '../../src/model/table';

/** What of the window the table calls by itself. */
export type TableHost = Pick<
  ExperimentHost,
  | 'readTable'
  | 'listColumns'
  | 'listValues'
  | 'findRow'
  | 'listRunIds'
  | 'setOn'
  | 'setStar'
  | 'setArchived'
  | 'editTags'
  | 'openRun'
  | 'act'
  | 'run'
  | 'saveView'
  | 'renameView'
  | 'deleteView'
  | 'askName'
  | 'shareViews'
  | 'exportRuns'
  | 'copy'
>;

/** What the table asks of its page. Each is answered by an `update` with what is true then. */
export interface TableAsks {
  /** Another filter, order, grouping or set of columns. A filter is asked for only when the server could read it. */
  change(partial: Partial<ViewDefinition>): void;
  /** Shows a saved view as it was saved; null is all runs. */
  openView(view: SavedView | null): void;
  /** The views were changed by the table: these are all there are now. `shown` is the one that the page has open. */
  viewsChanged(views: readonly SavedView[], shown: string | null): void;
  /** The run under the pointer or under the keyboard, for charts to draw before the others; null: none. */
  emphasise(runId: RunId | null): void;
  /** The runs that are selected. */
  selected(runIds: readonly RunId[]): void;
  /** What was asked for by charts (`brush`) is to be let go. */
  clearBrush(): void;
  /** Which runs the table shows now, after every filter: for charts that draw all of them. */
  showing(shown: { readonly query: TableQuery; readonly runCount: number; readonly allCount: number }): void;
}

/** All that the table shows beside the rows themselves. */
export interface TableState {
  readonly view: ExperimentView;
  readonly definition: ViewDefinition;
  /** The name of the saved view that is open; null: all runs. */
  readonly viewName: string | null;
  /** Clauses of the search language that charts add by their brushes; '' when there are none. */
  readonly brush: string;
  /** A run that is to stand out, since it is pointed at in a chart or in the header; null: none. */
  readonly emphasised: RunId | null;
}
