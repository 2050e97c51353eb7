import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { opendir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { UserError, errorCode } from '../base/errors';
import { INCOMING, checkedPath, invalidPath } from './artifactPath';
import { RequestError } from './failures';
import { SMALL_BYTES, receive } from './upload';

export interface ArtifactEntry {
  /** The name within its folder. */
  readonly name: string;
  readonly isDirectory: boolean;
  /** 0 for a folder. */
  readonly sizeBytes: number;
}

/** An open file: whoever asked for it closes the descriptor. It stays what it was when a newer one takes its place. */
export interface OpenArtifact {
  readonly fd: number;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

/** The files of runs, below one folder. Paths are relative, with '/', and were decoded once. */
export interface Artifacts {
  /**
   * Entries of a folder by name, links and their like left out; none when there is no such folder.
   * @param page which of them; all without it.
   * @throws RequestError 400 when the folder has more entries than can be listed.
   */
  list(relative: string, page?: { offset: number; limit: number }): Promise<ArtifactPage>;
  /** @throws RequestError 404 when there is no such file. */
  open(relative: string): OpenArtifact;
  /**
   * Streams into a temporary file and puts it in place at once: the last complete upload wins.
   * @param body null for an empty file.
   * @param expectedBytes what is known of its size: a disk without that much room is not filled in vain.
   */
  write(relative: string, body: Readable | null, expectedBytes?: number): Promise<void>;
  /** Removes a file or a folder; nothing happens when it does not exist. */
  remove(relative: string): Promise<void>;
}

export interface ArtifactPage {
  readonly entries: ArtifactEntry[];
  readonly hasMore: boolean;
}

const MOST_ENTRIES = 500_000; // Their names take some 50 MB while they are listed.
const LONGEST_PATH = 4000; // In bytes; Linux takes 4096.
const STATS_A_TURN = 256; // About a millisecond: other requests come in between.

/**
 * The artifacts below `root`, which need not exist yet. What a server that was killed left of uploads is removed.
 *
 * What costs microseconds (looking at folders, opening, renaming, writing what is small) is done at once: by way of
 * Node's threads it takes four times the processor time, and training scripts log thousands of small files. What may
 * take longer is not waited for.
 *
 * Files are not flushed to the disk. The kernel has them when an upload is answered, so that no end of this process
 * loses one; a power cut may lose those of the last half minute. A flush takes 2 to 4 ms, longer than the whole
 * upload of a small file.
 */
export function createArtifacts(root: string): Artifacts {
  const incoming = path.join(root, INCOMING);
  try {
    rmSync(incoming, { recursive: true, force: true });
  } catch {
    /* A disk that cannot be written: nothing is uploaded either. */
  }

  /**
   * The absolute path of a checked one, with no link on the way: a link below the root leads where the server must
   * not write, whoever made it.
   * @throws RequestError 400, UserError 'artifacts-elsewhere'.
   */
  function located(relative: string): string {
    if (lstatSync(root, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new UserError(
        'artifacts-elsewhere',
        `${root} is a link, and artifacts are kept in the workspace only. Put a folder in its place.`,
      );
    }
    const target = path.join(root, relative);
    if (Buffer.byteLength(target) > LONGEST_PATH) throw invalidPath();
    let directory = root;
    for (const part of relative.split('/').slice(0, -1)) {
      directory = path.join(directory, part);
      const found = lstatSync(directory, { throwIfNoEntry: false });
      if (found?.isSymbolicLink() === true) throw invalidPath();
      if (found?.isDirectory() !== true) break;
    }
    return target;
  }

  return {
    async list(relative, page) {
      const checked = relative === '' ? '' : checkedPath(relative);
      const directory = located(`${checked}/`); // The folder itself must be no link either.
      const found = await namesIn(directory);
      found.sort((a, b) => (a.name < b.name ? -1 : 1));
      const chosen = page === undefined ? found : found.slice(page.offset, page.offset + page.limit);
      const entries = await withSizes(directory, chosen);
      return { entries, hasMore: page !== undefined && page.offset + page.limit < found.length };
    },

    open(relative) {
      const file = located(checkedPath(relative));
      let fd: number;
      try {
        fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      } catch (error) {
        if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO'].includes(errorCode(error) ?? '')) {
          throw missing(relative);
        }
        throw error;
      }
      const { size, mtimeMs, isFile } = statOf(fd);
      if (isFile) return { fd, sizeBytes: size, modifiedAt: mtimeMs };
      closeSync(fd);
      throw missing(relative);
    },

    async write(relative, body, expectedBytes = 0) {
      const checked = checkedPath(relative);
      located(checked); // Refused before anything of the body is read, if it must be.
      const temporary = path.join(incoming, randomBytes(12).toString('hex'));
      let fd: number | null = null;
      const sink = {
        open() {
          if (fd !== null) return fd;
          mkdirSync(incoming, { recursive: true, mode: 0o700 });
          needRoom(incoming, expectedBytes);
          fd = openSync(temporary, 'wx', 0o600);
          return fd;
        },
      };
      try {
        const rest = body === null ? [] : await receive(body, sink);
        writeRest(sink.open(), rest);
        closeSync(sink.open());
        fd = null;
        const target = located(checked); // Again: a folder may have become a link meanwhile.
        mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
        renameSync(temporary, target);
      } catch (error) {
        if (fd !== null) closeSync(fd);
        await rm(temporary, { force: true });
        throw takenPlace(relative, error);
      }
    },

    async remove(relative) {
      await rm(located(checkedPath(relative)), { recursive: true, force: true });
    },
  };
}

interface Named {
  readonly name: string;
  readonly isDirectory: boolean;
}

async function namesIn(directory: string): Promise<Named[]> {
  const found: Named[] = [];
  try {
    for await (const entry of await opendir(directory, { bufferSize: 1024 })) {
      const isDirectory = entry.isDirectory();
      if (entry.name === INCOMING || !(isDirectory || entry.isFile())) continue;
      found.push({ name: entry.name, isDirectory });
      if (found.length > MOST_ENTRIES) {
        throw new RequestError(
          'INVALID_PARAMETER_VALUE',
          `The folder has more than ${MOST_ENTRIES} entries, which is more than can be listed. Name one of its folders.`,
        );
      }
    }
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
  }
  return found;
}

async function withSizes(directory: string, named: readonly Named[]): Promise<ArtifactEntry[]> {
  const entries: ArtifactEntry[] = [];
  for (const [i, { name, isDirectory }] of named.entries()) {
    if (i > 0 && i % STATS_A_TURN === 0) await new Promise(setImmediate);
    const size = isDirectory ? 0 : lstatSync(path.join(directory, name), { throwIfNoEntry: false })?.size;
    if (size !== undefined) entries.push({ name, isDirectory, sizeBytes: size });
  }
  return entries;
}

function statOf(fd: number): { size: number; mtimeMs: number; isFile: boolean } {
  const found = fstatSync(fd);
  return { size: found.size, mtimeMs: Math.floor(found.mtimeMs), isFile: found.isFile() };
}

/** What is left of a body when it has ended: little. */
function writeRest(fd: number, chunks: readonly Buffer[]): void {
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
  }
}

/** @throws Error ENOSPC when the disk has not that much room: a full one stops more than this upload. */
function needRoom(directory: string, bytes: number): void {
  if (bytes <= SMALL_BYTES) return;
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize >= bytes) return;
  throw Object.assign(new Error(`the artifact has ${bytes} bytes and the disk room for ${bavail * bsize}`), {
    code: 'ENOSPC',
  });
}

/** An error of putting a file in place, as what it means for who sent it. */
function takenPlace(relative: string, error: unknown): unknown {
  if (!['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'ENAMETOOLONG'].includes(errorCode(error) ?? '')) {
    return error;
  }
  return new RequestError(
    'INVALID_PARAMETER_VALUE',
    `The artifact ${relative} cannot be stored: a folder or a file is in its place, or its name is too long.`,
    { cause: error },
  );
}

function missing(relative: string): RequestError {
  return new RequestError('RESOURCE_DOES_NOT_EXIST', `No such artifact: '${relative}'`);
}
