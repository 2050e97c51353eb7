import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import type * as z from 'zod/mini';
import { errorCode } from '../base/errors';

/**
 * Replaces a file's content all at once: whoever reads sees the old bytes or the new ones, also after a crash.
 * @param mode the permissions of the new file, 0600 unless said otherwise.
 */
export async function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const temporary = temporaryOf(file);
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'wx', mode);
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await rename(temporary, file);
  } catch (error) {
    await handle?.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * The same at once and without waiting for the disk, for what a script's start waits for: after a power cut the file
 * may be the old one, or empty. It is for what nobody asks for then, since no process outlives a power cut, or what
 * is forced to the disk a little later.
 */
export function writeFileNow(file: string, content: string | Uint8Array, mode = 0o600): void {
  const temporary = temporaryOf(file);
  try {
    writeFileSync(temporary, content, { flag: 'wx', mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Forces to the disk what `writeFileNow` wrote; a file that is gone needs no disk. */
export async function forceToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r').catch(() => null);
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}

function temporaryOf(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
}

/** Reads a JSON file through a schema. Null when it is missing, cut or not what the schema says. */
export async function readJson<Schema extends z.ZodMiniType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  try {
    return parsed(await readFile(file, 'utf8'), schema);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The same at once, for a process that has nothing else to do. */
export function readJsonNow<Schema extends z.ZodMiniType>(
  file: string,
  schema: Schema,
): z.output<Schema> | null {
  try {
    return parsed(readFileSync(file, 'utf8'), schema);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function parsed<Schema extends z.ZodMiniType>(text: string, schema: Schema): z.output<Schema> | null {
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    /* Cut or damaged: the same as none, whoever wrote it writes it again. */
    return null;
  }
}
