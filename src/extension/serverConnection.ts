import * as vscode from 'vscode';
import { UserError } from '../base/errors';
import { Emitter } from '../base/events';
import type { Disposable } from '../base/lifecycle';
import type { RunId } from '../model/run';
import { type FolderLink, createFolderLink } from './folderLink';
import type { Errors } from './errors';

export type { FolderLink, LinkStatus, RunRef } from './folderLink';

/** The workspace folders of this window that lie on this disk, each with the way to its tracking server. */
export interface Folders extends Disposable {
  readonly all: readonly FolderLink[];
  /** The folder that a file lies in. @throws UserError 'outside-folders' */
  ofFile(uri: vscode.Uri): FolderLink;
  /** The folder with this path, or undefined. */
  ofPath(folder: string): FolderLink | undefined;
  /** The folder whose store has the run; asks the connected ones. @throws UserError 'run-unknown' */
  ofRun(runId: RunId, signal?: AbortSignal): Promise<FolderLink>;
  /** Connects to the folders that have a `.winnow`, starting their servers where needed. Never throws. */
  connectAll(): Promise<void>;
  /** Connects to servers that run already and starts none. Never throws. */
  connectRunning(): Promise<void>;
  /** Fires with the folder whose connection changed, or undefined when the set of folders did. */
  readonly onDidChange: (listener: (link: FolderLink | undefined) => void) => Disposable;
}

export interface FoldersOptions {
  readonly dist: string;
  readonly log: vscode.LogOutputChannel;
  readonly errors: Errors;
}

export function createFolders({ dist, log, errors }: FoldersOptions): Folders {
  const links = new Map<string, FolderLink>();
  const watchers = new Map<string, vscode.Disposable>();
  const changed = new Emitter<FolderLink | undefined>((error) => errors.report(error));

  const sync = () => {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const wanted = new Set(folders.map(({ uri }) => uri.toString()));
    for (const [key, link] of links) {
      if (!wanted.has(key)) {
        link.dispose();
        links.delete(key);
        watchers.get(key)?.dispose();
        watchers.delete(key);
      }
    }
    for (const folder of folders) {
      const key = folder.uri.toString();
      if (links.has(key)) continue;
      const link = createFolderLink({ folder, dist, log });
      link.onDidChange(() => changed.fire(link));
      links.set(key, link);
      watchers.set(key, connectWhenStoreAppears(link));
    }
  };

  /** A first run from a terminal makes the store: the view shows it as if the window had started it. */
  const connectWhenStoreAppears = (link: FolderLink): vscode.Disposable => {
    const pattern = new vscode.RelativePattern(link.folder, '.winnow/winnow.db');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, true);
    watcher.onDidCreate(() => errors.background('connect', link.client()));
    return watcher;
  };
  sync();
  const listening = vscode.workspace.onDidChangeWorkspaceFolders(() => {
    sync();
    changed.fire(undefined);
  });

  const each = (visit: (link: FolderLink) => Promise<unknown>) =>
    Promise.all(
      [...links.values()].map((link) =>
        visit(link).catch((error: unknown) => log.warn(`${link.folder.name}: ${String(error)}`)),
      ),
    ).then(() => undefined);

  return {
    get all() {
      return [...links.values()];
    },
    ofFile(uri) {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      const link = folder === undefined ? undefined : links.get(folder.uri.toString());
      if (link !== undefined) return link;
      throw new UserError(
        'outside-folders',
        vscode.l10n.t(
          '{0} is not in a folder of this window. Open its folder first: its runs are kept there.',
          vscode.workspace.asRelativePath(uri),
        ),
      );
    },
    ofPath: (folder) => [...links.values()].find((link) => link.folder.uri.fsPath === folder),
    async ofRun(runId, signal) {
      for (const link of links.values()) {
        if (link.status.kind !== 'connected' && !(await link.hasStore())) continue;
        const client = await link.client(signal);
        const { total } = await client.call('searchRuns', { runIds: [runId], includeDeleted: true }, signal);
        if (total > 0) return link;
      }
      throw new UserError(
        'run-unknown',
        vscode.l10n.t('There is no run {0} in the folders of this window. It may have been removed.', runId),
      );
    },
    connectAll: () =>
      each(async (link) => {
        if (await link.hasStore()) await link.client();
      }),
    connectRunning: () =>
      each(async (link) => {
        if (await link.hasStore()) await link.connectIfRunning();
      }),
    onDidChange: changed.on,
    dispose() {
      listening.dispose();
      for (const held of [...links.values(), ...watchers.values()]) held.dispose();
      links.clear();
      changed.dispose();
    },
  };
}
