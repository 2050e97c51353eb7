import { COMMANDS } from '../ids';
import { moveQueued } from '../queueRows';
import type { Services } from '../services';

/** Moves runs that wait before all others. */
export const moveToTopOfQueue = {
  id: COMMANDS.moveToTopOfQueue,
  run: (services: Services, ...args: readonly unknown[]) => moveQueued(services, args, () => 0),
};
