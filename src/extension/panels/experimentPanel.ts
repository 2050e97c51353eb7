import { mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type {
  ExperimentChange,
  ExperimentHost,
  ExperimentPage,
  ExperimentView,
  TableAction,
} from '../../api/experimentPage';
import {
  experimentHostRequests,
  keptExperimentPage,
  storedExperimentPage,
} from '../../api/experimentPageSchemas';
import type { FeedEvent } from '../../api/feed';
import type { Channel } from '../../api/pageRpc';
import { UserError, messageOf } from '../../base/errors';
import { type Disposable, Owned } from '../../base/lifecycle';
import { readWinnowYaml } from '../../code/winnowYaml';
import { type ExperimentId, type RunId, TAGS, isRunId } from '../../model/run';
import type { SavedView, ViewDefinition } from '../../model/savedView';
import type { FolderLink } from '../folderLink';
import { COMMANDS, type CommandId } from '../ids';
import type { ReadOnlyFiles } from '../readOnlyFiles';
import type { RunColours } from '../runColours';
import { accept } from './accept';
import { exportedText } from './experiment/exportRuns';
import { type ReadExperiment, readExperiment } from './experiment/readView';
import { readViews, withViews } from './experiment/sharedViews';
import { type Handlers, hostPage } from './pageHost';

/** What the pages of experiments need of the window. */
export interface ExperimentPagesServices {
  readonly extensionUri: vscode.Uri;
  /** Where a page's looks are kept: the workspace's state. */
  readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
  /** @throws UserError 'folder-closed' for a folder that is not open in the window. */
  linkOf(folder: string): FolderLink;
  readonly colours: Pick<RunColours, 'slotOf' | 'on' | 'turnOn' | 'turnOff' | 'onDidChange'>;
  readonly files: Pick<ReadOnlyFiles, 'snapshotUri'>;
  openRun(folder: string, runId: RunId, options: { readonly beside: boolean }): Promise<void>;
  /** Carries out a command of the window; its failure is shown by the window. */
  execute(command: CommandId, ...args: unknown[]): Promise<void>;
  /** Hears of failures that nobody on the page waits for. */
  log(error: unknown): void;
}

/** The pages of experiments, one an experiment of a folder. */
export interface ExperimentPages extends Disposable {
  open(folder: string, experimentId: ExperimentId, title: string): void;
}

export const EXPERIMENT_VIEW_TYPE = 'winnow.experiment';

/** Prepares the pages; costs nothing until one is opened, or restored by VS Code after a reload. */
export function createExperimentPages(services: ExperimentPagesServices): ExperimentPages {
  const owned = new Owned();
  const pages = new Map<string, ExperimentPanel>();
  const keyOf = (folder: string, experimentId: ExperimentId) => `${experimentId} ${folder}`;

  function take(panel: vscode.WebviewPanel, folder: string, experimentId: ExperimentId): void {
    const key = keyOf(folder, experimentId);
    const page = new ExperimentPanel(services, panel, folder, experimentId);
    pages.set(key, page);
    panel.onDidDispose(() => {
      page.dispose();
      if (pages.get(key) === page) pages.delete(key);
    });
  }

  owned.add(
    vscode.window.registerWebviewPanelSerializer(EXPERIMENT_VIEW_TYPE, {
      deserializeWebviewPanel(panel, state: unknown) {
        const stored = storedExperimentPage.safeParse(state);
        if (!stored.success || pages.has(keyOf(stored.data.folder, stored.data.experimentId)))
          panel.dispose();
        else take(panel, stored.data.folder, stored.data.experimentId);
        return Promise.resolve();
      },
    }),
  );
  owned.onDispose(() => {
    for (const page of [...pages.values()]) page.panel.dispose();
  });

  return {
    open(folder, experimentId, title) {
      const known = pages.get(keyOf(folder, experimentId));
      if (known !== undefined) {
        known.panel.reveal(undefined, false);
        return;
      }
      take(
        vscode.window.createWebviewPanel(EXPERIMENT_VIEW_TYPE, title, vscode.ViewColumn.Active),
        folder,
        experimentId,
      );
    },
    dispose: () => owned.dispose(),
  };
}

const HEAD_MS = 1_000; // The head's numbers may be a second old.
const CHANGES_MS = 250; // Four times a second reads as live.
const RETRY_MS = 2_000; // While the server is away.
const MOST_ARTIFACT_BYTES = 8 * 1024 * 1024;

class ExperimentPanel implements Disposable {
  private readonly owned = new Owned();
  private readonly channel: Channel<ExperimentPage>;
  private pageIsReady = false;
  private feed: Disposable | null = null;
  private head: ReadExperiment | null = null;
  private headTimer: NodeJS.Timeout | null = null;
  private reading: Promise<ExperimentView> | null = null;
  private readonly changed = { runs: new Set<RunId>(), metrics: new Map<RunId, Set<string>>(), all: false };
  private changesTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly services: ExperimentPagesServices,
    readonly panel: vscode.WebviewPanel,
    private readonly folder: string,
    private readonly experimentId: ExperimentId,
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
    this.owned.add(
      services.colours.onDidChange(() => {
        if (this.pageIsReady) this.tell(this.channel.call('recoloured', { slots: this.slots() }));
      }),
    );
    this.owned.add(
      panel.onDidChangeViewState(() => {
        if (panel.visible) return;
        // A hidden page is gone: it hears nothing, and asks for everything when it comes back.
        this.pageIsReady = false;
        this.forgetChanges();
      }),
    );
    this.owned.onDispose(() => {
      this.forgetChanges();
      this.feed?.dispose();
    });
  }

  dispose(): void {
    this.owned.dispose();
  }

  private handlers(): Handlers<ExperimentHost> {
    const requests = experimentHostRequests;
    const { experimentId, services, folder } = this;
    const call = async () => (await this.client()).call;
    return {
      ready: accept(requests.ready, async () => {
        const view = await this.readView(true);
        this.pageIsReady = true;
        return view;
      }),
      readTable: accept(requests.readTable, async (request) => (await call())('readTable', request)),
      listColumns: accept(requests.listColumns, async (request) =>
        (await call())('listColumns', { experimentIds: [experimentId], ...request }),
      ),
      listValues: accept(requests.listValues, async (request) =>
        (await call())('listValues', { experimentIds: [experimentId], ...request }),
      ),
      findRow: accept(requests.findRow, async (request) => (await call())('findRow', request)),
      listRunIds: accept(requests.listRunIds, async (request) => (await call())('listRunIds', request)),
      readColumns: accept(requests.readColumns, async (request) => (await call())('readColumns', request)),
      readSeries: accept(requests.readSeries, async (request) => (await this.client()).readSeries(request)),
      listArtifacts: accept(requests.listArtifacts, async (request) =>
        (await call())('listArtifacts', request),
      ),
      readArtifact: accept(requests.readArtifact, async (request) => {
        const { content, sizeBytes } = await (
          await call()
        )('readArtifact', { ...request, maxBytes: MOST_ARTIFACT_BYTES });
        const bytes = sizeBytes > MOST_ARTIFACT_BYTES ? null : new Uint8Array(Buffer.from(content, 'base64'));
        return { bytes, sizeBytes };
      }),
      setOn: accept(requests.setOn, ({ runIds, on }) => {
        if (on) services.colours.turnOn(runIds);
        else services.colours.turnOff(runIds);
        return Promise.resolve();
      }),
      setStar: accept(requests.setStar, ({ runIds, starred }) =>
        this.setTag(runIds, TAGS.starred, starred ? 'true' : null),
      ),
      setArchived: accept(requests.setArchived, ({ runIds, archived }) =>
        this.setTag(runIds, TAGS.archived, archived ? 'true' : null),
      ),
      editTags: accept(requests.editTags, ({ runIds }) => this.editTags(runIds)),
      openRun: accept(requests.openRun, ({ runId, beside }) => services.openRun(folder, runId, { beside })),
      act: accept(requests.act, ({ action, runIds }) => this.act(action, runIds)),
      run: accept(requests.run, () => this.run()),
      saveView: accept(requests.saveView, async (view) => (await call())('saveView', { experimentId, view })),
      renameView: accept(requests.renameView, async (request) =>
        (await call())('renameView', { experimentId, ...request }),
      ),
      deleteView: accept(requests.deleteView, async (request) =>
        (await call())('deleteView', { experimentId, ...request }),
      ),
      askName: accept(requests.askName, async ({ title, value }) => {
        const name = await vscode.window.showInputBox({
          title,
          value,
          validateInput: (text) =>
            text.trim() === '' ? vscode.l10n.t('A name has at least one letter.') : undefined,
        });
        return name === undefined ? null : name.trim();
      }),
      shareViews: accept(requests.shareViews, () => this.shareViews()),
      exportRuns: accept(requests.exportRuns, (request) => this.exportRuns(request)),
      saveFile: accept(requests.saveFile, ({ name, bytes }) => this.saveFile(name, bytes)),
      copy: accept(requests.copy, async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 2_000);
      }),
      addToNote: accept(requests.addToNote, (request) => this.addToNote(request)),
      remember: accept(requests.remember, async (kept) => {
        await services.memory.update(this.memoryKey, kept);
      }),
    };
  }

  private get memoryKey(): string {
    return `winnow.experiment.${this.experimentId}.${this.folder}`;
  }

  private async client() {
    return this.services.linkOf(this.folder).client();
  }

  private slots(): ExperimentView['slots'] {
    return this.services.colours.on().flatMap((runId) => {
      const slot = this.services.colours.slotOf(runId);
      return slot === undefined ? [] : [[runId, slot] as const];
    });
  }

  private readView(isFirst: boolean): Promise<ExperimentView> {
    this.reading ??= this.readNow(isFirst).finally(() => (this.reading = null));
    return this.reading;
  }

  private async readNow(isFirst: boolean): Promise<ExperimentView> {
    const client = await this.client();
    this.feed ??= this.services.linkOf(this.folder).onFeed((event) => this.hear(event));
    const slotOf = (runId: RunId) => this.services.colours.slotOf(runId) ?? null;
    const head = await readExperiment(client, this.experimentId, slotOf);
    this.head = head;
    const kept = keptExperimentPage.safeParse(this.services.memory.get(this.memoryKey));
    // A page that is opened for the first time shows something.
    if (isFirst && !kept.success && this.services.colours.on().length === 0) {
      this.services.colours.turnOn(head.worthSeeing);
    }
    this.panel.title = head.title;
    return {
      ...head,
      folder: this.folder,
      slots: this.slots(),
      sharedViews: await this.sharedViews(),
      left: kept.success ? kept.data : null,
      problem: null,
    };
  }

  private hear(event: FeedEvent): void {
    if (!this.pageIsReady) return;
    const isHere = ({ experimentId }: { readonly experimentId: string }) =>
      experimentId === this.experimentId;
    const { changed } = this;
    changed.all ||= event.reset;
    for (const { runId } of event.runs.filter(isHere)) if (isRunId(runId)) changed.runs.add(runId);
    for (const { runId, names } of event.metrics.filter(isHere)) {
      if (!isRunId(runId)) continue;
      changed.metrics.set(runId, new Set([...(changed.metrics.get(runId) ?? []), ...names]));
    }
    const isOfHead =
      event.reset || event.promotions || event.experiments.some((id) => id === this.experimentId);
    const isOfGoal = [...changed.metrics.values()].some((names) => names.has(this.head?.goal?.metric ?? ''));
    if (isOfHead || changed.runs.size > 0 || isOfGoal) this.readHeadSoon(HEAD_MS);
    if (changed.all || changed.runs.size > 0 || changed.metrics.size > 0) {
      this.changesTimer ??= setTimeout(() => this.tellChanges(), CHANGES_MS);
    }
  }

  private tellChanges(): void {
    this.changesTimer = null;
    const { changed } = this;
    const change: ExperimentChange = {
      runs: [...changed.runs],
      metrics: [...changed.metrics].map(([runId, names]) => ({ runId, names: [...names] })),
      everything: changed.all,
    };
    this.forgetChanges();
    if (this.pageIsReady) this.tell(this.channel.call('changed', change));
  }

  private forgetChanges(): void {
    if (this.changesTimer !== null) clearTimeout(this.changesTimer);
    this.changesTimer = null;
    this.changed.runs.clear();
    this.changed.metrics.clear();
    this.changed.all = false;
    if (this.pageIsReady || this.headTimer === null) return;
    clearTimeout(this.headTimer);
    this.headTimer = null;
  }

  private readHeadSoon(ms: number): void {
    if (this.headTimer !== null || !this.pageIsReady) return;
    this.headTimer = setTimeout(() => {
      this.headTimer = null;
      if (!this.pageIsReady) return;
      this.readView(false).then(
        (view) => this.tell(this.channel.call('show', view)),
        (error: unknown) => this.sayTrouble(error),
      );
    }, ms);
  }

  /** What is on the page stays; it says what is wrong and goes on by itself. */
  private sayTrouble(error: unknown): void {
    const isGone = error instanceof UserError && error.code === 'not-found';
    if (!(error instanceof UserError)) this.services.log(error);
    const problem = isGone
      ? messageOf(error)
      : vscode.l10n.t('{0} What is shown was true a moment ago.', messageOf(error));
    this.tell(this.channel.call('trouble', { problem }));
    if (!isGone) this.readHeadSoon(RETRY_MS);
  }

  /** A page that is closed meanwhile needs to hear nothing. */
  private tell(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (!(error instanceof UserError && error.code === 'page-closed')) this.services.log(error);
    });
  }

  private async setTag(runIds: readonly RunId[], key: string, value: string | null): Promise<void> {
    await (await this.client()).call('setTags', { runIds: [...runIds], tags: [{ key, value }] });
  }

  private async editTags(runIds: readonly RunId[]): Promise<void> {
    const title =
      runIds.length === 1
        ? vscode.l10n.t('Set a Tag')
        : vscode.l10n.t('Set a Tag on {0} Runs', runIds.length);
    const key = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('The name of the tag'),
      validateInput: (text) =>
        text.trim() === '' || text.length > 250
          ? vscode.l10n.t('A tag has a name of 1 to 250 characters.')
          : /^(mlflow|winnow)\./.test(text.trim())
            ? vscode.l10n.t('Names that begin with "mlflow." or "winnow." are kept for the tools themselves.')
            : undefined,
    });
    if (key === undefined) return;
    const value = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('The value of {0}. Leave it empty to take the tag away.', key.trim()),
    });
    if (value === undefined) return;
    await this.setTag(runIds, key.trim(), value === '' ? null : value);
  }

  private async act(action: TableAction, runIds: readonly RunId[]): Promise<void> {
    const [first] = runIds;
    if (first === undefined) return;
    const { folder } = this;
    const one = { folder, runId: first };
    switch (action) {
      case 'compare':
        return this.services.execute(COMMANDS.compareRuns, { folder, runIds });
      case 'compareCode':
        return this.compareCode(runIds);
      case 'delete':
      case 'stop':
      case 'retry':
        // Commands about several runs take their ids.
        return this.services.execute(COMMAND_OF[action], runIds.length === 1 ? one : runIds);
      default:
        return this.services.execute(COMMAND_OF[action], one);
    }
  }

  /** Of two runs: what of their code differs, in VS Code's own diff editor. */
  private async compareCode(runIds: readonly RunId[]): Promise<void> {
    const [runId, from] = runIds;
    if (runId === undefined || from === undefined) return;
    const client = await this.client();
    const [{ run }, { run: other }, { files }] = await Promise.all([
      client.call('getRun', { runId }),
      client.call('getRun', { runId: from }),
      client.call('compareCode', { runId, from: { runId: from } }),
    ]);
    if (files.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('{0} and {1} ran the same code.', other.name, run.name),
      );
      return;
    }
    const link = this.services.linkOf(this.folder);
    await vscode.commands.executeCommand(
      'vscode.changes',
      vscode.l10n.t('Code: {0} ↔ {1}', other.name, run.name),
      files.map((file) => {
        const before = this.services.files.snapshotUri(link, other, file.path);
        const after = this.services.files.snapshotUri(link, run, file.path);
        return [after, before, after];
      }),
    );
  }

  /** The form of the script that the newest run was started from. */
  private async run(): Promise<void> {
    const client = await this.client();
    const { runs } = await client.call('searchRuns', { experimentIds: [this.experimentId], limit: 20 });
    for (const { runId, hasRunner } of runs) {
      if (hasRunner) return this.services.execute(COMMANDS.runAgainWith, { folder: this.folder, runId });
    }
    return this.services.execute(COMMANDS.chooseScript);
  }

  private get yamlFile(): vscode.Uri {
    return vscode.Uri.joinPath(vscode.Uri.file(this.folder), 'winnow.yaml');
  }

  private async sharedViews(): Promise<readonly SavedView[]> {
    try {
      const text = Buffer.from(await vscode.workspace.fs.readFile(this.yamlFile)).toString('utf8');
      return readViews(text);
    } catch {
      /* There is no such file, or it cannot be read: whoever starts a run hears of it. */
      return [];
    }
  }

  /** The file is changed in an editor only: the person sees it, and saves it or not. */
  private async shareViews(): Promise<void> {
    const { views } = await (await this.client()).call('listViews', { experimentId: this.experimentId });
    if (views.length === 0) {
      throw new UserError('no-views', vscode.l10n.t('There is no saved view to write. Save one first.'));
    }
    const isThere = await vscode.workspace.fs.stat(this.yamlFile).then(
      () => true,
      () => false,
    );
    const document = await vscode.workspace.openTextDocument(
      isThere ? this.yamlFile : this.yamlFile.with({ scheme: 'untitled' }),
    );
    const text = document.getText();
    const next = withViews(text, views);
    readWinnowYaml(next);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(
      document.uri,
      new vscode.Range(document.positionAt(0), document.positionAt(text.length)),
      next,
    );
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
  }

  private async exportRuns(request: Parameters<ExperimentHost['exportRuns']>[0]): Promise<void> {
    const { format, to } = request;
    const client = await this.client();
    if (to === 'clipboard') {
      const { text, runCount } = await exportedText(client, request, format);
      await vscode.env.clipboard.writeText(text);
      vscode.window.setStatusBarMessage(
        runCount === 1 ? vscode.l10n.t('Copied 1 run.') : vscode.l10n.t('Copied {0} runs.', runCount),
        2_000,
      );
      return;
    }
    const extension = { csv: 'csv', json: 'json', markdown: 'md' }[format];
    const file = await vscode.window.showSaveDialog({
      defaultUri: this.placeFor(`${this.head?.title ?? 'runs'}.${extension}`),
      filters: { [extension.toUpperCase()]: [extension] },
      title: vscode.l10n.t('Export Runs'),
    });
    if (file === undefined) return;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Exporting runs…') },
      async () => {
        const { text } = await exportedText(client, request, format);
        await vscode.workspace.fs.writeFile(file, Buffer.from(text, 'utf8'));
      },
    );
    vscode.window.setStatusBarMessage(vscode.l10n.t('Wrote {0}.', path.basename(file.fsPath)), 3_000);
  }

  private async saveFile(name: string, bytes: Uint8Array): Promise<void> {
    const file = await vscode.window.showSaveDialog({ defaultUri: this.placeFor(name) });
    if (file === undefined) return;
    await vscode.workspace.fs.writeFile(file, bytes);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Wrote {0}.', path.basename(file.fsPath)), 3_000);
  }

  private placeFor(name: string): vscode.Uri {
    const plain = name.replaceAll(/[/\\:*?"<>|\0]/g, '-');
    return vscode.Uri.joinPath(vscode.Uri.file(this.folder), plain);
  }

  private async addToNote({
    runId,
    markdown,
    picture,
  }: Parameters<ExperimentHost['addToNote']>[0]): Promise<void> {
    const client = await this.client();
    const { run } = await client.call('getRun', { runId });
    let added = markdown;
    if (picture !== null) {
      await mkdir(run.artifactDirectory, { recursive: true });
      const folder = path.join(await realpath(run.artifactDirectory), 'charts');
      await mkdir(folder, { recursive: true });
      if ((await realpath(folder)) !== folder) {
        throw new UserError(
          'artifact-elsewhere',
          vscode.l10n.t('The folder {0} is a link to elsewhere: nothing is written into it.', folder),
        );
      }
      await writeFile(path.join(folder, picture.name), picture.bytes);
      added = `${markdown}\n\n![${picture.name}](charts/${encodeURIComponent(picture.name)})`;
    }
    const before = run.tags[TAGS.note] ?? '';
    await client.call('setNote', { runId, note: before === '' ? added : `${before}\n\n${added}` });
    vscode.window.setStatusBarMessage(vscode.l10n.t('Added to the note of {0}.', run.name), 3_000);
  }
}

const COMMAND_OF = {
  rename: COMMANDS.renameRun,
  delete: COMMANDS.deleteRun,
  stop: COMMANDS.stopRun,
  retry: COMMANDS.retryRun,
  runAgain: COMMANDS.runAgain,
  runAgainWith: COMMANDS.runAgainWith,
  promote: COMMANDS.promoteRun,
  showOutput: COMMANDS.showOutput,
  showInTree: COMMANDS.openRun,
  copyCommand: COMMANDS.copyRunCommand,
} as const satisfies Partial<Record<TableAction, CommandId>>;

/** What a page looked like when it was left. */
export type KeptPage = { readonly definition: ViewDefinition; readonly view: string | null };
