import { realpathSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors';
import { inTurn } from '../base/inTurn';
import { type BytePath, bytePath } from '../git/bytePath';
import { type Git, createGit } from '../git/git';
import type { FileEdit } from '../model/param';
import type { RunId, RunSnapshot } from '../model/run';
import type { FileState } from './fileStates';
import { readTree } from './readSnapshot';
import { blobId } from './scan';
import { TreeWriter } from './treeWriter';

export interface EditRequest {
  readonly snapshots: string;
  readonly runId: RunId;
  /** The snapshot of the user's files, as they are. */
  readonly snapshot: RunSnapshot;
  /** The top folder that it was taken of. */
  readonly top: string;
  /** The folder that the script runs in, which the edits' paths are relative to. */
  readonly folder: string;
  readonly edits: readonly FileEdit[];
  readonly signal?: AbortSignal;
  readonly git?: Git;
}

/**
 * The snapshot as a run has it whose files are changed for it alone: a commit with these contents, under the run's
 * name in the private repository. The user's files are not touched. Edits that change nothing give the same commit.
 * @throws UserError 'edit-outside' for a path that is not in the snapshot's folder.
 */
export async function editSnapshot(request: EditRequest): Promise<RunSnapshot> {
  const { snapshots, runId, snapshot, signal, git = createGit() } = request;
  return inTurn(snapshots, async () => {
    const known = await readTree(git, snapshots, snapshot.commit, signal);
    const contents = new Map<BytePath, Buffer>();
    for (const { path: file, content } of request.edits) {
      const at = placeOf(request, file);
      const bytes = Buffer.from(content, 'utf8');
      if (known.get(at)?.id === blobId(bytes)) contents.delete(at);
      else contents.set(at, bytes);
    }
    if (contents.size === 0) return snapshot;
    const [tree, message] = await Promise.all([
      say(['rev-parse', '--verify', `${snapshot.commit}^{tree}`]),
      say(['log', '-1', '--format=%B', snapshot.commit]),
    ]);
    const writer = new TreeWriter(git, snapshots, signal);
    try {
      const set = new Map<BytePath, FileState>();
      for (const [at, bytes] of contents) {
        await writer.addContent(bytes);
        const mode = known.get(at)?.mode === '100755' ? '100755' : '100644';
        set.set(at, { stamp: '', racy: true, mode, id: blobId(bytes) });
      }
      const { commit } = await writer.commit({
        ...{ from: tree, deleted: [], set, message },
        ref: `refs/winnow/runs/${runId}`,
        atSeconds: Math.floor(Date.now() / 1000),
      });
      const added = [...contents.keys()].filter((at) => !known.has(at)).length;
      return { ...snapshot, commit, dirty: true, fileCount: snapshot.fileCount + added };
    } finally {
      await writer.dispose();
    }
  });

  async function say(args: readonly string[]): Promise<string> {
    return (await git.run({ gitDirectory: snapshots }, args, {}, signal)).stdout.toString('utf8').trimEnd();
  }
}

/** The path of an edit within the snapshot. */
function placeOf({ top, folder }: EditRequest, file: string): BytePath {
  const relative = path.relative(top, path.resolve(realpathSync(folder), file));
  if (
    relative === '' ||
    relative.startsWith('..') ||
    path.isAbsolute(relative) ||
    relative.startsWith('.git/')
  ) {
    throw new UserError(
      'edit-outside',
      `${file} cannot be changed for one run: it does not lie in ${top}, which the run gets a copy of.`,
    );
  }
  return bytePath(relative);
}
