import type * as vscode from 'vscode';
import { Emitter } from '../base/events';
import { type Disposable, Owned } from '../base/lifecycle';
import type { RunId } from '../model/run';
import { COMMANDS, VIEWS } from './ids';
import type { Errors } from './errors';
import { later } from './load';
import type { Charts as ChartsPage, ChartsSelection, ChartsServices } from './panels/chartsPanel';
import type { RunColours } from './runColours';
import type { FolderLink, Folders, RunRef } from './serverConnection';

/** The charts page and which runs are on it. */
export interface Charts extends Disposable {
  /** Turns the runs on and shows the page, scrolled to a metric's chart when one is named. */
  show(runs: readonly RunRef[], metric?: string): Promise<void>;
  turnOn(runIds: readonly RunId[]): void;
  turnOff(runIds: readonly RunId[]): void;
}

export interface ChartsOptions {
  readonly extensionUri: vscode.Uri;
  readonly memory: ChartsServices['memory'];
  readonly folders: Folders;
  readonly colours: RunColours;
  readonly errors: Errors;
  readonly log: vscode.LogOutputChannel;
  readonly executeCommand: (command: string, ...args: unknown[]) => Thenable<unknown>;
}

/** Loads the page's host when it is first needed, or shortly after the start for a page that VS Code restores. */
export function createChartsOwner(options: ChartsOptions): Charts {
  const { folders, colours, errors, log, executeCommand } = options;
  const owned = new Owned();
  const fed = owned.add(
    new Emitter<{ folder: string; event: Parameters<Parameters<FolderLink['onFeed']>[0]>[0] }>((error) =>
      errors.report(error),
    ),
  );
  const listening = new Map<FolderLink, Disposable>();
  const listen = () => {
    for (const link of folders.all) {
      if (listening.has(link)) continue;
      listening.set(
        link,
        link.onFeed((event) => fed.fire({ folder: link.folder.uri.fsPath, event })),
      );
    }
  };
  listen();
  owned.add(folders.onDidChange(listen));

  let loading: Promise<ChartsPage> | null = null;
  const page = () => (loading ??= load());
  const load = async (): Promise<ChartsPage> => {
    const { createCharts } = await later();
    return owned.add(
      createCharts({
        extensionUri: options.extensionUri,
        memory: options.memory,
        colours,
        client: async (folder) => {
          const link = folders.ofPath(folder);
          if (link === undefined) throw new Error(`The folder ${folder} is not open any more.`);
          return link.client();
        },
        onFeed: fed.on,
        openRun: async (folder, runId) => {
          await executeCommand(COMMANDS.openRunPage, { folder, runId });
        },
        showOutput: async (folder, runId) => {
          await executeCommand(COMMANDS.showOutput, { folder, runId });
        },
        chooseRuns: async () => {
          await executeCommand(`${VIEWS.experiments}.focus`);
        },
        log: (error) => log.error(error instanceof Error ? error : String(error)),
      }),
    );
  };

  /** All runs that are on, each with its folder; one that is in no folder any more is left out. */
  const selection = async (known: readonly RunRef[]): Promise<ChartsSelection> => {
    const places = new Map(known.map(({ runId, link }) => [runId, link]));
    const runs: { folder: string; runId: RunId }[] = [];
    const lost: RunId[] = [];
    for (const runId of colours.on()) {
      const only = folders.all.length === 1 ? folders.all[0] : undefined;
      const link = places.get(runId) ?? only ?? (await folders.ofRun(runId).catch(() => undefined));
      if (link === undefined) lost.push(runId);
      else runs.push({ folder: link.folder.uri.fsPath, runId });
    }
    if (lost.length > 0) colours.turnOff(lost);
    return { runs, experiments: [] };
  };

  owned.add(
    colours.onDidChange(() => {
      if (loading === null) return;
      errors.background(
        'charts',
        page().then(async (charts) => (charts.isOpen ? charts.follow(await selection([])) : undefined)),
      );
    }),
  );
  // A page that VS Code restores after a reload waits for its host.
  const soon = setTimeout(() => errors.background('charts', page()), RESTORE_MS);
  owned.onDispose(() => clearTimeout(soon));
  owned.onDispose(() => {
    for (const one of listening.values()) one.dispose();
  });

  return {
    async show(runs, metric) {
      colours.turnOn(runs.map(({ runId }) => runId));
      await (await page()).open(await selection(runs), metric);
    },
    turnOn: (runIds) => colours.turnOn(runIds),
    turnOff: (runIds) => colours.turnOff(runIds),
    dispose: () => owned.dispose(),
  };
}

const RESTORE_MS = 300; // After the first paint, so that the start of the window does not wait for it.
