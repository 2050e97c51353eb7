import type { ChangedMetrics } from '../../src/api/pages';
import type { ExperimentHost, ExperimentView } from '../../src/api/experimentPage';
import type { RunId } from '../../src/model/run';
import type { ViewDefinition } from '../../src/model/savedView';
import type { ColumnInfo, TableQuery } from '../../src/model/table';

/** What the board asks of the window. */
export type BoardHost = Pick<
  ExperimentHost,
  | 'readSeries'
  | 'readColumns'
  | 'listArtifacts'
  | 'readArtifact'
  | 'saveFile'
  | 'copy'
  | 'addToNote'
  | 'openRun'
>;

/** What the board asks of the page that it is on. */
export interface BoardAsks {
  /** Keeps what a person changed; `update` with the new definition follows. */
  change(partial: Partial<ViewDefinition>): void;
  /** Narrows the table: all clauses of the search language that charts give at the moment. Empty: none. */
  setBrush(clauses: readonly string[]): void;
  /** The run that is pointed at in a chart; `update` follows. */
  emphasise(runId: RunId | null): void;
}

/** What the board shows. Only what is another object than before is looked at again. */
export interface BoardState {
  /** Its slots say which runs are on: the board reads their names and states by itself. */
  readonly view: ExperimentView;
  readonly definition: ViewDefinition;
  /** The table's, without the brush: what charts of all runs are drawn from. */
  readonly query: TableQuery;
  /** As `listColumns` answers for the query's filter. Empty while it is not known. */
  readonly columns: readonly ColumnInfo[];
  /** The run that is pointed at anywhere on the page. */
  readonly emphasised: RunId | null;
}

/** The charts of an experiment page: what is on the screen is read at once and drawn, all else waits. */
export class ChartBoard {
  readonly element = document.createElement('section');

  constructor(
    private readonly host: BoardHost,
    private readonly asks: BoardAsks,
  ) {
    void this.host;
    void this.asks;
  }

  /** Shows another state; draws with the next frame. */
  update(state: BoardState): void {
    void state;
  }

  /** Metrics that have new points. */
  pointsChanged(changed: readonly ChangedMetrics[]): void {
    void changed;
  }

  /** Runs that began, ended or changed; null: anything may have. */
  rowsChanged(runs: readonly RunId[] | null): void {
    void runs;
  }

  /** Brings the charts into the reach of the keyboard (F6). */
  focus(): void {
    this.element.focus();
  }

  dispose(): void {
    this.element.remove();
  }
}
