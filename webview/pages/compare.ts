import './compare.css';
import { html, nothing, render } from 'lit';
import type {
  CompareHost,
  ComparePage,
  CompareView,
  ComparedCode,
  SystemMeans,
} from '../../src/api/comparePage';
import { UserError, messageOf } from '../../src/base/errors';
import { formatCount } from '../../src/model/format';
import { type RunId, isOver } from '../../src/model/run';
import { MOST_COMPARED } from '../../src/model/runComparison';
import { connectHost } from '../host';
import { t } from '../ui/l10n';
import { asCsv, asMarkdown } from './compare/asText';
import { CompareGrid } from './compare/grid';
import { type CompareMemory, readCompareMemory } from './compare/memory';
import { type Section, rowsOf } from './compare/rows';
import { runSection } from './compare/runSection';
import { sectionsOf } from './compare/sections';
import { toggled } from './memory';
import { iconButton, linkButton } from './run/part';

const PROGRESS_AFTER_MS = 300; // Shorter waits would only flicker.
const TICK_MS = 1_000; // The clock of a run that is running.
const SPEAK_EVERY_MS = 10_000; // Live values read aloud more often would be noise.

/** The page "Compare Runs": what it is about comes from the window, how it looks is its own. */
class ComparePageView {
  private view: CompareView | null = null;
  private memory: CompareMemory;
  private sections: readonly Section[] = [];
  private code: readonly ComparedCode[] | string | null = null;
  private codeKey = '';
  private means: readonly SystemMeans[] | null = null;
  private meansKey = '';
  private trouble: string | null = null;
  private progressTimer: ReturnType<typeof setTimeout> | undefined;
  private waiting = 0;
  private spokenAt = -SPEAK_EVERY_MS;

  private readonly progress = element('div', 'progress');
  private readonly head = element('header', 'compare-head');
  private readonly banner = element('div', 'banner');
  private readonly main = element('main', 'compare-main');
  private readonly spoken = element('div', 'visually-hidden');

  private readonly host = connectHost<CompareHost, ComparePage>({
    show: (view) => this.show(view),
    trouble: ({ problem }) => this.setTrouble(problem),
  });
  private readonly grid = new CompareGrid({
    toggleFold: (id) => this.change({ folded: toggled(this.memory.folded, id) }),
    toggleAll: (id) => this.change({ all: toggled(this.memory.all, id) }),
    openRun: (runId, beside) => this.try(this.host.call('openRun', { runId, beside })),
    openCode: (runId, path) => this.try(this.host.call('openCode', { runId, path })),
    showCharts: (metric) => this.try(this.host.call('showCharts', { metric })),
    setRuns: (runIds) => this.setRuns(runIds),
    copy: (text) => this.try(this.host.call('copy', { text })),
    say: (text) => this.say(text),
    scrolled: (scrollTop) => this.remember({ scrollTop }),
  });

  constructor() {
    this.memory = readCompareMemory(this.host.remembered);
    this.spoken.setAttribute('aria-live', 'polite');
    this.banner.setAttribute('role', 'status');
    this.head.dataset['area'] = '';
    this.main.append(this.grid.element);
    document.body.append(this.progress, this.head, this.banner, this.main, this.spoken);
    document.addEventListener('keydown', (event) => this.onKey(event));
    setInterval(() => this.tick(), TICK_MS);
  }

  /** Asks the window what to show. */
  async start(): Promise<void> {
    this.renderHead();
    const { scrollTop } = this.memory;
    try {
      await this.show(await this.waitFor(this.host.call('ready', {})));
      this.grid.scrollTo(scrollTop);
    } catch (error) {
      if (error instanceof UserError && error.code === 'page-closed') return;
      await this.setTrouble(messageOf(error));
    }
  }

  show(view: CompareView): Promise<void> {
    const before = this.view;
    this.view = view;
    this.trouble = null;
    this.remember({ folder: view.folder, runIds: view.runs.map(({ run }) => run.runId) });
    this.readMore(view);
    this.build();
    this.renderAll();
    this.tellChange(before, view);
    return Promise.resolve();
  }

  setTrouble(problem: string | null): Promise<void> {
    this.trouble = problem;
    this.renderBanner();
    return Promise.resolve();
  }

  /** What takes longer than the rest: asked for again only when it can be another. */
  private readMore(view: CompareView): void {
    const codeKey = JSON.stringify(view.runs.map(({ run }) => [run.runId, run.snapshot?.commit]));
    if (codeKey !== this.codeKey) {
      this.codeKey = codeKey;
      this.code = null;
      this.readCode(codeKey).catch((error: unknown) => console.error(error));
    }
    const meansKey = JSON.stringify(
      view.runs.map(({ run }) => [run.runId, isOver(run.state), run.metrics.names.length]),
    );
    if (meansKey !== this.meansKey) {
      this.meansKey = meansKey;
      this.readMeans(meansKey).catch((error: unknown) => console.error(error));
    }
  }

  private async readCode(key: string): Promise<void> {
    const found = await this.host.call('compareCode', {}).catch((error: unknown) => {
      return error instanceof UserError && error.code === 'page-closed' ? null : messageOf(error);
    });
    if (key !== this.codeKey) return;
    this.code = found;
    this.build();
    this.renderAll();
  }

  private async readMeans(key: string): Promise<void> {
    // Peaks stand there all the same; the next change asks again.
    const found = await this.host.call('readSystemMeans', {}).catch(() => null);
    if (key !== this.meansKey || found === null) return;
    this.means = found;
    this.build();
    this.renderAll();
  }

  private build(): void {
    if (this.view === null) return;
    const { code, means } = this;
    this.sections = sectionsOf(this.view, { code, means }, this.memory.value, Date.now());
  }

  private tick(): void {
    const { view } = this;
    if (view === null || view.runs.every(({ run }) => isOver(run.state))) return;
    this.sections = [runSection(view, Date.now()), ...this.sections.slice(1)];
    this.renderGrid();
  }

  private setRuns(runIds: readonly RunId[]): void {
    this.try(this.take(this.host.call('setRuns', { runIds })));
  }

  private async take(asked: Promise<CompareView | null>): Promise<void> {
    const view = await this.waitFor(asked);
    if (view !== null) await this.show(view);
  }

  /** A failure of what a person asked for is said at the top. */
  private try(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'page-closed') return;
      void this.setTrouble(messageOf(error));
    });
  }

  private async waitFor<T>(asked: Promise<T>): Promise<T> {
    this.waiting += 1;
    this.progressTimer ??= setTimeout(() => this.progress.classList.add('on'), PROGRESS_AFTER_MS);
    try {
      return await asked;
    } finally {
      this.waiting -= 1;
      if (this.waiting === 0) {
        clearTimeout(this.progressTimer);
        this.progressTimer = undefined;
        this.progress.classList.remove('on');
      }
    }
  }

  private change(change: Partial<CompareMemory>): void {
    this.remember(change);
    if (change.value !== undefined) this.build();
    this.renderAll();
  }

  private remember(change: Partial<CompareMemory>): void {
    this.memory = { ...this.memory, ...change };
    this.host.remember(this.memory);
  }

  private renderAll(): void {
    this.renderHead();
    this.renderBanner();
    this.renderGrid();
  }

  private rows() {
    return rowsOf(this.sections, this.memory);
  }

  private renderGrid(): void {
    const { view } = this;
    if (view !== null && view.runs.length > 0) this.grid.show(view, this.rows(), this.memory.wrap);
    this.grid.element.hidden = view === null || view.runs.length === 0;
  }

  private renderHead(): void {
    const { view, memory } = this;
    const count = view?.runs.length ?? 0;
    const base = view?.runs[0]?.run;
    const experiments = [...new Set(view?.runs.map(({ run }) => run.experiment))];
    const shown = memory.filter === '' ? null : this.rows().filter(({ kind }) => kind === 'value').length;
    render(
      html`<div class="title">
          <h1 class=${view === null ? 'dim' : ''}>
            ${count < 2 ? t('Compare Runs') : t('Compare {0} Runs', count)}
          </h1>
          <span class="small dim">
            ${base === undefined ? nothing : t('{0} · base {1}', experiments.join(', '), base.name)}
          </span>
        </div>
        <label class="filter">
          <i class="codicon codicon-filter" aria-hidden="true"></i>
          <input
            id="filter"
            type="text"
            spellcheck="false"
            aria-label=${t('Filter rows by name')}
            placeholder=${t('Filter rows')}
            .value=${memory.filter}
            @input=${(event: InputEvent) => this.filter(event)}
          />
          ${shown === null ? html`<kbd>/</kbd>` : html`<span class="small dim">${t('{0} rows', formatCount(shown))}</span>`}
        </label>
        <span class="choice" role="radiogroup" aria-label=${t('Value of metrics')}>
          ${(['best', 'last'] as const).map(
            (value) =>
              html`<button
                role="radio"
                aria-checked=${memory.value === value}
                title=${value === 'best' ? t('The best value that a run reached') : t('The last value that a run logged')}
                @click=${() => this.change({ value })}
              >
                ${value === 'best' ? t('Best') : t('Last')}
              </button>`,
          )}
        </span>
        <button
          class="icon codicon codicon-word-wrap"
          aria-pressed=${memory.wrap}
          title=${t('Wrap Long Values')}
          aria-label=${t('Wrap Long Values')}
          @click=${() => this.change({ wrap: !memory.wrap })}
        ></button>
        <span class="grow"></span>
        <span class="head-buttons">
          ${iconButton('markdown', t('Copy as Markdown'), () => this.copy('markdown'))}
          ${iconButton('copy', t('Copy as CSV'), () => this.copy('csv'))}
          <button
            class="secondary"
            @click=${() => this.try(this.host.call('showCharts', { metric: view?.goal?.metric ?? null }))}
          >
            <i class="codicon codicon-graph-line" aria-hidden="true"></i> ${t('Show Charts')}
          </button>
          <button
            class="secondary"
            ?disabled=${count >= MOST_COMPARED}
            title=${count >= MOST_COMPARED ? t('{0} runs are the most that fit.', MOST_COMPARED) : ''}
            @click=${() => this.try(this.take(this.host.call('addRuns', {})))}
          >
            <i class="codicon codicon-add" aria-hidden="true"></i> ${t('Add Runs…')}
          </button>
        </span>`,
      this.head,
    );
  }

  private filter(event: InputEvent): void {
    if (event.target instanceof HTMLInputElement) this.change({ filter: event.target.value.slice(0, 500) });
  }

  private renderBanner(): void {
    const { view, trouble } = this;
    const gone = view?.goneCount ?? 0;
    const isEmpty = view !== null && view.runs.length === 0;
    const problem = trouble ?? view?.problem ?? null;
    this.banner.hidden = problem === null && gone === 0;
    render(
      html`${
        problem === null
          ? nothing
          : html`<p class="error">
              <i class="codicon codicon-error" aria-hidden="true"></i> ${problem}
              ${view === null ? linkButton(t('Try Again'), () => void this.start()) : nothing}
            </p>`
      }
      ${
        gone === 0
          ? nothing
          : html`<p>
              <i class="codicon codicon-trash" aria-hidden="true"></i>
              ${gone === 1 ? t('1 run is not there any more: it was deleted for good.') : t('{0} runs are not there any more: they were deleted for good.', gone)}
              ${isEmpty ? linkButton(t('Add Runs…'), () => this.try(this.take(this.host.call('addRuns', {})))) : nothing}
            </p>`
      }`,
      this.banner,
    );
  }

  private copy(format: 'markdown' | 'csv'): void {
    if (this.view === null) return;
    const rows = this.rows();
    const text = format === 'markdown' ? asMarkdown(this.view, rows) : asCsv(this.view, rows);
    this.try(this.host.call('copy', { text }).then(() => this.say(t('Copied.'))));
  }

  private onKey(event: KeyboardEvent): void {
    const isInInput = event.target instanceof HTMLInputElement;
    const isFind = (event.ctrlKey || event.metaKey) && event.key === 'f';
    if (isFind || (event.key === '/' && !isInInput)) {
      const input = document.getElementById('filter');
      if (input instanceof HTMLInputElement) {
        input.focus();
        input.select();
      }
    } else if (event.key === 'Escape' && this.memory.filter !== '') {
      this.change({ filter: '' });
      this.grid.element.focus();
    } else if (isInInput && (event.key === 'ArrowDown' || event.key === 'Enter')) {
      this.grid.element.focus();
    } else if (event.key === 'F6') {
      const isInGrid = document.activeElement === this.grid.element;
      const input = document.getElementById('filter');
      if (isInGrid && input !== null) input.focus();
      else this.grid.element.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Says what became of runs, at most every ten seconds. */
  private tellChange(before: CompareView | null, view: CompareView): void {
    if (before === null || performance.now() - this.spokenAt < SPEAK_EVERY_MS) return;
    const states = new Map(before.runs.map(({ run }) => [run.runId, run.state]));
    const changed = view.runs.filter(
      ({ run }) => states.has(run.runId) && states.get(run.runId) !== run.state,
    );
    if (changed.length === 0) return;
    this.spokenAt = performance.now();
    this.say(changed.map(({ run }) => `${run.name} ${run.state}`).join(', '));
  }

  private say(text: string): void {
    this.spoken.textContent = text;
  }
}

function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

void new ComparePageView().start();
