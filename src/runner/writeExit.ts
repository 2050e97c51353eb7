import { delay } from '../base/abort';
import { writeFileAtomic } from '../platform/atomicFile';
import type { AttemptPaths, ExitRecord, RunPaths } from '../platform/attemptFiles';
import { log } from './log';

const PAUSE_MS = 1_000;
const ATTEMPTS = 600; // Ten minutes for somebody to free a full disk; after that the run counts as lost.

/** Writes how the script ended, beside its output; into the state folder when the run's folder is gone. */
export async function writeExit(files: AttemptPaths & RunPaths, record: ExitRecord): Promise<void> {
  const content = JSON.stringify(record);
  for (let i = 0; i < ATTEMPTS; i++) {
    for (const file of [files.exit, files.exitFallback]) {
      try {
        await writeFileAtomic(file, content, 0o644);
        return;
      } catch (error) {
        if (i === 0) log(error);
      }
    }
    await delay(PAUSE_MS);
  }
}
