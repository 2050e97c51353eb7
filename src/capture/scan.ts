import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  readlinkSync,
} from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode } from '../base/errors';
import { type BytePath, inFolder, parentOf, pathText } from '../git/bytePath';
import type { LeftOutFile } from '../model/run';
import { type FileMode, type FileState, type FileStates, isRacy, stampOf } from './fileStates';
import type { WorkingFiles } from './workingFiles';

// Code is smaller and data is larger; each snapshot with a new version of a file keeps a copy of it.
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** What lies in the folder now. */
export interface Scan {
  readonly files: ReadonlyMap<BytePath, FileState>;
  readonly leftOut: readonly LeftOutFile[];
}

export interface ScanRequest {
  readonly working: WorkingFiles;
  readonly states: FileStates;
  /** The disk's clock before the first file was looked at. */
  readonly nowNs: bigint;
  readonly maxFileBytes: number;
  /** What was seen of files already since `nowNs`, see `lookAhead`. */
  readonly seen?: Seen;
  /** Takes the content of a file that is not in the states as it is now. Awaited, one at a time. */
  readonly onContent: (id: string, content: Buffer) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

/**
 * Looks at every file, and reads those whose state is not known. A file that vanishes meanwhile is not in the
 * result; one that is being written is taken as it was at some moment of the reading.
 */
export async function scanFiles(request: ScanRequest): Promise<Scan> {
  const { working, signal } = request;
  const files = new Map<BytePath, FileState>();
  const leftOut: LeftOutFile[] = working.unreadable.map((path) => leave(path, 'unreadable', null, null));
  const isRealFolder = realFolders(working.top);
  let count = 0;
  for (let paths = working.paths; paths.length > 0;) {
    const folders: BytePath[] = [];
    for (const path of paths) {
      if (++count % TURN === 0) await nextTurn(undefined, { signal });
      // Behind a folder that became a link since it was tracked lies something else.
      if (files.has(path) || !isRealFolder(parentOf(path))) continue;
      const found = await scanFile(request, path);
      if (found === 'folder') folders.push(path);
      else if (found !== 'gone' && 'why' in found) leftOut.push(found);
      else if (found !== 'gone') files.set(path, found);
    }
    const entered = await Promise.all(folders.map(working.enter));
    for (const { unreadable } of entered) {
      leftOut.push(...unreadable.map((path) => leave(path, 'unreadable', null, null)));
    }
    paths = entered.flatMap((found) => found.paths);
  }
  return { files, leftOut };
}

/** The state of one file, with its content given to `onContent` when that is new. */
async function scanFile(
  { working, states, nowNs, maxFileBytes, seen, onContent }: ScanRequest,
  path: BytePath,
): Promise<FileState | LeftOutFile | 'gone' | 'folder'> {
  const file = inFolder(working.top, path);
  const stats = (seen?.top === working.top ? seen.stats.get(path) : undefined) ?? look(file);
  if (stats === 'unreadable') return leave(path, 'unreadable', null, null);
  if (stats === null) return 'gone';
  if (stats.isDirectory()) return 'folder';
  if (!stats.isFile() && !stats.isSymbolicLink()) return leave(path, 'not a regular file', null, null);
  const stamp = stampOf(stats);
  if (stats.isFile() && stats.size > BigInt(maxFileBytes)) {
    const large = states.large.get(path);
    return leave(path, 'too large', Number(stats.size), large?.stamp === stamp ? large.sha256 : null);
  }
  const known = states.files.get(path);
  if (known !== undefined && known.stamp === stamp && !known.racy) return known;
  const content = readContent(file, stats, maxFileBytes);
  if (content === 'gone') return content;
  if (content === 'too large' || content === 'unreadable' || content === 'not a regular file') {
    return leave(path, content, Number(stats.size), null);
  }
  const id = blobId(content.bytes);
  if (known?.id !== id) await onContent(id, content.bytes);
  // Changed while it was read: the content is kept, its times are not trusted.
  const settled = content.stamp === stamp;
  return { stamp, racy: !settled || isRacy(stats, nowNs), mode: modeOf(stats), id };
}

/** Files that were looked at before it was known which belong to the code. */
export interface Seen {
  readonly top: string;
  readonly stats: ReadonlyMap<BytePath, BigIntStats>;
}

/** Looks at the files of the snapshot before, while git still lists which there are. */
export async function lookAhead(top: string, paths: Iterable<BytePath>, signal?: AbortSignal): Promise<Seen> {
  const stats = new Map<BytePath, BigIntStats>();
  let count = 0;
  for (const path of paths) {
    if (++count % TURN === 0) await nextTurn(undefined, { signal });
    const seen = look(inFolder(top, path));
    if (seen !== null && seen !== 'unreadable') stats.set(path, seen);
  }
  return { top, stats };
}

/** The name that git gives a content, with SHA-1. */
export function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

const TURN = 250; // Files between two turns of the event loop: about 3 ms when none has to be read.

function leave(
  path: BytePath,
  why: LeftOutFile['why'],
  sizeBytes: number | null,
  sha256: string | null,
): LeftOutFile {
  return { path: pathText(path), why, sizeBytes, sha256 };
}

/** Tells whether a folder below `top` and all its parents are folders and no links; asks the disk once each. */
function realFolders(top: string): (folder: BytePath) => boolean {
  const known = new Map<BytePath, boolean>();
  const ask = (folder: BytePath): boolean => {
    if (folder === '') return true;
    let answer = known.get(folder);
    if (answer === undefined) {
      const stats = look(inFolder(top, folder));
      answer = ask(parentOf(folder)) && (stats === 'unreadable' || (stats?.isDirectory() ?? false));
      known.set(folder, answer);
    }
    return answer;
  };
  return ask;
}

function look(file: string | Buffer): BigIntStats | null | 'unreadable' {
  try {
    return lstatSync(file, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        return null;
      default:
        return 'unreadable';
    }
  }
}

function modeOf(stats: BigIntStats): FileMode {
  if (stats.isSymbolicLink()) return '120000';
  return (stats.mode & 0o100n) === 0n ? '100644' : '100755';
}

type Content = { readonly bytes: Buffer; readonly stamp: string } | 'gone' | LeftOutFile['why'];

function readContent(file: string | Buffer, stats: BigIntStats, maxFileBytes: number): Content {
  try {
    if (stats.isSymbolicLink())
      return { bytes: readlinkSync(file, { encoding: 'buffer' }), stamp: stampOf(stats) };
    // Neither following a link nor waiting at a pipe that took the file's place a moment ago.
    const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!fstatSync(handle).isFile()) return 'not a regular file';
      const bytes = readUpTo(handle, maxFileBytes, Number(stats.size));
      return bytes === null ? 'too large' : { bytes, stamp: stampOf(fstatSync(handle, { bigint: true })) };
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

/** The whole content, or null when it grew over the limit meanwhile. */
function readUpTo(handle: number, maxBytes: number, expected: number): Buffer | null {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    // One byte more than expected, so that the usual file is read and its end seen at once.
    const chunk = Buffer.allocUnsafe(Math.max(expected + 1 - size, 64 * 1024 * (size > expected ? 1 : 0), 1));
    const read = readSync(handle, chunk, 0, chunk.length, null);
    if (read === 0) return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    size += read;
    if (size > maxBytes) return null;
    chunks.push(chunk.subarray(0, read));
  }
}
