import './board.css';
import { html, nothing, render } from 'lit';
import type { ChangedMetrics, ChartRun } from '../../src/api/pages';
import type { ExperimentHost, ExperimentView } from '../../src/api/experimentPage';
import { messageOf } from '../../src/base/errors';
import type { BoardSettings, ChartSpec, LinesSpec } from '../../src/model/chartSpec';
import { withClause } from '../../src/model/filterText';
import type { RunId } from '../../src/model/run';
import type { ViewDefinition } from '../../src/model/savedView';
import {
  type Column,
  type ColumnInfo,
  type RunColumns,
  type TableQuery,
  columnKey,
} from '../../src/model/table';
import { t } from '../ui/l10n';
import { onThemeChange } from '../ui/themeChange';
import { csvOf, fileName } from './board/files';
import { type BoardLayout, layOutBoard, lineId, moved } from './board/layout';
import type { MenuItem } from './board/menu';
import { BoardReader, type Needs, type Part, projected } from './board/reader';
import { toolbarOf } from './board/toolbar';
import { ChartFrame, type FrameHost } from './frame';
import { chartKinds, kindOf } from './index';
import type { ChartInput, ChartServices, StepRange, Wants } from './kind';
import { linesOf } from './kinds/lines';
import { metricsWith } from './metricNames';
import { readTheme } from './theme';

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

const PROGRESS_AFTER_MS = 300; // Shorter waits would only flicker.
const COLUMN_WIDTH = 380; // Pixels that a chart of one column needs at least to be read.
const GAP = 24;
const MORE = 24; // Further charts that are made at a time, when their place comes on the screen.
const MAX_RELEASED_LATER = 40; // Charts off the screen that keep their drawing, for scrolling back.
const MAX_LISTED_RUNS = 40;

/** The charts of an experiment page: what is on the screen is read at once and drawn, all else waits. */
export class ChartBoard {
  readonly element = document.createElement('section');
  private state: BoardState | null = null;
  private layout: BoardLayout = { charts: [], further: [], system: [] };
  private theme = readTheme();
  private readonly frames = new Map<string, ChartFrame>();
  /** What a person changed in charts that are not among those of the view: kept as long as the page lives. */
  private readonly passing = new Map<string, LinesSpec>();
  private readonly ranges = new Map<string, StepRange>();
  private readonly brushes = new Map<string, readonly string[]>();
  private readonly projections = new Map<
    string,
    { from: RunColumns; key: string; columns: RunColumns | null }
  >();
  private readonly dirty = new Set<string>();
  private readonly offScreen = new Set<string>();
  private frame = 0;
  private alone: string | null = null;
  private search = '';
  private furtherShown = MORE;
  private undo: { readonly text: string; readonly charts: readonly ChartSpec[] | null } | null = null;
  private problem: string | null = null;
  private progressTimer: ReturnType<typeof setTimeout> | undefined;
  private columnCount = 2;
  private runs: readonly ChartRun[] = [];

  private readonly progress = part('div', 'progress');
  private readonly toolbar = part('div', 'board-bar');
  private readonly notes = part('div', 'board-notes');
  private readonly scroller = part('div', 'board-charts');
  private readonly pinned = part('div', 'grid kept pinned');
  private readonly main = part('div', 'grid kept');
  private readonly further = new Fold('further');
  private readonly system = new Fold('system');
  private readonly sentinel = part('div', 'sentinel');

  private readonly reader: BoardReader;
  private readonly intersections: IntersectionObserver;
  private readonly more: IntersectionObserver;
  private readonly sizes: ResizeObserver;
  private readonly stopThemes: () => void;
  private readonly onVisible = () => this.reader.look();

  constructor(
    private readonly host: BoardHost,
    private readonly asks: BoardAsks,
  ) {
    this.element.className = 'board';
    this.element.tabIndex = -1;
    this.element.setAttribute('aria-label', t('Charts'));
    this.scroller.append(this.pinned, this.main, this.further.element, this.system.element);
    this.further.element.append(this.sentinel);
    this.element.append(this.progress, this.toolbar, this.notes, this.scroller);
    this.reader = new BoardReader({
      host,
      needs: () => this.needs(),
      arrived: (metrics) => this.arrived(metrics),
      busy: (isBusy) => this.showProgress(isBusy),
    });
    this.intersections = new IntersectionObserver((entries) => this.onIntersect(entries), {
      rootMargin: '200px',
    });
    this.more = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      if (this.furtherShown >= metricsWith(this.layout.further, this.search).length) return;
      this.furtherShown += MORE;
      this.placeAll();
      // Its place may still be on the screen, and then nothing would tell.
      this.more.unobserve(this.sentinel);
      this.more.observe(this.sentinel);
    });
    this.more.observe(this.sentinel);
    this.sizes = new ResizeObserver(() => this.onResize());
    this.sizes.observe(this.scroller);
    this.further.element.addEventListener('toggle', () => this.placeAll());
    this.system.element.addEventListener('toggle', () => this.placeAll());
    this.stopThemes = onThemeChange(() => {
      this.theme = readTheme();
      this.invalidateAll();
    });
    document.addEventListener('visibilitychange', this.onVisible);
  }

  /** Shows another state; draws with the next frame. */
  update(state: BoardState): void {
    const before = this.state;
    this.state = state;
    const isOther = before?.definition !== state.definition || before.columns !== state.columns;
    if (isOther || before.view !== state.view) {
      this.layout = layOutBoard(state.definition.charts, state.columns, state.view.goal, chartKinds);
      this.collectRuns();
      this.renderToolbar();
      this.renderNotes();
      this.placeAll();
    }
    this.invalidateAll();
    this.reader.look();
  }

  /** Metrics that have new points. */
  pointsChanged(changed: readonly ChangedMetrics[]): void {
    this.reader.changed(changed);
  }

  /** Runs that began, ended or changed; null: anything may have. */
  rowsChanged(runs: readonly RunId[] | null): void {
    if (runs === null) this.reader.everythingChanged();
    else this.reader.rowsChanged();
  }

  /** Brings the charts into the reach of the keyboard (F6). */
  focus(): void {
    const first = this.scroller.querySelector<HTMLElement>('.frame [tabindex="0"]') ?? this.element;
    first.focus();
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.progressTimer);
    document.removeEventListener('visibilitychange', this.onVisible);
    this.stopThemes();
    this.intersections.disconnect();
    this.more.disconnect();
    this.sizes.disconnect();
    this.reader.dispose();
    for (const frame of this.frames.values()) frame.dispose();
    this.frames.clear();
    this.element.remove();
  }

  // What is read

  private needs(): Needs | null {
    const { state } = this;
    if (state === null) return null;
    const frames = this.visible();
    if (frames.length === 0) return null;
    const series = new Map<string, { readonly runId: RunId; readonly metric: string }>();
    const [on, table] = [new Map<string, Column>(), new Map<string, Column>()];
    const parts: Part[] = [];
    let params = false;
    let pixels = 200;
    for (const { spec, element } of frames) {
      const wants = this.wantsOf(spec);
      const own = this.seriesOf(spec, wants);
      for (const one of own) series.set(`${one.runId}${one.metric}`, one);
      for (const column of wants.columns?.columns ?? []) {
        (wants.columns?.of === 'table' ? table : on).set(columnKey(column), column);
      }
      params ||= wants.params === true;
      pixels = Math.max(pixels, element.clientWidth);
      const range = this.ranges.get(spec.id);
      if (range !== undefined) parts.push({ chartId: spec.id, range, series: own });
    }
    return {
      query: { ...state.query, sort: [], groupBy: null, folded: [] },
      experimentId: state.view.experimentId,
      runs: this.runIds(),
      params: params ? this.telling() : [],
      series: [...series.values()],
      on: [...on.values()],
      table: [...table.values()],
      parts,
      pixels: Math.min(10_000, pixels),
    };
  }

  private wantsOf(spec: ChartSpec): Wants {
    const { state } = this;
    const none: Wants = { series: [], columns: null };
    return state === null
      ? none
      : (kindOf(spec.kind)?.wants(spec, state.definition.board, state.columns) ?? none);
  }

  private seriesOf(spec: ChartSpec, wants: Wants): Part['series'] {
    return this.idsOf(spec).flatMap((runId) => wants.series.map((metric) => ({ runId, metric })));
  }

  private idsOf(spec: ChartSpec): readonly RunId[] {
    return spec.runs ?? this.state?.view.slots.map(([runId]) => runId) ?? [];
  }

  /** All runs of all charts: one read knows them. */
  private runIds(): readonly RunId[] {
    const on = this.state?.view.slots.map(([runId]) => runId) ?? [];
    return [...new Set([...on, ...this.layout.charts.flatMap(({ runs }) => runs ?? [])])];
  }

  /** The params that tell runs apart; equal ones say nothing. */
  private telling(): readonly string[] {
    return (this.state?.columns ?? []).flatMap(({ column, differs }) =>
      column.kind === 'param' && differs ? [column.name] : [],
    );
  }

  private arrived(metrics: ReadonlySet<string> | null): void {
    if (metrics === null) this.collectRuns();
    for (const { spec } of this.frames.values()) {
      if (metrics === null || this.wantsOf(spec).series.some((name) => metrics.has(name)))
        this.invalidate(spec.id);
    }
  }

  private collectRuns(): void {
    const slots = new Map(this.state?.view.slots ?? []);
    this.runs = this.runIds().flatMap((runId) => {
      const facts = this.reader.facts.get(runId);
      return facts === undefined ? [] : [{ ...facts.run, slot: slots.get(runId) ?? null }];
    });
    this.reader.keep(new Set(this.runIds()));
  }

  // What is drawn

  private visible(): readonly ChartFrame[] {
    return [...this.frames.values()].filter(({ isVisible }) => isVisible);
  }

  private invalidateAll(): void {
    for (const id of this.frames.keys()) this.invalidate(id);
  }

  /** Draws with the next frame what is on the screen by then. */
  private invalidate(id: string): void {
    this.dirty.add(id);
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      for (const one of [...this.dirty]) {
        const frame = this.frames.get(one);
        if (frame?.isVisible !== true) continue;
        this.dirty.delete(one);
        this.draw(frame);
      }
      this.element.dataset.drawn = JSON.stringify(this.drawnPoints());
    });
  }

  private draw(frame: ChartFrame): void {
    const input = this.inputOf(frame.spec);
    if (input === null) return;
    const names = this.wantsOf(frame.spec).series;
    const problem = ['', ...names]
      .map((name) => this.reader.problems.get(name))
      .find((text) => text !== undefined);
    frame.setProblem(problem ?? null);
    frame.draw(input);
  }

  private inputOf(spec: ChartSpec): ChartInput | null {
    const { state } = this;
    if (state === null) return null;
    const { view } = state;
    const ids = new Set(this.idsOf(spec));
    const wants = this.wantsOf(spec);
    const range = this.ranges.get(spec.id);
    const zoomed = this.reader.parts.get(spec.id);
    return {
      spec,
      board: state.definition.board,
      goal: view.goal,
      theme: this.theme,
      runs: this.runs.filter(({ runId }) => ids.has(runId)),
      series: this.reader.series,
      ...(range !== undefined && zoomed?.range === range ? { details: zoomed.series } : {}),
      columns: this.columnsOf(spec, wants, ids),
      ...(wants.columns === null ? {} : { wanted: wants.columns.columns }),
      params: new Map([...this.reader.facts].map(([runId, facts]) => [runId, facts.params])),
      // A chart of all runs knows those that are off, too.
      emphasised:
        state.emphasised !== null && (ids.has(state.emphasised) || wants.columns?.of === 'table')
          ? state.emphasised
          : null,
      championId: view.champion?.runId ?? null,
      bestRunId: view.best?.runId ?? null,
    };
  }

  /** Of the columns that were read for all charts those of this one; the same object while they are the same. */
  private columnsOf(spec: ChartSpec, { columns }: Wants, ids: ReadonlySet<RunId>): RunColumns | null {
    if (columns === null) return null;
    const isTable = columns.of === 'table';
    const from = isTable ? this.reader.table : this.reader.on;
    if (from === null) return null;
    const key = JSON.stringify([columns, isTable ? null : [...ids]]);
    const known = this.projections.get(spec.id);
    if (known?.from === from && known.key === key) return known.columns;
    const read = isTable ? this.reader.tableColumns : this.reader.onColumns;
    const made = projected(from, read, columns.columns, isTable ? null : ids);
    this.projections.set(spec.id, { from, key, columns: made });
    return made;
  }

  /** How many points of each metric are on the screen: what measures how late a chart is. */
  private drawnPoints(): Readonly<Record<string, number>> {
    const drawn: Record<string, number> = {};
    for (const { spec } of this.visible()) {
      if (spec.kind !== 'lines') continue;
      let count = 0;
      for (const runId of this.idsOf(spec))
        count += this.reader.series.get(runId)?.get(spec.metric)?.count ?? 0;
      drawn[spec.metric] = count;
    }
    return drawn;
  }

  // What stands where

  private placeAll(): void {
    const { state, layout } = this;
    if (state === null) return;
    this.columnCount = this.columnsFor(state.definition.board);
    this.scroller.style.setProperty('--columns', String(this.columnCount));
    const alone = this.alone === null ? null : this.specOf(this.alone);
    if (alone === null) this.alone = null;
    this.element.classList.toggle('alone', alone !== null);
    const found = metricsWith(layout.further, this.search);
    const furtherSpecs = found.slice(0, this.furtherShown).map((name) => this.passingSpec(name));
    const systemSpecs = layout.system.map((name) => this.passingSpec(name));
    const charts = alone === null ? layout.charts : [alone];
    const kept = new Set(layout.charts.map(({ id }) => id));
    const isWithin = (fold: Fold) => alone === null && fold.element.open;
    const wanted = new Set([
      ...charts.map(({ id }) => id),
      ...(isWithin(this.further) ? furtherSpecs.map(({ id }) => id) : []),
      ...(isWithin(this.system) ? systemSpecs.map(({ id }) => id) : []),
    ]);
    for (const id of this.frames.keys()) if (!wanted.has(id)) this.drop(id);
    const isPinned = (spec: ChartSpec) => spec.pinned && alone === null;
    this.place(this.pinned, charts.filter(isPinned), kept);
    this.place(
      this.main,
      charts.filter((spec) => !isPinned(spec)),
      kept,
    );
    this.pinned.hidden = !charts.some(isPinned);
    this.further.show(layout.further.length, alone === null, t('Further metrics'), {
      text: this.search,
      found: found.length,
      change: (text) => {
        this.search = text;
        this.furtherShown = MORE;
        this.placeAll();
      },
    });
    this.system.show(layout.system.length, alone === null, t('System'), null);
    if (isWithin(this.further)) this.place(this.further.grid, furtherSpecs, kept);
    if (isWithin(this.system)) this.place(this.system.grid, systemSpecs, kept);
  }

  private columnsFor(board: BoardSettings): number {
    const room = Math.floor((this.scroller.clientWidth + GAP) / (COLUMN_WIDTH + GAP));
    // A board beside a table is narrow, and two small charts say more than one wide one.
    const most = this.scroller.clientWidth >= 560 ? Math.max(2, room) : 1;
    return board.columns ?? Math.min(3, most);
  }

  private onResize(): void {
    if (this.state === null || this.columnsFor(this.state.definition.board) === this.columnCount) return;
    this.placeAll();
  }

  /** Puts charts into a grid in their order, and moves none that is there already. */
  private place(grid: HTMLElement, specs: readonly ChartSpec[], kept: ReadonlySet<string>): void {
    let before: Element | null = grid.firstElementChild;
    for (const spec of specs) {
      const frame = this.frameOf(spec);
      if (frame === null) continue;
      frame.isKept = kept.has(spec.id);
      frame.isAlone = this.alone === spec.id;
      frame.show(spec);
      if (frame.element === before) {
        before = before.nextElementSibling;
      } else {
        grid.insertBefore(frame.element, before);
        this.intersections.observe(frame.element);
      }
    }
  }

  private frameOf(spec: ChartSpec): ChartFrame | null {
    const known = this.frames.get(spec.id);
    if (known?.spec.kind === spec.kind) return known;
    if (known !== undefined) this.drop(spec.id);
    const kind = kindOf(spec.kind);
    // A view from a later version may have kinds that this one does not know.
    if (kind === null) return null;
    const frame = new ChartFrame(spec, kind, this.frameHost);
    this.frames.set(spec.id, frame);
    this.dirty.add(spec.id);
    return frame;
  }

  private drop(id: string): void {
    const frame = this.frames.get(id);
    if (frame === undefined) return;
    this.intersections.unobserve(frame.element);
    frame.dispose();
    this.frames.delete(id);
    this.forget(frame);
    this.ranges.delete(id);
    if (this.brushes.delete(id)) this.tellBrush();
  }

  private forget({ spec }: ChartFrame): void {
    this.offScreen.delete(spec.id);
    this.dirty.delete(spec.id);
    this.projections.delete(spec.id);
    this.reader.parts.delete(spec.id);
    const still = new Set([...this.frames.values()].flatMap((other) => this.wantsOf(other.spec).series));
    for (const metric of this.wantsOf(spec).series) if (!still.has(metric)) this.reader.forgetMetric(metric);
  }

  private onIntersect(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const id = target instanceof HTMLElement ? (target.dataset.chart ?? '') : '';
      const frame = this.frames.get(id);
      if (frame === undefined) continue;
      frame.isVisible = isIntersecting;
      if (isIntersecting) {
        this.offScreen.delete(id);
        this.invalidate(id);
      } else if (frame.view !== null) {
        this.offScreen.add(id);
      }
    }
    // Of ten thousand charts that were scrolled past only the last ones keep their drawing.
    for (const id of this.offScreen) {
      if (this.offScreen.size <= MAX_RELEASED_LATER) break;
      this.offScreen.delete(id);
      this.frames.get(id)?.release();
      this.dirty.add(id);
    }
    this.reader.look();
  }

  private passingSpec(metric: string): LinesSpec {
    const id = lineId(metric);
    const isSystem = metric.startsWith('system/');
    return this.passing.get(id) ?? linesOf(id, metric, isSystem ? { x: { kind: 'relative' } } : {});
  }

  private specOf(id: string): ChartSpec | null {
    const own = this.layout.charts.find((spec) => spec.id === id);
    if (own !== undefined) return own;
    const metric = [...this.layout.further, ...this.layout.system].find((name) => lineId(name) === id);
    return metric === undefined ? null : this.passingSpec(metric);
  }

  // What a person does

  private readonly frameHost: FrameHost = {
    change: (id, change) => this.changeChart(id, change),
    remove: (id) => this.remove(id),
    duplicate: (id) => this.duplicate(id),
    move: (id, beforeId) => this.setCharts(moved(this.layout.charts, id, beforeId)),
    moveBy: (id, by) => this.moveBy(id, by),
    toggleAlone: (id) => {
      this.alone = this.alone === id ? null : id;
      this.placeAll();
      this.invalidateAll();
      this.frames.get(id)?.element.scrollIntoView({ block: 'nearest' });
      this.frames.get(id)?.element.focus();
    },
    save: (id, as) => this.attempt(() => this.save(id, as)),
    hasBrush: (id) => this.brushes.has(id),
    keepBrush: (id) => this.keepBrush(id),
    noteItems: (id) => this.noteItems(id),
    runItems: (id) => this.runItems(id),
    tryAgain: () => this.reader.tryAgain(),
    services: (id) => this.servicesOf(id),
    grid: () => ({
      width: (this.scroller.clientWidth + GAP) / this.columnCount,
      count: this.columnCount,
    }),
  };

  private setCharts(charts: readonly ChartSpec[], undo: typeof this.undo = null): void {
    this.undo = undo;
    this.asks.change({ charts });
  }

  private changeChart(id: string, change: Partial<ChartSpec>): void {
    // Not as they stand: a chart that is unpinned goes back to where it was.
    const charts = this.state?.definition.charts ?? this.layout.charts;
    if (charts.some((spec) => spec.id === id)) {
      this.setCharts(charts.map((spec) => (spec.id === id ? changed(spec, change) : spec)));
      return;
    }
    const spec = this.specOf(id);
    if (spec?.kind !== 'lines') return;
    const next = changed(spec, change);
    if (next.kind !== 'lines') return;
    this.passing.set(id, next);
    // What says where it stands makes it one of the view's charts; how it is drawn may pass.
    const isKept = ['pinned', 'span', 'height', 'runs', 'title'].some((key) => key in change);
    if (isKept) this.setCharts([...charts, next]);
    else {
      this.placeAll();
      this.invalidate(id);
      this.reader.look();
    }
  }

  private remove(id: string): void {
    const { charts } = this.layout;
    const frame = this.frames.get(id);
    if (frame === undefined || !charts.some((spec) => spec.id === id)) return;
    const index = charts.findIndex((spec) => spec.id === id);
    const undo = { text: t('{0} was removed.', frame.title), charts: this.state?.definition.charts ?? null };
    this.setCharts(
      charts.filter((spec) => spec.id !== id),
      undo,
    );
    this.renderNotes();
    const next = this.layout.charts[Math.min(index, this.layout.charts.length - 1)];
    if (next !== undefined) this.frames.get(next.id)?.element.focus();
  }

  private duplicate(id: string): void {
    const { charts } = this.layout;
    const at = charts.findIndex((spec) => spec.id === id);
    const spec = charts[at];
    if (spec === undefined) return;
    this.setCharts([...charts.slice(0, at + 1), { ...spec, id: newId(charts) }, ...charts.slice(at + 1)]);
  }

  private moveBy(id: string, by: 1 | -1): void {
    const { charts } = this.layout;
    const at = charts.findIndex((spec) => spec.id === id);
    const target = by === 1 ? charts[at + 2] : charts[at - 1];
    if (at < 0 || (by === -1 && at === 0)) return;
    this.setCharts(moved(charts, id, target?.id ?? null));
    this.frames.get(id)?.element.focus();
  }

  private addItems(): readonly MenuItem[] {
    const { state } = this;
    if (state === null) return [];
    const { charts } = this.layout;
    const id = newId(charts);
    return chartKinds.flatMap((kind): readonly MenuItem[] => {
      const spec = kind.propose(id, state.columns, state.view.goal);
      if (spec === null) return [];
      return [
        {
          label: kind.label,
          icon: kind.icon,
          run: () => {
            this.setCharts([...charts, spec]);
            this.frames.get(id)?.element.scrollIntoView({ block: 'nearest' });
            this.frames.get(id)?.element.focus();
          },
        },
      ];
    });
  }

  private runItems(id: string): readonly MenuItem[] {
    const spec = this.specOf(id);
    if (spec === null) return [];
    const ids = new Set(this.idsOf(spec));
    const toggle = (runId: RunId) =>
      ids.has(runId) ? [...ids].filter((other) => other !== runId) : [...ids, runId];
    return [
      {
        label: t('Those That Are On'),
        checked: spec.runs === null,
        run: () => this.changeChart(id, { runs: null }),
      },
      {
        label: t('Keep These {0}', ids.size),
        checked: spec.runs !== null,
        run: () => this.changeChart(id, { runs: [...ids] }),
      },
      'separator',
      ...this.runs.slice(0, MAX_LISTED_RUNS).map(({ runId, name }): MenuItem => ({
        label: name,
        checked: ids.has(runId),
        run: () => this.changeChart(id, { runs: toggle(runId) }),
      })),
    ];
  }

  private noteItems(id: string): readonly MenuItem[] {
    const spec = this.specOf(id);
    if (spec === null) return [];
    const ids = new Set(this.idsOf(spec));
    const runs = this.runs.filter(({ runId }) => ids.has(runId)).slice(0, MAX_LISTED_RUNS);
    const best = this.state?.view.best?.runId;
    return [...runs.filter(({ runId }) => runId === best), ...runs.filter(({ runId }) => runId !== best)].map(
      ({ runId, name }) => ({ label: name, run: () => this.attempt(() => this.copyToNote(id, runId)) }),
    );
  }

  private async save(id: string, as: 'png' | 'svg' | 'csv'): Promise<void> {
    const frame = this.frames.get(id);
    const view = frame?.view;
    if (frame === undefined || !view) return;
    const bytes =
      as === 'png'
        ? await view.toPng()
        : new TextEncoder().encode(as === 'svg' ? (view.toSvg() ?? '') : csvOf(view.table()));
    await this.host.saveFile({ name: fileName(frame.title, as), bytes });
  }

  private async copyToNote(id: string, runId: RunId): Promise<void> {
    const frame = this.frames.get(id);
    const view = frame?.view;
    if (frame === undefined || !view) return;
    const markdown = `**${frame.title.replace(/[*\\\n]/g, ' ')}**: ${view.description}`;
    await this.host.addToNote({
      runId,
      markdown,
      picture: { name: fileName(frame.title, 'png'), bytes: await view.toPng() },
    });
  }

  private attempt(work: () => Promise<void>): void {
    work().then(
      () => this.say(null),
      (error: unknown) => this.say(messageOf(error)),
    );
  }

  private say(problem: string | null): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.renderNotes();
  }

  private servicesOf(id: string): ChartServices {
    return {
      invalidate: () => this.invalidate(id),
      emphasise: (runId) => this.asks.emphasise(runId),
      openRun: (runId) => this.attempt(() => this.host.openRun({ runId, beside: false })),
      change: (change) => this.changeChart(id, change),
      setBrush: (chartId, clauses) => {
        if (clauses.length === 0) this.brushes.delete(chartId);
        else this.brushes.set(chartId, clauses);
        this.tellBrush();
      },
      cursorMoved: (x, axis) => {
        for (const frame of this.visible()) if (frame.spec.id !== id) frame.view?.followCursor?.(x, axis);
      },
      lookAt: (range) => {
        if (range === null) {
          this.ranges.delete(id);
          this.reader.parts.delete(id);
        } else {
          this.ranges.set(id, range);
        }
        this.reader.look();
      },
      artifacts: this.host,
    };
  }

  /** A brush goes with the page; a filter is kept in views. */
  private keepBrush(id: string): void {
    const { state } = this;
    const clauses = this.brushes.get(id);
    if (state === null || clauses === undefined) return;
    const { filter } = state.definition;
    this.frames.get(id)?.view?.clearBrush?.();
    this.asks.change({ filter: clauses.reduce((whole, clause) => withClause(whole, clause), filter) });
  }

  private tellBrush(): void {
    this.asks.setBrush([...this.brushes.values()].flat());
  }

  // What else is said

  private renderToolbar(): void {
    const { state } = this;
    if (state === null) return;
    const metrics = [
      ...new Set(state.columns.flatMap(({ column }) => (column.kind === 'metric' ? [column.name] : []))),
    ];
    render(
      toolbarOf(state.definition.board, metrics, {
        change: (board) => this.asks.change({ board }),
        addItems: () => this.addItems(),
      }),
      this.toolbar,
    );
  }

  private renderNotes(): void {
    const { state, undo } = this;
    const isOff = state !== null && state.view.slots.length === 0 && state.view.runCount > 0;
    const isEmpty = state !== null && this.layout.charts.length === 0 && state.columns.length > 0;
    render(
      html`${
        this.problem === null
          ? nothing
          : html`<p class="error">
              <i class="codicon codicon-error" aria-hidden="true"></i> ${this.problem}
            </p>`
      }${
        undo === null
          ? nothing
          : html`<p role="status">
              ${undo.text}
              <button
                class="link"
                @click=${() => {
                  this.undo = null;
                  this.asks.change({ charts: undo.charts });
                  this.renderNotes();
                }}
              >
                ${t('Undo')}
              </button>
            </p>`
      }${
        isOff
          ? html`<p class="dim">
              ${t('No run is on. Turn runs on by the eye in the table, or with Space, and their lines are drawn here.')}
            </p>`
          : nothing
      }${
        isEmpty
          ? html`<p class="dim">
              ${t('This view has no charts.')}
              <button class="link" @click=${() => this.asks.change({ charts: null })}>
                ${t('Show the Usual Charts')}
              </button>
            </p>`
          : nothing
      }`,
      this.notes,
    );
  }

  private showProgress(isBusy: boolean): void {
    if (isBusy) {
      this.progressTimer ??= setTimeout(() => this.progress.classList.add('on'), PROGRESS_AFTER_MS);
      return;
    }
    clearTimeout(this.progressTimer);
    this.progressTimer = undefined;
    this.progress.classList.remove('on');
  }
}

/** A section that can be folded, with a box to search for its charts. */
class Fold {
  readonly element = document.createElement('details');
  readonly grid = part('div', 'grid');
  private readonly head = document.createElement('summary');
  private readonly box = part('div', 'fold-search');

  constructor(className: string) {
    this.element.className = `fold ${className}`;
    this.element.append(this.head, this.box, this.grid);
  }

  show(
    count: number,
    isShown: boolean,
    title: string,
    search: { readonly text: string; readonly found: number; change(text: string): void } | null,
  ): void {
    this.element.hidden = count === 0 || !isShown;
    render(html`<span class="section">${title}</span> <span class="dim">${count}</span>`, this.head);
    this.box.hidden = search === null;
    if (search === null) return;
    render(
      html`<input
          type="text"
          spellcheck="false"
          aria-label=${t('Search metrics')}
          placeholder=${t('Search metrics')}
          .value=${search.text}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) search.change(event.target.value);
          }}
        />${search.text === '' ? nothing : html`<span class="dim">${t('{0} of {1}', search.found, count)}</span>`}`,
      this.box,
    );
  }
}

/** A spec with a change of its own kind; what another kind has changes nothing. */
function changed(spec: ChartSpec, change: Partial<ChartSpec>): ChartSpec {
  const fields = Object.fromEntries(Object.entries(change).filter(([key]) => key in spec && key !== 'kind'));
  return Object.assign({}, spec, fields);
}

function newId(charts: readonly ChartSpec[]): string {
  const known = new Set(charts.map(({ id }) => id));
  let n = charts.length + 1;
  while (known.has(`chart-${n}`)) n += 1;
  return `chart-${n}`;
}

function part(name: 'div', className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
