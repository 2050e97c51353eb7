import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { UserError, errorCode } from '../base/errors';
import { inTurn } from '../base/inTurn';
import type { BytePath } from '../git/bytePath';
import { type Git, GitFailure, createGit } from '../git/git';
import type { RunId, RunSnapshot } from '../model/run';
import { type FileState, diskClockNs, forgetStates, loadStates, saveStates } from './fileStates';
import { MAX_FILE_BYTES, scanFiles } from './scan';
import { TreeWriter } from './treeWriter';
import { type Standing, type WorkingFiles, listWorkingFiles } from './workingFiles';

export { compareSnapshot } from './compareSnapshot';
export { hashLeftOut } from './hashLeftOut';
export { listSnapshot, readSnapshotFile } from './readSnapshot';

export interface SnapshotRequest {
  /** Where the run starts; the snapshot is of the whole repository that it is in. */
  readonly folder: string;
  /** The private repository, made when there is none. */
  readonly snapshots: string;
  readonly runId: RunId;
  /** Larger files are named and left out. */
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
  readonly git?: Git;
}

/**
 * Keeps the code as it is now, byte for byte, as a commit in the private repository under
 * `refs/winnow/runs/<runId>`. The user's repository is only read. The same code gives the same commit.
 * One at a time for each private repository; a second call waits.
 * @throws UserError of git/git.ts, and 'folder-read-only' when the private repository cannot be written.
 */
export function takeSnapshot(request: SnapshotRequest): Promise<RunSnapshot> {
  return inTurn(request.snapshots, async () => {
    request.signal?.throwIfAborted();
    try {
      return await attempt(request);
    } catch (error) {
      // An object that the states count on is not there (a power cut, a cleaning hand): start over without them.
      if (!(error instanceof GitFailure)) throw error;
      forgetStates(request.snapshots);
      return attempt(request);
    }
  });
}

async function attempt(request: SnapshotRequest): Promise<RunSnapshot> {
  const { snapshots, signal, git = ownGit } = request;
  const folder = realpathSync(request.folder);
  const [working, created] = await Promise.allSettled([
    listWorkingFiles(git, folder, signal),
    createSnapshots(git, snapshots, signal),
  ]);
  if (working.status === 'rejected') throw working.reason;
  if (created.status === 'rejected') throw created.reason;
  return store(request, git, working.value);
}

async function store(request: SnapshotRequest, git: Git, working: WorkingFiles): Promise<RunSnapshot> {
  const { snapshots, runId, maxFileBytes = MAX_FILE_BYTES, signal } = request;
  const nowNs = diskClockNs(snapshots);
  const states = loadStates(snapshots);
  const writer = new TreeWriter(git, snapshots, signal);
  try {
    const onContent = (_id: string, content: Buffer) => writer.addContent(content);
    const scan = await scanFiles({ working, states, nowNs, maxFileBytes, onContent, signal });
    const change = changeOf(states.files, scan.files);
    const standing = await working.standing;
    const about = describe(working.top, standing);
    const ref = refOf(runId);
    const same = states.tree !== null && change.set.size === 0 && change.deleted.length === 0;
    let commit = same && states.commit?.about === about ? states.commit.id : null;
    let { tree } = states;
    if (commit !== null) {
      await git.run({ gitDirectory: snapshots }, ['update-ref', ref, commit], {}, signal);
    } else {
      const atSeconds = Math.floor(Date.now() / 1000);
      ({ commit, tree } = await writer.commit({
        from: states.tree,
        ...change,
        ref,
        message: about,
        atSeconds,
      }));
    }
    if (!same || change.touched || states.commit?.id !== commit) {
      const { large } = loadStates(snapshots); // Hashed meanwhile, it may be.
      saveStates(snapshots, { tree, commit: { id: commit, about }, files: scan.files, large });
    }
    return {
      commit,
      ...standing,
      fileCount: scan.files.size,
      leftOut: scan.leftOut,
    };
  } finally {
    await writer.dispose();
  }
}

/** Where a run's snapshot is named in the private repository. */
export function refOf(runId: RunId): string {
  return `refs/winnow/runs/${runId}`;
}

const ownGit = createGit();

/** What the commit says besides its files: enough to know later which folder its paths belong to. */
function describe(top: string, { baseCommit, branch }: Standing): string {
  const lines = [`Winnow-Top: ${JSON.stringify(top)}`];
  if (baseCommit !== null) lines.push(`Winnow-Base: ${baseCommit}`);
  if (branch !== null) lines.push(`Winnow-Branch: ${branch}`);
  return `Snapshot\n\n${lines.join('\n')}\n`;
}

interface Change {
  readonly deleted: BytePath[];
  readonly set: Map<BytePath, FileState>;
  /** Whether a file's times changed and its content did not. */
  readonly touched: boolean;
}

function changeOf(before: ReadonlyMap<BytePath, FileState>, after: ReadonlyMap<BytePath, FileState>): Change {
  const set = new Map<BytePath, FileState>();
  let touched = false;
  for (const [path, state] of after) {
    const old = before.get(path);
    if (old === state) continue;
    touched = true;
    if (old?.id !== state.id || old.mode !== state.mode) set.set(path, state);
  }
  const deleted = [...before.keys()].filter((path) => !after.has(path));
  return { deleted, set, touched };
}

async function createSnapshots(git: Git, snapshots: string, signal?: AbortSignal): Promise<void> {
  if (isFile(path.join(snapshots, ATTRIBUTES))) return;
  try {
    if (!isFile(path.join(snapshots, 'HEAD'))) await initSnapshots(git, snapshots, signal);
    mkdirSync(path.join(snapshots, 'info'), { recursive: true });
    // Whoever checks files out of it gets the raw bytes.
    writeFileSync(path.join(snapshots, ATTRIBUTES), '* -text -filter -ident -working-tree-encoding\n');
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
    throw new UserError(
      'folder-read-only',
      `Winnow could not record the code of the run: ${snapshots} cannot be written. Make the folder writable and run it again.`,
      { cause: error },
    );
  }
}

/** Made beside its place and moved there complete: a start that was cut off leaves nothing half. */
async function initSnapshots(git: Git, snapshots: string, signal?: AbortSignal): Promise<void> {
  mkdirSync(path.dirname(snapshots), { recursive: true });
  const made = mkdtempSync(`${snapshots}.new-`);
  try {
    const args = ['init', '--quiet', '--bare', '--template=', '--object-format=sha1'];
    await git.run({ folder: made }, args, {}, signal);
    appendFileSync(path.join(made, 'config'), CONFIG);
    rmSync(snapshots, { recursive: true, force: true });
    renameSync(made, snapshots);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

// Nothing is ever thrown away by itself, and names are kept that only another system would not take.
const CONFIG =
  '[gc]\n\tauto = 0\n[core]\n\tlogAllRefUpdates = false\n\tprotectNTFS = false\n\tprotectHFS = false\n';
const ATTRIBUTES = 'info/attributes';

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
