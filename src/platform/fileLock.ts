import { randomBytes } from 'node:crypto';
import { linkSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { delay } from '../base/abort';
import { errorCode } from '../base/errors';
import { lifeOf, ownIdentity, processIdentity } from './identity';

const POLL_MS = 15; // Short against the 100 ms that a server needs to start; a poll is one read of a small file.

/**
 * Does `work` while no other process does work under the same lock file, and gives the lock back at the end.
 * A lock whose holder is gone does not count. While it waits, `instead` is asked now and then; an answer of
 * it ends the waiting and is returned.
 * @throws the signal's reason when it is aborted while waiting.
 */
export async function withFileLock<T>(
  file: string,
  work: () => Promise<T>,
  instead: () => Promise<T | null>,
  signal: AbortSignal,
): Promise<T> {
  // Linked into place with its content, so that nobody ever reads a lock without a holder.
  const own = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(own, JSON.stringify(await ownIdentity()), { mode: 0o600, flag: 'wx' });
  try {
    while (!take(own, file)) {
      signal.throwIfAborted();
      const answer = await instead();
      if (answer !== null) return answer;
      await removeIfStale(file);
      await delay(POLL_MS, signal);
    }
    try {
      return await work();
    } finally {
      await rm(file, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** At once: what holds the lock usually starts a script that somebody waits for. */
function take(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfStale(file: string): Promise<void> {
  if (!(await isStale(file))) return;
  // Moved away before it is judged again: a lock that somebody took in the meantime is put back.
  const aside = `${file}.stale.${randomBytes(6).toString('hex')}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (!(await isStale(aside))) take(aside, file);
  await rm(aside, { force: true });
}

async function isStale(file: string): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  try {
    return (await lifeOf(processIdentity.parse(JSON.parse(text)))) === 'gone';
  } catch {
    /* Damaged: no Winnow wrote it like that. */
    return true;
  }
}
