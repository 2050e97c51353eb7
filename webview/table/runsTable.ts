import './table.css';
import { html, nothing, render } from 'lit';
import type { ExperimentChange, ExperimentView } from '../../src/api/experimentPage';
import { UserError, messageOf } from '../../src/base/errors';
import { withClause } from '../../src/model/filterText';
import { formatCount } from '../../src/model/format';
import type { RunId } from '../../src/model/run';
import { PLAIN_VIEW, type ViewDefinition } from '../../src/model/savedView';
import type { ColumnInfo, TableQuery } from '../../src/model/table';
import { t } from '../ui/l10n';
import { ColumnActions } from './columnActions';
import { type ColumnChoice, chooseColumns } from './columns';
import type { TableAsks, TableHost, TableState } from './contract';
import { emptyState } from './emptyState';
import { FilterBox } from './filterBox';
import type { Place } from './floating';
import { Grid } from './grid';
import { LookMaker } from './lookMaker';
import { openMenu } from './menu';
import { RowActions } from './rowActions';
import { RowSource } from './rowSource';
import { bulkBar, statusLine } from './statusLine';
import { type TableContext, openView } from './tableContext';
import { tabButtons, toolbar } from './toolbar';
import { ViewActions } from './viewActions';
import { viewTabs } from './viewTabs';

const REFRESH_MS = 2_000; // A live order changes at most this often.
const INFOS_MS = 10_000; // What is known of ten thousand metrics is not read with each of their steps.
const BUSY_MS = 300; // Shorter waits would only flicker.
const AGE_MS = 30_000; // "2 h ago" goes on by itself.
const EXPORT_MENU_HEIGHT = 140;

/**
 * Everything on the left of an experiment's page: saved views, filter, the table of runs and its status line.
 * It holds no runs as truth: it asks for the stretch that is on the screen. To be disposed of once.
 */
export class RunsTable {
  readonly element = document.createElement('section');
  private readonly tabs = division('table-tabs');
  private readonly toolButtons = division('table-buttons');
  private readonly banner = division('table-banner');
  private readonly progress = division('table-progress');
  private readonly empty = division('table-empty');
  private readonly status = division('table-status');
  private readonly spoken = division('visually-hidden');

  private state: TableState | null = null;
  private infos: readonly ColumnInfo[] = [];
  /** The question that `infos` answers. */
  private infosOf = '';
  private infosAt = 0;
  private choice: ColumnChoice = { shown: [], equalCount: 0 };
  private problem: string | null = null;
  /** A filter that was asked for and not yet answered. */
  private trying: string | null = null;
  private selectedUnder = '';
  private toldOf = '';
  private wantsFocus = false;
  private refreshing: ReturnType<typeof setTimeout> | undefined;
  private refreshedAt = -REFRESH_MS;
  private busyTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly ticking: ReturnType<typeof setInterval>;

  private readonly source: RowSource;
  private readonly looks: LookMaker;
  private readonly context: TableContext;
  private readonly rows: RowActions;
  private readonly columns: ColumnActions;
  private readonly views: ViewActions;
  private readonly grid: Grid;
  private readonly filter: FilterBox;

  constructor(
    private readonly host: TableHost,
    private readonly asks: TableAsks,
  ) {
    this.source = new RowSource({
      readTable: (request) => this.host.readTable(request),
      mayReorder: () => this.grid.pointed === null,
      changed: (what) => this.rowsChanged(what),
      refused: (query, problem) => {
        this.trying = null;
        this.filter.refused(query.filter, problem);
      },
      trouble: (problem) => {
        this.problem = problem;
        this.renderBanner();
      },
      busy: (isBusy) => this.showBusy(isBusy),
    });
    this.looks = new LookMaker(this.source, {
      grew: () => this.grid.grow(),
      readsOtherwise: () => this.grid.refresh(),
      restyled: () => this.layOut(),
    });
    this.context = {
      host: this.host,
      asks: this.asks,
      source: this.source,
      grid: () => this.grid,
      state: () => this.state,
      definition: () => this.definition,
      query: () => this.query(),
      infos: () => this.infos,
      choice: () => this.choice,
      change: (partial) => this.asks.change(partial),
      try: (work) => this.try(work),
    };
    this.rows = new RowActions(this.context, () => {
      this.grid.refresh();
      this.renderStatus();
    });
    this.columns = new ColumnActions(this.context, (part, width) => this.tryWidth(part, width));
    this.views = new ViewActions(this.context);
    this.grid = new Grid(
      this.source,
      {
        look: () => this.looks.look(),
        lines: () => this.looks.lines(),
        isSelected: (index) => this.isRun(index, (runId) => this.rows.isSelected(runId)),
        isEmphasised: (index) => this.isRun(index, (runId) => runId === this.state?.emphasised),
        clicked: (index, part, event) => this.rows.clicked(index, part, event),
        opened: (index, beside) => this.rows.open(index, beside),
        menu: (index, part, at) => this.rows.openMenu(index, part, at),
        pointed: (index) => this.pointed(index),
        moved: (index, extend) => this.rows.moved(index, extend),
        key: (event, index) => this.rows.key(event, index),
        grew: () => this.layOut(),
        sort: (part, adds) => this.columns.sort(part, adds),
        resize: (part, width, isDone) => this.columns.resize(part, width, isDone),
        resizeBy: (part, pixels) =>
          this.columns.resize(part, Math.max(28, this.looks.widthOf(part) + pixels), true),
        fit: (part) => this.columns.resize(part, null, true),
        moveColumn: (part, before) => this.columns.move(part, before),
        headMenu: (part, at) => this.columns.openMenu(part, at),
        fold: (index, folded) => {
          const row = this.source.row(index);
          if (row?.kind === 'group') this.rows.fold(row, folded);
        },
      },
      t('Runs'),
    );
    this.filter = new FilterBox({
      listValues: (request) => this.host.listValues(request),
      infos: () => this.infos,
      goal: () => this.state?.view.goal ?? null,
      apply: (filter) => this.tryFilter(filter),
      leave: () => this.grid.element.focus(),
    });
    this.element.className = 'runs-table';
    this.element.setAttribute('aria-label', t('Runs'));
    this.element.dataset.area = '';
    this.spoken.setAttribute('aria-live', 'polite');
    this.banner.setAttribute('role', 'status');
    const tools = division('table-tools');
    tools.append(this.filter.element, this.toolButtons);
    const body = division('table-body');
    body.append(this.progress, this.grid.element, this.empty);
    this.element.append(this.tabs, tools, this.banner, body, this.status, this.spoken);
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.ticking = setInterval(() => {
      if (document.hidden) return;
      this.looks.tick();
      this.grid.refresh();
    }, AGE_MS);
  }

  /** Shows another state; what is the same is not drawn again. */
  update(state: TableState): void {
    const before = this.state;
    this.state = state;
    const { definition, view } = state;
    if (this.infosOf !== this.infosKey()) this.readInfos();
    const isOtherColumns =
      before?.definition.columns !== definition.columns ||
      before.definition.onlyDiffering !== definition.onlyDiffering ||
      before.definition.groupBy !== definition.groupBy ||
      JSON.stringify(before.view.goal) !== JSON.stringify(view.goal);
    this.looks.update(state);
    if (isOtherColumns) this.choose();
    this.filter.set(definition.filter);
    this.source.ask(this.query(), this.grid.columnsInReach());
    this.renderTools();
    this.renderStatus();
    this.renderEmpty();
    this.renderBanner();
    this.grid.refresh();
  }

  /** The runs that are on are others: quicker than `update`. */
  recoloured(slots: ExperimentView['slots']): void {
    if (this.state === null) return;
    this.state = { ...this.state, view: { ...this.state.view, slots } };
    this.looks.update(this.state);
    this.renderStatus();
    this.grid.refresh();
  }

  /** Something changed in the store: what is on the screen is asked for again, at most every two seconds. */
  changed(_change: ExperimentChange): void {
    if (this.refreshing !== undefined) return;
    const wait = Math.max(0, this.refreshedAt + REFRESH_MS - performance.now());
    this.refreshing = setTimeout(() => {
      this.refreshing = undefined;
      if (document.hidden) return; // A page that is shown again asks anew.
      this.refreshedAt = performance.now();
      this.source.refresh();
      if (this.refreshedAt - this.infosAt >= INFOS_MS) this.readInfos();
    }, wait);
  }

  /** Puts the keyboard into the rows, or into the filter. */
  focus(where: 'rows' | 'filter' = 'rows'): void {
    if (where === 'filter') this.filter.focus();
    else this.grid.element.focus();
  }

  /** Scrolls to a run and makes it the active one; nothing when the table does not have it. */
  async reveal(runId: RunId): Promise<void> {
    const known = this.source.indexOf(runId);
    const index = known ?? (await this.host.findRow({ query: this.query(), runId })).index;
    if (index === null) return;
    this.rows.select([runId], index);
    this.grid.moveTo(index);
  }

  dispose(): void {
    clearInterval(this.ticking);
    clearTimeout(this.refreshing);
    clearTimeout(this.busyTimer);
    this.source.dispose();
    this.looks.dispose();
    this.filter.dispose();
    this.grid.dispose();
    this.element.remove();
  }

  private get definition(): ViewDefinition {
    return this.state?.definition ?? PLAIN_VIEW;
  }

  private query(filter = this.definition.filter): TableQuery {
    const { sort, groupBy, folded, includeArchived } = this.definition;
    const brush = this.state?.brush ?? '';
    const whole = brush === '' ? filter : withClause(filter, brush);
    const experimentIds = this.state === null ? [] : [this.state.view.experimentId];
    return { experimentIds, filter: whole, sort, groupBy, folded, includeArchived };
  }

  /** Asks with a filter that reads well; only when the server took it, it becomes the view's. */
  private tryFilter(filter: string): void {
    this.trying = filter;
    this.source.ask(this.query(filter));
    this.acceptTried();
  }

  private acceptTried(): void {
    const { trying } = this;
    if (trying === null || this.source.query?.filter !== this.query(trying).filter) return;
    this.trying = null;
    if (trying !== this.definition.filter) this.asks.change({ filter: trying });
  }

  private rowsChanged(what: 'same' | 'new' | 'folded'): void {
    this.acceptTried();
    if (what === 'same') {
      const { active } = this.rows;
      const row = active === null || this.grid.active.row < 0 ? null : this.source.indexOf(active);
      if (row !== null) this.grid.follow(row);
      this.grid.rowsCame();
    } else {
      this.looks.rowsChanged();
      this.layOut();
      if (what === 'folded') this.grid.keepPlace();
      else this.grid.toTop();
      this.forgetHidden();
    }
    this.renderStatus();
    this.renderEmpty();
    this.tellShown(what === 'new');
    if (this.wantsFocus) this.grid.element.focus();
    this.wantsFocus = false;
  }

  /** Another filter: what was selected may not be seen any more, and nothing that is unseen is to be deleted. */
  private forgetHidden(): void {
    const filter = this.source.query?.filter ?? '';
    if (filter !== this.selectedUnder) this.rows.clear();
    this.selectedUnder = filter;
  }

  private tellShown(isNew: boolean): void {
    const { query, runCount, allCount } = this.source;
    if (query === null) return;
    if (isNew) this.spoken.textContent = t('{0} of {1} runs', formatCount(runCount), formatCount(allCount));
    const told = JSON.stringify([query, runCount, allCount]);
    if (told === this.toldOf) return;
    this.toldOf = told;
    this.asks.showing({ query, runCount, allCount });
  }

  private infosKey(): string {
    const { filter, includeArchived } = this.definition;
    return JSON.stringify([this.state?.view.experimentId, filter, includeArchived]);
  }

  private readInfos(): void {
    const key = this.infosKey();
    this.infosOf = key;
    this.infosAt = performance.now();
    const { filter, includeArchived } = this.definition;
    this.host.listColumns({ filter, includeArchived }).then(
      ({ columns }) => {
        if (key !== this.infosKey() || JSON.stringify(columns) === JSON.stringify(this.infos)) return;
        this.infos = columns;
        this.choose();
      },
      () => {
        // The rows say that the server is away; the columns of before stay, and are asked for again.
        this.infosOf = '';
      },
    );
  }

  private choose(): void {
    this.choice = chooseColumns(this.definition, this.infos, this.state?.view.goal ?? null);
    this.looks.columns(this.choice.shown);
    this.layOut();
    this.renderStatus();
  }

  private layOut(): void {
    this.looks.layOut(this.grid.width, this.grid.element);
    this.grid.refresh();
  }

  private tryWidth(part: string, width: number | null): void {
    if (part === 'name') this.looks.nameWidth(width);
    else {
      const n = Number(part);
      this.looks.columns(this.choice.shown.map((shown, at) => (at === n ? { ...shown, width } : shown)));
    }
    this.layOut();
  }

  private pointed(index: number | null): void {
    const row = index === null ? undefined : this.source.row(index);
    this.asks.emphasise(row?.kind === 'run' ? row.runId : null);
    if (index === null) this.source.settle();
  }

  private isRun(index: number, holds: (runId: RunId) => boolean): boolean {
    const row = this.source.row(index);
    return row?.kind === 'run' && holds(row.runId);
  }

  /** Keys of the whole part, wherever in it the keyboard is. */
  private onKey(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement;
    const isFind = event.key === 'f' && (event.ctrlKey || event.metaKey);
    if (!isFind && (event.key !== '/' || isTyping)) return;
    event.preventDefault();
    this.filter.focus();
  }

  private renderTools(): void {
    const { state, definition } = this;
    if (state === null) return;
    const isModified = this.views.isModified;
    const tabs = viewTabs(
      { views: state.view.views, shown: state.viewName, isModified },
      {
        open: (view) => this.asks.openView(view),
        saveAs: () => this.views.saveAs(),
        menu: (view, at) => this.views.openMenu(view, at),
      },
    );
    const buttons = tabButtons(
      { saves: isModified ? state.viewName : null, isGrouped: definition.groupBy !== null },
      {
        save: (name) => this.views.save(name),
        foldAll: () => this.try(this.rows.foldAll()),
        pickColumns: (at) => this.columns.pick(at),
        more: (at) => this.openMore(at),
      },
    );
    render([tabs, buttons], this.tabs);
    const tools = toolbar(definition, {
      pickGroup: (at) => this.columns.pickGroup(at),
      toggleDiffering: () => this.asks.change({ onlyDiffering: !definition.onlyDiffering }),
    });
    render(tools, this.toolButtons);
  }

  private openMore(at: Place): void {
    const { includeArchived } = this.definition;
    openMenu(
      t('More Actions…'),
      [
        {
          label: t('Show Archived Runs'),
          checked: includeArchived,
          run: () => this.asks.change({ includeArchived: !includeArchived }),
        },
        'line',
        ...this.views.items(openView(this.context)),
        'line',
        { label: t('Export…'), run: () => this.rows.openExportMenu(null, at) },
      ],
      at,
    );
  }

  private renderBanner(): void {
    const problem = this.problem ?? this.state?.view.problem ?? null;
    render(
      problem === null
        ? nothing
        : html`<p><i class="codicon codicon-warning" aria-hidden="true"></i> ${problem}</p>`,
      this.banner,
    );
  }

  private renderStatus(): void {
    const { state, source, rows } = this;
    if (state === null) return;
    const count = rows.selected.length;
    this.status.classList.toggle('bulk-shown', count > 1);
    if (count > 1) {
      const actions = rows.bulkActions(() => {
        const box = this.status.getBoundingClientRect();
        return { x: box.left + box.width / 2, y: box.top - EXPORT_MENU_HEIGHT };
      });
      const clear = () => {
        rows.clear();
        this.grid.element.focus();
      };
      render(bulkBar(count, actions, clear), this.status);
      return;
    }
    if (!source.isReady) return;
    const lines = this.looks.lines();
    const line = statusLine(
      {
        ...{ runCount: source.runCount, allCount: source.allCount, isFiltered: this.query().filter !== '' },
        ...{ equalCount: this.choice.equalCount, onCount: state.view.slots.length, brush: state.brush },
        hasChampionLine: lines.champion !== null,
        hasTargetLine: lines.target !== null,
      },
      () => this.asks.clearBrush(),
    );
    render(line, this.status);
  }

  private renderEmpty(): void {
    const { state, source } = this;
    const isEmpty = state !== null && source.isReady && source.rowCount === 0;
    this.empty.hidden = !isEmpty;
    if (!isEmpty) {
      render(nothing, this.empty);
      return;
    }
    const { allCount, runCount } = source;
    const shown = emptyState(
      { view: state.view, allCount, runCount, isFiltered: (source.query?.filter ?? '') !== '' },
      {
        run: () => this.try(this.host.run({})),
        clear: () => {
          this.wantsFocus = true;
          if (state.brush !== '') this.asks.clearBrush();
          this.asks.change({ filter: '' });
        },
      },
    );
    render(shown, this.empty);
  }

  private showBusy(isBusy: boolean): void {
    clearTimeout(this.busyTimer);
    if (!isBusy) this.progress.classList.remove('on');
    else this.busyTimer = setTimeout(() => this.progress.classList.add('on'), BUSY_MS);
  }

  private try(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'page-closed') return;
      this.problem = messageOf(error);
      this.renderBanner();
    });
  }
}

function division(className: string): HTMLDivElement {
  const made = document.createElement('div');
  made.className = className;
  return made;
}
