import {
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { errorCode } from '../base/errors';
import {
  type BytePath,
  bytePath,
  inFolder,
  joinPaths,
  parentOf,
  pathText,
  splitPaths,
  toBytePath,
} from '../git/bytePath';
import { type Git, createGit } from '../git/git';
import { findRepository } from '../git/repository';
import type { RunSnapshot } from '../model/run';
import { type CheckoutRecord, recordOf, tidyCheckout } from './checkoutRecord';
import { readTree } from './readSnapshot';
import { LEFT_ALONE, ENVIRONMENT_MARK } from './workingFiles';

export interface CheckoutRequest {
  /** The private repository. */
  readonly snapshots: string;
  readonly snapshot: Pick<RunSnapshot, 'commit' | 'leftOut'>;
  /** The top folder that the snapshot was taken of, its real path. */
  readonly top: string;
  /** Where it goes; what lies there already, such as a run's own files of an earlier attempt, stays. */
  readonly target: string;
  readonly signal?: AbortSignal;
  readonly git?: Git;
}

/**
 * Lays out a snapshot as a folder to run in. What git ignores (data, environments) and what was too large for the
 * snapshot is a link to the original: a whole ignored folder is one link, and what a script writes there goes to the
 * original. Caches of tools are not linked, so that changed code never reaches those of the user's files.
 * The record of what was made is written beside the folder first, so that everything else in it is known to be new.
 */
export async function makeCheckout(request: CheckoutRequest): Promise<void> {
  const { snapshots, snapshot, top, target, signal, git = createGit() } = request;
  const tree = await readTree(git, snapshots, snapshot.commit, signal);
  tidyCheckout(target); // One that a killed server left: its record would hide what its run made.
  mkdirSync(target, { recursive: true });
  const own = new Set([...tree.keys()].filter((file) => isThere(inFolder(target, file))));
  const index = `${target}.index`;
  try {
    const place = { gitDirectory: snapshots, workTree: target, index };
    await git.run(place, ['read-tree', snapshot.commit], {}, signal);
    // Quiet, and without -f: what a run left here before stays as it is.
    await git.run(place, ['checkout-index', '--all', '--quiet'], { accept: [0, 1] }, signal);
  } finally {
    rmSync(index, { force: true });
  }
  const links = new Set<BytePath>();
  for (const [file, { mode }] of tree) if (mode === '120000' && !own.has(file)) keepPointing(file, request);
  const large = new Set(
    snapshot.leftOut.filter(({ why }) => why === 'too large').map((file) => bytePath(file.path)),
  );
  await linkTheRest({ git, top, target, tree: new Set(tree.keys()), large, links, signal });
  const made = [...tree.keys()].filter((file) => !own.has(file));
  const record: CheckoutRecord = recordOf(target, made, links);
  writeFileSync(recordFile(target), JSON.stringify(record));
}

function isThere(file: string | Buffer): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Where the record of a checkout lies. */
export function recordFile(target: string): string {
  return `${target}.json`;
}

/** The top folder of what is kept for a run in this folder: its repository's, or the folder itself. */
export async function topOf(folder: string, signal?: AbortSignal, git: Git = createGit()): Promise<string> {
  return (await findRepository(git, folder, signal))?.top ?? folder;
}

/** A relative link that leaves the folder would lead elsewhere from the checkout. */
function keepPointing(file: BytePath, { top, target }: CheckoutRequest): void {
  const at = inFolder(target, file).toString();
  const to = readlinkSync(at);
  if (path.isAbsolute(to)) return;
  const original = path.resolve(top, path.dirname(pathText(file)), to);
  if (original === top || original.startsWith(`${top}${path.sep}`)) return;
  unlinkSync(at);
  symlinkSync(original, at);
}

/** Made by tools from code or for one folder: each checkout gets its own when it needs them. */
const NOT_LINKED = new Set([
  '.git', '.hg', '.svn', '.jj', '.winnow', '__pycache__', '.ipynb_checkpoints', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.DS_Store',
]); // prettier-ignore

interface Rest {
  readonly git: Git;
  readonly top: string;
  readonly target: string;
  /** Paths of the snapshot's files. */
  readonly tree: ReadonlySet<BytePath>;
  /** Paths that were too large for it. */
  readonly large: ReadonlySet<BytePath>;
  /** Takes the paths of the links that are made. */
  readonly links: Set<BytePath>;
  readonly signal: AbortSignal | undefined;
}

/** Goes through the original, level by level; what is ignored is asked of git once a level and repository. */
async function linkTheRest(rest: Rest): Promise<void> {
  const { top, target, tree, links } = rest;
  const folders = new Set<BytePath>();
  for (const file of tree) {
    for (let at = parentOf(file); at !== '' && !folders.has(at); at = parentOf(at)) folders.add(at);
  }
  /** A folder, and the repository that says what is ignored in it. */
  let level = [{ folder: toBytePath(''), repository: toBytePath('') }];
  while (level.length > 0) {
    const next: typeof level = [];
    const asked = new Map<BytePath, { readonly file: BytePath; readonly entry: Dirent<Buffer> }[]>();
    for (const { folder, repository } of level) {
      const entries = entriesOf(folder === '' ? top : inFolder(top, folder));
      const own =
        folder !== '' && entries.some((entry) => entry.name.toString() === '.git') ? folder : repository;
      for (const entry of entries) {
        const name = entry.name.toString('latin1');
        const file = joinPaths(folder, toBytePath(name));
        if (NOT_LINKED.has(name) || name.endsWith('.pyc') || tree.has(file)) continue;
        if (entry.isDirectory() && folders.has(file)) next.push({ folder: file, repository: own });
        else asked.set(own, [...(asked.get(own) ?? []), { file, entry }]);
      }
    }
    for (const [repository, candidates] of asked) {
      const ignored = await ignoredOf(
        rest,
        repository,
        candidates.map(({ file }) => file),
      );
      for (const { file, entry } of candidates) {
        if (ignored.has(file) || rest.large.has(file)) {
          link(file);
        } else if (entry.isDirectory()) {
          // Empty, or with ignored things somewhere below: code that came later is none of this run's.
          mkdirSync(inFolder(target, file), { recursive: true });
          next.push({ folder: file, repository });
        }
      }
    }
    level = next;
  }

  function link(file: BytePath): void {
    const at = inFolder(target, file);
    try {
      symlinkSync(inFolder(top, file), at);
    } catch (error) {
      // A run's own file of an earlier attempt is there already, and is what its script wants to find.
      if (errorCode(error) !== 'EEXIST') throw error;
      if (lstatSync(at).isSymbolicLink()) links.add(file);
      return;
    }
    links.add(file);
  }
}

function entriesOf(folder: string | Buffer): Dirent<Buffer>[] {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch {
    /* Gone or closed to us meanwhile: there is nothing to link. */
    return [];
  }
}

async function ignoredOf(
  { git, top, signal }: Rest,
  repository: BytePath,
  files: readonly BytePath[],
): Promise<ReadonlySet<BytePath>> {
  const folder = repository === '' ? top : inFolder(top, repository).toString();
  const below = files.map((file) => (repository === '' ? file : file.slice(repository.length + 1)));
  if (await isRepository(git, folder, signal)) {
    const input = Buffer.from(`${below.join('\0')}\0`, 'latin1');
    const args = ['check-ignore', '-z', '--stdin'];
    const { stdout } = await git.run({ folder }, args, { input, accept: [0, 1] }, signal);
    const ignored = splitPaths(stdout);
    return new Set(ignored.map((file) => joinPaths(repository, file)));
  }
  return new Set(files.filter((file) => isLeftAlone(top, file)));
}

async function isRepository(git: Git, folder: string, signal?: AbortSignal): Promise<boolean> {
  return (await findRepository(git, folder, signal)) !== null;
}

/** Without git: what a snapshot leaves alone by its name. */
function isLeftAlone(top: string, file: BytePath): boolean {
  if (LEFT_ALONE.has(path.posix.basename(file))) return true;
  return existsSync(`${inFolder(top, file).toString()}/${ENVIRONMENT_MARK}`);
}
