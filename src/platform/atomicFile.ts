import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import type * as z from 'zod/mini';
import { errorCode } from '../base/errors';

/**
 * Replaces a file's content all at once: whoever reads sees the old bytes or the new ones, also after a crash.
 * @param mode the permissions of the new file, 0600 unless said otherwise.
 */
export function writeFileAtomic(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  return replaceFile(file, content, mode, (handle) => handle.sync());
}

/**
 * The same without waiting for the disk: after a power cut the file may be the old one, or empty. For what nobody
 * asks for then, since no process outlives a power cut.
 */
export function writeFileSoon(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  return replaceFile(file, content, mode, () => Promise.resolve());
}

async function replaceFile(
  file: string,
  content: string | Uint8Array,
  mode: number,
  force: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(6).toString('hex')}`,
  );
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'wx', mode);
    await handle.writeFile(content);
    await force(handle);
    await handle.close();
    handle = undefined;
    await rename(temporary, file);
  } catch (error) {
    await handle?.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Reads a JSON file through a schema. Null when it is missing, cut or not what the schema says. */
export async function readJson<Schema extends z.ZodMiniType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    /* Cut or damaged: the same as none, whoever wrote it writes it again. */
    return null;
  }
}
