import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { errorCode } from '../base/errors';
import { type BytePath, bytePath, inFolder } from '../git/bytePath';
import { type Git, createGit } from '../git/git';
import type { LeftOutFile } from '../model/run';
import { findTop } from './compareSnapshot';
import { loadStates, saveStates, stampOf } from './fileStates';

export interface HashRequest {
  /** The folder that the run started in. */
  readonly folder: string;
  readonly snapshots: string;
  readonly leftOut: readonly LeftOutFile[];
  readonly signal?: AbortSignal;
  readonly git?: Git;
}

/**
 * Fills in the hashes of files that were too large for a snapshot; to be called once the run has started. A
 * file that was hashed before and has the same size, times and inode is not read again. One that has another
 * size by now, changes meanwhile or cannot be read keeps null.
 */
export async function hashLeftOut(request: HashRequest): Promise<readonly LeftOutFile[]> {
  const { snapshots, leftOut, signal } = request;
  if (!leftOut.some(isWanted)) return leftOut;
  const top = await findTop(request.folder, request.git ?? createGit(), signal);
  const found = new Map<BytePath, { stamp: string; sha256: string }>();
  const result: LeftOutFile[] = [];
  for (const file of leftOut) {
    const hashed = isWanted(file) ? await hashFile(inFolder(top, bytePath(file.path)), file, signal) : null;
    if (hashed !== null) found.set(bytePath(file.path), hashed);
    result.push(hashed === null ? file : { ...file, sha256: hashed.sha256 });
  }
  const states = loadStates(snapshots);
  const large = new Map(states.large);
  for (const [path, hashed] of found) large.set(path, hashed);
  saveStates(snapshots, { ...states, large });
  return result;
}

function isWanted(file: LeftOutFile): boolean {
  return file.why === 'too large' && file.sha256 === null;
}

async function hashFile(
  path: string | Buffer,
  file: LeftOutFile,
  signal?: AbortSignal,
): Promise<{ stamp: string; sha256: string } | null> {
  try {
    const before = await lstat(path, { bigint: true });
    if (!before.isFile() || Number(before.size) !== file.sizeBytes) return null;
    await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream({
      autoClose: false,
      signal,
      highWaterMark: 1024 * 1024,
    })) {
      hash.update(chunk);
    }
    const stamp = stampOf(await handle.stat({ bigint: true }));
    return stamp === stampOf(before) ? { stamp, sha256: hash.digest('hex') } : null;
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
      case 'EACCES':
      case 'EPERM':
      case 'ELOOP':
        return null; // Gone or closed since: its name and size stay.
      default:
        throw error;
    }
  }
}
