import { cp, readFile, rm } from 'node:fs/promises';
import { errorCode } from '../base/errors';
import { type RunPaths, runEvent } from '../platform/attemptFiles';
import type { LiveAttempt } from './ledger';
import type { QueueServices } from './queue';

/**
 * What a notebook leaves: its executed copy becomes an artifact of the run, and its params are known. Done when the
 * attempt ends, however it ended: the run has its experiment by then, whose folder artifacts are in, and a script
 * that logs the same params itself was first. Doing it again changes nothing. Whatever goes wrong leaves the files
 * where they were.
 */
export async function keepArtifacts(
  { ledger, log }: Pick<QueueServices, 'ledger' | 'log'>,
  attempt: LiveAttempt,
  files: RunPaths,
): Promise<void> {
  if (attempt.artifactDirectory === null) return;
  try {
    await cp(files.artifacts, attempt.artifactDirectory, {
      recursive: true,
      filter: (source) => !source.endsWith('.tmp'), // The copy that was being written when its writer was killed.
    });
    await ledger.paramsKnown(attempt.attemptId, await paramsIn(files.events));
    await rm(files.artifacts, { recursive: true, force: true });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') log(error);
  }
}

async function paramsIn(events: string): Promise<Readonly<Record<string, string>>> {
  for (const line of (await readFile(events, 'utf8')).split('\n')) {
    if (!line.includes('"params"')) continue;
    const event = runEvent.safeParse(JSON.parse(line));
    if (event.success && event.data.kind === 'params') return event.data.params;
  }
  return {};
}
