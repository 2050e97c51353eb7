import './charts.css';
import { type TemplateResult, html, nothing, render } from 'lit';
import type {
  ChangedMetrics,
  ChartRun,
  ChartsHost,
  ChartsPage,
  ChartsView,
  PageSeries,
} from '../../src/api/pages';
import { messageOf } from '../../src/base/errors';
import { formatCount, formatNumber } from '../../src/model/format';
import { type RunId, isOver } from '../../src/model/run';
import { ChartCard, type XAxis } from '../charts/card';
import { CardDrawer } from '../charts/cardDrawer';
import type { PreparedLines, Range } from '../charts/lines/types';
import { smoothingSlider } from '../charts/smoothingSlider';
import { readTheme } from '../charts/theme';
import { connectHost } from '../host';
import { t } from '../ui/l10n';
import { runMark } from '../ui/runMark';
import { stateWord } from '../ui/stateWord';
import { onThemeChange } from '../ui/themeChange';
import { type Layout, layOut } from './layout';
import { Loader, type Wanted } from './loader';
import { type Memory, readMemory, toggled } from './memory';

const PROGRESS_AFTER_MS = 300; // Shorter waits would only flicker.
const SPEAK_EVERY_MS = 10_000; // Live values read aloud more often would be noise.
const OUTPUT_EVERY_MS = 2_000;

/** The page: what it is about comes from the window, how it looks is its own. */
class ChartsPageView implements ChartsPage {
  private view: ChartsView | null = null;
  private memory: Memory;
  private theme = readTheme();
  private layout: Layout = { lead: null, metrics: [], system: [], filteredOut: 0 };
  private readonly cards = new Map<string, ChartCard>();
  private emphasised: RunId | null = null;
  private zoom: Range | null = null;
  private readonly outputLines = new Map<RunId, number | null>();
  private problem: string | null = null;
  private progressTimer: ReturnType<typeof setTimeout> | undefined;
  private spokenAt = 0;
  private spokenText = '';
  private readonly drawnPoints: Record<string, number> = {};

  private readonly progress = element('div', 'progress');
  private readonly header = element('header', 'page-head');
  private readonly toolbar = element('div', 'toolbar');
  private readonly legend = element('div', 'legend');
  private readonly notes = element('div', 'notes');
  private readonly main = element('main', 'charts');
  private readonly leadGrid = element('div', 'grid');
  private readonly system = document.createElement('details');
  private readonly systemHead = document.createElement('summary');
  private readonly systemGrid = element('div', 'grid');
  private readonly spoken = element('div', 'visually-hidden');

  private readonly host = connectHost<ChartsHost, ChartsPage>({
    show: (view) => this.show(view),
    pointsChanged: (changed) => this.pointsChanged(changed),
    revealMetric: (request) => this.revealMetric(request),
  });
  private readonly loader = new Loader({
    // The goal's values are in the page's head: they are read wherever the page is scrolled to.
    isVisible: (metric) => metric === this.view?.goal?.metric || this.cards.get(metric)?.isVisible === true,
    pixels: () => Math.min(10_000, Math.max(200, ...[...this.cards.values()].map((card) => card.width))),
    readSeries: (request) => this.readSeries(request),
    take: (series, asked) => this.take(series, asked),
    failed: (metrics, problem) => {
      for (const metric of metrics) this.cards.get(metric)?.setProblem(problem);
    },
    busy: (wanted) => this.showProgress(wanted.some((one) => !this.isKnown(one))),
  });
  private readonly drawer = new CardDrawer({
    looked: () => this.loader.look(),
    isAlwaysDrawn: (card) => card.metric === this.view?.goal?.metric,
    drawing: () => {
      const before = this.leadChart()?.best ?? null;
      return () => {
        this.tellBest(before);
        this.speak();
      };
    },
  });

  constructor() {
    this.memory = readMemory(this.host.remembered);
    this.spoken.setAttribute('aria-live', 'polite');
    this.legend.setAttribute('role', 'group');
    this.legend.setAttribute('aria-label', t('Runs'));
    this.system.className = 'system';
    this.system.open = this.memory.systemIsOpen;
    this.system.append(this.systemHead, this.systemGrid);
    this.system.addEventListener('toggle', () => this.change({ systemIsOpen: this.system.open }));
    this.main.append(this.leadGrid, this.system);
    const sticky = element('div', 'sticky');
    sticky.append(this.progress, this.header, this.toolbar, this.legend);
    document.body.append(sticky, this.notes, this.main, this.spoken);
    onThemeChange(() => {
      this.theme = readTheme();
      this.renderAll();
    });
    document.addEventListener('keydown', (event) => this.onKey(event));
    document.addEventListener('scroll', () =>
      this.remember({ scrollTop: document.documentElement.scrollTop }),
    );
    setInterval(() => void this.countOutput(), OUTPUT_EVERY_MS);
  }

  /** Asks the window what to show. */
  async start(): Promise<void> {
    this.renderAll();
    this.showProgress(true);
    try {
      await this.show(await this.host.call('ready', {}));
      document.documentElement.scrollTop = this.memory.scrollTop;
    } catch (error) {
      this.problem = messageOf(error);
      this.renderAll();
    } finally {
      this.showProgress(false);
    }
  }

  show(view: ChartsView): Promise<void> {
    const before = new Map(this.view?.runs.map((run) => [run.runId, new Set(run.metrics)]));
    this.problem = null;
    this.view = view;
    this.forgetRuns(new Set(view.runs.map((run) => run.runId)));
    this.renderAll();
    this.loader.want(
      view.runs.flatMap((run) =>
        run.metrics
          .filter((metric) => before.get(run.runId)?.has(metric) !== true)
          .map((metric) => ({ runId: run.runId, metric })),
      ),
    );
    void this.countOutput();
    return Promise.resolve();
  }

  pointsChanged(changed: readonly ChangedMetrics[]): Promise<void> {
    const { view } = this;
    if (view === null) return Promise.resolve();
    const names = new Map(changed.map((change) => [change.runId, change.names]));
    const runs = view.runs.map((run) => withMetrics(run, names.get(run.runId) ?? []));
    const isNew = runs.some((run, index) => run !== view.runs[index]);
    if (isNew) {
      this.view = { ...view, runs };
      this.renderAll();
    }
    this.loader.want(changed.flatMap(({ runId, names }) => names.map((metric) => ({ runId, metric }))));
    return Promise.resolve();
  }

  revealMetric({ metric }: { readonly metric: string }): Promise<void> {
    if (!this.cards.has(metric) && this.memory.filter !== '') this.change({ filter: '' });
    if (metric.startsWith('system/')) this.system.open = true;
    const card = this.cards.get(metric);
    card?.element.scrollIntoView({ block: 'center' });
    card?.element.querySelector<HTMLElement>('.plot')?.focus({ preventScroll: true });
    return Promise.resolve();
  }

  private isKnown({ runId, metric }: Wanted): boolean {
    return this.cards.get(metric)?.series.has(runId) === true;
  }

  /** Reads the whole, and beside it the part that is zoomed into: thinned less than the whole would be. */
  private async readSeries(request: {
    series: readonly Wanted[];
    pixels: number;
  }): Promise<readonly PageSeries[]> {
    const range = this.memory.axis === 'step' ? this.zoom : null;
    if (range === null) return this.host.call('readSeries', request);
    const margin = (range.max - range.min) / 20; // So that lines run on to the edges.
    const [whole, part] = await Promise.all([
      this.host.call('readSeries', request),
      this.host.call('readSeries', {
        ...request,
        fromStep: Math.floor(range.min - margin),
        toStep: Math.ceil(range.max + margin),
      }),
    ]);
    if (this.zoom === range) for (const one of part) this.cards.get(one.metric)?.setDetails(one);
    return whole;
  }

  private setZoom(zoom: Range | null): void {
    // Steps are whole.
    this.zoom =
      zoom !== null && this.memory.axis === 'step'
        ? { min: Math.floor(zoom.min), max: Math.max(Math.ceil(zoom.max), Math.floor(zoom.min) + 1) }
        : zoom;
    for (const card of this.cards.values()) card.clearDetails();
    this.renderCards();
    this.renderToolbar();
    if (zoom === null || this.memory.axis === 'time') return;
    const thinned = [...this.cards.values()].flatMap((card) =>
      [...card.series.values()].filter((series) => series.steps.length < series.count),
    );
    this.loader.want(thinned.map(({ runId, metric }) => ({ runId, metric })));
  }

  private take(series: readonly PageSeries[], asked: readonly Wanted[]): void {
    for (const { metric } of asked) this.cards.get(metric)?.setProblem(null);
    for (const one of series) this.cards.get(one.metric)?.setSeries(one);
  }

  private forgetRuns(kept: ReadonlySet<RunId>): void {
    for (const card of this.cards.values()) {
      for (const runId of card.series.keys()) if (!kept.has(runId)) card.series.delete(runId);
    }
    for (const runId of this.outputLines.keys()) if (!kept.has(runId)) this.outputLines.delete(runId);
  }

  private change(change: Partial<Memory>): void {
    this.remember(change);
    this.renderAll();
    this.loader.look();
  }

  private remember(change: Partial<Memory>): void {
    this.memory = { ...this.memory, ...change };
    this.host.remember(this.memory);
  }

  private renderAll(): void {
    this.layout = layOut(this.view?.runs ?? [], this.view?.goal ?? null, this.memory.filter);
    this.renderCards();
    this.renderHeader();
    this.renderToolbar();
    this.renderLegend();
    this.renderNotes();
  }

  private renderCards(): void {
    const { lead, metrics, system } = this.layout;
    const wanted = new Set([...(lead === null ? [] : [lead]), ...metrics, ...system]);
    const known = new Set(this.view?.runs.flatMap((run) => run.metrics));
    for (const [metric, card] of this.cards) {
      if (wanted.has(metric)) continue;
      card.element.remove();
      this.drawer.unobserve(card);
      // What is only filtered out keeps its points: it may come back with the next key.
      if (known.has(metric)) continue;
      card.dispose();
      this.cards.delete(metric);
    }
    this.place(this.leadGrid, lead === null ? metrics : [lead, ...metrics]);
    this.place(this.systemGrid, system);
    this.system.hidden = system.length === 0;
    render(
      html`<span class="section">${t('System')}</span> <span class="dim">${system.length}</span>`,
      this.systemHead,
    );
    const bestRunId = this.leadChart()?.best?.run.runId ?? null;
    const hidden = new Set(this.memory.hiddenRuns);
    for (const metric of this.cards.keys()) {
      const card = this.cards.get(metric);
      const runs = this.view?.runs ?? [];
      card?.element.classList.toggle('lead', metric === lead);
      card?.update({
        runs: runs.filter((run) => run.metrics.includes(metric)),
        axis: this.memory.axis,
        logarithmic: this.memory.logarithmic.includes(metric),
        smoothing: this.memory.smoothing,
        ignoreOutliers: this.memory.ignoreOutliers,
        hidden: new Set(runs.map((run) => run.runId).filter((runId) => hidden.has(runId))),
        emphasised: this.emphasised,
        bestRunId,
        goal: this.view?.goal ?? null,
        zoom: this.zoom,
        theme: this.theme,
        asTable: this.memory.asTable.includes(metric),
      });
    }
  }

  /** Puts the cards of metrics into a grid in their order, and moves none that is there already. */
  private place(grid: HTMLElement, metrics: readonly string[]): void {
    let before: Element | null = grid.firstElementChild;
    for (const metric of metrics) {
      const card = this.card(metric);
      if (card.element === before) {
        before = before.nextElementSibling;
      } else {
        grid.insertBefore(card.element, before);
        this.drawer.observe(card);
      }
    }
  }

  private card(metric: string): ChartCard {
    const known = this.cards.get(metric);
    if (known !== undefined) return known;
    const card = new ChartCard(metric, {
      toggleLogarithmic: (name) => this.change({ logarithmic: toggled(this.memory.logarithmic, name) }),
      toggleTable: (name) => this.change({ asTable: toggled(this.memory.asTable, name) }),
      tryAgain: (name) => this.loader.want(this.seriesOf(name)),
      invalidate: (changed) => this.drawer.invalidate(changed),
      drawn: (chart) => this.drawn(chart),
      zoom: (range) => this.setZoom(range),
      noteRuns: () => this.view?.runs.filter((run) => run.metrics.includes(metric)) ?? [],
      saveFile: (request) => this.host.call('saveFile', request),
      addToNote: (request) => this.host.call('addToNote', request),
      cursorMoved: (from, x) => {
        for (const other of this.cards.values()) if (other !== from && other.isVisible) other.followCursor(x);
      },
    });
    this.cards.set(metric, card);
    return card;
  }

  private seriesOf(metric: string): readonly Wanted[] {
    const runs = this.view?.runs.filter((run) => run.metrics.includes(metric)) ?? [];
    return runs.map(({ runId }) => ({ runId, metric }));
  }

  private leadChart(): PreparedLines | null {
    const metric = this.view?.goal?.metric;
    return metric === undefined ? null : (this.cards.get(metric)?.summary ?? null);
  }

  /** The head and the thick line go with the best run. */
  private tellBest(before: PreparedLines['best']): void {
    const best = this.leadChart()?.best ?? null;
    const isOther = best?.run.runId !== before?.run.runId;
    if (best?.value === before?.value && !isOther) return;
    this.renderHeader();
    this.renderLegend();
    if (isOther) this.renderCards();
  }

  /** Says how many points of each metric are on the screen: what measures how late a chart is. */
  private drawn(chart: PreparedLines): void {
    this.drawnPoints[chart.metric] = chart.count;
    document.body.dataset.drawn = JSON.stringify(this.drawnPoints);
  }

  private renderHeader(): void {
    const { view } = this;
    const runs = view?.runs ?? [];
    const running = runs.filter((run) => run.state === 'running').length;
    const best = this.leadChart()?.best ?? null;
    const counts = [
      runs.length === 1 ? t('1 run') : t('{0} runs', runs.length),
      ...(running > 0 ? [t('{0} running', running)] : []),
    ];
    render(
      html`<div class="title">
          <h1>${view === null ? t('Charts') : view.title}</h1>
          ${runs.length === 0 ? nothing : html`<span class="dim small">${counts.join(' · ')}</span>`}
        </div>
        ${
          best === null || view?.goal === null || view === null
            ? nothing
            : html`<div class="stat">
                  <span class="dim small">${t('Best {0}', view.goal.metric)}</span>
                  <span class="stat-value"
                    >${runMark(best.run.slot)} ${formatNumber(best.value)}
                    <button
                      class="plain dim"
                      title=${t('Open Run')}
                      @click=${() => this.ask('openRun', best.run)}
                    >
                      ${best.run.name}
                    </button></span
                  >
                </div>
                ${this.targetStat(view.goal.target, best.value, view.goal.direction)}`
        }
        <span class="grow"></span>
        <button class="secondary" @click=${() => void this.host.call('chooseRuns', {})}>
          <i class="codicon codicon-list-tree" aria-hidden="true"></i> ${t('Select Runs')}
        </button>`,
      this.header,
    );
  }

  private targetStat(
    target: number | null,
    best: number,
    direction: 'maximize' | 'minimize',
  ): TemplateResult | typeof nothing {
    if (target === null) return nothing;
    const reached = direction === 'maximize' ? best >= target : best <= target;
    return html`<div class="stat">
      <span class="dim small">${t('Target')}</span>
      <span class="stat-value"
        >${String(target)}
        <span class=${reached ? 'passed' : 'dim'}>${reached ? t('reached') : t('not reached')}</span></span
      >
    </div>`;
  }

  private renderToolbar(): void {
    const runs = this.view?.runs ?? [];
    this.toolbar.hidden = runs.every((run) => run.metrics.length === 0);
    const axis = (value: XAxis, label: string) =>
      html`<button
        role="radio"
        aria-checked=${this.memory.axis === value}
        @click=${() => {
          // A part of steps is no part of time.
          this.setZoom(null);
          this.change({ axis: value });
        }}
      >
        ${label}
      </button>`;
    const { filteredOut } = this.layout;
    render(
      html`<div class="choice" role="radiogroup" aria-label=${t('X axis')}>
          <span class="dim" aria-hidden="true">X</span>${axis('step', t('Step'))}${axis('time', t('Time'))}
        </div>
        ${smoothingSlider(this.memory.smoothing, (smoothing) => this.change({ smoothing }))}
        <label class="check"
          ><input
            type="checkbox"
            .checked=${this.memory.ignoreOutliers}
            @change=${() => this.change({ ignoreOutliers: !this.memory.ignoreOutliers })}
          /><i class="codicon codicon-check" aria-hidden="true"></i> ${t('Ignore outliers')}</label
        >
        ${
          this.zoom === null
            ? nothing
            : html`<button class="link" @click=${() => this.setZoom(null)}>
                ${t('Show the Whole Axis')}
              </button>`
        }
        <span class="grow"></span>
        ${
          filteredOut === 0
            ? nothing
            : html`<span class="dim small">${t('{0} left out by the filter', filteredOut)}</span>`
        }
        <span class="filter">
          <i class="codicon codicon-filter" aria-hidden="true"></i>
          <input
            type="text"
            aria-label=${t('Filter metrics')}
            placeholder=${t('Filter metrics')}
            spellcheck="false"
            .value=${this.memory.filter}
            @input=${(event: Event) => {
              if (event.target instanceof HTMLInputElement) this.change({ filter: event.target.value });
            }}
          />
          <kbd aria-hidden="true">/</kbd>
        </span>`,
      this.toolbar,
    );
  }

  private renderLegend(): void {
    const runs = this.view?.runs ?? [];
    const bestId = this.leadChart()?.best?.run.runId;
    this.legend.hidden = runs.length === 0;
    render(
      runs.map((run) => {
        const isHidden = this.memory.hiddenRuns.includes(run.runId);
        const state =
          run.state === 'finished' ? '' : run.state === 'running' ? t('live') : stateWord(run.state);
        return html`<span class="legend-item ${isHidden ? 'off' : ''} ${run.runId === bestId ? 'strong' : ''}"
          ><button
            class="plain"
            aria-pressed=${!isHidden}
            title=${isHidden ? t('Show {0}', run.name) : t('Hide {0}. Alt: only this one.', run.name)}
            @click=${(event: MouseEvent) => this.toggleRun(run, event.altKey)}
            @pointerenter=${() => this.emphasise(run.runId)}
            @pointerleave=${() => this.emphasise(null)}
            @focus=${() => this.emphasise(run.runId)}
            @blur=${() => this.emphasise(null)}
          >
            ${runMark(run.slot)}
            ${run.name}${state === '' ? nothing : html` <span class="state-${run.state}">${state}</span>`}</button
          ><button
            class="icon codicon codicon-go-to-file remove"
            title=${t('Open Run Page')}
            aria-label=${t('Open the Page of {0}', run.name)}
            @click=${() => this.ask('openRun', run)}
          ></button
          ><button
            class="icon codicon codicon-close remove"
            title=${t('Remove from Charts')}
            aria-label=${t('Remove {0} from Charts', run.name)}
            @click=${() => this.ask('turnOff', run)}
          ></button
        ></span>`;
      }),
      this.legend,
    );
  }

  private toggleRun(run: ChartRun, onlyThis: boolean): void {
    const runs = this.view?.runs ?? [];
    if (!onlyThis) {
      this.change({ hiddenRuns: toggled(this.memory.hiddenRuns, run.runId) });
      return;
    }
    const others = runs.filter((other) => other !== run).map((other) => other.runId);
    const isAlone = others.every((runId) => this.memory.hiddenRuns.includes(runId));
    this.change({ hiddenRuns: isAlone ? [] : others });
  }

  private emphasise(runId: RunId | null): void {
    if (this.emphasised === runId) return;
    this.emphasised = runId;
    this.renderCards();
  }

  private renderNotes(): void {
    const { view } = this;
    const problem = this.problem ?? view?.problem ?? null;
    render(
      html`${
        problem === null
          ? nothing
          : html`<p class="error">
              <i class="codicon codicon-error" aria-hidden="true"></i> ${problem}
              <button class="link" @click=${() => void this.start()}>${t('Try Again')}</button>
            </p>`
      }
      ${view === null || problem !== null ? nothing : this.waiting(view)}`,
      this.notes,
    );
  }

  private waiting(view: ChartsView): TemplateResult | typeof nothing {
    if (view.runs.length === 0) {
      return html`<div class="empty">
        <p>
          ${t('Select runs in the Experiments view, and their metrics are drawn here, one colour a run.')}
        </p>
        <button class="primary" @click=${() => void this.host.call('chooseRuns', {})}>
          ${t('Select Runs')}
        </button>
      </div>`;
    }
    const nobodyLogged = view.runs.every((run) => run.metrics.length === 0);
    const silent = view.runs.filter(
      (run) => run.metrics.length === 0 && (nobodyLogged || !isOver(run.state)),
    );
    return silent.length === 0
      ? nothing
      : html`<div class=${nobodyLogged ? 'empty' : ''}>${silent.map((run) => this.waitingFor(run))}</div>`;
  }

  private waitingFor(run: ChartRun): TemplateResult {
    const lines = this.outputLines.get(run.runId);
    const output =
      lines === undefined || lines === null
        ? nothing
        : t(lines === 1 ? 'Its output so far: 1 line.' : 'Its output so far: {0} lines.', formatCount(lines));
    const sentence = isOver(run.state)
      ? t('{0} ended without a metric.', run.name)
      : t('Waiting for the first metric of {0}.', run.name);
    return html`<p>
      ${sentence} ${isOver(run.state) && run.reason !== null ? run.reason : nothing} ${output}
      ${
        run.hasOutput
          ? html`<button class="link" @click=${() => this.ask('showOutput', run)}>
              ${t('Show Output')}
            </button>`
          : nothing
      }
    </p>`;
  }

  private async countOutput(): Promise<void> {
    const silent = this.view?.runs.filter((run) => run.metrics.length === 0 && run.hasOutput) ?? [];
    for (const run of silent.slice(0, 5)) {
      if (isOver(run.state) && this.outputLines.has(run.runId)) continue;
      try {
        this.outputLines.set(run.runId, await this.host.call('countOutputLines', { runId: run.runId }));
      } catch {
        /* The count is a courtesy: without it the sentence is shorter. */
        this.outputLines.set(run.runId, null);
      }
    }
    if (silent.length > 0) this.renderNotes();
  }

  private ask(method: 'openRun' | 'showOutput' | 'turnOff', run: ChartRun): void {
    this.host.call(method, { runId: run.runId }).catch((error: unknown) => {
      this.problem = messageOf(error);
      this.renderNotes();
    });
  }

  private showProgress(isBusy: boolean): void {
    clearTimeout(this.progressTimer);
    if (isBusy) {
      this.progressTimer = setTimeout(() => this.progress.classList.add('on'), PROGRESS_AFTER_MS);
    } else {
      this.progress.classList.remove('on');
    }
  }

  private speak(): void {
    const best = this.leadChart()?.best ?? null;
    if (best === null || !this.view?.runs.some((run) => run.state === 'running')) return;
    const now = performance.now();
    const text = t(
      '{0}: best {1}, {2}, step {3}',
      this.view.goal?.metric ?? '',
      formatNumber(best.value),
      best.run.name,
      best.step,
    );
    if (text === this.spokenText || now - this.spokenAt < SPEAK_EVERY_MS) return;
    this.spokenAt = now;
    this.spokenText = text;
    this.spoken.textContent = text;
  }

  private onKey(event: KeyboardEvent): void {
    const input = this.toolbar.querySelector<HTMLInputElement>('.filter input');
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'text';
    if (event.key === '/' && !isTyping) {
      input?.focus();
      event.preventDefault();
    } else if (event.key === 'Escape' && isTyping) {
      this.change({ filter: '' });
    }
  }
}

function withMetrics(run: ChartRun, names: readonly string[]): ChartRun {
  const added = names.filter((name) => !run.metrics.includes(name));
  return added.length === 0 ? run : { ...run, metrics: [...run.metrics, ...added].sort() };
}

function element(name: 'div' | 'header' | 'main', className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

void new ChartsPageView().start();
