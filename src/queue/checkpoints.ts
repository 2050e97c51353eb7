import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Checkpoint {
  /** Absolute. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly writtenAt: number;
}

const FILE = /\.(ckpt|pt|pth|keras)$/;
const FOLDER = /^checkpoint-\d+$/; // As Hugging Face's Trainer names them; each is one checkpoint.
const LEFT_OUT = new Set([
  '.git',
  '.venv',
  'venv',
  'node_modules',
  '__pycache__',
  '.winnow',
  'site-packages',
]);
const MOST_ENTRIES = 50_000; // A folder of images must not keep a person waiting: a look takes a second then.

/**
 * The newest checkpoint below the folders that was written since an instant, by its name and its time; null when
 * there is none. What cannot be read is passed over.
 */
export async function newestCheckpoint(
  folders: readonly string[],
  since: number,
): Promise<Checkpoint | null> {
  let newest: Checkpoint | null = null;
  let left = MOST_ENTRIES;
  const waiting = [...folders];
  for (const folder of waiting) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (--left < 0) return newest;
      const file = path.join(folder, entry.name);
      const isCheckpoint = entry.isDirectory()
        ? FOLDER.test(entry.name)
        : entry.isFile() && FILE.test(entry.name);
      if (isCheckpoint) newest = await newer(newest, file, since);
      else if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) waiting.push(file);
    }
  }
  return newest;
}

async function newer(best: Checkpoint | null, file: string, since: number): Promise<Checkpoint | null> {
  const found = await stat(file).catch(() => null);
  if (found === null || found.mtimeMs < since) return best;
  return best === null || found.mtimeMs > best.writtenAt ? { path: file, writtenAt: found.mtimeMs } : best;
}
