import './experiment.css';
import { render } from 'lit';
import type {
  ExperimentChange,
  ExperimentHost,
  ExperimentPage,
  ExperimentView,
} from '../../src/api/experimentPage';
import { messageOf } from '../../src/base/errors';
import type { RunId } from '../../src/model/run';
import { PLAIN_VIEW, type SavedView, type ViewDefinition } from '../../src/model/savedView';
import type { ColumnInfo, TableQuery } from '../../src/model/table';
import { ChartBoard } from '../charts/board';
import { connectHost } from '../host';
import { RunsTable } from '../table/runsTable';
import { t } from '../ui/l10n';
import { Divider } from './experiment/divider';
import { experimentHead } from './experiment/head';
import { type ExperimentMemory, readExperimentMemory } from './experiment/memory';

const PROGRESS_AFTER_MS = 300; // Shorter waits would only flicker.
const REMEMBER_MS = 500; // After the last change: a slider changes the view thirty times a second.

/** The page of an experiment: on the left its runs, on the right their charts. */
class ExperimentPageView implements ExperimentPage {
  private view: ExperimentView | null = null;
  private definition: ViewDefinition = PLAIN_VIEW;
  private viewName: string | null = null;
  private brush: readonly string[] = [];
  private emphasised: RunId | null = null;
  private shown: TableQuery | null = null;
  private columns: readonly ColumnInfo[] = [];
  private columnsOf = '';
  private problem: string | null = null;
  private memory: ExperimentMemory;
  private rememberTimer: ReturnType<typeof setTimeout> | undefined;
  private progressTimer: ReturnType<typeof setTimeout> | undefined;

  private readonly progress = element('div', 'progress');
  private readonly head = element('header', 'experiment-head');
  private readonly banner = element('div', 'banner');
  private readonly body = element('main', 'experiment-body');

  private readonly host = connectHost<ExperimentHost, ExperimentPage>({
    show: (view) => this.show(view),
    trouble: ({ problem }) => this.trouble({ problem }),
    changed: (change) => this.changed(change),
    recoloured: (request) => this.recoloured(request),
  });
  private readonly calls = asMethods(this.host.call);
  private readonly table = new RunsTable(this.calls, {
    change: (partial) => this.change(partial),
    openView: (view) => this.openView(view),
    viewsChanged: (views, shown) => this.viewsChanged(views, shown),
    emphasise: (runId) => this.emphasise(runId),
    selected: () => undefined,
    clearBrush: () => this.setBrush([]),
    showing: ({ query }) => this.showing(query),
  });
  private readonly board = new ChartBoard(this.calls, {
    change: (partial) => this.change(partial),
    setBrush: (clauses) => this.setBrush(clauses),
    emphasise: (runId) => this.emphasise(runId),
  });
  private readonly divider: Divider;

  constructor() {
    this.memory = readExperimentMemory(this.host.remembered);
    this.head.tabIndex = -1;
    this.head.setAttribute('aria-label', t('Summary'));
    this.banner.setAttribute('role', 'status');
    this.board.element.classList.add('experiment-charts');
    this.table.element.classList.add('experiment-table');
    this.divider = new Divider(this.body, this.memory.share, (share) => this.keep({ share }));
    this.body.append(this.table.element, this.divider.element, this.board.element);
    document.body.append(this.progress, this.head, this.banner, this.body);
    document.addEventListener('keydown', (event) => this.onKey(event));
  }

  /** Asks the window what to show. */
  async start(): Promise<void> {
    this.renderHead();
    this.showProgress(true);
    try {
      const view = await this.host.call('ready', {});
      this.definition = view.left?.definition ?? this.definition;
      this.viewName = view.left?.view ?? null;
      this.keep({ place: { folder: view.folder, experimentId: view.experimentId } });
      await this.show(view);
      this.table.focus('rows');
    } catch (error) {
      await this.trouble({ problem: messageOf(error) });
    } finally {
      this.showProgress(false);
    }
  }

  show(view: ExperimentView): Promise<void> {
    this.view = view;
    this.problem = view.problem;
    this.update();
    return Promise.resolve();
  }

  trouble({ problem }: { readonly problem: string | null }): Promise<void> {
    this.problem = problem;
    this.renderHead();
    return Promise.resolve();
  }

  changed(change: ExperimentChange): Promise<void> {
    this.table.changed(change);
    if (change.everything || change.runs.length > 0) {
      this.board.rowsChanged(change.everything ? null : change.runs);
      this.columnsOf = '';
      if (this.shown !== null) void this.readColumns(this.shown);
    }
    if (change.metrics.length > 0) this.board.pointsChanged(change.metrics);
    return Promise.resolve();
  }

  recoloured({ slots }: { readonly slots: ExperimentView['slots'] }): Promise<void> {
    if (this.view === null) return Promise.resolve();
    this.view = { ...this.view, slots };
    this.table.recoloured(slots);
    this.updateBoard();
    this.renderHead();
    return Promise.resolve();
  }

  private change(partial: Partial<ViewDefinition>): void {
    this.definition = { ...this.definition, ...partial };
    this.update();
    this.rememberSoon();
  }

  private openView(view: SavedView | null): void {
    this.definition = view?.definition ?? PLAIN_VIEW;
    this.viewName = view?.name ?? null;
    this.brush = [];
    this.update();
    this.rememberSoon();
  }

  private viewsChanged(views: readonly SavedView[], shown: string | null): void {
    if (this.view === null) return;
    this.view = { ...this.view, views };
    this.viewName = shown;
    this.update();
    this.rememberSoon();
  }

  private setBrush(clauses: readonly string[]): void {
    this.brush = clauses;
    this.update();
  }

  private emphasise(runId: RunId | null): void {
    if (runId === this.emphasised) return;
    this.emphasised = runId;
    this.update();
  }

  private showing(query: TableQuery): void {
    this.shown = query;
    void this.readColumns(query);
    this.updateBoard();
  }

  /** What charts can be made of. */
  private async readColumns({ filter, includeArchived }: TableQuery): Promise<void> {
    const key = JSON.stringify([filter, includeArchived]);
    if (key === this.columnsOf) return;
    this.columnsOf = key;
    try {
      const { columns } = await this.host.call('listColumns', { filter, includeArchived });
      if (this.columnsOf !== key || JSON.stringify(columns) === JSON.stringify(this.columns)) return;
      this.columns = columns;
      this.updateBoard();
    } catch {
      /* The table says what is wrong; the charts of before stay. */
      this.columnsOf = '';
    }
  }

  private update(): void {
    const { view } = this;
    if (view === null) return;
    this.renderHead();
    this.table.update({
      view,
      definition: this.definition,
      viewName: this.viewName,
      brush: this.brush.join(' and '),
      emphasised: this.emphasised,
    });
    this.updateBoard();
  }

  private updateBoard(): void {
    const { view, definition } = this;
    if (view === null) return;
    const { filter, sort, groupBy, includeArchived } = definition;
    this.board.update({
      view,
      definition,
      query: {
        experimentIds: [view.experimentId],
        filter,
        sort,
        groupBy,
        folded: [],
        includeArchived,
      },
      columns: this.columns,
      emphasised: this.emphasised,
    });
  }

  private renderHead(): void {
    render(
      experimentHead(this.view, {
        run: () => this.try(this.host.call('run', {})),
        promote: (runId) => this.try(this.host.call('act', { action: 'promote', runIds: [runId] })),
        open: (runId) => this.try(this.host.call('openRun', { runId, beside: false })),
        emphasise: (runId) => this.emphasise(runId),
      }),
      this.head,
    );
    this.banner.textContent = this.problem ?? '';
    this.banner.hidden = this.problem === null;
  }

  private try(call: Promise<void>): void {
    call.catch((error: unknown) => void this.trouble({ problem: messageOf(error) }));
  }

  private keep(change: Partial<ExperimentMemory>): void {
    this.memory = { ...this.memory, ...change };
    // VS Code gives it back when it restores the page: folder and experiment say what it is about.
    this.host.remember({ ...this.memory.place, share: this.memory.share });
  }

  private rememberSoon(): void {
    clearTimeout(this.rememberTimer);
    this.rememberTimer = setTimeout(() => {
      this.try(this.host.call('remember', { definition: this.definition, view: this.viewName }));
    }, REMEMBER_MS);
  }

  private showProgress(isBusy: boolean): void {
    clearTimeout(this.progressTimer);
    if (!isBusy) {
      this.progress.classList.remove('on');
      return;
    }
    this.progressTimer = setTimeout(() => this.progress.classList.add('on'), PROGRESS_AFTER_MS);
  }

  /** F6 goes through the areas of the page. */
  private onKey(event: KeyboardEvent): void {
    if (event.key !== 'F6') return;
    event.preventDefault();
    const areas = [
      { element: this.head as HTMLElement, focus: () => focusFirst(this.head) },
      { element: this.table.element as HTMLElement, focus: () => this.table.focus('rows') },
      { element: this.board.element as HTMLElement, focus: () => this.board.focus() },
    ];
    const now = areas.findIndex(({ element }) => element.contains(document.activeElement));
    areas[(now + (event.shiftKey ? 2 : 1) + (now < 0 ? 1 : 0)) % areas.length]?.focus();
  }
}

function focusFirst(area: HTMLElement): void {
  (area.querySelector<HTMLElement>('button, a[href], [tabindex="0"]') ?? area).focus();
}

/** The window's methods as functions, one each. */
function asMethods(
  call: ReturnType<typeof connectHost<ExperimentHost, ExperimentPage>>['call'],
): ExperimentHost {
  return {
    ready: (request) => call('ready', request),
    readTable: (request) => call('readTable', request),
    listColumns: (request) => call('listColumns', request),
    listValues: (request) => call('listValues', request),
    findRow: (request) => call('findRow', request),
    listRunIds: (request) => call('listRunIds', request),
    readColumns: (request) => call('readColumns', request),
    readSeries: (request) => call('readSeries', request),
    listArtifacts: (request) => call('listArtifacts', request),
    readArtifact: (request) => call('readArtifact', request),
    setOn: (request) => call('setOn', request),
    setStar: (request) => call('setStar', request),
    setArchived: (request) => call('setArchived', request),
    editTags: (request) => call('editTags', request),
    openRun: (request) => call('openRun', request),
    act: (request) => call('act', request),
    run: (request) => call('run', request),
    saveView: (request) => call('saveView', request),
    renameView: (request) => call('renameView', request),
    deleteView: (request) => call('deleteView', request),
    askName: (request) => call('askName', request),
    shareViews: (request) => call('shareViews', request),
    exportRuns: (request) => call('exportRuns', request),
    saveFile: (request) => call('saveFile', request),
    copy: (request) => call('copy', request),
    addToNote: (request) => call('addToNote', request),
    remember: (request) => call('remember', request),
  };
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

void new ExperimentPageView().start();
