import * as vscode from 'vscode';
import { type Disposable, Owned } from '../base/lifecycle';
import { clientVariablesFor } from './clientVariables';
import type { Errors } from './errors';
import { hasOwnTracking } from './ownTracking';
import type { FolderLink, Folders } from './serverConnection';
import { setting } from './settings';

export interface TrackedTerminalsOptions {
  /** The variables that this extension gives to terminals. */
  readonly variables: vscode.GlobalEnvironmentVariableCollection;
  readonly folders: Folders;
  readonly errors: Errors;
}

/**
 * Gives the terminals of this window what makes an unmodified MLflow client log to the folder's server, so that a
 * script started by hand is a run in the tree. Only for folders that have a `.winnow`, only while this window is
 * connected to their server, and never over an address of the person's own: a terminal that names a server which is
 * not there makes a script hang for minutes. Nothing of it outlives the window.
 */
export function createTrackedTerminals({ variables, folders, errors }: TrackedTerminalsOptions): Disposable {
  const owned = new Owned();
  const given = new Map<string, string>();
  const turns = new Map<string, Promise<void>>();
  variables.persistent = false;
  variables.clear();

  /** Changes nothing unless something changed: terminals that are open would ask to be started again. */
  async function update(link: FolderLink): Promise<void> {
    const wanted = await variablesOf(link);
    const key = link.folder.uri.toString();
    const state = JSON.stringify(wanted);
    if ((given.get(key) ?? 'null') === state) return;
    given.set(key, state);
    const scoped = variables.getScoped({ workspaceFolder: link.folder });
    scoped.clear();
    scoped.description = wanted === null ? undefined : describe(link);
    for (const [name, value] of Object.entries(wanted ?? {})) scoped.replace(name, value);
  }

  function updateInTurn(link: FolderLink): void {
    const key = link.folder.uri.toString();
    const mine = (turns.get(key) ?? Promise.resolve()).then(() => update(link));
    turns.set(
      key,
      mine.catch((error: unknown) => errors.note('variables of terminals', error)),
    );
  }

  const updateAll = () => folders.all.forEach(updateInTurn);

  /** A folder's server is there before its first terminal is: one that is given to it later would not know it. */
  async function connect(): Promise<void> {
    for (const link of folders.all) {
      if (setting('terminal.track', link.folder) && (await link.hasStore())) await link.client();
    }
  }

  let listened = new Owned();
  function listen(): void {
    listened.dispose();
    listened = new Owned();
    for (const link of folders.all) {
      const file = new vscode.RelativePattern(link.folder, '.env');
      const watcher = listened.add(vscode.workspace.createFileSystemWatcher(file));
      for (const happens of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
        listened.add(happens(() => updateInTurn(link)));
      }
      listened.add(link.onFeed((event) => (event.experiments.length > 0 ? updateInTurn(link) : undefined)));
    }
  }

  owned.add(
    folders.onDidChange((link) => {
      if (link !== undefined) return updateInTurn(link);
      listen();
      updateAll();
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (
        !['winnow.terminal.track', 'terminal.integrated.env'].some((name) =>
          change.affectsConfiguration(name),
        )
      )
        return;
      updateAll();
      errors.background('connect', connect());
    }),
  );
  owned.onDispose(() => {
    listened.dispose();
    variables.clear();
  });
  listen();
  updateAll();
  errors.background('connect', connect());
  return owned;
}

async function variablesOf(link: FolderLink): Promise<Record<string, string> | null> {
  if (!setting('terminal.track', link.folder) || link.status.kind !== 'connected') return null;
  if (link.readOnly !== null || !(await link.hasStore()) || (await hasOwnTracking(link.folder))) return null;
  return clientVariablesFor(link);
}

/** Shown when a person points at a terminal. */
function describe(link: FolderLink): vscode.MarkdownString {
  return new vscode.MarkdownString(
    vscode.l10n.t(
      'Tracked by Winnow: what scripts log with MLflow here is shown in the Experiments view of {0}. Turn it off with `winnow.terminal.track`.',
      link.folder.name,
    ),
  );
}
