import * as vscode from 'vscode';
import type { AnswerOf } from '../api/endpoints';
import { type RunId, isRunId } from '../model/run';
import type { Disposable } from '../base/lifecycle';
import { SCHEMES } from './ids';
import type { FolderLink, Folders } from './serverConnection';

/** A promotion's plan as the server gave it. */
export type Plan = AnswerOf<'planPromotion'>['plan'];

/** Files that exist in a store only, as read-only documents: of snapshots and of promotion plans. */
export interface ReadOnlyFiles extends Disposable {
  /** A file of a run's snapshot. An absent file reads as empty, so that a diff shows it as added. */
  snapshotUri(
    link: FolderLink,
    run: { readonly runId: RunId; readonly name: string },
    path: string,
  ): vscode.Uri;
  /** A file at the commit of the user's repository that a run was based on. An absent one reads as empty. */
  baseUri(link: FolderLink, run: { readonly runId: RunId; readonly name: string }, path: string): vscode.Uri;
  /** A file as a plan would write it, or as it is at the plan's base. */
  plannedUri(link: FolderLink, plan: Plan, path: string, side: 'before' | 'after'): vscode.Uri;
}

export function createReadOnlyFiles(folders: Folders): ReadOnlyFiles {
  const plans = new Map<string, Plan>();
  let planCount = 0;
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  const read = async (uri: vscode.Uri): Promise<Uint8Array> => {
    const { folder, runId, plan: planId, side } = parseQuery(uri);
    const link = folders.ofPath(folder);
    if (link === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const client = await link.client();
    if (uri.scheme === SCHEMES.snapshot && isRunId(runId)) {
      const path = uri.path.split('/').slice(2).join('/');
      const endpoint = side === 'base' ? 'readBaseFile' : 'readSnapshotFile';
      return bytesOf((await client.call(endpoint, { runId, path })).content);
    }
    const plan = plans.get(planId);
    if (plan === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const path = uri.path.split('/').slice(2).join('/');
    const { content } = await client.call('readPlannedFile', {
      plan,
      path,
      side: side === 'before' ? 'before' : 'after',
    });
    return bytesOf(content);
  };

  // VS Code asks for the size before each read: what was read is kept for a moment instead of asked twice.
  const recent = new Map<string, Promise<Uint8Array>>();
  const readOnce = (uri: vscode.Uri): Promise<Uint8Array> => {
    const key = uri.toString();
    const known = recent.get(key);
    if (known !== undefined) return known;
    const reading = read(uri);
    recent.set(key, reading);
    reading.catch(() => recent.delete(key));
    setTimeout(() => recent.delete(key), KEEP_MS).unref();
    return reading;
  };

  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => ({ dispose: () => undefined }),
    stat: async (uri) => ({
      type: vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: (await readOnce(uri)).byteLength,
      permissions: vscode.FilePermission.Readonly,
    }),
    readFile: readOnce,
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
  const registered = Object.values(SCHEMES).map((scheme) =>
    vscode.workspace.registerFileSystemProvider(scheme, provider, {
      isReadonly: true,
      isCaseSensitive: true,
    }),
  );

  const codeUri = (
    link: FolderLink,
    run: { readonly runId: RunId; readonly name: string },
    path: string,
    side: Record<string, string>,
  ) =>
    vscode.Uri.from({
      scheme: SCHEMES.snapshot,
      // The run's name is the first folder, so that tabs and breadcrumbs say whose code it is.
      path: `/${run.name.replaceAll('/', '∕')}/${path}`,
      query: new URLSearchParams({ folder: link.folder.uri.fsPath, runId: run.runId, ...side }).toString(),
    });

  return {
    snapshotUri: (link, run, path) => codeUri(link, run, path, {}),
    baseUri: (link, run, path) => codeUri(link, run, path, { side: 'base' }),
    plannedUri(link, plan, path, side) {
      const known = [...plans].find(([, other]) => other === plan)?.[0];
      const planId = known ?? String(++planCount);
      plans.set(planId, plan);
      return vscode.Uri.from({
        scheme: SCHEMES.plan,
        path: `/${side === 'before' ? plan.base.slice(0, 7) : plan.tag.replaceAll('/', ' ')}/${path}`,
        query: new URLSearchParams({ folder: link.folder.uri.fsPath, plan: planId, side }).toString(),
      });
    },
    dispose() {
      for (const one of registered) one.dispose();
      changed.dispose();
    },
  };
}

const KEEP_MS = 5_000; // Long enough for stat and read of one opening.

function parseQuery(uri: vscode.Uri) {
  const query = new URLSearchParams(uri.query);
  return {
    folder: query.get('folder') ?? '',
    runId: query.get('runId') ?? '',
    plan: query.get('plan') ?? '',
    side: query.get('side') ?? '',
  };
}

function bytesOf(content: string | null): Uint8Array {
  return content === null ? new Uint8Array() : Buffer.from(content, 'base64');
}

function refuse(): never {
  throw vscode.FileSystemError.NoPermissions();
}
