import { randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, opendir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../base/errors';
import { RequestError } from './failures';
import { isTraversal } from './gate';

export interface ArtifactEntry {
  /** The name within its folder. */
  readonly name: string;
  readonly isDirectory: boolean;
  readonly sizeBytes: number;
}

/** The files of runs, below one folder. Paths are relative, with '/', and were decoded once. */
export interface Artifacts {
  /** Entries of a folder by name; none when it does not exist. */
  list(relative: string): Promise<ArtifactEntry[]>;
  /** @throws RequestError 404 when there is no such file. */
  read(relative: string): Promise<{ stream: Readable; sizeBytes: number }>;
  /** Streams into a temporary file and puts it in place at once: the last complete upload wins. */
  write(relative: string, body: Readable | null, signal?: AbortSignal): Promise<void>;
  /** Removes a file or a folder; nothing happens when it does not exist. */
  remove(relative: string): Promise<void>;
}

const MOST_ENTRIES = 50_000; // A folder with more is listed in part: the answer must stay a few megabytes.

export function createArtifacts(root: string): Artifacts {
  const incoming = path.join(root, '.incoming');

  /** The absolute path, with every existing part of it proved to lie below the root, links followed. */
  async function located(relative: string): Promise<string> {
    const target = path.join(root, checkedPath(relative));
    await mkdir(root, { recursive: true, mode: 0o700 });
    await prove(target);
    return target;
  }

  async function prove(target: string): Promise<void> {
    const realRoot = await realpath(root);
    for (let existing = target; ; existing = path.dirname(existing)) {
      const real = await realpath(existing).catch(() => null);
      if (real === null) continue;
      const inside = path.relative(realRoot, real);
      if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside))
        throw invalidPath();
      return;
    }
  }

  return {
    async list(relative) {
      const directory = relative === '' ? root : await located(relative);
      const entries: ArtifactEntry[] = [];
      try {
        for await (const entry of await opendir(directory)) {
          if (entry.name === '.incoming' || !(entry.isFile() || entry.isDirectory())) continue;
          const isDirectory = entry.isDirectory();
          const size = isDirectory ? 0 : (await stat(path.join(directory, entry.name))).size;
          entries.push({ name: entry.name, isDirectory, sizeBytes: size });
          if (entries.length >= MOST_ENTRIES) break;
        }
      } catch (error) {
        if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
      }
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    async read(relative) {
      const file = await located(relative);
      try {
        const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
        const found = await handle.stat();
        if (!found.isFile()) {
          await handle.close();
          throw missing(relative);
        }
        return { stream: createReadStream(file, { fd: handle }), sizeBytes: found.size };
      } catch (error) {
        if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR'].includes(errorCode(error) ?? ''))
          throw missing(relative);
        throw error;
      }
    },

    async write(relative, body, signal) {
      const target = await located(relative);
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      const temporary = path.join(incoming, randomBytes(12).toString('hex'));
      const handle = await open(temporary, 'wx', 0o600);
      try {
        if (body === null) await handle.close();
        else await pipeline(body, handle.createWriteStream(), { signal });
        await mkdir(path.dirname(target), { recursive: true });
        await prove(path.dirname(target)); // Again: a folder may have become a link meanwhile.
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        if (['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'ENAMETOOLONG'].includes(errorCode(error) ?? '')) {
          throw new RequestError(
            'INVALID_PARAMETER_VALUE',
            `The artifact ${relative} cannot be stored: a folder or a file is in its place, or its name is too long.`,
            { cause: error },
          );
        }
        throw error;
      }
    },

    async remove(relative) {
      await rm(await located(relative), { recursive: true, force: true });
    },
  };
}

const DEVICE_NAMES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/**
 * A path that a client named, checked: relative, no empty, climbing or hidden part in any encoding, nothing
 * that means something else on another system.
 * @throws RequestError 400 'Invalid path'.
 */
export function checkedPath(relative: string): string {
  const parts = relative.replace(/\/$/, '').split('/');
  const bad =
    /\p{Surrogate}/u.test(relative) ||
    isTraversal(encodeURI(relative)) ||
    relative.length > 4096 ||
    /^[A-Za-z]:/.test(relative) ||
    /[\\?#]/.test(relative) ||
    hasControl(relative) ||
    parts.some(
      (part) =>
        part === '' ||
        /^[A-Za-z]:$/.test(part) ||
        /[. ]$/.test(part) ||
        DEVICE_NAMES.test(part) ||
        part === '.incoming',
    );
  if (bad) throw invalidPath();
  return parts.join('/');
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32) return true;
  return false;
}

function invalidPath(): RequestError {
  return new RequestError('INVALID_PARAMETER_VALUE', 'Invalid path');
}

function missing(relative: string): RequestError {
  return new RequestError('RESOURCE_DOES_NOT_EXIST', `No such artifact: '${relative}'`);
}
