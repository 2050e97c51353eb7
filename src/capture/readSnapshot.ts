import { UserError } from '../base/errors';
import { type BytePath, bytePath, pathText, splitPaths, toBytePath } from '../git/bytePath';
import { type Git, createGit } from '../git/git';

/** The bytes of one file of a snapshot, or null when it is not in it. For a link: where it points to. */
export async function readSnapshotFile(
  snapshots: string,
  commit: string,
  path: string,
  signal?: AbortSignal,
  git: Git = createGit(),
): Promise<Buffer | null> {
  // By the listing, not by `commit:path`: that would take '' and './x' for something else.
  const entry = (await readTree(git, snapshots, commit, signal)).get(bytePath(path));
  if (entry === undefined) return null;
  const { stdout } = await git.run({ gitDirectory: snapshots }, ['cat-file', 'blob', entry.id], {}, signal);
  return stdout;
}

/** The paths of a snapshot, sorted, relative to the top that it was taken of. */
export async function listSnapshot(
  snapshots: string,
  commit: string,
  signal?: AbortSignal,
  git: Git = createGit(),
): Promise<string[]> {
  return [...(await readTree(git, snapshots, commit, signal)).keys()].map(pathText);
}

export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
}

/**
 * All files of a commit of the private repository.
 * @throws UserError 'snapshot-missing' when the commit is not there.
 */
export async function readTree(
  git: Git,
  snapshots: string,
  commit: string,
  signal?: AbortSignal,
): Promise<Map<BytePath, TreeEntry>> {
  if (!/^[0-9a-f]{40}$/.test(commit)) throw missing(commit);
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit];
  const ended = await git.run({ gitDirectory: snapshots }, args, { accept: [0, 128] }, signal);
  if (ended.code !== 0) throw missing(commit);
  return parseTree(ended.stdout);
}

/** Reads the lines `<mode> <type> <id>\t<path>` of `ls-tree -z`. */
export function parseTree(answer: Buffer): Map<BytePath, TreeEntry> {
  const entries = new Map<BytePath, TreeEntry>();
  for (const line of splitPaths(answer)) {
    const tab = line.indexOf('\t');
    const [mode = '', , id = ''] = line.slice(0, tab).split(' ');
    entries.set(toBytePath(line.slice(tab + 1)), { mode, id });
  }
  return entries;
}

function missing(commit: string): UserError {
  return new UserError(
    'snapshot-missing',
    `The code of this run is no longer there: the snapshot ${commit.slice(0, 12)} is not in .winnow/snapshots.git.`,
  );
}
