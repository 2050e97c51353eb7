import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../base/errors';
import type { OpenedFile } from '../model/openedFile';

type Digest = Pick<OpenedFile, 'digest' | 'problem'>;

const MOST_KNOWN = 2_000;
const MOST_NAMES = 100_000; // A folder of a million images is told by those.
const known = new Map<string, string>();

/**
 * The SHA-256 of what a script opened: of a file's content as long as it is the one that was opened, of the names
 * and sizes of all files of a folder. A file that was hashed before and has the same size, times and inode is not
 * read again.
 */
export async function digestOf(file: OpenedFile): Promise<Digest> {
  try {
    return file.isFolder
      ? { digest: await digestOfFolder(file.path), problem: null }
      : await digestOfFile(file);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return problem('It is not there any more.');
    if (code === undefined) throw error;
    return problem(`It cannot be read any more (${code}).`);
  }
}

const problem = (sentence: string): Digest => ({ digest: null, problem: sentence });
const CHANGED = 'It was changed after the script had opened it.';

async function digestOfFile(file: OpenedFile): Promise<Digest> {
  await using handle = await open(file.path, 'r');
  const before = await handle.stat();
  if (!before.isFile()) return problem('It is no regular file.');
  if (before.size !== file.sizeBytes || Math.trunc(before.mtimeMs) !== file.modifiedAt)
    return problem(CHANGED);
  const key = [file.path, before.dev, before.ino, before.size, before.mtimeMs, before.ctimeMs].join(':');
  const remembered = known.get(key);
  if (remembered !== undefined) return { digest: remembered, problem: null };

  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) {
    hash.update(chunk);
  }
  const after = await stat(file.path);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) return problem(CHANGED);
  const digest = hash.digest('hex');
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, digest);
  return { digest, problem: null };
}

async function digestOfFolder(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).sort().slice(0, MOST_NAMES);
  const hash = createHash('sha256');
  for (const name of names) {
    const found = await stat(path.join(folder, name)).catch(() => null); // It went between the two questions.
    if (found?.isFile() === true) hash.update(`${name}\0${found.size}\n`);
  }
  return hash.digest('hex');
}
