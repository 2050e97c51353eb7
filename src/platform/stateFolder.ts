import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, errorCode } from '../base/errors';
import { type StoreState, stateHome, stateIn } from './stateHome';

export { type StoreState, stateHome, stateIn } from './stateHome';

/**
 * The state of a workspace folder's store; its directories are made, 0700, when they are missing. A folder is
 * known by its real path, device and inode, so that links to it share one state and a copy has its own.
 */
export async function storeState(folder: string): Promise<StoreState> {
  const real = await realpath(folder);
  const { dev, ino } = await stat(real);
  const key = createHash('sha256').update(`${real}:${dev}:${ino}`).digest('hex').slice(0, 16);
  const state = stateIn(path.join(stateHome(), 'stores', key));
  await makePrivateDirectory(stateHome());
  await makePrivateDirectory(state.attemptsDirectory);
  return state;
}

/**
 * Makes a directory that only its owner may enter, with its parents.
 * @throws UserError 'state-folder' when it belongs to somebody else or cannot be made.
 */
export async function makePrivateDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const { mode, uid } = await stat(directory);
    if (process.getuid !== undefined && uid !== process.getuid()) {
      throw new UserError(
        'state-folder',
        `The folder ${directory} belongs to another user, so Winnow keeps no secrets in it. Set WINNOW_STATE_HOME to a folder of your own.`,
      );
    }
    if ((mode & 0o077) !== 0) await chmod(directory, 0o700);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      'state-folder',
      `Could not make the folder ${directory} (${errorCode(error) ?? 'unknown reason'}). Make it writable, or set WINNOW_STATE_HOME to another folder.`,
      { cause: error },
    );
  }
}
