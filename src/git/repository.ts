import { lstatSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors';
import { type BytePath, pathText, splitPaths, toBytePath } from './bytePath';
import { type Git, GitFailure } from './git';

/** A user's repository with a working tree. */
export interface Repository {
  /** The working tree's top folder, absolute, links resolved. */
  readonly top: string;
  /** The git directory of this working tree, absolute. */
  readonly gitDirectory: string;
  /** What its worktrees share: objects and refs. The same as `gitDirectory` without worktrees. */
  readonly commonDirectory: string;
}

export interface Head {
  /** Null before the first commit. */
  readonly commit: string | null;
  /** Null when detached. */
  readonly branch: string | null;
}

/** The repository that a folder is in, or null when it is in none. */
export async function findRepository(
  git: Git,
  folder: string,
  signal?: AbortSignal,
): Promise<Repository | null> {
  let answer: string;
  try {
    // One path a line: a folder with a newline in its name would need one call each, and has one below.
    const args = ['rev-parse', '--path-format=absolute', '--show-toplevel', '--git-dir', '--git-common-dir'];
    answer = (await git.run({ folder }, args, {}, signal)).stdout.toString('utf8');
  } catch (error) {
    if (error instanceof UserError && error.code === 'not-a-repository') return null;
    throw error;
  }
  const lines = answer.replace(/\n$/, '').split('\n');
  if (lines.length === 3) {
    const [top = '', gitDirectory = '', commonDirectory = ''] = lines;
    return { top, gitDirectory, commonDirectory };
  }
  const ask = async (what: string) => {
    const { stdout } = await git.run({ folder }, ['rev-parse', '--path-format=absolute', what], {}, signal);
    return stdout.toString('utf8').replace(/\n$/, '');
  };
  return {
    top: await ask('--show-toplevel'),
    gitDirectory: await ask('--git-dir'),
    commonDirectory: await ask('--git-common-dir'),
  };
}

/**
 * As `findRepository`, and without a git when it was asked about this folder before and everything that git looks at
 * is as it was. Whoever then hears from git that there is no repository must ask again.
 */
export async function findRepositoryAgain(
  git: Git,
  folder: string,
  signal?: AbortSignal,
): Promise<Repository | null> {
  const before = known.get(folder);
  if (before !== undefined && before.stamp === stampOf(folder)) return before.repository;
  const stamp = stampOf(folder); // Before git is asked: what changes meanwhile is seen the next time.
  const repository = await findRepository(git, folder, signal);
  known.delete(folder);
  // A worktree, or a git directory elsewhere, is asked for each time.
  const isPlain = repository !== null && repository.gitDirectory === path.join(repository.top, '.git');
  if (isPlain && stamp?.startsWith(`${repository.gitDirectory}\0`) === true)
    known.set(folder, { repository, stamp });
  return repository;
}

const known = new Map<string, { readonly repository: Repository; readonly stamp: string }>();

/** Which `.git` directory is the nearest, which folder that is, and what its config is; null when there is none. */
function stampOf(folder: string): string | null {
  for (let current = folder; ; current = path.dirname(current)) {
    const found = path.join(current, '.git');
    const stats = lstatSync(found, { throwIfNoEntry: false });
    if (stats !== undefined) {
      // Of a worktree or a submodule it is a file that says where the directory is.
      if (!stats.isDirectory()) return null;
      const config = lstatSync(path.join(found, 'config'), { bigint: true, throwIfNoEntry: false });
      return [found, stats.dev, stats.ino, config?.ino, config?.size, config?.mtimeNs, config?.ctimeNs].join(
        '\0',
      );
    }
    if (current === path.dirname(current)) return null;
  }
}

/** A file that differs from the user's HEAD. */
export interface ChangedFile {
  /** From the top. */
  readonly path: BytePath;
  /**
   * The index's mode and blob of a file whose working copy alone differs from both; null when the index differs from
   * HEAD, too, or git does not tell.
   */
  readonly index: { readonly mode: string; readonly id: string } | null;
}

/**
 * HEAD, and which files differ from it as the user's own git sees it: staged, changed or deleted ones. Untracked
 * files are not looked at.
 * Where git is not sure of a file by its times, it compares bytes without the filters that .gitattributes
 * names: they are not ours to run.
 */
export async function readStatus(
  git: Git,
  folder: string,
  signal?: AbortSignal,
): Promise<Head & { readonly changed: readonly ChangedFile[] }> {
  const args = [
    'status',
    '--porcelain=v2',
    '-z',
    '--branch',
    '--untracked-files=no',
    '--no-renames', // With them, an entry would be two.
    // Without looking into submodules: that would be a git each, with the filters of each.
    '--ignore-submodules=dirty',
    '--no-ahead-behind',
  ];
  const settings = await withoutFilters(git, folder, signal);
  const { stdout } = await git.run({ folder }, args, { settings }, signal);
  const parts = splitPaths(stdout);
  const header = (name: string) => {
    const line = parts.find((part) => part.startsWith(`# branch.${name} `));
    return line === undefined ? null : pathText(line).slice(`# branch.${name} `.length);
  };
  const oid = header('oid');
  const branch = header('head');
  return {
    commit: oid === '(initial)' ? null : oid,
    branch: branch === '(detached)' ? null : branch,
    changed: parts.filter((part) => !part.startsWith('# ')).map(changedFile),
  };
}

/** See "Porcelain Format Version 2" of git-status(1): 1 XY sub mH mI mW hH hI path. */
function changedFile(line: BytePath): ChangedFile {
  const [, mode, id, path] = /^1 \.. N\.\.\. \d+ (\d+) \d+ [0-9a-f]+ ([0-9a-f]+) ([^]+)$/.exec(line) ?? [];
  return mode === undefined || id === undefined || path === undefined
    ? { path: line, index: null }
    : { path: toBytePath(path), index: { mode, id } };
}

/** Settings that switch off every filter that is set up here. */
async function withoutFilters(
  git: Git,
  folder: string,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  const pattern = '^filter\\..*\\.(clean|process|required)$';
  const args = ['config', '-z', '--name-only', '--get-regexp', pattern];
  const { stdout } = await git.run({ folder }, args, { accept: [0, 1] }, signal);
  const names = stdout
    .toString('utf8')
    .split('\0')
    .filter((name) => name !== '');
  return Object.fromEntries(names.map((name) => [name, name.endsWith('.required') ? 'false' : '']));
}

/** The object that a name stands for, or null when there is none. */
export async function resolveObject(
  git: Git,
  folder: string,
  name: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', name];
  const ended = await git.run({ folder }, args, { accept: [0, 1, 128] }, signal);
  // --end-of-options is echoed by some versions of git.
  const answer = ended.stdout.toString('utf8').replace('--end-of-options\n', '').trim();
  return ended.code === 0 && answer !== '' ? answer : null;
}

/**
 * Makes sure that commits have an author, without making one.
 * @throws UserError 'git-identity' that says what to type.
 */
export async function requireIdentity(git: Git, folder: string, signal?: AbortSignal): Promise<void> {
  try {
    await git.run({ folder }, ['var', 'GIT_AUTHOR_IDENT'], {}, signal);
    await git.run({ folder }, ['var', 'GIT_COMMITTER_IDENT'], {}, signal);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    throw new UserError(
      'git-identity',
      'Git does not know who you are, and a commit needs an author. Type these two commands and try again: ' +
        'git config --global user.name "Your Name" and git config --global user.email "you@example.com"',
      { cause: error },
    );
  }
}

/** A yes-or-no setting of the repository; `otherwise` when it is not set. */
export async function readFlag(
  git: Git,
  folder: string,
  name: string,
  otherwise: boolean,
  signal?: AbortSignal,
): Promise<boolean> {
  const ended = await git.run(
    { folder },
    ['config', '--type=bool', '--get', name],
    { accept: [0, 1] },
    signal,
  );
  return ended.code === 0 ? ended.stdout.toString('utf8').trim() === 'true' : otherwise;
}

/** Branches and tags by their full names, such as 'refs/heads/main', and the object that each stands at. */
export async function listRefs(git: Git, folder: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const args = ['for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads/', 'refs/tags/'];
  const { stdout } = await git.run({ folder }, args, {}, signal);
  const lines = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), line.slice(space + 1)];
    }),
  );
}

/** The working tree that has a branch checked out, or null. */
export async function whereCheckedOut(
  git: Git,
  folder: string,
  branch: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const { stdout } = await git.run({ folder }, ['worktree', 'list', '--porcelain'], {}, signal);
  const blocks = stdout.toString('utf8').split('\n\n');
  const block = blocks.find((text) => text.split('\n').includes(`branch refs/heads/${branch}`));
  return block === undefined ? null : (/^worktree (.*)$/m.exec(block)?.[1] ?? folder);
}
