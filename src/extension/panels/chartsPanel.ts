import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { ApiClient } from '../../api/client';
import type { FeedEvent } from '../../api/feed';
import {
  type ChartRun,
  type ChartsHost,
  type ChartsPage,
  type ChartsView,
  chartsHostRequests,
} from '../../api/pages';
import type { Channel } from '../../api/pageRpc';
import { experimentId, runId } from '../../api/wire';
import { UserError, messageOf } from '../../base/errors';
import { type Disposable, Owned } from '../../base/lifecycle';
import type { Experiment } from '../../model/experiment';
import type { ExperimentId, Run, RunId } from '../../model/run';
import type { RunColours } from '../runColours';
import { accept } from './accept';
import { addToNote } from './experiment/runEdits';
import { countLines } from './outputLines';
import { type Handlers, hostPage } from './pageHost';
import { saveFile } from './saveFile';

/** What the charts page needs of the window. */
export interface ChartsServices {
  readonly extensionUri: vscode.Uri;
  /** Remembers what is shown, so that the page comes back after a reload: the workspace's state. */
  readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
  /** The client of a workspace folder's tracking server. Rejects for a folder that is not open in the window. */
  client(folder: string): Promise<ApiClient>;
  /**
   * Slots 1 to 8 are the colours, 9 to 16 the same dashed, 17 to 24 dotted; a run without one is grey. Who
   * turns runs on or off also says what the page is about then (`follow`).
   */
  readonly colours: Pick<RunColours, 'slotOf' | 'turnOff' | 'onDidChange'>;
  readonly onFeed: (
    listener: (change: { readonly folder: string; readonly event: FeedEvent }) => void,
  ) => Disposable;
  /** Shows the run where the window shows runs. */
  openRun(folder: string, runId: RunId): Promise<void>;
  showOutput(folder: string, runId: RunId): Promise<void>;
  /** Brings the Experiments view up. */
  chooseRuns(): Promise<void>;
  /** Hears of failures that nobody on the page waits for. */
  log(error: unknown): void;
}

/** What the page is about. A whole experiment takes in the runs that start later. */
export interface ChartsSelection {
  readonly runs: readonly { readonly folder: string; readonly runId: RunId }[];
  readonly experiments: readonly { readonly folder: string; readonly experimentId: ExperimentId }[];
}

/** The one charts page of a window. */
export interface Charts extends Disposable {
  /** Shows the selection, in the page that is open or a new one; with a metric, scrolled to its chart. */
  open(selection: ChartsSelection, metric?: string): Promise<void>;
  /** Changes what an open page is about without bringing it to the front. Without one it does nothing. */
  follow(selection: ChartsSelection): Promise<void>;
  readonly isOpen: boolean;
}

export const CHARTS_VIEW_TYPE = 'winnow.charts';
const MEMORY_KEY = 'winnow.charts.selection';

/** More runs than this in one experiment are not asked for at once: the newest are what is being looked at. */
const MAX_RUNS = 1_000;

const storedSelection = z.object({
  runs: z.array(z.object({ folder: z.string(), runId })),
  experiments: z.array(z.object({ folder: z.string(), experimentId })),
});

/** Prepares the charts page; costs nothing until it is opened, or restored by VS Code after a reload. */
export function createCharts(services: ChartsServices): Charts {
  const owned = new Owned();
  let current: ChartsPanel | null = null;

  function take(panel: vscode.WebviewPanel, selection: ChartsSelection): ChartsPanel {
    const opened = new ChartsPanel(services, panel, selection);
    current = opened;
    panel.onDidDispose(() => {
      opened.dispose();
      if (current === opened) current = null;
    });
    return opened;
  }

  owned.add(
    vscode.window.registerWebviewPanelSerializer(CHARTS_VIEW_TYPE, {
      deserializeWebviewPanel(panel) {
        if (current !== null) {
          panel.dispose();
          return Promise.resolve();
        }
        const stored = storedSelection.safeParse(services.memory.get(MEMORY_KEY));
        take(panel, stored.success ? stored.data : { runs: [], experiments: [] });
        return Promise.resolve();
      },
    }),
  );
  owned.onDispose(() => current?.panel.dispose());

  async function change(selection: ChartsSelection): Promise<void> {
    await services.memory.update(MEMORY_KEY, selection);
    await current?.select(selection);
  }

  return {
    get isOpen() {
      return current !== null;
    },
    async open(selection, metric) {
      if (current === null) {
        const panel = vscode.window.createWebviewPanel(
          CHARTS_VIEW_TYPE,
          vscode.l10n.t('Charts'),
          vscode.ViewColumn.Active,
        );
        take(panel, selection).revealWhenReady(metric);
        await services.memory.update(MEMORY_KEY, selection);
        return;
      }
      current.panel.reveal(undefined, false);
      current.revealWhenReady(metric);
      await change(selection);
    },
    async follow(selection) {
      if (current !== null) await change(selection);
    },
    dispose: () => owned.dispose(),
  };
}

class ChartsPanel implements Disposable {
  private readonly owned = new Owned();
  private readonly channel: Channel<ChartsPage>;
  /** The runs of the view with their folders: nothing else can be asked for. */
  private known = new Map<RunId, string>();
  private view: ChartsView = { title: '', goal: null, runs: [], problem: null };
  private pageIsReady = false;
  private metricToReveal: string | undefined;
  private refreshing: Promise<void> | null = null;
  private refreshAgain = false;

  constructor(
    private readonly services: ChartsServices,
    readonly panel: vscode.WebviewPanel,
    private selection: ChartsSelection,
  ) {
    const icon = (theme: string) =>
      vscode.Uri.joinPath(services.extensionUri, 'media', `charts-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const host = hostPage<ChartsPage, ChartsHost>(
      panel,
      { name: 'charts', title: vscode.l10n.t('Charts'), extensionUri: services.extensionUri },
      this.handlers(),
      (error) => services.log(error),
    );
    this.channel = host.channel;
    this.owned.add(host);
    this.owned.add(services.onFeed(({ folder, event }) => this.hear(folder, event)));
    this.owned.add(services.colours.onDidChange(() => this.recolour()));
    this.owned.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.pageIsReady = false;
      }),
    );
  }

  /** Scrolls to a metric's chart as soon as the page can. */
  revealWhenReady(metric: string | undefined): void {
    this.metricToReveal = metric;
  }

  async select(selection: ChartsSelection): Promise<void> {
    this.selection = selection;
    await this.refresh();
    this.reveal();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private handlers(): Handlers<ChartsHost> {
    return {
      ready: accept(chartsHostRequests.ready, async () => {
        await this.refreshQuietly();
        this.pageIsReady = true;
        // After the answer, so that the page has the chart it is to scroll to.
        setImmediate(() => this.reveal());
        return this.view;
      }),
      readSeries: accept(chartsHostRequests.readSeries, (request) => this.readSeries(request)),
      countOutputLines: accept(chartsHostRequests.countOutputLines, async (request) => {
        const client = await this.services.client(this.folderOf(request.runId));
        const { run } = await client.call('getRun', { runId: request.runId });
        return run.outputPath === null ? null : countLines(run.outputPath);
      }),
      openRun: accept(chartsHostRequests.openRun, (request) =>
        this.services.openRun(this.folderOf(request.runId), request.runId),
      ),
      showOutput: accept(chartsHostRequests.showOutput, (request) =>
        this.services.showOutput(this.folderOf(request.runId), request.runId),
      ),
      turnOff: accept(chartsHostRequests.turnOff, (request) => {
        this.folderOf(request.runId);
        this.services.colours.turnOff([request.runId]);
        return Promise.resolve();
      }),
      chooseRuns: accept(chartsHostRequests.chooseRuns, () => this.services.chooseRuns()),
      saveFile: accept(chartsHostRequests.saveFile, async ({ name, bytes }) => {
        const [folder] = this.known.values();
        if (folder !== undefined) await saveFile(folder, name, bytes);
      }),
      addToNote: accept(chartsHostRequests.addToNote, async ({ runId: to, markdown, picture }) =>
        addToNote(await this.services.client(this.folderOf(to)), to, markdown, picture),
      ),
    };
  }

  private async readSeries(request: z.output<(typeof chartsHostRequests)['readSeries']>) {
    const { series: asked, ...range } = request;
    const byFolder = new Map<string, typeof asked>();
    for (const one of asked) {
      // A run that was deleted while the page asked is left out of the answer; the others are drawn.
      const folder = this.known.get(one.runId);
      if (folder === undefined) continue;
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), one]);
    }
    const answers = await Promise.all(
      [...byFolder].map(async ([folder, series]) => {
        const client = await this.services.client(folder);
        return client.readSeries({ series, ...range });
      }),
    );
    return answers.flat();
  }

  private folderOf(id: RunId): string {
    const folder = this.known.get(id);
    if (folder === undefined) throw new UserError('run-unknown', 'This run is not on the page any more.');
    return folder;
  }

  private hear(folder: string, event: FeedEvent): void {
    const concernsExperiment = (id: string) =>
      this.selection.experiments.some((one) => one.folder === folder && one.experimentId === id) ||
      this.view.runs.some((run) => run.experimentId === id && this.known.get(run.runId) === folder);
    const isKnown = (change: { readonly runId: string }) =>
      this.view.runs.some((run) => run.runId === change.runId && this.known.get(run.runId) === folder);
    // A hidden page is gone, and asks for everything when it comes back.
    if (!this.pageIsReady) return;
    if (
      event.reset ||
      event.runs.some((run) => isKnown(run) || concernsExperiment(run.experimentId)) ||
      event.experiments.some(concernsExperiment)
    ) {
      void this.refreshQuietly();
    }
    const changed = this.view.runs.flatMap((run) => {
      if (this.known.get(run.runId) !== folder) return [];
      if (event.reset) return [{ runId: run.runId, names: run.metrics }];
      return event.metrics
        .filter((change) => change.runId === run.runId)
        .map((change) => ({ runId: run.runId, names: change.names }));
    });
    if (changed.length > 0) this.tell(this.channel.call('pointsChanged', changed));
  }

  private recolour(): void {
    this.view = {
      ...this.view,
      runs: this.view.runs.map((run) => ({ ...run, slot: this.services.colours.slotOf(run.runId) ?? null })),
    };
    if (this.pageIsReady) this.tell(this.channel.call('show', this.view));
  }

  private reveal(): void {
    if (!this.pageIsReady || this.metricToReveal === undefined) return;
    this.tell(this.channel.call('revealMetric', { metric: this.metricToReveal }));
    this.metricToReveal = undefined;
  }

  /** A page that is closed meanwhile needs to hear nothing. */
  private tell(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (!(error instanceof UserError && error.code === 'page-closed')) this.services.log(error);
    });
  }

  private async refreshQuietly(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.services.log(error);
    }
  }

  /** Asks for what is true now; events that arrive meanwhile cause one more round, not one each. */
  private refresh(): Promise<void> {
    if (this.refreshing !== null) {
      this.refreshAgain = true;
      return this.refreshing;
    }
    this.refreshing = (async () => {
      try {
        do {
          this.refreshAgain = false;
          await this.readView();
        } while (this.refreshAgain);
      } finally {
        this.refreshing = null;
      }
    })();
    return this.refreshing;
  }

  private async readView(): Promise<void> {
    const { runs, experiments, problem } = await readRuns(this.services, this.selection);
    this.known = new Map(runs.map(({ folder, run }) => [run.runId, folder]));
    this.view = {
      title: titleOf(experiments),
      goal: experiments.length === 1 ? (experiments[0]?.goal ?? null) : null,
      runs: runs.map(({ run }) => this.toChartRun(run)),
      problem,
    };
    this.panel.title = experiments.length === 1 ? this.view.title : vscode.l10n.t('Charts');
    if (this.pageIsReady) this.tell(this.channel.call('show', this.view));
  }

  private toChartRun(run: Run): ChartRun {
    return {
      runId: run.runId,
      experimentId: run.experimentId,
      experiment: run.experiment,
      name: run.name,
      state: run.state,
      reason: run.reason,
      startedAt: run.startedAt,
      hasOutput: run.hasRunner,
      slot: this.services.colours.slotOf(run.runId) ?? null,
      metrics: Object.keys(run.metrics).sort(),
    };
  }
}

interface ReadRuns {
  readonly runs: readonly { readonly folder: string; readonly run: Run }[];
  /** Those that the runs belong to. */
  readonly experiments: readonly Experiment[];
  readonly problem: string | null;
}

/** Reads the selection's runs, each once, in its order. A folder that cannot be read costs its own runs only. */
async function readRuns(services: ChartsServices, selection: ChartsSelection): Promise<ReadRuns> {
  const folders = new Set([...selection.runs, ...selection.experiments].map(({ folder }) => folder));
  const problems: string[] = [];
  const parts = await Promise.all(
    [...folders].map(async (folder) => {
      try {
        return await readFolder(await services.client(folder), folder, selection);
      } catch (error) {
        problems.push(messageOf(error));
        return { folder, runs: [], experiments: [] };
      }
    }),
  );
  const runs = parts.flatMap((part) => part.runs.map((run) => ({ folder: part.folder, run })));
  return {
    runs,
    experiments: parts.flatMap((part) => part.experiments),
    problem: problems.length === 0 ? null : problems.join(' '),
  };
}

async function readFolder(client: ApiClient, folder: string, selection: ChartsSelection) {
  const runIds = selection.runs.filter((one) => one.folder === folder).map((one) => one.runId);
  const experimentIds = selection.experiments
    .filter((one) => one.folder === folder)
    .map((one) => one.experimentId);
  const [named, whole, { experiments }] = await Promise.all([
    runIds.length === 0 ? [] : client.call('searchRuns', { runIds }).then((answer) => answer.runs),
    experimentIds.length === 0
      ? []
      : client.call('searchRuns', { experimentIds, limit: MAX_RUNS }).then((answer) => answer.runs),
    client.call('listExperiments', {}),
  ]);
  const found = new Map(named.map((run) => [run.runId, run]));
  const inOrder = runIds.flatMap((id) => found.get(id) ?? []);
  const all = new Map([...inOrder, ...whole].map((run) => [run.runId, run]));
  const runs = [...all.values()].filter((run) => !run.deleted);
  const ids = new Set<string>([...experimentIds, ...runs.map((run) => run.experimentId)]);
  return { folder, runs, experiments: experiments.filter((one) => ids.has(one.experimentId)) };
}

function titleOf(experiments: readonly Experiment[]): string {
  const [first] = experiments;
  if (first === undefined) return vscode.l10n.t('Charts');
  return experiments.length === 1 ? first.name : vscode.l10n.t('{0} experiments', experiments.length);
}
