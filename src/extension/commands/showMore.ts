import { COMMANDS } from '../ids';
import type { Services } from '../services';
import { MoreRow } from '../views/runsModel';

/** Loads the next page of an experiment's runs. */
export const showMore = {
  id: COMMANDS.showMore,
  async run({ tree }: Pick<Services, 'tree'>, row?: unknown) {
    if (row instanceof MoreRow) await tree.showMore(row);
  },
};
