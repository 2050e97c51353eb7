import { COMMANDS } from '../ids';
import type { Services } from '../services';

/** Tries again to reach the folders' tracking servers, after a failure that the person may have mended. */
export const connect = {
  id: COMMANDS.connect,
  async run({ folders, setContext }: Pick<Services, 'folders' | 'setContext'>) {
    setContext('winnow.pythonMissing', false);
    await folders.connectAll();
  },
};
