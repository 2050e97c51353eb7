import { COMMANDS } from '../ids';
import { setQueuePaused } from '../queueRows';
import type { Services } from '../services';

/** Starts nothing from the queue any more; what runs goes on. */
export const pauseQueue = {
  id: COMMANDS.pauseQueue,
  run: (services: Services) => setQueuePaused(services, true),
};
