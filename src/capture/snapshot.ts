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
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError, errorCode } from '../base/errors';
import { inTurn } from '../base/inTurn';
import type { BytePath } from '../git/bytePath';
import { type Git, GitFailure, createGit } from '../git/git';
import type { RunId, RunSnapshot } from '../model/run';
import {
  type FileState,
  type FileStates,
  diskClockNs,
  forgetStates,
  loadStates,
  saveStates,
} from './fileStates';
import { MAX_FILE_BYTES, type Seen, lookAhead, scanFiles } from './scan';
import { hasLooseObject, syncObjects, writeRef, writeSmallChange } from './looseObjects';
import { TreeWriter } from './treeWriter';
import { type WorkingFiles, listWorkingFiles } from './workingFiles';

export { compareSnapshot } from './compareSnapshot';
export { makeCheckout, topOf } from './checkout';
export { editSnapshot } from './editSnapshot';
export { hashLeftOut } from './hashLeftOut';
export { listSnapshot, readSnapshotFile } from './readSnapshot';

export interface SnapshotRequest {
  /** Where the run starts; the snapshot is of the whole repository that it is in. */
  readonly folder: string;
  /** The private repository, made when there is none. */
  readonly snapshots: string;
  readonly runId: RunId;
  /** Which start of the run; the first when absent. The code of each is kept. */
  readonly attempt?: number;
  /** Larger files are named and left out. */
  readonly maxFileBytes?: number;
  /**
   * Called once when the code is kept: nothing of the snapshot depends on the files from then on, and a script
   * may start to change them. How the code stands to the user's commits is still being found out.
   */
  readonly onKept?: () => void;
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
  const creating = createSnapshots(git, snapshots, signal);
  const listing = listWorkingFiles(git, folder, signal);
  const [created, looked] = await Promise.allSettled([creating, creating.then(() => begin(request))]);
  const [working] = await Promise.allSettled([listing]);
  if (working.status === 'rejected') throw working.reason;
  if (created.status === 'rejected') throw created.reason;
  if (looked.status === 'rejected') throw looked.reason;
  return store(request, git, working.value, looked.value);
}

interface Begun {
  /** The disk's clock before the first file was looked at. */
  readonly nowNs: bigint;
  readonly states: FileStates;
  readonly seen: Seen | undefined;
}

/** Looks at what the snapshot before had, while git lists what there is now. */
async function begin({ snapshots, signal }: SnapshotRequest): Promise<Begun> {
  const nowNs = diskClockNs(snapshots);
  const states = loadStates(snapshots);
  const top = states.commit === null ? null : topOf(states.commit.about);
  const seen = top === null ? undefined : await lookAhead(top, states.files.keys(), signal);
  return { nowNs, states, seen };
}

async function store(
  request: SnapshotRequest,
  git: Git,
  working: WorkingFiles,
  { nowNs, states, seen }: Begun,
): Promise<RunSnapshot> {
  const { snapshots, runId, maxFileBytes = MAX_FILE_BYTES, onKept, signal } = request;
  const contents = new NewContents(new TreeWriter(git, snapshots, signal));
  try {
    const onContent = (id: string, content: Buffer) => contents.add(id, content);
    const scan = await scanFiles({ working, states, nowNs, maxFileBytes, seen, onContent, signal });
    const change = changeOf(states.files, scan.files);
    const about = describe(working.top);
    const ref = refOf(runId, request.attempt);
    const same = states.tree !== null && change.set.size === 0 && change.deleted.length === 0;
    const before = same && states.commit?.about === about ? states.commit.id : null;
    let commit = before;
    let { tree } = states;
    let written: readonly string[] = [];
    if (commit !== null) {
      await nameCommit(git, snapshots, ref, commit, signal);
    } else {
      const atSeconds = Math.floor(Date.now() / 1000);
      const small = contents.small;
      if (small !== null && tree !== null && hasLooseObject(snapshots, tree)) {
        const made = writeSmallChange({
          ...{ snapshots, before: states.files, files: scan.files, contents: small },
          ...{ message: about, atSeconds },
        });
        ({ commit, tree, written } = made);
        await nameCommit(git, snapshots, ref, commit, signal);
      } else {
        const writer = await contents.writer();
        ({ commit, tree } = await writer.commit({ from: tree, ...change, ref, message: about, atSeconds }));
      }
    }
    onKept?.();
    // The script may start: a turn for whoever waits to say so.
    await nextTurn();
    const standing = await working.readStanding(scan.files);
    if (!same || change.touched || before === null) {
      syncObjects(written);
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
    await contents.dispose();
  }
}

async function nameCommit(git: Git, snapshots: string, ref: string, commit: string, signal?: AbortSignal) {
  if (writeRef(snapshots, ref, commit)) return;
  await git.run({ gitDirectory: snapshots }, ['update-ref', ref, commit], {}, signal);
}

// As many as git itself keeps as single objects (fastimport.unpackLimit); more make a pack.
const MAX_SMALL_FILES = 100;
const MAX_SMALL_BYTES = 4 * 1024 * 1024;

/** Contents that are new: few are held, many go to git as they come. */
class NewContents {
  private held: Map<string, Buffer> | null = new Map();
  private bytes = 0;

  constructor(private readonly tree: TreeWriter) {}

  /** All of them, or null when they were too many to hold. */
  get small(): ReadonlyMap<string, Buffer> | null {
    return this.held;
  }

  async add(id: string, content: Buffer): Promise<void> {
    if (this.held === null) return this.tree.addContent(content);
    this.held.set(id, content);
    this.bytes += content.length;
    if (this.held.size > MAX_SMALL_FILES || this.bytes > MAX_SMALL_BYTES) await this.writer();
  }

  /** The git that has all of them. */
  async writer(): Promise<TreeWriter> {
    const held = this.held ?? [];
    this.held = null;
    for (const [, content] of held) await this.tree.addContent(content);
    return this.tree;
  }

  dispose(): Promise<void> {
    return this.tree.dispose();
  }
}

/** Names a snapshot that is there for another run, which runs the same code again. */
export async function shareSnapshot(snapshots: string, runId: RunId, commit: string, signal?: AbortSignal) {
  await ownGit.run({ gitDirectory: snapshots }, ['update-ref', refOf(runId), commit], {}, signal);
}

/** Where the snapshot of a run, or of a later attempt of it, is named in the private repository. */
export function refOf(runId: RunId, attempt = 1): string {
  return attempt === 1 ? `refs/winnow/runs/${runId}` : `refs/winnow/attempts/${runId}/${attempt}`;
}

const ownGit = createGit();

/** What the commit says besides its files: which folder its paths belong to. */
function describe(top: string): string {
  return `Snapshot\n\nWinnow-Top: ${JSON.stringify(top)}\n`;
}

/** The folder that a commit's message names, or null. */
function topOf(message: string): string | null {
  const top: unknown = JSON.parse(/^Winnow-Top: (".*")$/m.exec(message)?.[1] ?? 'null');
  return typeof top === 'string' ? top : null;
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
