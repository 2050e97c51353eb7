import { UserError } from '../base/errors';
import { type BytePath, bytePath, pathText, splitPaths, toBytePath } from '../git/bytePath';
import { type Git, createGit } from '../git/git';
import { type TreeEntry, parseTree, readTree } from './readSnapshot';

export interface CodeChange {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
  /** Null for what is no text, or when lines were not counted. */
  readonly addedLines: number | null;
  readonly deletedLines: number | null;
}

/**
 * What changed from one snapshot to another, by path, with the lines.
 * @throws UserError 'snapshot-missing' when one of them is not there.
 */
export async function compareCode(
  snapshots: string,
  before: string,
  after: string,
  signal?: AbortSignal,
  git: Git = createGit(),
): Promise<readonly CodeChange[]> {
  if (before === after) return [];
  for (const commit of [before, after]) {
    if (!/^[0-9a-f]{40}$/.test(commit)) throw missing(commit);
  }
  // Without renames: a file that moved is one that went and one that came, as the working tree shows it.
  const args = ['diff-tree', '-r', '-z', '--raw', '--numstat', '--no-renames', '--no-ext-diff'];
  const ended = await git.run(
    { gitDirectory: snapshots },
    [...args, '--no-textconv', before, after, '--'],
    { accept: [0, 128] },
    signal,
  );
  if (ended.code !== 0) throw missing(`${before.slice(0, 12)} or ${after.slice(0, 12)}`);
  return parseChanges(ended.stdout);
}

/** Reads `diff-tree -z --raw --numstat`: first `:modes ids status` NUL `path` NUL, then `added TAB deleted TAB path` NUL. */
export function parseChanges(answer: Buffer): readonly CodeChange[] {
  const parts = splitPaths(answer);
  const changes = new Map<string, CodeChange['change']>();
  const lines = new Map<string, readonly [number | null, number | null]>();
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    if (part.startsWith(':')) {
      const status = part.split(' ')[4]?.charAt(0);
      const path = parts[++index] ?? '';
      changes.set(path, status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified');
      continue;
    }
    const counted = /^(\d+|-)\t(\d+|-)\t([^]*)$/.exec(part);
    if (counted !== null) lines.set(counted[3] ?? '', [numberOf(counted[1]), numberOf(counted[2])]);
  }
  return [...changes].map(([path, change]) => {
    const [addedLines, deletedLines] = lines.get(path) ?? [null, null];
    return { path: pathText(toBytePath(path)), change, addedLines, deletedLines };
  });
}

export interface BaseRequest {
  readonly snapshots: string;
  /** The run's snapshot. */
  readonly commit: string;
  /** The commit of the user's repository that it was based on. */
  readonly base: string;
  /** A folder of that repository. */
  readonly folder: string;
}

/** What a run's code has otherwise than the commit it was based on. Lines are not counted. */
export async function compareWithBase(
  { snapshots, commit, base, folder }: BaseRequest,
  signal?: AbortSignal,
  git: Git = createGit(),
): Promise<readonly CodeChange[]> {
  const [before, after] = await Promise.all([
    baseTree(git, folder, base, signal),
    readTree(git, snapshots, commit, signal),
  ]);
  const changes: CodeChange[] = [];
  const add = (path: BytePath, change: CodeChange['change']) =>
    changes.push({ path: pathText(path), change, addedLines: null, deletedLines: null });
  for (const [path, now] of after) {
    const old = before.get(path);
    if (old === undefined) add(path, 'added');
    else if (old.id !== now.id || old.mode !== now.mode) add(path, 'modified');
  }
  for (const [path, { mode }] of before) {
    // A submodule is a commit of another repository: a snapshot has its files instead.
    if (!after.has(path) && mode !== SUBMODULE) add(path, 'deleted');
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One file at the commit that a run was based on; null when it is not in it. */
export async function readBaseFile(
  { base, folder }: BaseRequest,
  path: string,
  signal?: AbortSignal,
  git: Git = createGit(),
): Promise<Buffer | null> {
  const entry = (await baseTree(git, folder, base, signal)).get(bytePath(path));
  if (entry === undefined || entry.mode === SUBMODULE) return null;
  return (await git.run({ folder }, ['cat-file', 'blob', entry.id], {}, signal)).stdout;
}

const SUBMODULE = '160000';

async function baseTree(
  git: Git,
  folder: string,
  base: string,
  signal: AbortSignal | undefined,
): Promise<Map<BytePath, TreeEntry>> {
  if (!/^[0-9a-f]{40,64}$/.test(base)) throw missing(base);
  const ended = await git.run(
    { folder },
    ['ls-tree', '-r', '-z', '--full-tree', base],
    { accept: [0, 128] },
    signal,
  );
  if (ended.code !== 0) {
    throw new UserError(
      'base-missing',
      `The commit ${base.slice(0, 12)} that the run was based on is not in the repository any more.`,
    );
  }
  return parseTree(ended.stdout);
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || text === '-' ? null : Number(text);
}

function missing(commit: string): UserError {
  return new UserError(
    'snapshot-missing',
    `The code is no longer there: the snapshot ${commit} is not in .winnow/snapshots.git.`,
  );
}
