import './run.css';
import { type TemplateResult, html, nothing, render } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import {
  type CompareWith,
  type OutputEnd,
  type RunAction,
  type RunHost,
  type RunPage,
  type RunView,
} from '../../src/api/runPage';
import { type CodeChange, MOST_NOTE_CHARACTERS } from '../../src/api/runPageSchemas';
import { UserError, messageOf } from '../../src/base/errors';
import { formatBytes, formatCount, formatNumber } from '../../src/model/format';
import { TAGS, isOver } from '../../src/model/run';
import { chartedMetrics, orderMetrics } from '../../src/model/runComparison';
import { readTheme } from '../charts/theme';
import { connectHost } from '../host';
import { t } from '../ui/l10n';
import { renderMarkdown } from '../ui/markdown';
import { runMark } from '../ui/runMark';
import { stateWord } from '../ui/stateWord';
import { onThemeChange } from '../ui/themeChange';
import { Loader } from './loader';
import { toggled } from './memory';
import { ArtifactsView } from './run/artifacts';
import { RunCharts } from './run/charts';
import {
  attemptList,
  codeList,
  dataList,
  environmentList,
  modelList,
  paramsOf,
  paramsTable,
} from './run/facts';
import { runHead } from './run/head';
import { type RunMemory, readRunMemory } from './run/memory';
import { systemMetrics } from './run/metrics';
import { MetricsTableView, noiseNote } from './run/metricsTable';
import { NotePictures } from './run/notePictures';
import { outputLines } from './run/output';
import { iconButton, linkButton, part } from './run/part';
import { SPARK_WIDTH } from './run/sparkline';

const PROGRESS_AFTER_MS = 300; // Shorter waits would only flicker.
const SPEAK_EVERY_MS = 10_000; // Live values read aloud more often would be noise.
const TICK_MS = 1_000; // The clock of a running run, and its output.
const ARTIFACTS_EVERY_TICKS = 10;
const FILTER_FROM = 9; // Fewer metrics are seen at once.
const MOST_SYSTEM = 6; // Charts of the process; the charts page has the rest.

/** The page of one run: what it is about comes from the window, how it looks is its own. */
class RunPageView {
  private view: RunView | null = null;
  private memory: RunMemory;
  private theme = readTheme();
  private trouble: string | null = null;
  private output: OutputEnd | null = null;
  private outputProblem: string | null = null;
  private code: readonly CodeChange[] | { readonly problem: string } | null = null;
  private codeKey = '';
  private noteProblem: string | null = null;
  private showAllParams = false;
  private showAllPackages = false;
  private ticks = 0;
  private progressTimer: ReturnType<typeof setTimeout> | undefined;
  private spokenAt = -SPEAK_EVERY_MS;
  private spokenText = '';

  private readonly progress = element('div', 'progress');
  private readonly head = element('header', 'run-head');
  private readonly banner = element('div', 'banner');
  private readonly left = element('main', 'left');
  private readonly right = element('aside', 'right');
  private readonly spoken = element('div', 'visually-hidden');

  private readonly host = connectHost<RunHost, RunPage>({
    show: (view) => this.show(view),
    pointsChanged: ({ runId, names }) => this.pointsChanged(runId, names),
    trouble: ({ problem }) => this.setTrouble(problem),
  });
  private readonly table = new MetricsTableView({
    look: () => this.sparks.look(),
    openCharts: (metric) => this.act('showCharts', metric),
  });
  private readonly sparks = new Loader({
    isVisible: (metric) => this.table.isVisible(metric),
    pixels: () => SPARK_WIDTH / 2,
    readSeries: (request) => this.host.call('readSeries', request),
    take: (series) => this.table.take(series),
    // The numbers beside it say the same; the next change asks again.
    failed: () => undefined,
    busy: (wanted) => this.showProgress(wanted.length > 0),
  });
  private readonly charts = new RunCharts({
    readSeries: (request) => this.host.call('readSeries', request),
    saveFile: (request) => this.host.call('saveFile', request),
    addToNote: (request) => this.host.call('addToNote', request),
    toggleLogarithmic: (name) => this.change({ logarithmic: toggled(this.memory.logarithmic, name) }),
    toggleTable: (name) => this.change({ asTable: toggled(this.memory.asTable, name) }),
    busy: (isBusy) => this.showProgress(isBusy),
  });
  private readonly artifacts = new ArtifactsView({
    list: (folder, offset) => this.host.call('listArtifacts', { folder, offset }),
    preview: (path) => this.host.call('previewArtifact', { path }),
    open: (path, asText) => this.try(this.host.call('openArtifact', { path, asText })),
    isOpen: (folder) => this.memory.openFolders.includes(folder),
    toggle: (folder) => this.change({ openFolders: toggled(this.memory.openFolders, folder) }),
    changed: () => this.renderRight(),
  });

  private readonly notePictures = new NotePictures(
    (path) => this.host.call('previewArtifact', { path }),
    (path) => this.try(this.host.call('openArtifact', { path, asText: false })),
  );

  constructor() {
    this.memory = readRunMemory(this.host.remembered);
    this.spoken.setAttribute('aria-live', 'polite');
    this.banner.setAttribute('role', 'status');
    this.head.dataset.area = '';
    const columns = element('div', 'columns');
    columns.append(this.left, this.right);
    const sticky = element('div', 'sticky');
    sticky.append(this.progress, this.head);
    document.body.append(sticky, this.banner, columns, this.spoken);
    this.charts.redraw = () => this.renderAll();
    onThemeChange(() => {
      this.theme = readTheme();
      this.renderAll();
    });
    document.addEventListener('keydown', (event) => this.onKey(event));
    document.addEventListener('scroll', () =>
      this.remember({ scrollTop: document.documentElement.scrollTop }),
    );
    setInterval(() => this.tick(), TICK_MS);
  }

  /** Asks the window what to show. */
  async start(): Promise<void> {
    this.renderAll();
    this.showProgress(true);
    try {
      await this.show(await this.host.call('ready', { compareWith: this.memory.compareWith }));
      document.documentElement.scrollTop = this.memory.scrollTop;
    } catch (error) {
      if (error instanceof UserError && error.code === 'page-closed') return;
      this.trouble = messageOf(error);
      this.renderAll();
    } finally {
      this.showProgress(false);
    }
  }

  show(view: RunView): Promise<void> {
    const before = this.view;
    this.view = view;
    this.trouble = null;
    this.remember({ folder: view.folder, runId: view.run.runId });
    this.renderAll();
    const known = new Set(before?.run.metrics.names);
    this.sparks.want(
      view.run.metrics.names
        .filter((metric) => !known.has(metric))
        .map((metric) => ({ runId: view.run.runId, metric })),
    );
    const codeKey = `${view.run.snapshot?.commit ?? ''} ${view.other?.run.snapshot?.commit ?? ''} ${view.other?.run.runId ?? ''}`;
    if (codeKey !== this.codeKey) {
      this.codeKey = codeKey;
      void this.readCode();
    }
    if (before?.run.state !== view.run.state) {
      void this.readOutput();
      void this.artifacts.refresh();
      if (before !== null) this.say(`${view.run.name} ${stateWord(view.run.state)}`);
    }
    this.speak();
    return Promise.resolve();
  }

  pointsChanged(runId: string, names: readonly string[] | null): Promise<void> {
    const { view } = this;
    if (view === null) return Promise.resolve();
    if (runId === view.run.runId) {
      const changed = names ?? view.run.metrics.names;
      this.sparks.want(changed.map((metric) => ({ runId: view.run.runId, metric })));
    }
    this.charts.changed(runId, names);
    return Promise.resolve();
  }

  setTrouble(problem: string | null): Promise<void> {
    this.trouble = problem;
    this.renderBanner();
    return Promise.resolve();
  }

  private tick(): void {
    const run = this.view?.run;
    if (run === undefined || isOver(run.state)) return;
    this.ticks += 1;
    this.renderHead();
    void this.readOutput();
    if (this.ticks % ARTIFACTS_EVERY_TICKS === 0) void this.artifacts.refresh();
  }

  private async readOutput(): Promise<void> {
    if (this.view?.run.hasOutput !== true || this.isFolded('output')) return;
    try {
      const output = await this.host.call('readOutput', {});
      const isSame = output?.sizeBytes === this.output?.sizeBytes && this.outputProblem === null;
      this.outputProblem = null;
      this.output = output;
      if (!isSame) this.renderLeft();
    } catch (error) {
      if (error instanceof UserError && error.code === 'page-closed') return;
      this.outputProblem = messageOf(error);
      this.renderLeft();
    }
  }

  private async readCode(): Promise<void> {
    const key = this.codeKey;
    this.code = null;
    try {
      const found = await this.host.call('compareCode', {});
      if (key === this.codeKey) this.code = found;
    } catch (error) {
      if (error instanceof UserError && error.code === 'page-closed') return;
      if (key === this.codeKey) this.code = { problem: messageOf(error) };
    }
    this.renderRight();
  }

  private async chooseOther(): Promise<void> {
    try {
      const chosen = await this.host.call('chooseOther', {});
      if (chosen !== null) await this.compare(chosen);
    } catch (error) {
      await this.setTrouble(messageOf(error));
    }
  }

  private async compare(compareWith: CompareWith): Promise<void> {
    this.remember({ compareWith });
    await this.host.call('compareWith', { compareWith });
  }

  private act(action: RunAction, metric?: string): void {
    this.try(this.host.call('act', { action, ...(metric === undefined ? {} : { metric }) }));
  }

  /** A failure of what a person asked for is said at the top. */
  private try(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'page-closed') return;
      void this.setTrouble(messageOf(error));
    });
  }

  private async saveNote(): Promise<void> {
    const { draft } = this.memory;
    if (draft === null) return;
    try {
      await this.host.call('saveNote', { note: draft.trim() });
      this.noteProblem = null;
      this.change({ draft: null });
    } catch (error) {
      this.noteProblem = messageOf(error);
      this.renderLeft();
    }
  }

  private change(change: Partial<RunMemory>): void {
    this.remember(change);
    this.renderAll();
  }

  private remember(change: Partial<RunMemory>): void {
    this.memory = { ...this.memory, ...change };
    this.host.remember(this.memory);
  }

  private isFolded(id: string): boolean {
    return this.memory.folded.includes(id);
  }

  private renderAll(): void {
    this.renderBanner();
    this.renderHead();
    this.renderLeft();
    this.renderRight();
  }

  private renderHead(): void {
    const { view } = this;
    if (view === null) {
      render(html`<div class="run-title"><h1 class="dim">${t('Run')}</h1></div>`, this.head);
      return;
    }
    render(
      runHead(view, Date.now(), {
        act: (action) => this.act(action),
        setStar: (starred) => this.try(this.host.call('setStar', { starred })),
        chooseOther: () => void this.chooseOther(),
      }),
      this.head,
    );
  }

  private renderBanner(): void {
    const { view, trouble } = this;
    const isDeleted = view?.run.deleted === true;
    this.banner.hidden = trouble === null && !isDeleted;
    render(
      html`${
        trouble === null
          ? nothing
          : html`<p class="error">
              <i class="codicon codicon-error" aria-hidden="true"></i> ${trouble}
              ${view === null ? linkButton(t('Try Again'), () => void this.retry()) : nothing}
            </p>`
      }
      ${
        isDeleted
          ? html`<p>
              <i class="codicon codicon-trash" aria-hidden="true"></i> ${t('This run was deleted.')}
              ${linkButton(t('Restore Run…'), () => this.act('restore'))}
            </p>`
          : nothing
      }`,
      this.banner,
    );
  }

  private async retry(): Promise<void> {
    this.trouble = null;
    await this.start();
  }

  private part(
    id: string,
    title: string,
    note: string | TemplateResult,
    actions: TemplateResult | undefined,
    content: () => unknown,
  ): TemplateResult {
    const toggle = () => {
      this.change({ folded: toggled(this.memory.folded, id) });
      if (id === 'output') void this.readOutput();
    };
    return part({ id, title, note, actions, isFolded: this.isFolded(id), toggle }, content);
  }

  private renderLeft(): void {
    const { view } = this;
    if (view === null) {
      render(nothing, this.left);
      return;
    }
    const metrics = orderMetrics(view.run.metrics.names, view.goal);
    const charted = chartedMetrics(metrics, view.goal);
    const system = systemMetrics(view.run);
    const charts = this.isFolded('metrics') ? [] : charted;
    const systemCharts = this.isFolded('system') ? [] : system.slice(0, MOST_SYSTEM);
    this.charts.show(view, charts, systemCharts, this.memory, this.theme);
    const filter = this.memory.filter.trim().toLowerCase();
    const shown = metrics.filter((name) => name.toLowerCase().includes(filter));
    const isAtEnd = this.outputIsAtEnd();
    render(
      html`${this.part(
        'metrics',
        t('Metrics'),
        metrics.length === 0 ? '' : noiseNote(view),
        metrics.length === 0
          ? undefined
          : html`${this.compareLink(view)} ${linkButton(t('Show Charts'), () => this.act('showCharts'))}`,
        () =>
          metrics.length === 0
            ? this.noMetrics(view)
            : html`${metrics.length < FILTER_FROM ? nothing : this.filter(shown.length, metrics.length)}
                ${this.table.element} ${this.legend(view)}
                <div class="grid">${this.charts.elements(charts)}</div>`,
      )}
      ${
        system.length === 0
          ? nothing
          : this.part(
              'system',
              t('System'),
              system.some((name) => name.includes('network'))
                ? t('the process and its children; network of the machine')
                : t('the process and its children'),
              system.length > MOST_SYSTEM
                ? linkButton(t('Show All {0} in Charts', system.length), () =>
                    this.act('showCharts', system[0]),
                  )
                : undefined,
              () => html`<div class="grid system-grid">${this.charts.elements(systemCharts)}</div>`,
            )
      }
      ${this.outputPart(view)} ${this.notesPart(view)}`,
      this.left,
    );
    this.notePictures.fill(this.left);
    if (metrics.length > 0 && !this.isFolded('metrics')) this.table.show(view, shown);
    if (isAtEnd) this.scrollOutput();
  }

  private compareLink({ other, champion }: RunView): TemplateResult | typeof nothing {
    if (other?.isChampion === true || champion === null) return nothing;
    return linkButton(t('Compare with Champion'), () => this.try(this.compare('champion')));
  }

  private legend({ run, other }: RunView): TemplateResult | typeof nothing {
    if (other === null) return nothing;
    return html`<div class="run-legend small">
      <span>${runMark(run.slot)} ${run.name}</span>
      <button
        class="plain dim"
        title=${t('Open Run Page')}
        @click=${() => this.try(this.host.call('openRun', { runId: other.run.runId }))}
      >
        ${runMark(other.run.slot)}
        ${other.run.name}${
          other.isChampion
            ? html` <i class="codicon codicon-verified-filled champion" aria-hidden="true"></i>
                ${t('champion')}`
            : nothing
        }
      </button>
      ${iconButton('close', t('Compare with No Run'), () => this.try(this.compare('none')))}
    </div>`;
  }

  private filter(shown: number, all: number): TemplateResult {
    return html`<div class="filter-row">
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
      </span>
      <span class="dim small">
        ${
          shown === all
            ? t('{0} metrics', formatCount(all))
            : t('{0} of {1} metrics', formatCount(shown), formatCount(all))
        }
      </span>
    </div>`;
  }

  private noMetrics({ run }: RunView): TemplateResult {
    const logsTo = new Map(run.tags).get(TAGS.logsTo);
    if (logsTo !== undefined) {
      return html`<p class="dim">${t('The script logs to {0}, not here.', logsTo)}</p>`;
    }
    return html`<p class="dim">
      ${
        isOver(run.state)
          ? t('It ended without a metric.')
          : run.state === 'queued'
            ? t('It waits to be started.')
            : t('Waiting for its first metric: what it logs with mlflow, and numbers that it prints.')
      }
    </p>`;
  }

  private outputPart({ run }: RunView): TemplateResult {
    const { output } = this;
    const note =
      output === null || output.lines.length === 0
        ? ''
        : t('the last {0} lines of {1}', formatCount(output.lines.length), formatBytes(output.sizeBytes));
    return this.part(
      'output',
      t('Output'),
      note,
      run.hasOutput ? linkButton(t('Show Output'), () => this.act('showOutput')) : undefined,
      () => {
        if (!run.hasOutput) {
          return html`<p class="dim">
            ${t('Winnow did not start this run: its output is where it was started.')}
          </p>`;
        }
        if (this.outputProblem !== null) return html`<p class="error">${this.outputProblem}</p>`;
        if (output === null || output.lines.length === 0) {
          return html`<p class="dim">
            ${isOver(run.state) ? t('It printed nothing.') : t('Nothing printed yet.')}
          </p>`;
        }
        return outputLines(output);
      },
    );
  }

  private outputIsAtEnd(): boolean {
    const lines = this.left.querySelector('.output-lines');
    return lines === null || lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4;
  }

  private scrollOutput(): void {
    const lines = this.left.querySelector('.output-lines');
    if (lines !== null) lines.scrollTop = lines.scrollHeight;
  }

  private notesPart({ run }: RunView): TemplateResult {
    const { draft } = this.memory;
    const note = new Map(run.tags).get(TAGS.note) ?? '';
    const edit = () => {
      this.noteProblem = null;
      this.change({ draft: note });
      this.left.querySelector<HTMLTextAreaElement>('.note-editor textarea')?.focus();
    };
    return this.part(
      'notes',
      t('Notes'),
      '',
      draft === null && note !== '' ? iconButton('edit', t('Edit Note'), edit) : undefined,
      () => {
        if (draft !== null) return this.noteEditor(draft);
        if (note === '') {
          return html`<p class="dim">
            ${t('Why was it run, and what does it show?')} ${linkButton(t('Add Note'), edit)}
          </p>`;
        }
        return html`<div class="markdown">${unsafeHTML(renderMarkdown(note))}</div>`;
      },
    );
  }

  private noteEditor(draft: string): TemplateResult {
    return html`<div class="note-editor">
      <textarea
        aria-label=${t('Note in Markdown')}
        rows="6"
        maxlength=${MOST_NOTE_CHARACTERS}
        .value=${draft}
        @input=${(event: Event) => {
          if (event.target instanceof HTMLTextAreaElement) this.remember({ draft: event.target.value });
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.saveNote();
          else if (event.key === 'Escape') this.change({ draft: null });
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      ></textarea>
      ${this.noteProblem === null ? nothing : html`<p class="error">${this.noteProblem}</p>`}
      <div class="note-buttons">
        <button class="secondary" @click=${() => void this.saveNote()}>${t('Save Note')}</button>
        ${linkButton(t('Cancel'), () => this.change({ draft: null }))}
        <span class="dim small">${t('Markdown. Ctrl+Enter saves, Escape leaves it as it was.')}</span>
      </div>
    </div>`;
  }

  private renderRight(): void {
    const { view } = this;
    if (view === null) {
      render(nothing, this.right);
      return;
    }
    const hasModels = (view.inputs?.models.length ?? 0) + (view.inputs?.versions.length ?? 0) > 0;
    render(
      html`${this.paramsPart(view)} ${this.codePart(view)}
      ${this.part('data', t('Data'), '', undefined, () => dataList(view))}
      ${this.part(
        'artifacts',
        t('Artifacts'),
        this.artifacts.note,
        iconButton('refresh', t('Read Files Again'), () => void this.artifacts.refresh()),
        () => this.artifacts.render(),
      )}
      ${
        view.attempts.length < 2
          ? nothing
          : this.part('attempts', t('Attempts'), String(view.attempts.length), undefined, () =>
              attemptList(view, Date.now()),
            )
      }
      ${hasModels ? this.part('models', t('Models'), '', undefined, () => modelList(view)) : nothing}
      ${this.environmentPart(view)}`,
      this.right,
    );
  }

  private paramsPart(view: RunView): TemplateResult {
    const params = paramsOf(view);
    const count = params.filter(({ differs }) => differs).length;
    const note =
      view.other === null || params.length === 0
        ? ''
        : differText(count, view.other.isChampion ? t('the champion') : view.other.run.name);
    const copy = () =>
      this.try(
        this.host.call('copy', { text: JSON.stringify(Object.fromEntries(view.run.params), null, 2) }),
      );
    return this.part(
      'params',
      t('Params'),
      note,
      params.length === 0 ? undefined : iconButton('copy', t('Copy Params as JSON'), copy),
      () =>
        paramsTable(view, this.showAllParams, () => {
          this.showAllParams = true;
          this.renderRight();
        }),
    );
  }

  private codePart(view: RunView): TemplateResult {
    const { snapshot } = view.run;
    if (snapshot === null) {
      return this.part('code', t('Code'), '', undefined, () => {
        const sentence =
          isOver(view.run.state) || !view.run.hasRunner
            ? t('Not known: its code was not recorded.')
            : t('Not recorded yet.');
        return html`<p class="dim">${sentence}</p>`;
      });
    }
    const from =
      view.other !== null && view.other.run.snapshot !== null
        ? view.other.isChampion
          ? t('against the champion')
          : t('against {0}', view.other.run.name)
        : snapshot.baseCommit === null
          ? ''
          : t('against commit {0}', snapshot.baseCommit.slice(0, 7));
    const note = [t('snapshot {0}', snapshot.commit.slice(0, 7)), from].filter((text) => text !== '');
    return this.part(
      'code',
      t('Code'),
      note.join(', '),
      html`${iconButton('diff-multiple', t('Compare Code with Working Tree'), () =>
        this.act('compareWithWorkingTree'),
      )}
      ${iconButton('go-to-file', t('Open Snapshot…'), () => this.act('openSnapshot'))}`,
      () => {
        const { code } = this;
        if (code === null) return nothing;
        if ('problem' in code) return html`<p class="error">${code.problem}</p>`;
        const same = from === '' ? t('There is nothing to compare it with yet.') : t('The code is the same.');
        const leftOut =
          snapshot.leftOutCount === 0
            ? nothing
            : html`<p class="dim small">
                ${snapshot.leftOutCount === 1 ? t('1 file is not in the snapshot.') : t('{0} files are not in the snapshot.', formatCount(snapshot.leftOutCount))}
              </p>`;
        return html`${codeList(code, (path) => this.try(this.host.call('openCode', { path })), same)}
        ${leftOut}`;
      },
    );
  }

  private environmentPart(view: RunView): TemplateResult {
    const count = view.packageDifferences.length;
    const note = !view.packagesCompared
      ? ''
      : count === 0
        ? t('the same packages')
        : count === 1
          ? t('1 package differs')
          : t('{0} packages differ', formatCount(count));
    return this.part('environment', t('Environment'), note, undefined, () =>
      environmentList(view, this.showAllPackages, () => {
        this.showAllPackages = true;
        this.renderRight();
      }),
    );
  }

  private showProgress(isBusy: boolean): void {
    clearTimeout(this.progressTimer);
    if (isBusy) {
      this.progressTimer = setTimeout(() => this.progress.classList.add('on'), PROGRESS_AFTER_MS);
    } else {
      this.progress.classList.remove('on');
    }
  }

  /** The goal's last value of a run that runs, now and then. */
  private speak(): void {
    const { view } = this;
    const goal = view?.goal?.metric;
    if (view?.run.state !== 'running' || goal === undefined) return;
    const index = view.run.metrics.names.indexOf(goal);
    const value = view.run.metrics.last[index];
    const step = view.run.metrics.lastStep[index];
    if (value === undefined || step === undefined) return;
    const now = performance.now();
    if (now - this.spokenAt < SPEAK_EVERY_MS) return;
    this.spokenAt = now;
    this.say(t('{0} {1} at step {2}', goal, formatNumber(value), step));
  }

  private say(text: string): void {
    if (text === this.spokenText) return;
    this.spokenText = text;
    this.spoken.textContent = text;
  }

  private onKey(event: KeyboardEvent): void {
    const { target } = event;
    const isTyping =
      target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === 'text');
    if (event.key === 'F6') this.nextArea(event.shiftKey ? -1 : 1);
    else if (event.key === 'F2' && !isTyping) this.act('rename');
    else if (event.key === '/' && !isTyping) {
      const input = this.left.querySelector<HTMLInputElement>('.filter input');
      if (input === null) return;
      input.focus();
    } else if (event.key === 'Escape' && target instanceof HTMLInputElement) this.change({ filter: '' });
    else return;
    event.preventDefault();
    // The editor has keys of its own with these names: in the page they are the page's.
    event.stopPropagation();
  }

  /** Goes to the next or previous area; from the last to the first. */
  private nextArea(by: 1 | -1): void {
    const areas = [...document.querySelectorAll<HTMLElement>('[data-area]')];
    const current = areas.findIndex((area) => area.contains(document.activeElement));
    const next = areas[(current + by + areas.length) % areas.length] ?? areas[0];
    next?.querySelector<HTMLElement>('button, [tabindex="0"], input')?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }
}

function differText(count: number, than: string): string {
  if (count === 0) return t('the same as {0}', than);
  return count === 1 ? t('1 differs from {0}', than) : t('{0} differ from {1}', formatCount(count), than);
}

function element(name: 'div' | 'header' | 'main' | 'aside', className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

void new RunPageView().start();
