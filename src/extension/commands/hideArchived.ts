import { COMMANDS } from '../ids';
import type { Services } from '../services';

/** Leaves runs that were archived out of the tree. */
export const hideArchived = {
  id: COMMANDS.hideArchived,
  run: ({ choices }: Services) => choices.change({ showsArchived: false }),
};
