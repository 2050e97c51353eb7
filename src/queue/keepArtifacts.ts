import { cp, rm } from 'node:fs/promises';
import { errorCode } from '../base/errors';
import type { RunPaths } from '../platform/attemptFiles';
import type { LiveAttempt } from './ledger';
import type { QueueServices } from './queue';

/**
 * What lies ready in the run's folder becomes artifacts of the run, such as the executed copy of a notebook. Done when
 * the attempt ends, however it ended: the run has its experiment by then, whose folder artifacts are in. Doing it
 * again changes nothing. Whatever goes wrong leaves the files where they were.
 */
export async function keepArtifacts(
  { log }: Pick<QueueServices, 'log'>,
  { artifactDirectory }: LiveAttempt,
  { artifacts }: RunPaths,
): Promise<void> {
  if (artifactDirectory === null) return;
  try {
    await cp(artifacts, artifactDirectory, {
      recursive: true,
      filter: (source) => !source.endsWith('.tmp'), // The copy that was being written when its writer was killed.
    });
    await rm(artifacts, { recursive: true, force: true });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') log(error);
  }
}
