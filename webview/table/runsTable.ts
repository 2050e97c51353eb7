import './table.css';
import { html, nothing, render } from 'lit';
import type { ExperimentChange, ExperimentView, TableAction } from '../../src/api/experimentPage';
import { UserError, messageOf } from '../../src/base/errors';
import { withClause } from '../../src/model/filterText';
import { formatCount } from '../../src/model/format';
import type { RunId } from '../../src/model/run';
import { PLAIN_VIEW, type SavedView, type ViewDefinition } from '../../src/model/savedView';
import {
  type Column,
  type ColumnInfo,
  type TableQuery,
  type TableRun,
  columnKey,
} from '../../src/model/table';
import { t } from '../ui/l10n';
import { openChooser } from './chooser';
import { type ColumnChoice, chooseColumns } from './columns';
import { groupChoices, openColumnPicker } from './columnPicker';
import { columnTitle, columnWord } from './columnWords';
import { cellText } from './cells';
import { ColumnEdits } from './columnEdits';
import type { TableAsks, TableHost, TableState } from './contract';
import { emptyState } from './emptyState';
import { FilterBox } from './filterBox';
import { Grid } from './grid';
import { headMenu } from './headMenu';
import { LookMaker } from './lookMaker';
import { type MenuItem, openMenu } from './menu';
import { rowMenu } from './rowMenu';
import { RowSource } from './rowSource';
import { Selection } from './selection';
import { isSameColumn, sortAfterClick } from './sorting';
import { bulkBar, statusLine } from './statusLine';
import { isModified, placeOf, viewTabs } from './viewTabs';

const REFRESH_MS = 2_000; // A live order changes at most this often.
const BUSY_MS = 300; // Shorter waits would only flicker.
const AGE_MS = 30_000; // "2 h ago" goes on by itself.
const MOST_SELECTED = 100_000;

/**
 * Everything on the left of an experiment's page: saved views, filter, the table of runs and its status line.
 * It holds no runs as truth: it asks for the stretch that is on the screen. To be disposed of once.
 */
export class RunsTable {
  readonly element = document.createElement('section');
  private readonly tabs = element('div', 'table-tabs');
  private readonly tools = element('div', 'table-tools');
  private readonly toolButtons = element('div', 'table-buttons');
  private readonly banner = element('div', 'table-banner');
  private readonly progress = element('div', 'table-progress');
  private readonly empty = element('div', 'table-empty');
  private readonly status = element('div', 'table-status');
  private readonly spoken = element('div', 'visually-hidden');

  private state: TableState | null = null;
  private infos: readonly ColumnInfo[] = [];
  private infosOf = '';
  private choice: ColumnChoice = { shown: [], equalCount: 0 };
  private readonly selection = new Selection();
  private problem: string | null = null;
  private refreshing: ReturnType<typeof setTimeout> | undefined;
  private refreshedAt = 0;
  private busyTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly ticking: ReturnType<typeof setInterval>;
  private shownWords = '';
  private wantsFocus = false;

  private readonly source = new RowSource({
    readTable: (request) => this.host.readTable(request),
    mayReorder: () => this.grid.pointed === null,
    changed: (what) => this.rowsChanged(what),
    refused: (query, problem) => this.filter.refused(query.filter, problem),
    trouble: (problem) => {
      this.problem = problem;
      this.renderBanner();
    },
    busy: (isBusy) => this.showBusy(isBusy),
  });
  private readonly looks = new LookMaker(this.source, {
    grew: () => this.grid.grow(),
    readsOtherwise: () => this.grid.refresh(),
  });
  private readonly grid: Grid = new Grid(
    this.source,
    {
      look: () => this.looks.look(),
      lines: () => this.looks.lines(),
      isSelected: (index) => {
        const row = this.source.row(index);
        return row?.kind === 'run' && this.selection.has(row.runId);
      },
      isEmphasised: (index) => {
        const row = this.source.row(index);
        return row?.kind === 'run' && row.runId === this.state?.emphasised;
      },
      clicked: (index, part, event) => this.clicked(index, part, event),
      opened: (index, beside) => this.open(index, beside),
      menu: (index, part, at) => this.openRowMenu(index, part, at),
      pointed: (index) => this.pointed(index),
      moved: (index, extend) => void this.moved(index, extend),
      key: (event, index) => this.onKey(event, index),
      grew: () => this.layOut(),
      sort: (part, adds) => this.sort(part, adds),
      resize: (part, width, isDone) => this.resize(part, width, isDone),
      resizeBy: (part, pixels) => this.resize(part, Math.max(28, this.looks.widthOf(part) + pixels), true),
      fit: (part) => this.resize(part, null, true),
      moveColumn: (part, before) => this.change({ columns: this.edits().move(Number(part), before) }),
      headMenu: (part, at) => this.openHeadMenu(part, at),
      fold: (index, folded) => this.fold(index, folded),
    },
    t('Runs'),
  );
  private readonly filter: FilterBox = new FilterBox({
    listValues: (request) => this.host.listValues(request),
    infos: () => this.infos,
    goal: () => this.state?.view.goal ?? null,
    apply: (filter) => this.tryFilter(filter),
    leave: () => this.grid.element.focus(),
  });

  constructor(
    private readonly host: TableHost,
    private readonly asks: TableAsks,
  ) {
    this.element.className = 'runs-table';
    this.element.setAttribute('aria-label', t('Runs'));
    this.element.dataset.area = '';
    this.spoken.setAttribute('aria-live', 'polite');
    this.banner.setAttribute('role', 'status');
    const body = element('div', 'table-body');
    body.append(this.progress, this.grid.element, this.empty);
    this.tools.append(this.filter.element, this.toolButtons);
    this.element.append(this.tabs, this.tools, this.banner, body, this.status, this.spoken);
    this.element.addEventListener('keydown', (event) => this.onPageKey(event));
    this.ticking = setInterval(() => {
      if (!document.hidden) this.grid.refresh();
    }, AGE_MS);
  }

  /** Shows another state; what is the same is not drawn again. */
  update(state: TableState): void {
    const before = this.state;
    this.state = state;
    const { definition, view } = state;
    if (this.infosOf !== this.infosKey()) void this.readInfos();
    const isOtherColumns =
      before?.definition.columns !== definition.columns ||
      before.definition.onlyDiffering !== definition.onlyDiffering ||
      before.definition.groupBy !== definition.groupBy ||
      JSON.stringify(before.view.goal) !== JSON.stringify(view.goal);
    if (isOtherColumns) this.choose();
    this.filter.set(definition.filter);
    this.looks.update(state);
    this.source.ask(this.query());
    this.renderAround();
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
      void this.readInfos();
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
    this.select([runId], index);
    this.grid.moveTo(index);
  }

  dispose(): void {
    clearInterval(this.ticking);
    clearTimeout(this.refreshing);
    clearTimeout(this.busyTimer);
    this.source.dispose();
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
    this.source.ask(this.query(filter));
    this.trying = filter;
    if (this.source.query?.filter === this.query(filter).filter) this.acceptFilter();
  }
  private trying: string | null = null;

  private acceptFilter(): void {
    const { trying } = this;
    this.trying = null;
    if (trying !== null && trying !== this.definition.filter) this.change({ filter: trying });
  }

  private rowsChanged(what: 'same' | 'new' | 'folded'): void {
    const isNew = what !== 'same';
    const wasTried = this.trying !== null && this.source.query?.filter === this.query(this.trying).filter;
    if (wasTried) this.acceptFilter();
    if (isNew) {
      this.looks.rowsChanged();
      this.layOut();
      if (what === 'folded') this.grid.keepPlace();
      else this.grid.toTop();
      this.forgetHidden();
    } else this.grid.rowsCame();
    this.renderStatus();
    this.renderEmpty();
    if (isNew)
      this.say(t('{0} of {1} runs', formatCount(this.source.runCount), formatCount(this.source.allCount)));
    const { query, runCount, allCount } = this.source;
    const words = JSON.stringify([query, runCount, allCount]);
    if (query !== null && words !== this.shownWords) {
      this.shownWords = words;
      this.asks.showing({ query, runCount, allCount });
    }
    if (this.wantsFocus) this.grid.element.focus();
    this.wantsFocus = false;
  }

  /** Another filter: what was selected may not be seen any more, and nothing that is unseen is to be deleted. */
  private forgetHidden(): void {
    const filter = this.source.query?.filter ?? '';
    if (filter === this.selectedUnder) return;
    this.selectedUnder = filter;
    if (this.selection.size === 0) return;
    this.selection.clear();
    this.asks.selected([]);
  }
  private selectedUnder = '';

  private infosKey(): string {
    const { filter, includeArchived } = this.definition;
    return JSON.stringify([this.state?.view.experimentId, filter, includeArchived]);
  }

  private async readInfos(): Promise<void> {
    const key = this.infosKey();
    this.infosOf = key;
    try {
      const { filter, includeArchived } = this.definition;
      const { columns } = await this.host.listColumns({ filter, includeArchived });
      if (key !== this.infosKey() || JSON.stringify(columns) === JSON.stringify(this.infos)) return;
      this.infos = columns;
      this.choose();
      this.grid.refresh();
    } catch {
      /* The rows say that the server is away; the columns of before stay. */
    }
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

  private change(partial: Partial<ViewDefinition>): void {
    this.asks.change(partial);
  }

  private edits(): ColumnEdits {
    return new ColumnEdits(this.choice.shown, this.definition);
  }

  /** The columns as they are seen, for the picker: those that are hidden as equal are not ticked. */
  private seenEdits(): ColumnEdits {
    return this.definition.onlyDiffering
      ? new ColumnEdits(this.choice.shown, { columns: null })
      : this.edits();
  }

  // What is done with rows.

  private clicked(index: number, part: string, event: MouseEvent): void {
    const row = this.source.row(index);
    if (row === undefined) return;
    if (row.kind === 'group') {
      this.fold(index, !row.isFolded);
      return;
    }
    if (part === 'eye') {
      this.setOn(this.selection.has(row.runId) ? this.selection.runIds : [row.runId], !this.isOn(row.runId));
      return;
    }
    if (event.shiftKey && this.selection.anchor !== null) void this.selectRange(this.selection.anchor, index);
    else if (event.ctrlKey || event.metaKey) {
      this.selection.toggle(row.runId);
      this.selection.anchor = index;
      this.selectionChanged();
    } else this.select([row.runId], index);
  }

  private async moved(index: number, extend: boolean): Promise<void> {
    const row = this.source.row(index);
    if (extend && this.selection.anchor !== null) await this.selectRange(this.selection.anchor, index);
    else if (row?.kind === 'run') this.select([row.runId], index);
    else {
      this.selection.set([]);
      this.selection.anchor = index;
      this.selectionChanged();
    }
    this.asks.emphasise(row?.kind === 'run' ? row.runId : null);
  }

  private select(runIds: readonly RunId[], anchor: number): void {
    this.selection.set(runIds);
    this.selection.anchor = anchor;
    this.selectionChanged();
  }

  private async selectRange(anchor: number, index: number): Promise<void> {
    const [from, to] = anchor < index ? [anchor, index] : [index, anchor];
    const runIds: RunId[] = [];
    const unknown: number[] = [];
    for (let at = from; at <= to; at += 1) {
      const row = this.source.row(at);
      if (row?.kind === 'run') runIds.push(row.runId);
      else if (row === undefined) unknown.push(at);
    }
    const first = unknown[0];
    const last = unknown.at(-1);
    if (first !== undefined && last !== undefined) {
      for (let at = first; at <= last; at += 500) {
        const count = Math.min(500, last - at + 1);
        const answer = await this.host.readTable({ query: this.query(), columns: [], from: at, count });
        for (const row of answer.rows) if (row.kind === 'run') runIds.push(row.runId);
      }
    }
    this.selection.set(runIds);
    this.selection.anchor = anchor;
    this.selectionChanged();
  }

  private async selectAll(): Promise<void> {
    const { runIds } = await this.host.listRunIds({ query: this.query(), limit: MOST_SELECTED });
    this.select(runIds, 0);
  }

  private selectionChanged(): void {
    this.grid.refresh();
    this.renderStatus();
    this.asks.selected(this.selection.runIds);
  }

  /** The selected runs when this row is one of them; else the row's own. */
  private runsAt(index: number): readonly RunId[] {
    const row = this.source.row(index);
    if (row?.kind !== 'run') return this.selection.runIds;
    return this.selection.has(row.runId) ? this.selection.runIds : [row.runId];
  }

  private isOn(runId: RunId): boolean {
    return this.state?.view.slots.some(([id]) => id === runId) ?? false;
  }

  private setOn(runIds: readonly RunId[], on: boolean): void {
    if (runIds.length > 0) this.try(this.host.setOn({ runIds, on }));
  }

  private setStar(runIds: readonly RunId[], starred: boolean): void {
    if (runIds.length > 0) this.try(this.host.setStar({ runIds, starred }));
  }

  private act(action: TableAction, runIds: readonly RunId[]): void {
    if (runIds.length > 0) this.try(this.host.act({ action, runIds }));
  }

  private open(index: number, beside: boolean): void {
    const row = this.source.row(index);
    if (row?.kind === 'run') this.try(this.host.openRun({ runId: row.runId, beside }));
    else if (row?.kind === 'group') this.fold(index, !row.isFolded);
  }

  private fold(index: number, folded: boolean): void {
    const row = this.source.row(index);
    if (row?.kind !== 'group') return;
    const others = this.definition.folded.filter((value) => value !== row.value);
    this.change({ folded: folded ? [...others, row.value] : others });
  }

  private pointed(index: number | null): void {
    const row = index === null ? undefined : this.source.row(index);
    this.asks.emphasise(row?.kind === 'run' ? row.runId : null);
    if (index === null) this.source.settle();
  }

  private onKey(event: KeyboardEvent, index: number): boolean {
    const row = this.source.row(index);
    const run = row?.kind === 'run' ? row : null;
    const isCommand = event.ctrlKey || event.metaKey;
    const runIds = this.runsAt(index);
    if (isCommand) {
      if (event.key === 'a') void this.selectAll();
      else if (event.key === 'c') this.copyRows(runIds);
      else if (event.key === 'f') this.filter.focus();
      else return false;
      return true;
    }
    switch (event.key) {
      case ' ':
        if (run !== null) this.setOn(runIds, !this.isOn(run.runId));
        else if (row?.kind === 'group') this.fold(index, !row.isFolded);
        return true;
      case 'Enter':
        this.open(index, event.altKey);
        return true;
      case 'F2':
        if (run !== null) this.act('rename', [run.runId]);
        return true;
      case 'Delete':
        this.act('delete', runIds);
        return true;
      case 'Escape':
        if (this.selection.size === 0) return false;
        this.clearSelection();
        return true;
      case '/':
        this.filter.focus();
        return true;
    }
    if (event.altKey || event.shiftKey) return false;
    if (event.key === 'c') this.act('compare', runIds);
    else if (event.key === 's') this.setStar(runIds, !(run?.starred ?? false));
    else return false;
    return true;
  }

  /** Keys of the whole part, wherever in it the keyboard is. */
  private onPageKey(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement;
    const isFind = event.key === 'f' && (event.ctrlKey || event.metaKey);
    if (!isFind && (event.key !== '/' || isTyping)) return;
    event.preventDefault();
    this.filter.focus();
  }

  private clearSelection(): void {
    this.selection.clear();
    this.selectionChanged();
    this.grid.element.focus();
  }

  private openRowMenu(index: number, part: string, at: { x: number; y: number }): void {
    const row = this.source.row(index);
    if (row?.kind === 'group') {
      this.openGroupMenu(index, at);
      return;
    }
    if (row === undefined) return;
    if (!this.selection.has(row.runId)) this.select([row.runId], index);
    const runIds = this.runsAt(index);
    const shown = this.choice.shown[Number(part)];
    const value = shown === undefined ? undefined : this.source.cell(index, shown.key);
    const cell =
      shown === undefined || value === undefined || (value !== null && typeof value === 'object')
        ? null
        : { column: shown.column, value, text: this.textOf(row, index, part) };
    const items = rowMenu(
      { run: row, count: runIds.length, isOn: this.isOn(row.runId), cell },
      {
        open: (beside) => this.open(index, beside),
        setOn: (on) => this.setOn(runIds, on),
        setStar: (starred) => this.setStar(runIds, starred),
        setArchived: (archived) => this.try(this.host.setArchived({ runIds, archived })),
        editTags: () => this.try(this.host.editTags({ runIds })),
        act: (action) => this.act(action, runIds),
        addClause: (clause) => this.change({ filter: withClause(this.definition.filter, clause) }),
        copy: (text) => this.try(this.host.copy({ text })),
        copyRows: () => this.copyRows(runIds),
        exportRows: () => this.openExportMenu(runIds, at),
      },
    );
    openMenu(t('Run {0}', row.name), items, at);
  }

  private openGroupMenu(index: number, at: { x: number; y: number }): void {
    const row = this.source.row(index);
    if (row?.kind !== 'group') return;
    openMenu(
      t('Group'),
      [
        { label: row.isFolded ? t('Unfold') : t('Fold'), run: () => this.fold(index, !row.isFolded) },
        { label: t('Fold All'), run: () => void this.foldAll() },
        { label: t('Unfold All'), run: () => this.change({ folded: [] }) },
        'line',
        { label: t('No Groups'), run: () => this.change({ groupBy: null, folded: [] }) },
      ],
      at,
    );
  }

  private textOf(row: TableRun, index: number, part: string): string {
    const shown = this.choice.shown[Number(part)];
    const value = shown === undefined ? undefined : this.source.cell(index, shown.key);
    if (shown === undefined || value === undefined) return row.name;
    if (value !== null && typeof value === 'object') return '';
    const isDerived = shown.column.kind === 'attribute';
    return isDerived ? cellText(shown, value, row, undefined, Date.now()) : String(value ?? '');
  }

  private copyRows(runIds: readonly RunId[]): void {
    if (runIds.length === 0) return;
    const request = {
      format: 'markdown',
      query: this.query(),
      runIds,
      columns: this.columns(),
      to: 'clipboard',
    } as const;
    this.try(this.host.exportRuns(request));
  }

  private columns(): readonly Column[] {
    return this.choice.shown.map(({ column }) => column);
  }

  private openExportMenu(runIds: readonly RunId[] | null, at: { x: number; y: number }): void {
    const item = (
      format: 'csv' | 'json' | 'markdown',
      label: string,
      to: 'file' | 'clipboard' = 'file',
    ): MenuItem => ({
      label,
      run: () =>
        this.try(this.host.exportRuns({ format, query: this.query(), runIds, columns: this.columns(), to })),
    });
    openMenu(
      t('Export'),
      [
        item('csv', t('Export as CSV…')),
        item('json', t('Export as JSON…')),
        item('markdown', t('Export as Markdown…')),
        'line',
        item('markdown', t('Copy as Markdown'), 'clipboard'),
        item('csv', t('Copy as CSV'), 'clipboard'),
      ],
      at,
    );
  }

  // What is done with columns.

  private sort(part: string, adds: boolean): void {
    const column = part === 'name' ? ({ kind: 'name' } as const) : this.choice.shown[Number(part)]?.column;
    if (column === undefined) return;
    this.change({ sort: sortAfterClick(this.definition.sort, column, adds, this.state?.view.goal ?? null) });
  }

  private resize(part: string, width: number | null, isDone: boolean): void {
    if (part === 'name') {
      this.looks.nameWidth(width);
      this.layOut();
      return;
    }
    const n = Number(part);
    if (isDone) this.change({ columns: this.edits().resize(n, width) });
    else {
      this.looks.columns(this.choice.shown.map((shown, at) => (at === n ? { ...shown, width } : shown)));
      this.layOut();
    }
  }

  private openHeadMenu(part: string, at: { x: number; y: number }): void {
    const n = part === 'name' ? null : Number(part);
    const shown = n === null ? null : (this.choice.shown[n] ?? null);
    const column = shown?.column ?? ({ kind: 'name' } as const);
    const { sort } = this.definition;
    const others = sort.filter((key) => !isSameColumn(key.column, column));
    const edit = (columns: ViewDefinition['columns']) => this.change({ columns });
    openMenu(
      shown === null ? t('run') : columnWord(shown.column),
      headMenu(
        shown,
        {
          isSorted: others.length < sort.length,
          isSortedByOthers: others.length > 0,
          isGrouped: this.definition.groupBy !== null,
        },
        {
          sort: (descending) => this.change({ sort: [{ column, descending }] }),
          alsoSort: (descending) => this.change({ sort: [...others, { column, descending }] }),
          clearSort: () => this.change({ sort: others }),
          setLook: (look) => n !== null && edit(this.edits().look(n, look)),
          setPinned: (pinned) => n !== null && edit(this.edits().pin(n, pinned)),
          move: (step) => n !== null && edit(this.edits().move(n, step > 0 ? n + 2 : n - 1)),
          fit: () => this.resize(part, null, true),
          hide: () => n !== null && edit(this.edits().hide(n)),
          groupBy: (groupBy) => this.change({ groupBy, folded: [] }),
          chooseColumns: () => this.pickColumns(at),
        },
      ),
      at,
    );
  }

  private pickColumns(at: { x: number; y: number }): void {
    openColumnPicker(
      () => ({ infos: this.infos, columns: this.seenEdits().all }),
      {
        // What is ticked is what is seen, whether it differs or not.
        toggle: (column) => this.change({ columns: this.seenEdits().toggle(column), onlyDiffering: false }),
        reset: () => this.change({ columns: null, onlyDiffering: true }),
      },
      at,
    );
  }

  private pickGroup(at: { x: number; y: number }): void {
    const choices = groupChoices(this.infos);
    const current = this.definition.groupBy === null ? null : columnKey(this.definition.groupBy);
    openChooser(
      {
        label: t('Group by'),
        placeholder: t('Find what to group by'),
        several: false,
        choices: () => [
          { id: '', label: t('No groups'), detail: '', group: t('Group by'), checked: current === null },
          ...choices.map(({ column, words }) => ({
            ...words,
            id: columnKey(column),
            checked: columnKey(column) === current,
          })),
        ],
        choose: (id) => {
          const column = choices.find((choice) => columnKey(choice.column) === id)?.column ?? null;
          if (column?.kind !== 'metric') this.change({ groupBy: column, folded: [] });
        },
      },
      at,
    );
  }

  private async foldAll(): Promise<void> {
    const { groupBy } = this.definition;
    if (groupBy === null) return;
    try {
      const { values } = await this.host.listValues({ column: groupBy, containing: '', limit: 10_000 });
      this.change({ folded: [...values.map(({ text }) => text), ''] });
    } catch (error) {
      this.fail(error);
    }
  }

  // Saved views.

  private async saveAs(): Promise<void> {
    const name = await this.host.askName({ title: t('Save as View'), value: this.state?.viewName ?? '' });
    if (name !== null) await this.save(name);
  }

  private async save(name: string): Promise<void> {
    const { views } = await this.host.saveView({ name, definition: this.definition });
    this.asks.viewsChanged(views, name);
  }

  private openViewMenu(view: SavedView | null, at: { x: number; y: number }): void {
    const shown = this.state?.viewName ?? null;
    const isShown = (view?.name ?? null) === shown;
    const changed = isShown && this.isModified();
    openMenu(
      view?.name ?? t('All runs'),
      [
        view !== null && changed ? { label: t('Save'), run: () => this.try(this.save(view.name)) } : null,
        changed ? { label: t('Discard Changes'), run: () => this.asks.openView(view) } : null,
        { label: t('Save as View…'), run: () => this.try(this.saveAs()) },
        view === null ? null : { label: t('Rename…'), run: () => this.try(this.renameView(view)) },
        view === null ? null : { label: t('Delete View'), run: () => this.try(this.deleteView(view)) },
        'line',
        {
          label: t('Write Views to winnow.yaml…'),
          run: () => this.try(this.host.shareViews({})),
        },
      ],
      at,
    );
  }

  private async renameView(view: SavedView): Promise<void> {
    const to = await this.host.askName({ title: t('Rename View'), value: view.name });
    if (to === null || to === view.name) return;
    const { views } = await this.host.renameView({ name: view.name, to });
    const shown = this.state?.viewName ?? null;
    this.asks.viewsChanged(views, shown === view.name ? to : shown);
  }

  private async deleteView(view: SavedView): Promise<void> {
    const { views } = await this.host.deleteView({ name: view.name });
    const shown = this.state?.viewName ?? null;
    this.asks.viewsChanged(views, shown === view.name ? null : shown);
  }

  private isModified(): boolean {
    const { state } = this;
    if (state === null) return false;
    const saved = state.view.views.find(({ name }) => name === state.viewName)?.definition;
    return isModified(state.definition, saved ?? PLAIN_VIEW);
  }

  // What is drawn around the rows.

  private renderAround(): void {
    this.renderTabs();
    this.renderTools();
    this.renderStatus();
    this.renderEmpty();
    this.renderBanner();
  }

  private renderTabs(): void {
    const { state } = this;
    if (state === null) return;
    const button = (icon: string, label: string, open: (event: MouseEvent) => void) =>
      html`<button
        class="icon codicon codicon-${icon}"
        title=${label}
        aria-label=${label}
        @click=${open}
      ></button>`;
    render(
      html`${viewTabs(
          { views: state.view.views, shown: state.viewName, isModified: this.isModified() },
          {
            open: (view) => this.asks.openView(view),
            saveAs: () => this.try(this.saveAs()),
            menu: (view, at) => this.openViewMenu(view, at),
          },
        )}<span class="grow"></span>${
          this.isModified() && state.viewName !== null
            ? html`<button class="link small" @click=${() => this.try(this.save(state.viewName ?? ''))}>
                ${t('Save')}
              </button>`
            : nothing
        }${
          this.definition.groupBy === null
            ? nothing
            : button('collapse-all', t('Fold All'), () => void this.foldAll())
        }${button('split-horizontal', t('Choose Columns…'), (event) => this.pickColumns(below(event)))}${button(
          'ellipsis',
          t('More Actions…'),
          (event) => this.openMore(below(event)),
        )}`,
      this.tabs,
    );
  }

  private openMore(at: { x: number; y: number }): void {
    const { definition } = this;
    const view = this.state?.view.views.find(({ name }) => name === this.state?.viewName) ?? null;
    openMenu(
      t('More Actions…'),
      [
        {
          label: t('Show Archived Runs'),
          checked: definition.includeArchived,
          run: () => this.change({ includeArchived: !definition.includeArchived }),
        },
        'line',
        { label: t('Save as View…'), run: () => this.try(this.saveAs()) },
        view === null ? null : { label: t('Rename View…'), run: () => this.try(this.renameView(view)) },
        view === null ? null : { label: t('Delete View'), run: () => this.try(this.deleteView(view)) },
        { label: t('Write Views to winnow.yaml…'), run: () => this.try(this.host.shareViews({})) },
        'line',
        { label: t('Export…'), run: () => this.openExportMenu(null, at) },
      ],
      at,
    );
  }

  private renderTools(): void {
    const { groupBy, onlyDiffering } = this.definition;
    render(
      html`<button
          class="tool"
          aria-haspopup="dialog"
          title=${t('Group by')}
          aria-label=${groupBy === null ? t('Group by: nothing') : t('Group by: {0}', columnTitle(groupBy))}
          @click=${(event: MouseEvent) => this.pickGroup(below(event))}
        >
          <i class="codicon codicon-group-by-ref-type" aria-hidden="true"></i
          ><bdi class="tool-text">${groupBy === null ? t('Group') : columnTitle(groupBy)}</bdi
          ><i class="codicon codicon-chevron-down" aria-hidden="true"></i>
        </button>
        <button
          class="tool ${onlyDiffering ? 'on' : ''}"
          aria-pressed=${onlyDiffering}
          title=${t('Only Columns That Differ')}
          aria-label=${t('Only Columns That Differ')}
          @click=${() => this.change({ onlyDiffering: !onlyDiffering })}
        >
          <i class="codicon codicon-list-selection" aria-hidden="true"></i
          ><span class="tool-text tool-long">${t('Only Columns That Differ')}</span>
        </button>`,
      this.toolButtons,
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
    const { state, selection } = this;
    if (state === null) return;
    const { runIds } = selection;
    this.status.classList.toggle('bulk-shown', selection.size > 1);
    if (selection.size > 1) {
      const areOn = runIds.every((runId) => this.isOn(runId));
      const actions = [
        areOn
          ? { label: t('Off'), icon: 'eye-closed', run: () => this.setOn(runIds, false) }
          : { label: t('On'), icon: 'eye', run: () => this.setOn(runIds, true) },
        { label: t('Compare'), icon: 'diff', run: () => this.act('compare', runIds) },
        { label: t('Star'), icon: 'star-empty', run: () => this.setStar(runIds, true) },
        { label: t('Tags…'), icon: 'tag', run: () => this.try(this.host.editTags({ runIds })) },
        {
          label: t('Archive'),
          icon: 'archive',
          run: () => this.try(this.host.setArchived({ runIds, archived: true })),
        },
        {
          label: t('Export…'),
          icon: 'export',
          run: () => {
            const box = this.status.getBoundingClientRect();
            this.openExportMenu(runIds, { x: box.left + 200, y: box.top - 140 });
          },
        },
        { label: t('Delete'), icon: 'trash', run: () => this.act('delete', runIds) },
      ];
      render(
        bulkBar(selection.size, actions, () => this.clearSelection()),
        this.status,
      );
      return;
    }
    const { source } = this;
    const lines = this.looks.lines();
    render(
      source.isReady
        ? statusLine(
            {
              runCount: source.runCount,
              allCount: source.allCount,
              isFiltered: this.query().filter !== '',
              equalCount: this.choice.equalCount,
              onCount: state.view.slots.length,
              hasChampionLine: lines.champion !== null,
              hasTargetLine: lines.target !== null,
              brush: state.brush,
            },
            () => this.asks.clearBrush(),
          )
        : nothing,
      this.status,
    );
  }

  private renderEmpty(): void {
    const { state, source } = this;
    const isEmpty = state !== null && source.isReady && source.rowCount === 0;
    this.empty.hidden = !isEmpty;
    render(
      state === null || !isEmpty
        ? nothing
        : emptyState(
            {
              view: state.view,
              allCount: source.allCount,
              runCount: source.runCount,
              isFiltered: (source.query?.filter ?? '') !== '',
            },
            {
              run: () => this.try(this.host.run({})),
              clear: () => {
                if (state.brush !== '') this.asks.clearBrush();
                this.wantsFocus = true;
                this.change({ filter: '' });
              },
            },
          ),
      this.empty,
    );
  }

  private showBusy(isBusy: boolean): void {
    clearTimeout(this.busyTimer);
    if (!isBusy) {
      this.progress.classList.remove('on');
      return;
    }
    this.busyTimer = setTimeout(() => this.progress.classList.add('on'), BUSY_MS);
  }

  private say(text: string): void {
    this.spoken.textContent = text;
  }

  /** A failure of what a person asked for is said above the rows. */
  private try(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (error instanceof UserError && error.code === 'page-closed') return;
    this.problem = messageOf(error);
    this.renderBanner();
  }
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function below(event: MouseEvent): { x: number; y: number } {
  const { currentTarget } = event;
  if (!(currentTarget instanceof Element)) return placeOf(event);
  const box = currentTarget.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 2 };
}
