import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ScriptFiles } from './params';

const MOST_BYTES = 4_000_000; // What is longer is data, and reading it would hold up whoever asks.

/** The files of a folder as they lie on the disk, for readers of params. */
export function filesOnDisk(folder: string): ScriptFiles {
  return {
    async read(relativePath) {
      try {
        const file = path.join(folder, relativePath);
        const { size } = await stat(file);
        return size > MOST_BYTES ? null : await readFile(file, 'utf8');
      } catch {
        /* Not there or closed to us: nothing is known of it. */
        return null;
      }
    },
    async list(relativeFolder) {
      try {
        return await readdir(path.join(folder, relativeFolder));
      } catch {
        /* Not there: it has no names. */
        return [];
      }
    },
  };
}
