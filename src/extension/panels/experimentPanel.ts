import * as vscode from 'vscode';
import type { FeedEvent } from '../../api/feed';
import type {
  ExperimentChange,
  ExperimentHost,
  ExperimentPage,
  ExperimentView,
  RememberedPage,
  TableAction,
} from '../../api/experimentPage';
import { experimentHostRequests, rememberedPage, storedExperimentPage } from '../../api/experimentRequests';
import type { Channel } from '../../api/pageRpc';
import { MOST_PREVIEW_BYTES } from '../../api/runPageSchemas';
import { UserError, messageOf } from '../../base/errors';
import { type Disposable, Owned } from '../../base/lifecycle';
import { type ExperimentId, type RunId, TAGS } from '../../model/run';
import { COMMANDS, type CommandId } from '../ids';
import { accept } from './accept';
import { createChangeBuffer } from './experiment/changeBuffer';
import { compareCode } from './experiment/compareCode';
import { exportRuns } from './experiment/exportRuns';
import { readExperimentView, slotsOf } from './experiment/readExperimentView';
import { addToNote, editTags, setTag } from './experiment/runEdits';
import { scriptOfExperiment } from './experiment/script';
import type { ExperimentPagesServices } from './experiment/services';
import { isWinnowYaml, readViews, shareViews } from './experiment/views';
import { type Handlers, hostPage } from './pageHost';
import { type PageMemory, createPageMemory } from './pageMemory';
import { saveFile } from './saveFile';

/** The pages of experiments, one an experiment and folder. */
export interface ExperimentPages extends Disposable {
  /** Brings the experiment's page to the front, or opens it. */
  open(folder: string, experimentId: ExperimentId): Promise<void>;
}

export const EXPERIMENT_VIEW_TYPE = 'winnow.experiment';

/** Prepares the pages; costs nothing until one is opened, or restored by VS Code after a reload. */
export function createExperimentPages(services: ExperimentPagesServices): ExperimentPages {
  const owned = new Owned();
  const pages = new Map<string, ExperimentPanel>();
  const keyOf = (folder: string, experimentId: string) => `${experimentId}:${folder}`;
  const memory = createPageMemory(services.memory, 'winnow.experimentPages', rememberedPage());

  function take(panel: vscode.WebviewPanel, folder: string, experimentId: ExperimentId): void {
    const key = keyOf(folder, experimentId);
    const page = new ExperimentPanel(services, panel, folder, experimentId, key, memory);
    pages.set(key, page);
    panel.onDidDispose(() => {
      page.dispose();
      // How it looked is kept: an experiment that is opened again is as it was left.
      if (pages.get(key) === page) pages.delete(key);
    });
  }

  owned.add(
    vscode.window.registerWebviewPanelSerializer(EXPERIMENT_VIEW_TYPE, {
      deserializeWebviewPanel(panel, state: unknown) {
        const stored = storedExperimentPage.safeParse(state);
        if (stored.success) take(panel, stored.data.folder, stored.data.experimentId);
        else panel.dispose(); // Closed before it knew what it is about.
        return Promise.resolve();
      },
    }),
  );
  owned.onDispose(() => {
    for (const page of [...pages.values()]) page.panel.dispose();
  });

  return {
    open(folder, experimentId) {
      const known = pages.get(keyOf(folder, experimentId));
      if (known !== undefined) {
        known.panel.reveal();
        return Promise.resolve();
      }
      const panel = vscode.window.createWebviewPanel(
        EXPERIMENT_VIEW_TYPE,
        vscode.l10n.t('Experiment'),
        vscode.ViewColumn.Active,
      );
      take(panel, folder, experimentId);
      return Promise.resolve();
    },
    dispose: () => owned.dispose(),
  };
}

const CHANGES_MS = 100; // As the feed merges: ten pictures a second read as live.
const FACTS_MS = 1_000; // Best, champion and interval may be a second old.
const RETRY_MS = 2_000; // While the server is away.

class ExperimentPanel implements Disposable {
  private readonly owned = new Owned();
  private readonly channel: Channel<ExperimentPage>;
  private view: ExperimentView | null = null;
  private pageIsReady = false;
  private refreshing: Promise<ExperimentView> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private tookMs = 0;
  private feed: Disposable | null = null;
  private readonly changes = createChangeBuffer(CHANGES_MS, (change) => this.tellChange(change));

  constructor(
    private readonly services: ExperimentPagesServices,
    readonly panel: vscode.WebviewPanel,
    private readonly folder: string,
    private readonly experimentId: ExperimentId,
    private readonly key: string,
    private readonly memory: PageMemory<RememberedPage>,
  ) {
    const icon = (theme: string) =>
      vscode.Uri.joinPath(services.extensionUri, 'media', `experiment-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const host = hostPage<ExperimentPage, ExperimentHost>(
      panel,
      { name: 'experiment', title: vscode.l10n.t('Experiment'), extensionUri: services.extensionUri },
      this.handlers(),
      (error) => services.log(error),
    );
    this.channel = host.channel;
    this.owned.add(host);
    this.owned.add(this.changes);
    this.owned.add(services.colours.onDidChange(() => this.recolour()));
    this.owned.add(
      panel.onDidChangeViewState(() => {
        // A hidden page is gone: it hears nothing, and asks for everything when it comes back.
        if (!panel.visible) this.sleep();
      }),
    );
    this.owned.add(
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (isWinnowYaml(this.folderUri, document)) this.refreshSoon(0);
      }),
    );
    this.owned.onDispose(() => this.sleep());
  }

  dispose(): void {
    this.owned.dispose();
  }

  private get folderUri(): vscode.Uri {
    return vscode.Uri.file(this.folder);
  }

  private sleep(): void {
    this.pageIsReady = false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.feed?.dispose();
    this.feed = null;
    this.changes.clear();
  }

  private handlers(): Handlers<ExperimentHost> {
    const requests = experimentHostRequests();
    const { services } = this;
    return {
      ready: accept(requests.ready, () => this.ready()),
      readTable: accept(requests.readTable, async (request) =>
        (await this.client()).call('readTable', { ...request, query: this.own(request.query) }),
      ),
      listColumns: accept(requests.listColumns, async (request) =>
        (await this.client()).call('listColumns', { experimentIds: [this.experimentId], ...request }),
      ),
      listValues: accept(requests.listValues, async (request) =>
        (await this.client()).call('listValues', { experimentIds: [this.experimentId], ...request }),
      ),
      findRow: accept(requests.findRow, async (request) =>
        (await this.client()).call('findRow', { ...request, query: this.own(request.query) }),
      ),
      listRunIds: accept(requests.listRunIds, async (request) =>
        (await this.client()).call('listRunIds', { ...request, query: this.own(request.query) }),
      ),
      readColumns: accept(requests.readColumns, async (request) =>
        (await this.client()).call('readColumns', { ...request, query: this.own(request.query) }),
      ),
      readSeries: accept(requests.readSeries, async (request) => {
        const client = await this.client();
        return client.readSeries(request);
      }),
      listArtifacts: accept(requests.listArtifacts, async (request) =>
        (await this.client()).call('listArtifacts', request),
      ),
      readArtifact: accept(requests.readArtifact, (request) => this.readArtifact(request)),
      setOn: accept(requests.setOn, ({ runIds, on }) => {
        if (on) services.colours.turnOn(runIds);
        else services.colours.turnOff(runIds);
        return Promise.resolve();
      }),
      setStar: accept(requests.setStar, async ({ runIds, starred }) =>
        setTag(await this.client(), runIds, TAGS.starred, starred ? 'true' : null),
      ),
      setArchived: accept(requests.setArchived, async ({ runIds, archived }) =>
        setTag(await this.client(), runIds, TAGS.archived, archived ? 'true' : null),
      ),
      editTags: accept(requests.editTags, async ({ runIds }) => editTags(await this.client(), runIds)),
      openRun: accept(requests.openRun, ({ runId, beside }) =>
        services.openRun(this.folder, runId, { beside }),
      ),
      act: accept(requests.act, (request) => this.act(request)),
      run: accept(requests.run, async () =>
        services.execute(
          COMMANDS.runWithParams,
          await scriptOfExperiment(await this.client(), this.experimentId),
        ),
      ),
      setGoal: accept(requests.setGoal, () =>
        services.execute(COMMANDS.setGoal, { folder: this.folder, experimentId: this.experimentId }),
      ),
      saveView: accept(requests.saveView, async (view) => {
        await (await this.client()).call('saveView', { experimentId: this.experimentId, view });
        return this.allViews();
      }),
      renameView: accept(requests.renameView, async (request) => {
        this.refuseShared(request.name);
        await (await this.client()).call('renameView', { experimentId: this.experimentId, ...request });
        return this.allViews();
      }),
      deleteView: accept(requests.deleteView, async (request) => {
        this.refuseShared(request.name);
        await (await this.client()).call('deleteView', { experimentId: this.experimentId, ...request });
        return this.allViews();
      }),
      askName: accept(requests.askName, async ({ title, value }) => {
        const name = await vscode.window.showInputBox({
          title,
          value,
          validateInput: (text) =>
            text.trim() === '' || text.trim().length > 200
              ? vscode.l10n.t('A name has 1 to 200 characters.')
              : undefined,
        });
        return name?.trim() ?? null;
      }),
      shareViews: accept(requests.shareViews, async () => {
        const { views } = await this.allViews();
        await shareViews(this.folderUri, this.title(), views);
      }),
      exportRuns: accept(requests.exportRuns, async (request) =>
        exportRuns(await this.client(), this.folderUri, this.title(), {
          ...request,
          query: this.own(request.query),
        }),
      ),
      saveFile: accept(requests.saveFile, ({ name, bytes }) => saveFile(this.folder, name, bytes)),
      copy: accept(requests.copy, async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 2_000);
      }),
      addToNote: accept(requests.addToNote, async ({ runId, markdown, picture }) =>
        addToNote(await this.client(), runId, markdown, picture),
      ),
      remember: accept(requests.remember, (request) => {
        this.memory.keep(this.key, request);
        return Promise.resolve();
      }),
    };
  }

  /** A page is about its experiment, whatever it asks for. */
  private own<Query extends { readonly experimentIds: readonly string[] }>(query: Query): Query {
    return { ...query, experimentIds: [this.experimentId] };
  }

  private client() {
    return this.services.linkOf(this.folder).client();
  }

  private title(): string {
    return this.view?.title ?? this.panel.title;
  }

  private async ready() {
    const client = await this.client();
    // Heard from now on, so that nothing is lost between the answer and the first change.
    this.feed ??= this.services.linkOf(this.folder).onFeed((event) => this.hear(event));
    this.pageIsReady = true;
    const remembered = this.memory.read(this.key);
    const { view, worthSeeing } = await this.read();
    if (remembered === null && worthSeeing.length > 0 && !(await this.hasRunsOn(client))) {
      this.services.colours.turnOn(worthSeeing);
      return { view: (await this.read()).view, remembered };
    }
    return { view, remembered };
  }

  private async hasRunsOn(client: Awaited<ReturnType<ExperimentPanel['client']>>): Promise<boolean> {
    const on = this.services.colours.on().slice(0, 1_000);
    if (on.length === 0) return false;
    const { total } = await client.call('searchRuns', {
      experimentIds: [this.experimentId],
      runIds: on,
      limit: 1,
    });
    return total > 0;
  }

  private async read() {
    const startedAt = performance.now();
    const client = await this.client();
    const read = await readExperimentView(
      client,
      { folder: this.folder, experimentId: this.experimentId },
      this.services.colours,
      (experiment) => readViews(client, this.folderUri, this.experimentId, experiment),
    );
    this.view = read.view;
    this.panel.title = read.view.title;
    this.tookMs = performance.now() - startedAt;
    return read;
  }

  private async allViews() {
    const read = await readViews(await this.client(), this.folderUri, this.experimentId, this.title());
    return { views: read.views };
  }

  private refuseShared(name: string): void {
    const view = this.view?.views.find((one) => one.name === name);
    if (view?.shared !== true) return;
    throw new UserError(
      'view-shared',
      vscode.l10n.t('The view {0} is written in winnow.yaml. Change it there.', name),
    );
  }

  private hear(event: FeedEvent): void {
    if (!this.pageIsReady) return;
    const isOn = (runId: string) => this.view?.slots.some(([id]) => id === runId) ?? false;
    const isOurs = (one: { readonly runId: string; readonly experimentId: string }) =>
      one.experimentId === this.experimentId || isOn(one.runId);
    const runs = event.runs.filter(isOurs);
    const metrics = event.metrics.filter(isOurs);
    const goal = this.view?.goal?.metric;
    this.changes.add({
      runs: runs.map(({ runId }) => runId),
      metrics,
      everything: event.reset,
    });
    const concernsFacts =
      event.reset ||
      event.promotions ||
      runs.length > 0 ||
      event.experiments.includes(this.experimentId) ||
      metrics.some(({ names }) => goal === undefined || names.includes(goal));
    if (concernsFacts) this.refreshSoon(event.reset ? 0 : FACTS_MS);
  }

  private tellChange(change: ExperimentChange): void {
    if (this.pageIsReady) this.tell(this.channel.call('changed', change));
  }

  private recolour(): void {
    if (this.view === null) return;
    this.view = { ...this.view, slots: slotsOf(this.services.colours) };
    if (this.pageIsReady) this.tell(this.channel.call('recoloured', { slots: this.view.slots }));
  }

  /** Asks again a little later; what takes long less often, so that reading it is a tenth of the time. */
  private refreshSoon(ms: number): void {
    if (this.timer !== null || !this.pageIsReady) return;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        if (!this.pageIsReady) return;
        this.refresh().then(
          (view) => {
            if (this.pageIsReady) this.tell(this.channel.call('show', view));
          },
          (error: unknown) => this.sayTrouble(error),
        );
      },
      Math.max(ms, this.tookMs * 10),
    );
  }

  private refresh(): Promise<ExperimentView> {
    this.refreshing ??= this.read()
      .then(({ view }) => view)
      .finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  /** What is on the page stays; it says what is wrong and goes on by itself. */
  private sayTrouble(error: unknown): void {
    if (!this.pageIsReady) return;
    const isGone = error instanceof UserError && error.code === 'not-found';
    const problem = isGone
      ? vscode.l10n.t('This experiment is not there any more: it was deleted.')
      : vscode.l10n.t('{0} What is shown was true a moment ago.', messageOf(error));
    if (!(error instanceof UserError)) this.services.log(error);
    this.tell(this.channel.call('trouble', { problem }));
    if (!isGone) this.refreshSoon(RETRY_MS);
  }

  /** A page that is closed meanwhile needs to hear nothing. */
  private tell(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (!(error instanceof UserError && error.code === 'page-closed')) this.services.log(error);
    });
  }

  private async readArtifact({ runId, path }: { readonly runId: RunId; readonly path: string }) {
    const client = await this.client();
    try {
      const { content, sizeBytes } = await client.call('readArtifact', {
        runId,
        path,
        maxBytes: MOST_PREVIEW_BYTES,
      });
      const isWhole = sizeBytes <= MOST_PREVIEW_BYTES;
      return { bytes: isWhole ? Uint8Array.from(Buffer.from(content, 'base64')) : null, sizeBytes };
    } catch (error) {
      if (error instanceof UserError && error.code === 'not-found') return { bytes: null, sizeBytes: 0 };
      throw error;
    }
  }

  private async act({ action, runIds }: { readonly action: TableAction; readonly runIds: readonly RunId[] }) {
    const [first, second] = runIds;
    if (first === undefined) return;
    if (action === 'compareCode') {
      if (second === undefined) {
        throw new UserError('compare-two', vscode.l10n.t('Choose two runs to compare their code.'));
      }
      await compareCode(this.services.linkOf(this.folder), this.services.files, first, second);
      return;
    }
    const argument =
      runIds.length === 1 && action !== 'compare'
        ? { folder: this.folder, runId: first }
        : { folder: this.folder, runIds };
    await this.services.execute(COMMAND_OF[action], argument);
  }
}

const COMMAND_OF: Readonly<Record<Exclude<TableAction, 'compareCode'>, CommandId>> = {
  rename: COMMANDS.renameRun,
  delete: COMMANDS.deleteRun,
  stop: COMMANDS.stopRun,
  retry: COMMANDS.retryRun,
  runAgain: COMMANDS.runAgain,
  runAgainWith: COMMANDS.runAgainWith,
  promote: COMMANDS.promoteRun,
  showOutput: COMMANDS.showOutput,
  compare: COMMANDS.compareRuns,
  showInTree: COMMANDS.openRun,
  copyCommand: COMMANDS.copyRunCommand,
};
