import { appendFile, stat } from 'node:fs/promises';
import { delay } from '../base/abort';
import { isAbortError } from '../base/errors';
import type { RunPaths } from '../platform/attemptFiles';
import type { EventLog } from './eventLog';
import { log } from './log';
import { watchSystem } from './watchSystem';

export interface Observed {
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly files: RunPaths;
  /** The script's environment: it says which GPUs are the run's. */
  readonly env: Readonly<Record<string, string>>;
  readonly events: EventLog;
  readonly onSample: () => void;
  /** Asked at each look, in case that a signal was lost. */
  readonly look: () => void;
}

/** Samples the process tree and the growth of its output until the signal aborts. */
export async function observe(
  observed: Observed,
  signal: AbortSignal,
): Promise<{ readonly maxRssBytes: number | null }> {
  let maxRssBytes: number | null = null;
  let size = 0;
  using system = watchSystem(observed);
  for (;;) {
    try {
      await delay(intervalMs(Date.now() - observed.startedAt), signal);
    } catch (error) {
      if (!isAbortError(error)) throw error;
      await indexOutput(observed.files, size).catch(log); // When it ended is known, also of a script of one second.
      return { maxRssBytes };
    }
    try {
      observed.look();
      size = await indexOutput(observed.files, size);
      const sample = await system.sample();
      if (sample === null) continue;
      maxRssBytes = Math.max(maxRssBytes ?? 0, sample.memoryBytes);
      await observed.events.append(sample);
      observed.onSample();
    } catch (error) {
      log(error); // A look that fails costs this look only.
    }
  }
}

/** Every second in the first minute, every ten from ten minutes on: days of training stay a small file. */
function intervalMs(ageMs: number): number {
  return Math.min(Math.max(ageMs / 60, 1_000), 10_000);
}

/** Notes how long the output was at this moment, if it grew. */
async function indexOutput(files: RunPaths, before: number): Promise<number> {
  const { size } = await stat(files.output);
  if (size !== before) await appendFile(files.outputIndex, `${Date.now()} ${size}\n`);
  return size;
}
