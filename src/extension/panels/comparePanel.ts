import path from 'node:path';
import * as vscode from 'vscode';
import type { FeedEvent } from '../../api/feed';
import type { Channel } from '../../api/pageRpc';
import {
  type CompareHost,
  type ComparePage,
  type CompareView,
  type ComparedCode,
  compareHostRequests,
  storedComparePage,
} from '../../api/comparePage';
import { UserError, messageOf } from '../../base/errors';
import { type Disposable, Owned } from '../../base/lifecycle';
import { type Run, type RunDetail, type RunId, isOver } from '../../model/run';
import { MOST_COMPARED } from '../../model/runComparison';
import type { FolderLink } from '../folderLink';
import { COMMANDS, type CommandId } from '../ids';
import type { ReadOnlyFiles } from '../readOnlyFiles';
import type { RunColours } from '../runColours';
import { describeRun } from '../views/runText';
import { accept } from './accept';
import { type KnownColumns, readCompared } from './compare/readCompared';
import { readSystemMeans } from './compare/systemMeans';
import { type Handlers, hostPage } from './pageHost';

/** What the pages "Compare Runs" need of the window. */
export interface ComparePagesServices {
  readonly extensionUri: vscode.Uri;
  /** @throws UserError 'folder-closed' for a folder that is not open in the window. */
  linkOf(folder: string): FolderLink;
  readonly colours: Pick<RunColours, 'slotOf' | 'onDidChange'>;
  readonly files: Pick<ReadOnlyFiles, 'snapshotUri'>;
  openRun(folder: string, runId: RunId, options: { readonly beside: boolean }): Promise<void>;
  /** Carries out a command of the window; its failure is shown by the window. */
  execute(command: CommandId, argument: unknown): Promise<void>;
  /** Hears of failures that nobody on the page waits for. */
  log(error: unknown): void;
}

/** The pages that show runs side by side, one a set of runs. */
export interface ComparePages extends Disposable {
  /** Opens a page with the runs as columns, the first one as the base; the one with these runs comes to the front. */
  open(folder: string, runIds: readonly RunId[]): Promise<void>;
}

export const COMPARE_VIEW_TYPE = 'winnow.compare';

/** Prepares the pages; costs nothing until one is opened, or restored by VS Code after a reload. */
export function createComparePages(services: ComparePagesServices): ComparePages {
  const owned = new Owned();
  const pages = new Set<ComparePanel>();

  function take(panel: vscode.WebviewPanel, folder: string, runIds: readonly RunId[]): void {
    const page = new ComparePanel(services, panel, folder, runIds);
    pages.add(page);
    panel.onDidDispose(() => {
      page.dispose();
      pages.delete(page);
    });
  }

  owned.add(
    vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW_TYPE, {
      deserializeWebviewPanel(panel, state: unknown) {
        const stored = storedComparePage.safeParse(state);
        if (stored.success) take(panel, stored.data.folder, stored.data.runIds);
        else panel.dispose(); // Closed before it knew what it is about.
        return Promise.resolve();
      },
    }),
  );
  owned.onDispose(() => {
    for (const page of [...pages]) page.panel.dispose();
  });

  return {
    open(folder, runIds) {
      const known = [...pages].find((page) => page.isAbout(folder, runIds));
      if (known !== undefined) {
        known.panel.reveal();
        return Promise.resolve();
      }
      const panel = vscode.window.createWebviewPanel(
        COMPARE_VIEW_TYPE,
        vscode.l10n.t('Compare Runs'),
        vscode.ViewColumn.Active,
        { enableFindWidget: true },
      );
      take(panel, folder, runIds);
      return Promise.resolve();
    },
    dispose: () => owned.dispose(),
  };
}

const REFRESH_MS = 250; // Four times a second reads as live.
const SURROUNDINGS_MS = 2_000; // Champion and noise may be two seconds old.
const RETRY_MS = 2_000; // While the server is away.
const OFFERED = 200; // Runs to add; typing finds among the newest.
const AT_ONCE = 4; // Comparisons of code: each reads the repository of snapshots.

class ComparePanel implements Disposable {
  private readonly owned = new Owned();
  private readonly channel: Channel<ComparePage>;
  private readonly known: KnownColumns = { columns: new Map(), noise: null };
  private runIds: readonly RunId[];
  private pageIsReady = false;
  private reading: Promise<CompareView> | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** What the feed named since it was last read. What is being read meanwhile may be of before. */
  private readonly stale = new Set<RunId>();
  private everythingIsStale = false;
  private noiseIsStale = false;
  private noiseAt = 0;
  private tookMs = 0;
  private feed: Disposable | null = null;

  constructor(
    private readonly services: ComparePagesServices,
    readonly panel: vscode.WebviewPanel,
    private readonly folder: string,
    runIds: readonly RunId[],
  ) {
    this.runIds = unique(runIds);
    const icon = (theme: string) =>
      vscode.Uri.joinPath(services.extensionUri, 'media', `compare-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const host = hostPage<ComparePage, CompareHost>(
      panel,
      { name: 'compare', title: vscode.l10n.t('Compare Runs'), extensionUri: services.extensionUri },
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

  /** Whether the page shows just these runs, in whatever order. */
  isAbout(folder: string, runIds: readonly RunId[]): boolean {
    const asked = new Set(runIds);
    return (
      folder === this.folder &&
      asked.size === this.runIds.length &&
      this.runIds.every((runId) => asked.has(runId))
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private handlers(): Handlers<CompareHost> {
    const requests = compareHostRequests;
    return {
      ready: accept(requests.ready, async () => {
        // Whatever changed while the page was hidden was not listened to.
        this.everythingIsStale = true;
        const view = await this.readAnew();
        this.pageIsReady = true;
        return view;
      }),
      setRuns: accept(requests.setRuns, ({ runIds }) => {
        this.runIds = unique(runIds);
        return this.readAnew();
      }),
      addRuns: accept(requests.addRuns, async () => {
        const chosen = await this.chooseMore();
        if (chosen.length === 0) return null;
        this.runIds = unique([...this.runIds, ...chosen]).slice(0, MOST_COMPARED);
        return this.readAnew();
      }),
      compareCode: accept(requests.compareCode, () => this.compareCode()),
      readSystemMeans: accept(requests.readSystemMeans, async () =>
        readSystemMeans(await this.client(), this.columns()),
      ),
      openCode: accept(requests.openCode, (request) => this.openCode(request.runId, request.path)),
      openRun: accept(requests.openRun, ({ runId, beside }) =>
        this.services.openRun(this.folder, runId, { beside }),
      ),
      showCharts: accept(requests.showCharts, async ({ metric }) => {
        const first = this.columns()[0];
        const named = metric ?? Object.keys(first?.metrics ?? {})[0];
        if (named === undefined) return;
        await this.services.execute(COMMANDS.showCharts, {
          folder: this.folder,
          runIds: this.runIds,
          metric: named,
        });
      }),
      copy: accept(requests.copy, async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 2_000);
      }),
    };
  }

  private async client() {
    return this.services.linkOf(this.folder).client();
  }

  private columns(): readonly RunDetail[] {
    return this.runIds.flatMap((runId) => this.known.columns.get(runId)?.run ?? []);
  }

  private hear(event: FeedEvent): void {
    // A hidden page is gone, and asks for everything when it comes back.
    if (!this.pageIsReady) return;
    const named = new Set<string>([...event.runs, ...event.metrics].map(({ runId }) => runId));
    const changed = this.runIds.filter((runId) => named.has(runId));
    for (const runId of changed) this.stale.add(runId);
    this.everythingIsStale ||= event.reset;
    this.noiseIsStale ||= event.promotions;
    if (changed.length > 0 || event.reset || event.promotions) this.refreshSoon(REFRESH_MS);
    else if (event.runs.length > 0 && Date.now() - this.noiseAt > SURROUNDINGS_MS) {
      // Another run of a configuration may be one more seed, or the best.
      this.noiseAt = Date.now();
      this.noiseIsStale = true;
      this.refreshSoon(SURROUNDINGS_MS);
    }
  }

  private forgetStale(): void {
    if (this.everythingIsStale) this.known.columns.clear();
    for (const runId of this.stale) this.known.columns.delete(runId);
    if (this.everythingIsStale || this.noiseIsStale) this.known.noise = null;
    this.stale.clear();
    this.everythingIsStale = false;
    this.noiseIsStale = false;
  }

  /** Asks again a little later; a page of many long columns less often, so that reading it is a tenth of the time. */
  private refreshSoon(ms: number): void {
    if (this.timer !== null || !this.pageIsReady) return;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        if (!this.pageIsReady) return;
        this.read().then(
          (view) => this.tell(this.channel.call('show', view)),
          (error: unknown) => this.sayTrouble(error),
        );
      },
      Math.max(ms, this.tookMs * 10),
    );
  }

  /** What is on the page stays; it says what is wrong and goes on by itself. */
  private sayTrouble(error: unknown): void {
    if (!(error instanceof UserError)) this.services.log(error);
    const problem = vscode.l10n.t('{0} What is shown was true a moment ago.', messageOf(error));
    this.tell(this.channel.call('trouble', { problem }));
    this.everythingIsStale = true;
    this.refreshSoon(RETRY_MS);
  }

  /** Reads for other runs than those that are being read. */
  private async readAnew(): Promise<CompareView> {
    await this.reading?.catch(() => undefined);
    return this.read();
  }

  private read(): Promise<CompareView> {
    this.reading ??= this.readNow().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readNow(): Promise<CompareView> {
    const startedAt = performance.now();
    const client = await this.client();
    this.feed ??= this.services.linkOf(this.folder).onFeed((event) => this.hear(event));
    const { runIds } = this;
    this.forgetStale();
    const view = await readCompared(
      client,
      { folder: this.folder, runIds, slotOf: (runId) => this.services.colours.slotOf(runId) ?? null },
      this.known,
    );
    this.panel.title = titleOf(view);
    this.tookMs = performance.now() - startedAt;
    return view;
  }

  /** A page that is closed meanwhile needs to hear nothing. */
  private tell(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (!(error instanceof UserError && error.code === 'page-closed')) this.services.log(error);
    });
  }

  private async compareCode(): Promise<readonly ComparedCode[]> {
    const client = await this.client();
    const [base, ...others] = this.columns();
    if (base === undefined) return [];
    const found = new Map<RunId, ComparedCode>();
    const waiting = [...others];
    const compareNext = async (): Promise<void> => {
      for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
        found.set(run.runId, await codeBeside(client, base, run));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, compareNext));
    return others.flatMap(({ runId }) => found.get(runId) ?? []);
  }

  private async openCode(runId: RunId, file: string): Promise<void> {
    const link = this.services.linkOf(this.folder);
    const [base] = this.columns();
    const run = this.columns().find((one) => one.runId === runId);
    if (base === undefined || run === undefined) return;
    const after = this.services.files.snapshotUri(link, run, file);
    if (run === base) {
      await vscode.commands.executeCommand('vscode.open', after);
      return;
    }
    const before = this.services.files.snapshotUri(link, base, file);
    const title = `${path.posix.basename(file)} (${base.name} ↔ ${run.name})`;
    await vscode.commands.executeCommand('vscode.diff', before, after, title);
  }

  /** Lets the person choose among the newest runs: those of the same experiment first. */
  private async chooseMore(): Promise<readonly RunId[]> {
    const items = (async (): Promise<RunItem[]> => {
      const client = await this.client();
      const { runs } = await client.call('searchRuns', { limit: OFFERED });
      const experiment = this.columns()[0]?.experiment;
      return runs
        .filter(({ runId }) => !this.runIds.includes(runId))
        .sort((a, b) => Number(b.experiment === experiment) - Number(a.experiment === experiment))
        .map((run) => itemOf(run, experiment));
    })();
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Add Runs to the Comparison'),
      placeHolder: vscode.l10n.t('Type a name, an experiment or a value'),
      canPickMany: true,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return (chosen ?? []).map(({ runId }) => runId);
  }
}

interface RunItem extends vscode.QuickPickItem {
  readonly runId: RunId;
}

function itemOf(run: Run, experiment: string | undefined): RunItem {
  const standing = { goal: null, isBest: false, isOn: false };
  return {
    label: run.name,
    description: describeRun(run, standing, Date.now(), vscode.l10n),
    ...(run.experiment === experiment ? {} : { detail: run.experiment }),
    runId: run.runId,
  };
}

async function codeBeside(
  client: Awaited<ReturnType<FolderLink['client']>>,
  base: RunDetail,
  run: RunDetail,
): Promise<ComparedCode> {
  const { runId } = run;
  if (base.snapshot === null || run.snapshot === null) return { runId, files: null, problem: null };
  if (base.snapshot.commit === run.snapshot.commit) return { runId, files: [], problem: null };
  try {
    const { files } = await client.call('compareCode', { runId, from: { runId: base.runId } });
    return { runId, files, problem: null };
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'server-unreachable') throw error;
    return { runId, files: null, problem: error.message };
  }
}

const MOST_TITLE = 40; // Tabs with longer names push the others away.

function titleOf({ runs }: CompareView): string {
  const names = runs.map(({ run }) => run.name);
  const title = names.join(' ↔ ');
  if (names.length === 2 && title.length <= MOST_TITLE) return title;
  const live = runs.filter(({ run }) => !isOver(run.state)).length;
  return live > 0
    ? vscode.l10n.t('Compare {0} Runs, {1} Live', names.length, live)
    : vscode.l10n.t('Compare {0} Runs', names.length);
}

function unique(runIds: readonly RunId[]): readonly RunId[] {
  return [...new Set(runIds)];
}
