import './experiment.css';
import { html, nothing, render } from 'lit';
import type {
  ExperimentChange,
  ExperimentHost,
  ExperimentPage,
  ExperimentView,
} from '../../src/api/experimentPage';
import { UserError, messageOf } from '../../src/base/errors';
import { formatNumber } from '../../src/model/format';
import type { RunId } from '../../src/model/run';
import { PLAIN_VIEW, type SavedView, type ViewDefinition } from '../../src/model/savedView';
import type { ColumnInfo, TableQuery } from '../../src/model/table';
import { ChartBoard } from '../charts/board';
import { connectHost } from '../host';
import { RunsTable } from '../table/runsTable';
import { t } from '../ui/l10n';
import { Divider } from './experiment/divider';
import { experimentHead } from './experiment/head';
import { sharedFor } from './experiment/sharedCall';

const PROGRESS_AFTER_MS = 300; // Shorter waits would only flicker.
const REMEMBER_MS = 200; // After the last change: a slider changes the view thirty times a second.
const COLUMNS_MS = 2_000; // Which columns there are may be two seconds old.
const SHARED_MS = 500;
const SPEAK_EVERY_MS = 10_000; // Live values read aloud more often would be noise.

/** The page of an experiment: on the left its runs, on the right their charts. */
class ExperimentPageView implements ExperimentPage {
  private view: ExperimentView | null = null;
  private definition: ViewDefinition = PLAIN_VIEW;
  private viewName: string | null = null;
  private brush: readonly string[] = [];
  private emphasised: RunId | null = null;
  private query: TableQuery | null = null;
  private queryKey = '';
  private columns: readonly ColumnInfo[] = [];
  private columnsOf = '';
  private problem: string | null = null;
  private spokenAt = -SPEAK_EVERY_MS;
  private spokenText = '';
  private rememberTimer: ReturnType<typeof setTimeout> | undefined;
  private progressTimer: ReturnType<typeof setTimeout> | undefined;

  private readonly progress = element('div', 'progress');
  private readonly head = element('header', 'experiment-head');
  private readonly banner = element('div', 'banner');
  private readonly body = element('main', 'experiment-body');
  private readonly spoken = element('div', 'visually-hidden');

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
    showing: () => undefined,
  });
  private readonly board = new ChartBoard(this.calls, {
    change: (partial) => this.change(partial),
    setBrush: (clauses) => this.setBrush(clauses),
    emphasise: (runId) => this.emphasise(runId),
  });
  private readonly divider: Divider;
  private split: number | null = null;
  private columnsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.head.setAttribute('aria-label', t('Summary'));
    this.spoken.setAttribute('aria-live', 'polite');
    this.banner.setAttribute('role', 'status');
    this.board.element.classList.add('experiment-charts');
    this.table.element.classList.add('experiment-table');
    this.divider = new Divider(this.body, (split) => {
      this.split = split;
      this.rememberSoon();
    });
    // Headings for who goes through a page by them: what is seen needs none.
    this.table.element.prepend(heading(t('Runs')));
    this.board.element.prepend(heading(t('Charts')));
    this.body.append(this.table.element, this.divider.element, this.board.element);
    document.body.append(this.progress, this.head, this.banner, this.body, this.spoken);
    document.addEventListener('keydown', (event) => this.onKey(event));
    // A page that is hidden is gone at once: what was to be remembered a moment later is remembered now.
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.rememberNow();
    });
  }

  /** Asks the window what to show. */
  async start(): Promise<void> {
    this.renderHead();
    this.showProgress(true);
    try {
      const { view, remembered } = await this.host.call('ready', {});
      this.definition = remembered?.definition ?? this.definition;
      this.viewName = view.views.some(({ name }) => name === remembered?.view)
        ? (remembered?.view ?? null)
        : null;
      this.split = remembered?.split ?? null;
      this.divider.set(this.split);
      // VS Code hands it back when it restores the page: it says what the page is about.
      this.host.remember({ folder: view.folder, experimentId: view.experimentId });
      await this.show(view);
      this.table.focus('rows');
      // Kept from the first time on, so that runs are turned on by themselves once only.
      if (remembered === null) this.rememberNow();
    } catch (error) {
      if (error instanceof UserError && error.code === 'page-closed') return;
      await this.trouble({ problem: messageOf(error) });
    } finally {
      this.showProgress(false);
    }
  }

  show(view: ExperimentView): Promise<void> {
    // What is shown again the same way is not drawn again.
    const isSame = JSON.stringify(view) === JSON.stringify(this.view) && this.problem === null;
    this.problem = null; // What the view itself tells of stands above the rows.
    if (isSame) return Promise.resolve();
    this.view = view;
    this.update();
    this.speak();
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
    }
    this.readColumnsSoon();
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

  /** What charts can be made of; asked for anew when the filter is another, and now and then while runs go on. */
  private async readColumns(): Promise<void> {
    const { filter, includeArchived } = this.definition;
    const key = JSON.stringify([filter, includeArchived]);
    this.columnsOf = key;
    try {
      const { columns } = await this.calls.listColumns({ filter, includeArchived });
      if (this.columnsOf !== key || JSON.stringify(columns) === JSON.stringify(this.columns)) return;
      // A filter that nothing fulfils takes no charts away from the runs that are on.
      if (columns.length === 0 && this.columns.length > 0) return;
      this.columns = columns;
      this.updateBoard();
    } catch {
      /* The table says what is wrong; the charts of before stay. */
      this.columnsOf = '';
    }
  }

  private readColumnsSoon(): void {
    this.columnsTimer ??= setTimeout(() => {
      this.columnsTimer = undefined;
      if (!document.hidden) void this.readColumns();
    }, COLUMNS_MS);
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
    const { filter, includeArchived } = definition;
    if (this.columnsOf !== JSON.stringify([filter, includeArchived])) void this.readColumns();
    this.board.update({
      view,
      definition,
      query: this.tableQuery(view),
      columns: this.columns,
      emphasised: this.emphasised,
    });
  }

  /** The table's runs without what charts narrow them to: the same object as long as it is the same. */
  private tableQuery({ experimentId }: ExperimentView): TableQuery {
    const { filter, sort, groupBy, includeArchived } = this.definition;
    const query = { experimentIds: [experimentId], filter, sort, groupBy, folded: [], includeArchived };
    const key = JSON.stringify(query);
    if (this.query === null || key !== this.queryKey) this.query = query;
    this.queryKey = key;
    return this.query;
  }

  private renderHead(): void {
    render(
      experimentHead(this.view, {
        run: () => this.try(this.host.call('run', {})),
        promote: (runId) => this.try(this.host.call('act', { action: 'promote', runIds: [runId] })),
        setGoal: () => this.try(this.host.call('setGoal', {})),
        open: (runId) => this.try(this.host.call('openRun', { runId, beside: false })),
        emphasise: (runId) => this.emphasise(runId),
      }),
      this.head,
    );
    this.banner.hidden = this.problem === null;
    render(
      this.problem === null
        ? nothing
        : html`<p class="error">
            <i class="codicon codicon-warning" aria-hidden="true"></i> ${this.problem}
            ${this.view === null ? html`<button class="link" @click=${() => void this.start()}>${t('Try Again')}</button>` : nothing}
          </p>`,
      this.banner,
    );
    document.body.classList.toggle(
      'without-runs',
      this.view?.runCount === 0 && this.definition.filter === '',
    );
  }

  /** A failure of what a person asked for is said at the top. */
  private try(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'page-closed') return;
      void this.trouble({ problem: messageOf(error) });
    });
  }

  private rememberSoon(): void {
    clearTimeout(this.rememberTimer);
    this.rememberTimer = setTimeout(() => this.rememberNow(), REMEMBER_MS);
  }

  private rememberNow(): void {
    clearTimeout(this.rememberTimer);
    if (this.view === null) return;
    const { definition, viewName: view, split } = this;
    // Whoever closes the page meanwhile has nothing to be told.
    this.host.call('remember', { definition, view, split }).catch(() => undefined);
  }

  /** The best value of an experiment whose runs go on, now and then. */
  private speak(): void {
    const { best, goal, runningCount } = this.view ?? { best: null, goal: null, runningCount: 0 };
    if (best === null || best.value === null || goal === null || runningCount === 0) return;
    const now = performance.now();
    const text = t('Best {0}: {1}, {2}', goal.metric, formatNumber(best.value), best.name);
    if (now - this.spokenAt < SPEAK_EVERY_MS || text === this.spokenText) return;
    this.spokenAt = now;
    this.spokenText = text;
    this.spoken.textContent = text;
  }

  private showProgress(isBusy: boolean): void {
    clearTimeout(this.progressTimer);
    if (!isBusy) {
      this.progress.classList.remove('on');
      return;
    }
    this.progressTimer = setTimeout(() => this.progress.classList.add('on'), PROGRESS_AFTER_MS);
  }

  /** F6 goes through the areas of the page; Ctrl+Enter is the main action. */
  private onKey(event: KeyboardEvent): void {
    const best = this.view?.best;
    if (event.key === 'F6') this.nextArea(event.shiftKey ? -1 : 1);
    else if (
      event.key === 'Enter' &&
      (event.ctrlKey || event.metaKey) &&
      best !== null &&
      best !== undefined
    ) {
      this.try(this.host.call('act', { action: 'promote', runIds: [best.runId] }));
    } else return;
    event.preventDefault();
    // The editor has keys of its own with these names: in the page they are the page's.
    event.stopPropagation();
  }

  private nextArea(by: 1 | -1): void {
    const areas: readonly { readonly element: HTMLElement; focus(): void }[] = [
      { element: this.head, focus: () => focusFirst(this.head) },
      { element: this.table.element, focus: () => this.table.focus('rows') },
      { element: this.board.element, focus: () => this.board.focus() },
    ];
    const now = areas.findIndex(({ element }) => element.contains(document.activeElement));
    const next = now < 0 ? (by === 1 ? 1 : 2) : (now + by + areas.length) % areas.length;
    areas[next]?.focus();
  }
}

function heading(text: string): HTMLElement {
  const made = element('h2', 'visually-hidden');
  made.textContent = text;
  return made;
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
    // The table and the charts ask for the same columns at about the same moment.
    listColumns: sharedFor(SHARED_MS, (request) => call('listColumns', request)),
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
    setGoal: (request) => call('setGoal', request),
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
