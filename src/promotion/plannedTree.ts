import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { UserError } from '../base/errors';
import { type TreeEntry, parseTree, readTree } from '../capture/readSnapshot';
import {
  type BytePath,
  bytePath,
  parentOf,
  pathBytes,
  pathText,
  splitPaths,
  toBytePath,
} from '../git/bytePath';
import { type Git, GitFailure, type GitPlace } from '../git/git';
import { type Repository, readFlag } from '../git/repository';
import type { PlannedFile, PromotionPlan } from '../model/promotion';
import type { RunSnapshot } from '../model/run';
import { readJson } from '../platform/atomicFile';
import type { PromotionTools } from './tools';

/** What the tree of a promotion is made of. */
export interface TreeSource {
  readonly experiment: string;
  readonly repository: Repository;
  readonly snapshot: RunSnapshot;
  /** Files that Winnow writes: path and text. */
  readonly records: ReadonlyMap<string, string>;
}

/** The tree of a plan as it lies ready: its new objects are in `objects`, the rest in the repository. */
export interface PlannedTree {
  readonly tree: string;
  readonly experiment: string;
  readonly folder: string;
  /** Git with the repository's objects and the plan's, which adds to the plan's only. */
  readonly place: GitPlace;
}

/**
 * Makes the tree of a promotion and keeps it beside the plan, so that what is applied later is what was shown,
 * byte for byte. The repository is read only: its clean filters run on copies in a folder of their own, with
 * an index and an object folder of their own.
 */
export async function keepPlan(
  tools: PromotionTools,
  source: TreeSource,
  plan: Omit<PromotionPlan, 'files'>,
  signal?: AbortSignal,
): Promise<PromotionPlan> {
  const plans = path.join(tools.directory, 'plans');
  await mkdir(plans, { recursive: true, mode: 0o700 });
  await removeOld(plans);
  const folder = await mkdtemp(path.join(plans, '.new-'));
  // Under the temporary folder, not the workspace: a copy of the code in there would show up in searches.
  const workTree = await mkdtemp(path.join(tmpdir(), 'winnow-plan-'));
  try {
    const { tree, files } = await makeTree(tools, source, folder, workTree, signal);
    const complete: PromotionPlan = { ...plan, files };
    await writeFile(path.join(folder, 'tree.json'), JSON.stringify({ tree, experiment: source.experiment }), {
      mode: 0o600,
    });
    const kept = path.join(plans, keyOf(complete));
    await rm(kept, { recursive: true, force: true });
    await rename(folder, kept);
    return complete;
  } finally {
    await rm(workTree, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The tree that was kept for a plan.
 * @throws UserError 'plan-unknown' when the plan is not one that was made here, or is too old.
 */
export async function findPlannedTree(
  tools: PromotionTools,
  plan: PromotionPlan,
  repository: Repository,
): Promise<PlannedTree> {
  const folder = path.join(tools.directory, 'plans', keyOf(plan));
  const kept = await readJson(path.join(folder, 'tree.json'), keptSchema);
  if (kept === null) {
    throw new UserError(
      'plan-unknown',
      'This plan is no longer kept: it was applied already, or it is older than a day. Plan the promotion again.',
    );
  }
  const place = { gitDirectory: repository.gitDirectory, objects: path.join(folder, 'objects') };
  return { ...kept, folder, place };
}

export async function forgetPlan(tools: PromotionTools, plan: PromotionPlan): Promise<void> {
  await rm(path.join(tools.directory, 'plans', keyOf(plan)), { recursive: true, force: true });
}

const keptSchema = z.object({ tree: z.string().check(z.regex(/^[0-9a-f]{40,64}$/)), experiment: z.string() });

/** A plan is known by all that it says. */
function keyOf(plan: PromotionPlan): string {
  const { runId, repository, base, branch, branchFrom, tag, message, files, gates, notes } = plan;
  const said = [
    runId,
    repository,
    base,
    branch,
    branchFrom,
    tag,
    message,
    files.map((file) => [file.path, file.change, file.origin, file.sizeBytes]),
    gates.map((gate) => [gate.gate, gate.passed, gate.detail]),
    notes,
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32);
}

const KEPT_MS = 24 * 60 * 60 * 1000; // Nobody confirms a plan of yesterday unread.

async function removeOld(plans: string): Promise<void> {
  for (const name of await readdir(plans)) {
    const folder = path.join(plans, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
}

/** A path as git's lists of paths have it when it may hold a line break. */
function quoted(file: string): string {
  return `"${file.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

async function makeTree(
  tools: PromotionTools,
  source: TreeSource,
  folder: string,
  workTree: string,
  signal?: AbortSignal,
): Promise<{ tree: string; files: PlannedFile[] }> {
  const { git, snapshots } = tools;
  const { repository, snapshot, records } = source;
  const objects = path.join(folder, 'objects');
  await mkdir(path.join(objects, 'info'), { recursive: true });
  await writeFile(
    path.join(objects, 'info', 'alternates'),
    `${quoted(path.join(repository.commonDirectory, 'objects'))}\n`,
  );
  const place = {
    gitDirectory: repository.gitDirectory,
    workTree,
    index: path.join(folder, 'index'),
    objects,
  };

  const base = snapshot.baseCommit;
  const emptyTree = (await git.run(place, ['mktree'], {}, signal)).stdout.toString('utf8').trim();
  const [before, code, keep] = await Promise.all([
    base === null ? new Map<BytePath, TreeEntry>() : baseTree(git, repository, base, signal),
    readTree(git, snapshots, snapshot.commit, signal),
    keptPaths(git, repository, snapshot, signal),
  ]);
  const trustModes = await readFlag(git, repository.top, 'core.fileMode', true, signal);
  const change = differences(before, code, keep, trustModes);
  await checkOut(
    git,
    snapshots,
    snapshot.commit,
    [...change.attributes, ...change.set],
    workTree,
    folder,
    signal,
  );
  for (const [file, text] of records) {
    const target = path.join(workTree, file);
    await mkdir(path.dirname(target), { recursive: true });
    await rm(target, { force: true }); // An earlier promotion's record may have been part of the code.
    await writeFile(target, text);
    await chmod(target, 0o644);
  }
  const recordPaths = [...records.keys()].map(bytePath);
  await git.run(place, ['read-tree', base ?? emptyTree], {}, signal);
  await updateIndex(git, place, [...change.deleted, ...change.set, ...recordPaths], signal);
  const tree = (await git.run(place, ['write-tree'], {}, signal)).stdout.toString('utf8').trim();
  const files = await plannedFiles(git, place, base ?? emptyTree, tree, new Set(records.keys()), signal);
  return { tree, files };
}

async function baseTree(git: Git, repository: Repository, base: string, signal?: AbortSignal) {
  const args = ['ls-tree', '-r', '-z', '--full-tree', base];
  return parseTree((await git.run({ folder: repository.top }, args, {}, signal)).stdout);
}

/** Paths that stay as the base has them: the snapshot does not know better. */
async function keptPaths(
  git: Git,
  repository: Repository,
  snapshot: RunSnapshot,
  signal?: AbortSignal,
): Promise<Set<BytePath>> {
  const keep = new Set(snapshot.leftOut.map(({ path: file }) => bytePath(file)));
  const { stdout } = await git.run({ folder: repository.top }, ['ls-files', '-z', '-t'], {}, signal);
  for (const line of splitPaths(stdout)) {
    // In a sparse checkout: not there because the person wanted it so, not deleted.
    if (line.startsWith('S ')) keep.add(toBytePath(line.slice(2)));
  }
  return keep;
}

interface Difference {
  readonly set: BytePath[];
  readonly deleted: BytePath[];
  /** What decides on the filters of others, changed or not. */
  readonly attributes: BytePath[];
}

const LINK_TO_COMMIT = '160000'; // A submodule.

function differences(
  before: ReadonlyMap<BytePath, TreeEntry>,
  code: ReadonlyMap<BytePath, TreeEntry>,
  keep: ReadonlySet<BytePath>,
  trustModes: boolean,
): Difference {
  const submodules = new Set(
    [...before].filter(([, { mode }]) => mode === LINK_TO_COMMIT).map(([file]) => file),
  );
  const inSubmodule = (file: BytePath) => isWithin(file, submodules);
  // A folder that could not be read is kept with all that is in it.
  const isKept = (file: BytePath) => isWithin(file, keep);
  const differs = (file: BytePath, entry: TreeEntry) => {
    const old = before.get(file);
    if (old === undefined || old.id !== entry.id) return true;
    return trustModes && old.mode !== entry.mode;
  };
  return {
    set: [...code]
      .filter(([file, entry]) => differs(file, entry) && !inSubmodule(file))
      .map(([file]) => file),
    deleted: [...before.keys()].filter((file) => !code.has(file) && !inSubmodule(file) && !isKept(file)),
    attributes: [...code.keys()].filter(
      (file) => file === '.gitattributes' || file.endsWith('/.gitattributes'),
    ),
  };
}

/** Whether a path or a folder that it lies in is one of `paths`. */
function isWithin(file: BytePath, paths: ReadonlySet<BytePath>): boolean {
  if (paths.size === 0) return false;
  for (let at = file; at !== ''; at = parentOf(at)) if (paths.has(at)) return true;
  return false;
}

/** Puts files of a snapshot into a folder, byte for byte: the private repository converts nothing. */
async function checkOut(
  git: Git,
  snapshots: string,
  commit: string,
  paths: readonly BytePath[],
  workTree: string,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  if (paths.length === 0) return;
  const place = { gitDirectory: snapshots, workTree, index: path.join(folder, 'snapshot-index') };
  await git.run(place, ['read-tree', commit], {}, signal);
  const settings = { 'core.symlinks': 'true', 'core.autocrlf': 'false' };
  await git.run(
    place,
    ['checkout-index', '-z', '-f', '--stdin'],
    { input: nulEnded(new Set(paths)), settings },
    signal,
  );
}

/** As `git add` would: through the clean filters, with links and executable bits. */
async function updateIndex(
  git: Git,
  place: GitPlace,
  paths: readonly BytePath[],
  signal?: AbortSignal,
): Promise<void> {
  const args = ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'];
  // safecrlf would refuse a conversion that the person's own `git add` only warns of.
  const settings = { 'core.safecrlf': 'false', 'core.splitIndex': 'false', 'index.sparse': 'false' };
  try {
    await git.run(place, args, { input: nulEnded(new Set(paths)), settings }, signal);
  } catch (error) {
    if (!(error instanceof GitFailure) || !/filter/.test(error.stderr)) throw error;
    throw new UserError(
      'filter-failed',
      `A filter that .gitattributes names failed: ${error.stderr.trim().split('\n')[0] ?? ''}. ` +
        'Install or correct it, check that "git add" works, and try again.',
      { cause: error },
    );
  }
}

async function plannedFiles(
  git: Git,
  place: GitPlace,
  from: string,
  tree: string,
  records: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<PlannedFile[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', from, tree];
  const parts = splitPaths((await git.run(place, args, {}, signal)).stdout);
  const changes: { file: string; status: string; id: string }[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    // :<old mode> <new mode> <old id> <new id> <status>
    const [, , , id = '', status = ''] = (parts[i] ?? '').split(' ');
    changes.push({ file: pathText(parts[i + 1] ?? toBytePath('')), status, id });
  }
  const wanted = changes.filter(({ status }) => status !== 'D');
  const input = wanted.map(({ id }) => `${id}\n`).join('');
  const batch = ['cat-file', '--batch-check=%(objectname) %(objectsize)'];
  const { stdout } = await git.run(place, batch, { input }, signal);
  const sizes = new Map(
    stdout
      .toString('utf8')
      .split('\n')
      .map((line) => {
        const [id = '', size = '0'] = line.split(' ');
        return [id, Number(size)];
      }),
  );
  return changes.map(({ file, status, id }) => ({
    path: file,
    change: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified',
    origin: records.has(file) ? 'record' : 'code',
    sizeBytes: sizes.get(id) ?? 0,
  }));
}

function nulEnded(paths: Iterable<BytePath>): Buffer {
  return Buffer.concat([...paths].flatMap((file) => [pathBytes(file), Buffer.of(0)]));
}
