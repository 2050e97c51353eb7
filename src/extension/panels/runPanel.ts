import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { FeedEvent } from '../../api/feed';
import type { Channel } from '../../api/pageRpc';
import {
  type ArtifactFolder,
  type CompareWith,
  type RunHost,
  type RunPage,
  type RunView,
  comparedWith,
  runHostRequests,
  storedRunPage,
} from '../../api/runPage';
import { MOST_PREVIEW_BYTES } from '../../api/runPageSchemas';
import { UserError, messageOf } from '../../base/errors';
import { type Disposable, Owned } from '../../base/lifecycle';
import { artifactKind, modelFlavours } from '../../model/artifactKind';
import type { RunDetail, RunId } from '../../model/run';
import type { FolderLink } from '../folderLink';
import { COMMANDS, type CommandId } from '../ids';
import type { ReadOnlyFiles } from '../readOnlyFiles';
import type { Memory, RunColours } from '../runColours';
import { describeRun } from '../views/runText';
import { accept } from './accept';
import { addToNote } from './experiment/runEdits';
import { type Handlers, hostPage } from './pageHost';
import { createPageMemory } from './pageMemory';
import { saveFile } from './saveFile';
import { previewBytes, previewOf } from './run/artifactPreview';
import { htmlPreview } from './run/htmlPreview';
import { readOutputEnd } from './run/outputEnd';
import { type Surroundings, readRunView } from './run/readRunView';

/** What run pages need of the window. */
export interface RunPagesServices {
  readonly extensionUri: vscode.Uri;
  /** Where it is kept with whom a run is compared. */
  readonly memory: Memory;
  /** @throws UserError 'folder-closed' for a folder that is not open in the window. */
  linkOf(folder: string): FolderLink;
  readonly colours: Pick<RunColours, 'slotOf' | 'onDidChange'>;
  readonly files: Pick<ReadOnlyFiles, 'snapshotUri' | 'baseUri'>;
  /** Carries out a command of the window for a run; its failure is shown by the window. */
  execute(command: CommandId, argument: unknown): Promise<void>;
  /** Hears of failures that nobody on the page waits for. */
  log(error: unknown): void;
}

/** The pages of runs, one a run. */
export interface RunPages extends Disposable {
  /** Brings the run's page to the front, or opens it. */
  open(folder: string, runId: RunId, options?: { readonly beside?: boolean }): Promise<void>;
}

export const RUN_VIEW_TYPE = 'winnow.run';

/** Prepares the run pages; costs nothing until one is opened, or restored by VS Code after a reload. */
export function createRunPages(services: RunPagesServices): RunPages {
  const owned = new Owned();
  const pages = new Map<string, RunPanel>();
  const keyOf = (folder: string, runId: string) => `${runId}:${folder}`;
  const compared = createPageMemory(services.memory, 'winnow.compared', comparedWith);
  let isEnding = false;

  function take(panel: vscode.WebviewPanel, folder: string, runId: RunId): void {
    const key = keyOf(folder, runId);
    const page = new RunPanel(services, panel, folder, runId, {
      read: () => compared.read(key),
      keep: (other) => compared.keep(key, other),
    });
    pages.set(key, page);
    panel.onDidDispose(() => {
      page.dispose();
      if (pages.get(key) !== page) return;
      pages.delete(key);
      // A page that goes with its window comes back as it was.
      if (!isEnding) compared.forget(key);
    });
  }

  owned.add(
    vscode.window.registerWebviewPanelSerializer(RUN_VIEW_TYPE, {
      deserializeWebviewPanel(panel, state: unknown) {
        const stored = storedRunPage.safeParse(state);
        if (stored.success) take(panel, stored.data.folder, stored.data.runId);
        else panel.dispose(); // Closed before it knew what it is about.
        return Promise.resolve();
      },
    }),
  );
  owned.onDispose(() => {
    isEnding = true;
    for (const page of [...pages.values()]) page.panel.dispose();
  });

  return {
    open(folder, runId, { beside = false } = {}) {
      const known = pages.get(keyOf(folder, runId));
      if (known !== undefined) {
        known.panel.reveal();
        return Promise.resolve();
      }
      const panel = vscode.window.createWebviewPanel(
        RUN_VIEW_TYPE,
        vscode.l10n.t('Run'),
        beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
        { enableFindWidget: true },
      );
      take(panel, folder, runId);
      return Promise.resolve();
    },
    dispose: () => owned.dispose(),
  };
}

const REFRESH_MS = 250; // Four times a second reads as live.
const SURROUNDINGS_MS = 2_000; // Other runs of the experiment come and go; a rank may be two seconds old.
const RETRY_MS = 2_000; // While the server is away.
const OFFERED = 200; // Runs to compare with; typing finds among the newest.

class RunPanel implements Disposable {
  private readonly owned = new Owned();
  private readonly channel: Channel<RunPage>;
  private compareWith: CompareWith = 'champion';
  private run: RunDetail | null = null;
  private other: RunDetail | null = null;
  private surroundings: Surroundings | null = null;
  private surroundingsAt = 0;
  private pageIsReady = false;
  private refreshing: Promise<RunView> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private tookMs = 0;
  private feed: Disposable | null = null;

  constructor(
    private readonly services: RunPagesServices,
    readonly panel: vscode.WebviewPanel,
    private readonly folder: string,
    private readonly runId: RunId,
    private readonly compared: { read(): CompareWith | null; keep(other: CompareWith): void },
  ) {
    const icon = (theme: string) => vscode.Uri.joinPath(services.extensionUri, 'media', `run-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const host = hostPage<RunPage, RunHost>(
      panel,
      { name: 'run', title: vscode.l10n.t('Run'), extensionUri: services.extensionUri },
      this.handlers(),
      (error) => services.log(error),
    );
    this.channel = host.channel;
    this.owned.add(host);
    this.owned.add(services.colours.onDidChange(() => this.refreshSoon(0)));
    this.owned.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.pageIsReady = false;
      }),
    );
    this.owned.onDispose(() => {
      if (this.timer !== null) clearTimeout(this.timer);
      this.feed?.dispose();
    });
  }

  dispose(): void {
    this.owned.dispose();
  }

  private handlers(): Handlers<RunHost> {
    const requests = runHostRequests;
    return {
      ready: accept(requests.ready, async (request) => {
        const view = await this.readWith(this.compared.read() ?? request.compareWith);
        this.pageIsReady = true;
        return view;
      }),
      chooseOther: accept(requests.chooseOther, () => this.chooseOther()),
      compareWith: accept(requests.compareWith, async (request) => {
        this.compared.keep(request.compareWith);
        this.tell(this.channel.call('show', await this.readWith(request.compareWith)));
      }),
      readSeries: accept(requests.readSeries, async ({ series, ...range }) => {
        const known = new Set([this.runId, this.other?.runId]);
        const client = await this.client();
        return client.readSeries({ series: series.filter((one) => known.has(one.runId)), ...range });
      }),
      readOutput: accept(requests.readOutput, async () => {
        const { outputPath } = await this.known();
        return outputPath === null ? null : readOutputEnd(outputPath);
      }),
      compareCode: accept(requests.compareCode, async () => {
        const from = this.codeFrom();
        if (from === null) return [];
        return (await (await this.client()).call('compareCode', { runId: this.runId, from })).files;
      }),
      openCode: accept(requests.openCode, (request) => this.openCode(request.path)),
      listArtifacts: accept(requests.listArtifacts, (request) => this.listArtifacts(request)),
      previewArtifact: accept(requests.previewArtifact, async (request) => {
        const { content, sizeBytes } = await (
          await this.client()
        ).call('readArtifact', {
          runId: this.runId,
          path: request.path,
          maxBytes: previewBytes(request.path),
        });
        return previewOf(request.path, Buffer.from(content, 'base64'), sizeBytes, {
          tooLarge: (size) => vscode.l10n.t('Too large to show here: {0}.', size),
          noPreview: vscode.l10n.t('This is no text. Open it to see it as bytes.'),
        });
      }),
      openArtifact: accept(requests.openArtifact, (request) => this.openArtifact(request)),
      saveNote: accept(requests.saveNote, async ({ note }) => {
        await (await this.client()).call('setNote', { runId: this.runId, note });
      }),
      setStar: accept(requests.setStar, async ({ starred }) => {
        await (await this.client()).call('setStar', { runId: this.runId, starred });
      }),
      openRun: accept(requests.openRun, ({ runId }) =>
        this.services.execute(COMMANDS.openRunPage, { folder: this.folder, runId }),
      ),
      act: accept(requests.act, (request) => this.act(request)),
      saveFile: accept(requests.saveFile, ({ name, bytes }) => saveFile(this.folder, name, bytes)),
      addToNote: accept(requests.addToNote, async ({ markdown, picture }) =>
        // The page shows another run beside this one; the note is this one's.
        addToNote(await this.client(), this.runId, markdown, picture),
      ),
      copy: accept(requests.copy, async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 2_000);
      }),
    };
  }

  private async client() {
    return this.services.linkOf(this.folder).client();
  }

  private async known(): Promise<RunDetail> {
    return this.run ?? (await (await this.client()).call('getRun', { runId: this.runId })).run;
  }

  private listen(): void {
    this.feed ??= this.services.linkOf(this.folder).onFeed((event) => this.hear(event));
  }

  private hear(event: FeedEvent): void {
    const { run } = this;
    // A hidden page is gone, and asks for everything when it comes back.
    if (!this.pageIsReady || run === null) return;
    const shown: string[] = [this.runId, ...(this.other === null ? [] : [this.other.runId])];
    const isShown = (change: { readonly runId: string }) => shown.includes(change.runId);
    if (event.reset || event.promotions || event.runs.some(isShown)) {
      this.surroundings = null;
      this.refreshSoon(REFRESH_MS);
    } else if (event.runs.some(({ experimentId }) => experimentId === run.experimentId)) {
      // Another run of the experiment: the rank, the champion and the noise may be others.
      if (Date.now() - this.surroundingsAt > SURROUNDINGS_MS) this.surroundings = null;
      this.refreshSoon(SURROUNDINGS_MS);
    }
    for (const change of event.metrics.filter(isShown)) {
      this.refreshSoon(REFRESH_MS);
      const runId = change.runId === this.runId ? this.runId : this.other?.runId;
      if (runId !== undefined) this.tell(this.channel.call('pointsChanged', { runId, names: change.names }));
    }
    if (event.reset) {
      this.tell(this.channel.call('pointsChanged', { runId: this.runId, names: null }));
      if (this.other !== null) {
        this.tell(this.channel.call('pointsChanged', { runId: this.other.runId, names: null }));
      }
    }
  }

  /** Asks again a little later; a run with thousands of metrics less often, so that reading it is a tenth of the time. */
  private refreshSoon(ms: number): void {
    if (this.timer !== null || !this.pageIsReady) return;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        if (!this.pageIsReady) return;
        this.refresh().then(
          (view) => this.tell(this.channel.call('show', view)),
          (error: unknown) => this.sayTrouble(error),
        );
      },
      Math.max(ms, this.tookMs * 10),
    );
  }

  /** What is on the page stays; it says what is wrong and goes on by itself. */
  private sayTrouble(error: unknown): void {
    const isGone = error instanceof UserError && error.code === 'not-found';
    const problem = isGone
      ? vscode.l10n.t('This run is not there any more: it was deleted for good.')
      : vscode.l10n.t('{0} What is shown was true a moment ago.', messageOf(error));
    if (!(error instanceof UserError)) this.services.log(error);
    this.tell(this.channel.call('trouble', { problem }));
    this.surroundings = null;
    if (!isGone) this.refreshSoon(RETRY_MS);
  }

  /** Reads anew beside another run; what was being read is about the one before. */
  private async readWith(compareWith: CompareWith): Promise<RunView> {
    this.compareWith = compareWith;
    await this.refreshing?.catch(() => undefined);
    this.surroundings = null;
    return this.refresh();
  }

  private refresh(): Promise<RunView> {
    this.refreshing ??= this.read().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async read(): Promise<RunView> {
    const startedAt = performance.now();
    const client = await this.client();
    this.listen();
    const known = this.surroundings;
    if (known === null) this.surroundingsAt = Date.now();
    const read = await readRunView(
      client,
      {
        folder: this.folder,
        runId: this.runId,
        compareWith: this.compareWith,
        slotOf: (runId) => this.services.colours.slotOf(runId) ?? null,
      },
      known,
    );
    this.run = read.run;
    this.other = read.other;
    this.surroundings = read.surroundings;
    this.panel.title = read.run.name;
    this.tookMs = performance.now() - startedAt;
    return read.view;
  }

  /** A page that is closed meanwhile needs to hear nothing. */
  private tell(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (!(error instanceof UserError && error.code === 'page-closed')) this.services.log(error);
    });
  }

  private codeFrom(): 'base' | { readonly runId: RunId } | null {
    if (this.run === null || this.run.snapshot === null) return null;
    if (this.other !== null && this.other.snapshot !== null) return { runId: this.other.runId };
    return this.run.snapshot.baseCommit === null ? null : 'base';
  }

  private async openCode(file: string): Promise<void> {
    const run = await this.known();
    const link = this.services.linkOf(this.folder);
    const from = this.codeFrom();
    const after = this.services.files.snapshotUri(link, run, file);
    const other = this.other;
    const name = path.posix.basename(file);
    if (from === 'base') {
      const commit = run.snapshot?.baseCommit?.slice(0, 7) ?? '';
      const before = this.services.files.baseUri(link, run, file);
      await vscode.commands.executeCommand('vscode.diff', before, after, `${name} (${commit} ↔ ${run.name})`);
    } else if (from !== null && other !== null) {
      const before = this.services.files.snapshotUri(link, other, file);
      const title = `${name} (${other.name} ↔ ${run.name})`;
      await vscode.commands.executeCommand('vscode.diff', before, after, title);
    } else {
      await vscode.commands.executeCommand('vscode.open', after);
    }
  }

  private async listArtifacts({
    folder,
    offset,
  }: {
    readonly folder: string;
    readonly offset: number;
  }): Promise<ArtifactFolder> {
    const client = await this.client();
    const answer = await client.call('listArtifacts', { runId: this.runId, folder, offset });
    const model = answer.entries.find(({ name, isFolder }) => name === 'MLmodel' && !isFolder);
    if (model === undefined) return { ...answer, flavours: null };
    const file = folder === '' ? 'MLmodel' : `${folder}/MLmodel`;
    const { content } = await client.call('readArtifact', {
      runId: this.runId,
      path: file,
      maxBytes: 64 * 1024,
    });
    return { ...answer, flavours: modelFlavours(Buffer.from(content, 'base64').toString('utf8')) };
  }

  private async openArtifact(request: { readonly path: string; readonly asText: boolean }): Promise<void> {
    const client = await this.client();
    const run = await this.known();
    const isPage = artifactKind(request.path) === 'html' && !request.asText;
    // The server refuses paths that lead out of the run's folder, and links.
    const { content, sizeBytes } = await client.call('readArtifact', {
      runId: this.runId,
      path: request.path,
      maxBytes: isPage ? MOST_PREVIEW_BYTES : 1,
    });
    if (isPage && sizeBytes <= MOST_PREVIEW_BYTES) {
      this.showHtml(request.path, Buffer.from(content, 'base64').toString('utf8'));
      return;
    }
    const root = await realpath(run.artifactDirectory);
    const file = await realpath(path.join(root, ...request.path.split('/')));
    if (!file.startsWith(root + path.sep)) {
      throw new UserError('artifact-elsewhere', vscode.l10n.t('This file is not among those of the run.'));
    }
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
  }

  private showHtml(file: string, content: string): void {
    const panel = vscode.window.createWebviewPanel(
      'winnow.html',
      path.posix.basename(file),
      vscode.ViewColumn.Active,
      { enableScripts: false, enableCommandUris: false, enableForms: false, localResourceRoots: [] },
    );
    panel.webview.html = htmlPreview(
      content,
      vscode.l10n.t(
        '{0}, a file of the run. Its scripts do not run, its links lead nowhere, and nothing is loaded for it.',
        file,
      ),
    );
  }

  private async act({
    action,
    metric,
  }: {
    readonly action: keyof typeof COMMAND_OF | 'showCharts';
    readonly metric?: string | undefined;
  }): Promise<void> {
    const argument = { folder: this.folder, runId: this.runId };
    if (action !== 'showCharts') return this.services.execute(COMMAND_OF[action], argument);
    const named = metric ?? this.surroundings?.goal?.metric ?? Object.keys(this.run?.metrics ?? {})[0];
    const runIds = [this.runId, ...(this.other === null ? [] : [this.other.runId])];
    return named === undefined
      ? undefined
      : this.services.execute(COMMANDS.showCharts, { folder: this.folder, runIds, metric: named });
  }

  /** The champion, no one, or one of the newest runs: those of the same experiment first. */
  private async chooseOther(): Promise<CompareWith | null> {
    const items = (async (): Promise<OtherItem[]> => {
      const client = await this.client();
      const run = await this.known();
      const { runs } = await client.call('searchRuns', { limit: OFFERED });
      const goal = this.surroundings?.goal ?? null;
      const others = runs
        .filter(({ runId }) => runId !== this.runId)
        .sort((a, b) => Number(b.experiment === run.experiment) - Number(a.experiment === run.experiment));
      const standing = { goal, isBest: false, isOn: false };
      return [
        {
          label: vscode.l10n.t('Champion'),
          description: vscode.l10n.t('The promoted run of {0}', run.experiment),
          iconPath: new vscode.ThemeIcon('verified-filled'),
          choice: 'champion',
        },
        { label: vscode.l10n.t('No Run'), iconPath: new vscode.ThemeIcon('circle-slash'), choice: 'none' },
        { label: vscode.l10n.t('Runs'), kind: vscode.QuickPickItemKind.Separator },
        ...others.map((one) => ({
          label: one.name,
          description: describeRun(one, standing, Date.now(), vscode.l10n),
          ...(one.experiment === run.experiment ? {} : { detail: one.experiment }),
          choice: one.runId,
        })),
      ];
    })();
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Compare with'),
      placeHolder: vscode.l10n.t('Type a name, an experiment or a value'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return chosen?.choice ?? null;
  }
}

interface OtherItem extends vscode.QuickPickItem {
  readonly choice?: CompareWith;
}

const COMMAND_OF = {
  runAgain: COMMANDS.runAgain,
  resume: COMMANDS.resumeRun,
  stop: COMMANDS.stopRun,
  promote: COMMANDS.promoteRun,
  showOutput: COMMANDS.showOutput,
  rename: COMMANDS.renameRun,
  delete: COMMANDS.deleteRun,
  restore: COMMANDS.restoreRun,
  copyCommand: COMMANDS.copyRunCommand,
  openSnapshot: COMMANDS.openSnapshot,
  compareWithWorkingTree: COMMANDS.compareWithWorkingTree,
} as const;
