import { digestOf } from '../capture/digestOf';
import type { QueueServices } from './queue';

const working = new WeakSet<object>();

/**
 * Hashes in the background what scripts opened, one file after the other, until nothing waits. It starts again
 * with the server, so that nothing is forgotten.
 */
export function hashWaiting(services: Pick<QueueServices, 'evidence' | 'log'>): void {
  const { evidence, log } = services;
  if (evidence === undefined || working.has(evidence)) return;
  working.add(evidence);
  const work = async () => {
    for (let waiting = evidence.waitingFiles(); waiting.length > 0; waiting = evidence.waitingFiles()) {
      for (const { runId, file } of waiting) {
        await evidence.fileSettled(runId, { ...file, ...(await digestOf(file)) });
      }
    }
  };
  void work()
    .catch(log)
    .finally(() => working.delete(evidence));
}
