import { COMMANDS } from '../ids';
import type { Services } from '../services';

/** Shows the window's log. */
export const showLog = {
  id: COMMANDS.showLog,
  run({ log }: Pick<Services, 'log'>) {
    log.show(true);
  },
};
