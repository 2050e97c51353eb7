import './params.css';
import { type TemplateResult, html, nothing, render } from 'lit';
import { live } from 'lit/directives/live.js';
import type {
  FormKnown,
  FormRun,
  FormScript,
  FormStart,
  FormValues,
  ParamsHost,
  ParamsPage,
  ParamsPreview,
  ParamsView,
} from '../../src/api/paramsPage';
import { MOST_RUNS_AT_ONCE } from '../../src/api/paramsPage';
import { messageOf } from '../../src/base/errors';
import { formatColumn, formatCount } from '../../src/model/format';
import type { ParamSpec } from '../../src/model/param';
import { type ParamGrid, readGrid, runsOfGrid } from '../../src/model/paramGrid';
import { isSameValue } from '../../src/model/paramValue';
import { ParamCard } from '../charts/paramCard';
import { type PreparedParamLines, paramRows as chartRows, prepareParamLines } from '../charts/paramLines';
import { readTheme } from '../charts/theme';
import { connectHost } from '../host';
import { chartInput, chartParams, lineParam } from '../params/chartInput';
import { commandText, factRow, forecastText, knownText, whereText } from '../params/facts';
import { prepareForecast } from '../params/forecast';
import { prepareKnown } from '../params/known';
import { type FormMemory, readFormMemory } from '../params/memory';
import { idOf, paramRows, textOf } from '../params/rows';
import { sectionsOf } from '../params/sections';
import { foundText } from '../params/sources';
import { type Constants, constantsOf, tellingParams } from '../params/telling';
import { type Tried, goalRange, prepareTried } from '../params/tried';
import { t } from '../ui/l10n';
import { runMark } from '../ui/runMark';
import { stateWord } from '../ui/stateWord';
import { onThemeChange } from '../ui/themeChange';

const PREVIEW_MS = 60; // The command follows the typing; each key by itself would ask too often.
const COPIED_MS = 1_500;
const FILTER_FROM = 12; // Fewer rows are seen at once.
const MOST_OFFERED = 8; // Recent runs whose values may be taken over.

/** The page "Run with Params": the script and the runs come from the window, what is typed is its own. */
class ParamsPageView implements ParamsPage {
  private script: FormScript | null = null;
  private known: FormKnown | null = null;
  private place: ParamsView['place'] | null = null;
  private memory: FormMemory;
  private preview: ParamsPreview = { command: [], edits: [], accepted: [], problem: null };
  private previewTimer: ReturnType<typeof setTimeout> | undefined;
  private previews = 0;
  private hasPreview = false;
  private problem: string | null = null;
  private done: string | null = null;
  private busy = false;
  private copied = false;
  private valueAtFocus = '';
  private readonly typed = new Set<string>();
  private readonly tried = new Map<string, Tried>();
  /** What follows from the runs alone, until other runs or other params come. */
  private fromRuns: { readonly constants: Constants; readonly params: readonly ParamSpec[] } | null = null;
  private theme = readTheme();
  private readonly card = new ParamCard();

  private readonly host = connectHost<ParamsHost, ParamsPage>({
    setScript: (script) => this.setScript(script),
    setKnown: (known) => this.setKnown(known),
    useValues: (from) => this.useValues(from),
  });
  private readonly head = element('header', 'form-head');
  private readonly body = element('main', 'form-body');
  private readonly foot = element('footer', 'form-foot');

  constructor() {
    this.memory = readFormMemory(this.host.remembered);
    document.body.append(this.head, this.body, this.foot);
    onThemeChange(() => {
      this.theme = readTheme();
      this.renderAll();
    });
    document.addEventListener('keydown', (event) => this.onKey(event));
    document.addEventListener('focusin', ({ target }) => {
      if (isField(target)) this.valueAtFocus = this.textByName(target.dataset['name'] ?? '');
    });
  }

  /** Asks the window what the form is about. */
  async start(): Promise<void> {
    try {
      const view = await this.host.call('ready', {});
      this.script = view.script;
      this.known ??= view.known;
      this.place = view.place;
      this.remember(view.kept ?? {});
      if (view.from !== null) this.takeValues(view.from.values);
      this.askPreview(0);
    } catch (error) {
      this.problem = messageOf(error);
    }
    this.renderAll();
  }

  setScript(script: FormScript): Promise<void> {
    this.script = script;
    this.forgetRuns();
    this.hasPreview = false;
    this.askPreview(0);
    this.renderAll();
    return Promise.resolve();
  }

  setKnown(known: FormKnown): Promise<void> {
    this.known = known;
    this.forgetRuns();
    this.renderAll();
    return Promise.resolve();
  }

  useValues(from: { readonly name: string; readonly values: FormValues }): Promise<void> {
    this.takeValues(from.values);
    return Promise.resolve();
  }

  /** The params that count: without those of subcommands that are not chosen. */
  private specs(): readonly ParamSpec[] {
    const specs = this.script?.specs ?? [];
    if (!this.hasPreview) return specs;
    const accepted = new Set(this.preview.accepted);
    return specs.filter((_, index) => accepted.has(index));
  }

  private forgetRuns(): void {
    this.tried.clear();
    this.fromRuns = null;
  }

  private knownOfRuns(specs: readonly ParamSpec[], known: FormKnown) {
    this.fromRuns ??= { constants: constantsOf(specs, known.runs), params: chartParams(specs, known) };
    return this.fromRuns;
  }

  private textByName(name: string): string {
    const spec = this.specs().find((one) => one.name === name);
    return spec === undefined ? '' : textOf(spec, this.memory.values);
  }

  private change(name: string, text: string): void {
    this.done = null;
    this.problem = null;
    const spec = this.script?.specs.find((one) => one.name === name);
    const { [name]: _, ...others } = this.memory.values;
    // What is as the default is no value of its own: it follows when the script is edited.
    this.remember({ values: spec?.defaultValue === text ? others : { ...others, [name]: text } });
    this.askPreview(PREVIEW_MS);
    this.renderAll();
  }

  /** Takes values over as if they were typed; params that have none keep what they are. */
  private takeValues(values: FormValues): void {
    const next = { ...this.memory.values };
    for (const spec of this.script?.specs ?? []) {
      const value = values[spec.name];
      if (value === undefined) continue;
      if (spec.defaultValue !== null && isSameValue(spec, value, spec.defaultValue)) delete next[spec.name];
      else next[spec.name] = value;
    }
    this.done = null;
    this.remember({ values: next });
    this.askPreview(0);
    this.renderAll();
  }

  private remember(change: Partial<FormMemory>): void {
    const before = this.memory;
    this.memory = { ...before, ...change };
    if (this.place === null) return;
    this.host.remember({ ...this.memory, place: this.place });
    const { values, note, gpuCount } = this.memory;
    if (values !== before.values || note !== before.note || gpuCount !== before.gpuCount) {
      this.ask(this.host.call('keep', { values, note, gpuCount }));
    }
  }

  private askPreview(waitMs: number): void {
    clearTimeout(this.previewTimer);
    this.previewTimer = setTimeout(() => {
      const number = (this.previews += 1);
      this.host.call('preview', { values: this.memory.values }).then(
        (preview) => {
          if (number !== this.previews) return;
          const isOther = preview.accepted.join() !== this.preview.accepted.join();
          this.preview = preview;
          this.hasPreview = true;
          if (isOther) this.forgetRuns();
          this.renderAll();
        },
        (error: unknown) => this.fail(error),
      );
    }, waitMs);
  }

  private fail(error: unknown): void {
    this.problem = messageOf(error);
    this.renderAll();
  }

  private async begin(how: FormStart): Promise<void> {
    if (this.busy || this.blockedBy() !== null) return;
    this.busy = true;
    this.problem = null;
    this.done = null;
    this.renderAll();
    const { values, note, gpuCount } = this.memory;
    try {
      const { names } = await this.host.call('start', {
        values,
        note,
        how,
        ...(gpuCount === null ? {} : { gpuCount }),
      });
      this.done = doneText(names, how);
      this.remember({ note: '' });
    } catch (error) {
      this.problem = messageOf(error);
    }
    this.busy = false;
    this.renderAll();
  }

  private ask(call: Promise<void>): void {
    call.catch((error: unknown) => this.fail(error));
  }

  private grid(): ParamGrid {
    return readGrid(this.specs(), this.memory.values);
  }

  /** Why nothing can be started; null when it can. */
  private blockedBy(grid = this.grid()): string | null {
    const wrong = Object.keys(grid.problems);
    if (wrong.length > 0) {
      return wrong.length === 1
        ? t('1 value to correct: {0}', wrong[0] ?? '')
        : t('{0} values to correct: {1}', wrong.length, wrong.slice(0, 3).join(', '));
    }
    if (grid.count > MOST_RUNS_AT_ONCE) {
      return t('These values are {0} runs; at most {1} at once', formatCount(grid.count), MOST_RUNS_AT_ONCE);
    }
    return this.preview.problem;
  }

  private renderAll(): void {
    const { script } = this;
    this.renderHead(script);
    if (script === null) {
      if (this.problem !== null) render(html`<p class="error">${this.problem}</p>`, this.body);
      return;
    }
    const grid = this.grid();
    render(script.problem === null ? this.form(script, grid) : this.unreadable(script.problem), this.body);
    render(script.problem === null ? this.buttons(grid) : nothing, this.foot);
    this.drawChart(grid);
  }

  private renderHead(script: FormScript | null): void {
    render(
      html`<h1>${script === null ? t('Run') : t('Run {0}', script.name)}</h1>
        <span class="grow"></span>
        ${
          script === null || script.problem !== null
            ? nothing
            : html`<span class="dim">${foundText(script.specs.length, script.sources)}</span>`
        }`,
      this.head,
    );
  }

  private form(script: FormScript, grid: ParamGrid): TemplateResult {
    if (script.specs.length === 0) return this.noParams(script);
    const specs = this.specs();
    const wanted = this.memory.filter.trim().toLowerCase();
    const shown =
      specs.length <= FILTER_FROM || wanted === ''
        ? specs
        : specs.filter((spec) => `${spec.name} ${spec.help ?? ''}`.toLowerCase().includes(wanted));
    const known = this.known ?? NOTHING;
    return html`${specs.length > FILTER_FROM ? this.filterBox(shown.length, specs.length) : nothing}
      ${paramRows({
        sections: sectionsOf(shown),
        values: this.memory.values,
        grid,
        known,
        last: runOf(known, known.lastRunId),
        best: runOf(known, known.bestRunId),
        typed: this.typed,
        tried: (spec) => this.triedOf(spec, known),
        change: (name, text) => this.change(name, text),
        type: (name) => this.typeChoice(name),
        take: (column) => this.take(column),
        openParam: (name) => this.ask(this.host.call('openParam', { name })),
        openRun: (run) => this.openRun(run),
      })}
      ${this.facts(specs, grid, known)}
      <div class="what">${this.chart(specs, known)}${this.recent(specs, known)}</div>`;
  }

  private filterBox(shown: number, all: number): TemplateResult {
    return html`<div class="filter-row">
      <span class="filter">
        <i class="codicon codicon-filter" aria-hidden="true"></i>
        <input
          id="filter"
          type="text"
          aria-label=${t('Filter params')}
          placeholder=${t('Filter params')}
          spellcheck="false"
          .value=${live(this.memory.filter)}
          @input=${(event: Event) => {
            if (!(event.target instanceof HTMLInputElement)) return;
            this.remember({ filter: event.target.value });
            this.renderAll();
          }}
        /> </span
      ><span class="dim small" role="status"
        >${shown === all ? t('{0} params', all) : t('{0} of {1} params', shown, all)}</span
      >
    </div>`;
  }

  private facts(specs: readonly ParamSpec[], grid: ParamGrid, known: FormKnown): TemplateResult {
    const isRight = Object.keys(grid.problems).length === 0;
    // While one value is wrong, the others can be compared already.
    const right = rightValues(grid);
    const runs = right.count <= MOST_RUNS_AT_ONCE ? runsOfGrid(right) : null;
    const first = runs?.[0];
    const telling = tellingParams(specs, this.knownOfRuns(specs, known).constants, right);
    const { goal, queue } = known;
    return html`<section class="facts" aria-label=${t('The run')}>
      ${factRow(
        t('Why'),
        html`<input
          id="why"
          type="text"
          class="wide"
          placeholder=${t('What do you want to find out? Kept with the run as its note')}
          .value=${live(this.memory.note)}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) this.remember({ note: event.target.value });
          }}
        />`,
        'why',
      )}
      ${factRow(t('Where'), html`<span id="where">${whereText(queue)}</span>${this.gpus(queue?.gpus ?? 0)}`)}
      ${factRow(
        t('Known'),
        html`<span id="known"
          >${
            known.state !== 'known'
              ? this.unknown(known)
              : runs === null || goal === null
                ? html`<span class="dim"
                    >${
                      goal === null
                        ? t('The runs so far have no metric to compare them by.')
                        : t('Told as soon as there are fewer runs.')
                    }</span
                  >`
                : knownText(
                    prepareKnown(telling, runs, known.runs, goal.direction),
                    specs,
                    this.memory.values,
                    known,
                    (run) => this.openRun(run),
                  )
          }</span
        >`,
      )}
      ${factRow(
        t('Forecast'),
        html`<span id="forecast"
          >${
            first === undefined
              ? html`<span class="dim">${t('Told as soon as there are fewer runs.')}</span>`
              : forecastText(
                  prepareForecast(telling, first, right.count, known.runs, queue?.slots ?? 1),
                  right.count,
                )
          }</span
        >`,
      )}
      ${factRow(
        t('Command'),
        html`<div id="command">
          ${commandText(this.preview.command, this.preview.edits, this.copied, isRight ? () => this.copy() : null)}
        </div>`,
      )}
    </section>`;
  }

  private gpus(count: number): TemplateResult | typeof nothing {
    if (count === 0) return nothing;
    return html`<label class="gpus"
      >${t('GPUs for each run')}
      <select
        class="field"
        @change=${(event: Event) => {
          if (event.target instanceof HTMLSelectElement)
            this.remember({ gpuCount: Number(event.target.value) });
        }}
      >
        ${Array.from({ length: count + 1 }, (_, n) => html`<option value=${n} .selected=${n === (this.memory.gpuCount ?? 1)}>${n}</option>`)}
      </select></label
    >`;
  }

  private unknown(known: FormKnown): TemplateResult {
    switch (known.state) {
      case 'known':
        return html``;
      case 'reading':
        return html`<span class="dim">…</span>`;
      case 'none':
        return html`<span class="dim"
          >${t('Nothing yet: this script has no runs. The first one fills this page.')}</span
        >`;
      case 'away':
        return html`<span class="dim">${t('The runs of this folder are not read yet.')}</span>
          <button class="link" @click=${() => this.ask(this.host.call('connect', {}))}>
            ${t('Read Them')}
          </button>`;
      case 'failed':
        return html`<span class="error">${t('The runs could not be read: {0}', known.problem ?? '')}</span>
          <button class="link" @click=${() => this.ask(this.host.call('connect', {}))}>
            ${t('Try Again')}
          </button>`;
    }
  }

  private chart(specs: readonly ParamSpec[], known: FormKnown): TemplateResult | typeof nothing {
    const prepared = this.prepareChart(specs, known, this.grid());
    if (prepared === null || known.goal === null) return nothing;
    const { params, x, lines } = prepared;
    const label = `${known.goal.metric} / ${x.name}`;
    return html`<section class="known-chart" aria-label=${t('What is known')}>
      <div class="what-head">
        <h2>${t('What is known')}</h2>
        <span class="dim">${t('{0} over', known.goal.metric)}</span>
        <select
          aria-label=${t('Param of the x axis')}
          @change=${(event: Event) => {
            if (!(event.target instanceof HTMLSelectElement)) return;
            this.remember({ x: event.target.value });
            this.renderAll();
          }}
        >
          ${params.map((spec) => html`<option value=${spec.name} .selected=${spec === x}>${spec.name}</option>`)}
        </select>
        <span class="dim"
          >${
            known.total > known.runs.length
              ? t(
                  'mean and runs, the newest {0} of {1}',
                  formatCount(known.runs.length),
                  formatCount(known.total),
                )
              : t('mean and runs')
          }</span
        >
        <button
          class="icon codicon codicon-table"
          aria-pressed=${this.memory.asTable}
          title=${t('Show as Table')}
          aria-label=${t('Show as Table')}
          @click=${() => {
            this.remember({ asTable: !this.memory.asTable });
            this.renderAll();
          }}
        ></button>
      </div>
      ${
        this.memory.asTable
          ? tableOf(lines, x.name, known.goal.metric)
          : html`<div class="plot" role="img" aria-label=${describeLines(label, lines)}>
              ${this.card.canvas}
            </div>`
      }
    </section>`;
  }

  private prepareChart(specs: readonly ParamSpec[], known: FormKnown, grid: ParamGrid) {
    const { params } = this.knownOfRuns(specs, known);
    const x = params.find(({ name }) => name === this.memory.x) ?? params[0];
    if (x === undefined) return null;
    const input = chartInput(x, lineParam(params, x, known), known, grid);
    const lines = input === null ? null : prepareParamLines(input);
    return lines === null ? null : { params, x, lines };
  }

  private drawChart(grid: ParamGrid): void {
    if (!this.card.canvas.isConnected) return;
    const prepared = this.prepareChart(this.specs(), this.known ?? NOTHING, grid);
    if (prepared !== null) this.card.update(prepared.lines, this.theme);
  }

  private recent(specs: readonly ParamSpec[], known: FormKnown): TemplateResult | typeof nothing {
    const own = known.runs.filter((run) => run.isOfScript);
    const runs = (own.length > 0 ? own : known.runs)
      .filter((run) => Object.keys(run.values).length > 0)
      .slice(0, MOST_OFFERED);
    if (runs.length === 0) return nothing;
    const goals = formatColumn(runs.map(({ goal }) => goal));
    const { constants } = this.knownOfRuns(specs, known);
    const telling = specs.filter((spec) => constants.get(spec) === null);
    return html`<section class="recent" aria-label=${t('Use values of')}>
      <div class="what-head">
        <h2>${t('Use values of')}</h2>
        <span class="dim">${t('recent runs of this script')}</span>
      </div>
      ${runs.map((run, index) => {
        const isUsed = specs.every((spec) => {
          const value = run.values[spec.name];
          return value === undefined || isSameValue(spec, value, textOf(spec, this.memory.values));
        });
        const told = telling
          .slice(0, 4)
          .map((spec) => `${spec.name} ${run.values[spec.name] ?? '–'}`)
          .join(', ');
        return html`<button
          class="recent-run ${isUsed ? 'used' : ''}"
          aria-pressed=${isUsed}
          title=${told}
          @click=${() => this.takeValues(run.values)}
        >
          ${runMark(run.slot)}<span class="run-name">${run.name}</span>${
            run.runId === known.bestRunId
              ? html`<span class="dim">${t('best')}</span>`
              : run.state === 'finished'
                ? nothing
                : html`<span class="state-${run.state}">${stateWord(run.state)}</span>`
          }<span class="dim told">${told}</span><span class="number">${goals[index]}</span>
        </button>`;
      })}
    </section>`;
  }

  private noParams(script: FormScript): TemplateResult {
    return html`<div class="empty">
      <p>${t('No params were found in {0}. It can be run as it is.', script.name)}</p>
      <p class="dim">
        ${t('Found are, without running anything: flags of argparse, click, Typer, Fire and absl, dataclass configs, Hydra and OmegaConf, YAML, JSON and TOML files that the script loads, variables of the environment, and constants in capitals at the top of the script.')}
      </p>
    </div>`;
  }

  private unreadable(problem: string): TemplateResult {
    return html`<div class="empty">
      <p class="error">${problem}</p>
      <p class="dim">
        ${t('The form fills by itself as soon as the script is there again. What you typed is kept.')}
      </p>
    </div>`;
  }

  private buttons(grid: ParamGrid): TemplateResult {
    const blocked = this.blockedBy(grid);
    const off = this.busy || blocked !== null;
    const { count } = grid;
    const why = blocked === null ? nothing : 'blocked';
    return html`<span class="status" role="status">
        ${
          blocked !== null
            ? html`<button class="plain error" id="blocked" @click=${() => this.showWrong()}>
                ${blocked}
              </button>`
            : this.problem !== null
              ? html`<span class="error">${this.problem}</span>`
              : this.busy
                ? html`<span class="dim"
                    >${count === 1 ? t('Starting…') : t('Adding {0} runs…', count)}</span
                  >`
                : this.done === null
                  ? nothing
                  : html`<i class="codicon codicon-pass passed" aria-hidden="true"></i> ${this.done}`
        }
      </span>
      <button
        class="secondary"
        id="debug"
        aria-describedby=${why}
        ?disabled=${off || count > 1}
        title=${count > 1 ? t('The debugger runs one at a time') : ''}
        @click=${() => this.ask(this.host.call('debug', { values: this.memory.values, note: this.memory.note }))}
      >
        <i class="codicon codicon-debug-alt" aria-hidden="true"></i> ${t('Debug')}
      </button>
      <button
        class="secondary"
        id="run-now"
        aria-describedby=${why}
        ?disabled=${off || count > MOST_RUNS_AT_ONCE}
        title=${t('Starts at once, whether a slot is free or not')}
        @click=${() => void this.begin('now')}
      >
        <i class="codicon codicon-play" aria-hidden="true"></i>
        ${count === 1 ? t('Run Now') : t('Run 1 Now, Queue {0}', count - 1)}
      </button>
      <button
        class="primary"
        id="queue"
        aria-describedby=${why}
        aria-keyshortcuts="Control+Enter"
        ?disabled=${off}
        @click=${() => void this.begin('queue')}
      >
        <i class="codicon codicon-add" aria-hidden="true"></i>
        ${count === 1 ? t('Add Run to Queue') : t('Add {0} Runs to Queue', formatCount(count))}
        <kbd aria-hidden="true">${IS_MAC ? '⌘' : 'Ctrl+'}⏎</kbd>
      </button>`;
  }

  private triedOf(spec: ParamSpec, known: FormKnown): Tried {
    const key = idOf(spec);
    let tried = this.tried.get(key);
    if (tried === undefined) {
      tried = prepareTried(spec, known.runs, goalRange(known.runs));
      this.tried.set(key, tried);
    }
    return tried;
  }

  private take(column: 'default' | 'last' | 'best'): void {
    if (column === 'default') {
      this.remember({ values: {} });
      this.done = null;
      this.askPreview(0);
      this.renderAll();
      return;
    }
    const known = this.known ?? NOTHING;
    const run = runOf(known, column === 'last' ? known.lastRunId : known.bestRunId);
    if (run !== null) this.takeValues(run.values);
  }

  private typeChoice(name: string): void {
    this.typed.add(name);
    this.renderAll();
    const field = document.querySelector<HTMLInputElement>(`input[data-name="${CSS.escape(name)}"]`);
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  private copy(): void {
    this.host.call('copyCommand', { values: this.memory.values }).then(
      () => {
        this.copied = true;
        this.renderAll();
        setTimeout(() => {
          this.copied = false;
          this.renderAll();
        }, COPIED_MS);
      },
      (error: unknown) => this.fail(error),
    );
  }

  private openRun(run: FormRun): void {
    this.ask(this.host.call('openRun', { runId: run.runId }));
  }

  private showWrong(): void {
    const [name] = Object.keys(this.grid().problems);
    if (name === undefined) return;
    if (this.memory.filter !== '') {
      this.remember({ filter: '' });
      this.renderAll();
    }
    document.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"]`)?.focus();
  }

  private onKey(event: KeyboardEvent): void {
    const { target } = event;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.begin('queue');
      return;
    }
    const isTyping = target instanceof HTMLInputElement && target.type === 'text';
    if (event.key === '/' && !isTyping) {
      document.querySelector<HTMLElement>('#filter')?.focus();
      event.preventDefault();
      return;
    }
    if (target instanceof HTMLInputElement && target.id === 'filter' && event.key === 'Escape') {
      this.remember({ filter: '' });
      this.renderAll();
      return;
    }
    if (!isField(target)) return;
    const isSelect = target instanceof HTMLSelectElement;
    if (event.key === 'Escape') {
      const name = target.dataset['name'] ?? '';
      if (this.textByName(name) !== this.valueAtFocus) this.change(name, this.valueAtFocus);
    } else if (event.key === 'Enter' && !isSelect) {
      event.preventDefault();
      moveFocus(target, event.shiftKey ? -1 : 1);
    } else if (event.key === 'ArrowDown' && !isSelect) {
      event.preventDefault();
      moveFocus(target, 1);
    } else if (event.key === 'ArrowUp' && !isSelect) {
      event.preventDefault();
      moveFocus(target, -1);
    }
  }
}

const IS_MAC = navigator.userAgent.includes('Mac');

/** Before the window has said what is known. */
const NOTHING: FormKnown = {
  state: 'reading',
  problem: null,
  experiment: null,
  goal: null,
  runs: [],
  total: 0,
  lastRunId: null,
  bestRunId: null,
  queue: null,
};

function runOf(known: FormKnown, runId: string | null): FormRun | null {
  return known.runs.find((run) => run.runId === runId) ?? null;
}

/** The values of the form, with the defaults for what is wrong. */
function rightValues(grid: ParamGrid): ParamGrid {
  const wrong = new Set(Object.keys(grid.problems));
  const values = Object.fromEntries(Object.entries(grid.values).filter(([name]) => !wrong.has(name)));
  return {
    values,
    problems: {},
    count: Object.values(values).reduce((count, list) => count * list.length, 1),
  };
}

function isField(target: unknown): target is HTMLInputElement | HTMLSelectElement {
  return target instanceof HTMLElement && target.dataset['name'] !== undefined;
}

/** The next or previous field; below the last one is the note. */
function moveFocus(from: HTMLElement, by: 1 | -1): void {
  const fields = [...document.querySelectorAll<HTMLElement>('[data-name], #why')];
  const next = fields[fields.indexOf(from) + by];
  next?.focus();
  if (next instanceof HTMLInputElement && next.type === 'text') next.select();
}

function doneText(names: readonly string[], how: FormStart): string {
  const [first = ''] = names;
  if (names.length === 1) {
    return how === 'now' ? t('{0} runs.', first) : t('{0} is in the queue.', first);
  }
  const last = names.at(-1) ?? '';
  return how === 'now'
    ? t('{0} runs, {1} more are in the queue.', first, names.length - 1)
    : t('{0} runs are in the queue: {1} to {2}.', names.length, first, last);
}

function tableOf(lines: PreparedParamLines, x: string, metric: string): TemplateResult {
  return html`<table class="values">
    <thead>
      <tr>
        <th scope="col">${x}</th>
        <th scope="col"></th>
        <th scope="col" class="number">${t('runs')}</th>
        <th scope="col" class="number">${t('{0}, mean', metric)}</th>
        <th scope="col" class="number">±</th>
      </tr>
    </thead>
    <tbody>
      ${chartRows(lines).map(
        (row) =>
          html`<tr>
            <th scope="row">${row.x}</th>
            <td>${row.line}</td>
            <td class="number">${row.count}</td>
            <td class="number">${row.mean}</td>
            <td class="number">${row.sd}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function describeLines(label: string, { lines }: PreparedParamLines): string {
  const runs = lines.reduce((sum, { dots }) => sum + dots.length, 0);
  const names = lines.map(({ name }) => name).filter((name) => name !== '');
  return [t('{0}, {1} runs', label, runs), ...names].join(', ');
}

function element(name: 'header' | 'main' | 'footer', className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

void new ParamsPageView().start();
