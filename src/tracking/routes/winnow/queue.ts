import type { WaitingRuns } from '../../../queue/waitingRuns';
import type { Handlers } from './index';

export interface QueueDeps {
  readonly queue: {
    readonly waiting: Pick<WaitingRuns, 'retry' | 'move' | 'remove' | 'setPaused' | 'state'>;
  };
}

/** What waits, and in which order. */
export function queueHandlers({
  queue: { waiting },
}: QueueDeps): Handlers<'getQueue' | 'retryRun' | 'moveQueued' | 'removeQueued' | 'pauseQueue'> {
  return {
    getQueue: async () => ({ queue: await waiting.state() }),
    retryRun: (request) => waiting.retry(request),
    async moveQueued({ runIds, before }) {
      await waiting.move(runIds, before);
      return {};
    },
    async removeQueued({ runIds }) {
      await waiting.remove(runIds);
      return {};
    },
    async pauseQueue({ paused }) {
      await waiting.setPaused(paused);
      return {};
    },
  };
}
