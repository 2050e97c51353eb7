import { COMMANDS } from '../ids';
import type { Services } from '../services';

/** Shows all runs again. */
export const clearFilter = {
  id: COMMANDS.clearFilter,
  run: ({ choices }: Services) => choices.change({ filter: '' }),
};
