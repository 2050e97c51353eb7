import { COMMANDS } from '../ids';
import { moveQueued } from '../queueRows';
import type { Services } from '../services';

/** Moves runs that wait one place up. */
export const moveUpInQueue = {
  id: COMMANDS.moveUpInQueue,
  run: (services: Services, ...args: readonly unknown[]) => moveQueued(services, args, (at) => at - 1),
};
