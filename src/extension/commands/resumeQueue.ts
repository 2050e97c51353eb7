import { COMMANDS } from '../ids';
import { setQueuePaused } from '../queueRows';
import type { Services } from '../services';

/** Lets the runs that wait go on. */
export const resumeQueue = {
  id: COMMANDS.resumeQueue,
  run: (services: Services) => setQueuePaused(services, false),
};
