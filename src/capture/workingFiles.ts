import { lstatSync, readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode } from '../base/errors';
import { type BytePath, bytePath, inFolder, joinPaths, splitPaths, toBytePath } from '../git/bytePath';
import type { Git } from '../git/git';
import {
  type ChangedFile,
  type Repository,
  findRepository,
  findRepositoryAgain,
  readStatus,
} from '../git/repository';
import { type FileState, stampOf } from './fileStates';

/** The code as it lies in a folder: which files belong to it, and how it stands to the user's commits. */
export interface WorkingFiles {
  /** The repository's top level, or the folder itself without one. Paths are relative to it. */
  readonly top: string;
  readonly repository: Repository | null;
  /**
   * Asks how they stood when they were looked at, with this result. It may be asked when the files change again:
   * nothing of them depends on it.
   */
  readonly readStanding: (files: ReadonlyMap<BytePath, FileState>) => Promise<Standing>;
  /**
   * Existing or not: a tracked file that was deleted is listed too, and a folder where git tracks a submodule or
   * what was a file. Without `.winnow`.
   */
  readonly paths: readonly BytePath[];
  /** The files in a folder of `paths`: those of a repository of its own, else none. */
  readonly enter: (folder: BytePath) => Promise<Found>;
  /** Folders that could not be looked into. */
  readonly unreadable: readonly BytePath[];
}

/** How the files stand to the user's commits. */
export interface Standing {
  readonly baseCommit: string | null;
  readonly branch: string | null;
  /** Whether the user's git sees changed, staged, deleted or untracked files. False without a repository. */
  readonly dirty: boolean;
}

const NO_STANDING: Standing = { baseCommit: null, branch: null, dirty: false };

/**
 * Lists what a snapshot holds: tracked files and untracked ones that are not ignored, into nested
 * repositories too; without git everything but what is known to be made or fetched by tools.
 */
export async function listWorkingFiles(
  git: Git,
  folder: string,
  signal?: AbortSignal,
): Promise<WorkingFiles> {
  // Both at once, each of them relative to the top wherever `folder` is in it. The listing is what is waited for.
  const listed = listRepository(git, folder, signal);
  const [listing, found] = await Promise.allSettled([listed, findRepositoryAgain(git, folder, signal)]);
  if (found.status === 'rejected') throw found.reason;
  // What was known of it may be no longer so.
  const repository = listing.status === 'rejected' ? await findRepository(git, folder, signal) : found.value;
  if (repository === null) {
    const walked = await walk(git, folder, signal);
    const enter = () => Promise.resolve({ paths: [], unreadable: [] });
    const readStanding = () => Promise.resolve(NO_STANDING);
    return { top: folder, repository: null, readStanding, ...walked, enter };
  }
  if (listing.status === 'rejected') throw listing.reason;
  const { top } = repository;
  const { untracked } = listing.value;
  const paths = [...listing.value.paths];
  const unreadable = [...listing.value.unreadable];
  const enter = (nested: BytePath) => enterFolder(git, top, nested, signal);
  for (const nested of listing.value.nested) {
    const found = await enter(nested);
    for (const path of found.paths) paths.push(path);
    unreadable.push(...found.unreadable);
  }
  const readStanding = async (files: ReadonlyMap<BytePath, FileState>): Promise<Standing> => {
    const { commit, branch, changed } = await readStatus(git, folder, signal);
    const differed = (file: ChangedFile) => !changedSince(top, file, files.get(file.path));
    return { baseCommit: commit, branch, dirty: untracked || changed.some(differed) };
  };
  return { top, repository, readStanding, paths, unreadable, enter };
}

/** Whether a file was as the index has it when it was looked at, and is another one since. */
function changedSince(top: string, { path, index }: ChangedFile, seen: FileState | undefined): boolean {
  if (index === null || seen === undefined || index.id !== seen.id || index.mode !== seen.mode) return false;
  const stats = lstatSync(inFolder(top, path), { bigint: true, throwIfNoEntry: false });
  return stats === undefined || stampOf(stats) !== seen.stamp;
}

interface Listing {
  readonly paths: readonly BytePath[];
  /** Folders that are repositories of their own, as git names them: it does not look into them. */
  readonly nested: readonly BytePath[];
  readonly unreadable: readonly BytePath[];
  readonly untracked: boolean;
}

async function listRepository(git: Git, folder: string, signal?: AbortSignal): Promise<Listing> {
  const args = ['ls-files', '-z', '-t', '-co', '--exclude-standard', '--full-name', '--', ':/'];
  const { stdout, stderr } = await git.run({ folder }, args, {}, signal);
  const paths = new Set<BytePath>(); // A path in conflict is listed once a side.
  const nested: BytePath[] = [];
  let untracked = false;
  for (const line of splitPaths(stdout)) {
    const path = toBytePath(line.slice(2));
    if (isWinnows(path)) continue;
    if (line.startsWith('? ')) untracked = true;
    if (path.endsWith('/')) nested.push(toBytePath(path.slice(0, -1)));
    else paths.add(path);
  }
  const unreadable = [
    ...stderr.matchAll(/^warning: could not open directory '(.*)': Permission denied$/gm),
  ].map((match) => bytePath((match[1] ?? '').replace(/\/$/, '')));
  return { paths: [...paths], nested, unreadable, untracked };
}

/** Files and folders that could not be looked into, relative to the top. */
export interface Found {
  readonly paths: readonly BytePath[];
  readonly unreadable: readonly BytePath[];
}

/** The files of a folder that is a repository of its own, with the repositories in it; else none. */
async function enterFolder(git: Git, top: string, folder: BytePath, signal?: AbortSignal): Promise<Found> {
  const at = inFolder(top, folder);
  if (!exists(Buffer.concat([Buffer.from(at), Buffer.from('/.git')]))) return { paths: [], unreadable: [] };
  const listing = await listRepository(git, at.toString(), signal);
  const inner = await enterNested(git, at.toString(), listing, signal);
  return {
    paths: inner.paths.map((path) => joinPaths(folder, path)),
    unreadable: inner.unreadable.map((path) => joinPaths(folder, path)),
  };
}

/** Adds the files of nested repositories and submodules to a nested repository's own. */
async function enterNested(git: Git, top: string, listing: Listing, signal?: AbortSignal): Promise<Found> {
  const nested = [...listing.nested];
  const paths: BytePath[] = [];
  let count = 0;
  for (const path of listing.paths) {
    // A tracked path that is a folder on disk is a submodule, or a file that became a folder since.
    if (isDirectory(inFolder(top, path))) nested.push(path);
    else paths.push(path);
    if (++count % TURN === 0) await nextTurn(undefined, { signal });
  }
  const unreadable = [...listing.unreadable];
  const seen = new Set(paths);
  for (const folder of nested) {
    const inner = await enterFolder(git, top, folder, signal);
    for (const path of inner.paths) {
      if (!seen.has(path)) paths.push(path);
      seen.add(path);
    }
    unreadable.push(...inner.unreadable);
  }
  return { paths, unreadable };
}

const TURN = 500; // Files between two turns of the event loop: about 3 ms of work.

/** What tools make or fetch, by the folder's name: never code that somebody wrote. */
export const LEFT_ALONE: ReadonlySet<string> = new Set([
  '.git', '.hg', '.svn', '.jj', '.winnow', '.dvc',
  '.venv', 'venv', '.env', 'env', '.conda', '.tox', '.nox', 'node_modules', 'site-packages',
  '__pycache__', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.ipynb_checkpoints', '.cache', '.eggs',
  'mlruns', 'mlartifacts', 'wandb', 'lightning_logs', 'tb_logs', 'checkpoints', 'catboost_info', 'outputs',
  '.idea', '.DS_Store', 'Thumbs.db',
]); // prettier-ignore

/** A Python environment under any name says so itself. */
export const ENVIRONMENT_MARK = 'pyvenv.cfg';

async function walk(git: Git, top: string, signal?: AbortSignal): Promise<Found> {
  const paths: BytePath[] = [];
  const unreadable: BytePath[] = [];
  const open: BytePath[] = [toBytePath('')];
  let count = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    let entries;
    try {
      entries = readdirSync(folder === '' ? top : inFolder(top, folder), {
        withFileTypes: true,
        encoding: 'buffer',
      });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') unreadable.push(folder);
      continue;
    }
    const names = entries.map((entry) => entry.name.toString('latin1'));
    if (folder !== '' && names.includes(ENVIRONMENT_MARK)) continue;
    if (folder !== '' && names.includes('.git')) {
      const at = inFolder(top, folder).toString();
      const inner = await enterNested(git, at, await listRepository(git, at, signal), signal);
      for (const path of inner.paths) paths.push(joinPaths(folder, path));
      for (const path of inner.unreadable) unreadable.push(joinPaths(folder, path));
      continue;
    }
    for (const [index, entry] of entries.entries()) {
      const name = names[index] ?? '';
      if (LEFT_ALONE.has(name) || name.endsWith('.pyc')) continue;
      const path = joinPaths(folder, toBytePath(name));
      if (entry.isDirectory()) open.push(path);
      else paths.push(path);
      if (++count % TURN === 0) await nextTurn(undefined, { signal });
    }
  }
  return { paths, unreadable };
}

function isWinnows(path: BytePath): boolean {
  return path.startsWith('.winnow/') || path.includes('/.winnow/') || path === '.winnow';
}

function isDirectory(path: string | Buffer): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(path: Buffer): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
