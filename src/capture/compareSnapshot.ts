import { realpathSync } from 'node:fs';
import { type BytePath, bytePath, pathText } from '../git/bytePath';
import { type Git, createGit } from '../git/git';
import { findRepository } from '../git/repository';
import { diskClockNs, loadStates } from './fileStates';
import { type TreeEntry, readTree } from './readSnapshot';
import { MAX_FILE_BYTES, scanFiles } from './scan';
import { listWorkingFiles } from './workingFiles';

export interface CompareRequest {
  /** The folder that the run started in. */
  readonly folder: string;
  readonly snapshots: string;
  /** The snapshot to start from. */
  readonly commit: string;
  readonly against: 'working-tree' | { readonly commit: string };
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
  readonly git?: Git;
}

export interface SnapshotComparison {
  /** The absolute folder that paths are relative to. */
  readonly top: string;
  readonly files: readonly { readonly path: string; readonly change: 'added' | 'modified' | 'deleted' }[];
}

/**
 * What happened from a snapshot to `against`: 'added' is only in `against`, 'deleted' only in the snapshot.
 * Sorted by path. Writes nothing but the states of files.
 */
export async function compareSnapshot(request: CompareRequest): Promise<SnapshotComparison> {
  const { snapshots, commit, against, signal, git = createGit() } = request;
  const [before, after] = await Promise.all([
    readTree(git, snapshots, commit, signal),
    against === 'working-tree' ? workingTree(request, git) : snapshotTree(request, against.commit, git),
  ]);
  const files: { path: BytePath; change: 'added' | 'modified' | 'deleted' }[] = [];
  for (const [path, old] of before) {
    const now = after.files.get(path);
    if (now === undefined) files.push({ path, change: 'deleted' });
    else if (now === 'other' || now.id !== old.id || now.mode !== old.mode)
      files.push({ path, change: 'modified' });
  }
  for (const [path, now] of after.files) {
    if (now !== 'other' && !before.has(path)) files.push({ path, change: 'added' });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { top: after.top, files: files.map(({ path, change }) => ({ path: pathText(path), change })) };
}

interface Side {
  readonly top: string;
  /** 'other': there is something, too large or unreadable. */
  readonly files: ReadonlyMap<BytePath, TreeEntry | 'other'>;
}

async function workingTree(request: CompareRequest, git: Git): Promise<Side> {
  const { snapshots, maxFileBytes = MAX_FILE_BYTES, signal } = request;
  const working = await listWorkingFiles(git, realpathSync(request.folder), signal);
  const nowNs = diskClockNs(snapshots);
  const states = loadStates(snapshots);
  const scan = await scanFiles({ working, states, nowNs, maxFileBytes, onContent: () => undefined, signal });
  const files = new Map<BytePath, TreeEntry | 'other'>(scan.files);
  for (const { path } of scan.leftOut) files.set(bytePath(path), 'other');
  return { top: working.top, files };
}

async function snapshotTree(request: CompareRequest, commit: string, git: Git): Promise<Side> {
  const [files, working] = await Promise.all([
    readTree(git, request.snapshots, commit, request.signal),
    findTop(request.folder, git, request.signal),
  ]);
  return { top: working, files };
}

/** The folder that the paths of a snapshot of `folder` are relative to. */
export async function findTop(folder: string, git: Git = createGit(), signal?: AbortSignal): Promise<string> {
  const real = realpathSync(folder);
  return (await findRepository(git, real, signal))?.top ?? real;
}
