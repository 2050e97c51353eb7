import { COMMANDS } from '../ids';
import type { Services } from '../services';

/** Shows runs that were archived among the others. */
export const showArchived = {
  id: COMMANDS.showArchived,
  run: ({ choices }: Services) => choices.change({ showsArchived: true }),
};
