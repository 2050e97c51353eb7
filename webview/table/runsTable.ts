import type { ExperimentChange, ExperimentView } from '../../src/api/experimentPage';
import type { RunId } from '../../src/model/run';
import type { TableAsks, TableHost, TableState } from './contract';

/**
 * Everything on the left of an experiment's page: saved views, filter, the table of runs and its status line.
 * It holds no runs as truth: it asks for the stretch that is on the screen. To be disposed of once.
 */
export class RunsTable {
  readonly element = document.createElement('section');

  constructor(
    protected readonly host: TableHost,
    protected readonly asks: TableAsks,
  ) {
    this.element.className = 'runs-table';
  }

  /** Shows another state; what is the same is not drawn again. */
  update(_state: TableState): void {}

  /** The runs that are on are others: quicker than `update`. */
  recoloured(_slots: ExperimentView['slots']): void {}

  /** Something changed in the store: what is on the screen is asked for again, at most every two seconds. */
  changed(_change: ExperimentChange): void {}

  /** Puts the keyboard into the rows, or into the filter. */
  focus(_where: 'rows' | 'filter' = 'rows'): void {}

  /** Scrolls to a run and makes it the active one; nothing when the table does not have it. */
  reveal(_runId: RunId): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {}
}
