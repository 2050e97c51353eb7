import { UserError } from '../../base/errors';
import { COMMANDS } from '../ids';
import type { Services } from '../services';
import { problemOf, showFilterInput } from '../views/filterInput';

/** Filters the tree by the search language. Argument: a filter to use at once, or nothing. */
export const filterRuns = {
  id: COMMANDS.filterRuns,
  run({ choices, folders, errors }: Services, argument: unknown) {
    if (typeof argument === 'string') {
      const problem = problemOf(argument);
      if (problem !== null) throw new UserError('invalid', problem);
      choices.remember(argument.trim());
      choices.change({ filter: argument.trim() });
      return;
    }
    const links = folders.all.filter(({ status }) => status.kind === 'connected');
    showFilterInput({ choices, links, onError: (error) => errors.note('filter', error) });
  },
};
