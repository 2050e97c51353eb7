import { readJson } from '../platform/atomicFile';
import { withFileLock } from '../platform/fileLock';
import { lifeOf, processIdentity } from '../platform/identity';

/**
 * Does `work` unless another runner that lives, or whose life cannot be judged from here, has the attempt; then
 * it does nothing. A runner that was killed has it no more.
 */
export async function asOnlyRunner(lock: string, work: () => Promise<void>): Promise<void> {
  await withFileLock<unknown>(
    lock,
    work,
    async () => {
      const holder = await readJson(lock, processIdentity);
      return holder !== null && (await lifeOf(holder)) !== 'gone' ? 'taken' : null;
    },
    new AbortController().signal,
  );
}
