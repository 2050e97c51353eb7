import { mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, errorCode } from '../base/errors';
import { isNetworkDisk } from './networkDisk';
import { storeState } from './stateFolder';
import { findStoreFolder } from './storeFolder';

/** The files of one store. Nothing of it needs to exist yet. */
export interface StoreLocation {
  /** The workspace folder, its real path. */
  readonly folder: string;
  readonly winnowDirectory: string;
  /** `winnow.db`; in the user's state folder when the workspace lies on a network disk. */
  readonly database: string;
  readonly artifacts: string;
  readonly runs: string;
  readonly snapshots: string;
  /** Whether the disk of `database` itself is a network disk: no WAL there, and a lease by host. */
  readonly networkDisk: boolean;
}

/**
 * Finds the store of a folder, see `findStoreFolder`.
 * @throws UserError 'folder-missing', or 'folder-refused' for `/` and the home folder.
 */
export async function locateStore(folder: string): Promise<StoreLocation> {
  const found = await findStoreFolder(folder, { realpath, stat: (file) => stat(file).catch(() => null) });
  const winnowDirectory = path.join(found, '.winnow');
  const remote = await isNetworkDisk(found);
  const databaseDirectory = remote ? (await storeState(found)).directory : winnowDirectory;
  return {
    folder: found,
    winnowDirectory,
    database: path.join(databaseDirectory, 'winnow.db'),
    artifacts: path.join(winnowDirectory, 'artifacts'),
    runs: path.join(winnowDirectory, 'runs'),
    snapshots: path.join(winnowDirectory, 'snapshots.git'),
    networkDisk: remote && (await isNetworkDisk(databaseDirectory)),
  };
}

/**
 * Makes `.winnow` with a .gitignore that hides it from git. Nothing happens when it is there.
 * @throws UserError 'folder-read-only' when the folder cannot be written, 'folder-taken' when a file is in the way.
 */
export async function createWinnowDirectory(location: StoreLocation): Promise<void> {
  try {
    // Not recursive: the folder exists, and Node's recursive way never returns on a file system like /proc.
    await unlessThere(mkdir(location.winnowDirectory));
    await unlessThere(mkdir(location.runs));
    const hide = path.join(location.winnowDirectory, '.gitignore');
    await unlessThere(writeFile(hide, '*\n', { flag: 'wx' }));
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') {
      throw new UserError(
        'folder-taken',
        `${location.winnowDirectory} is a file, and Winnow keeps runs in a folder of that name. Move the file away.`,
        { cause: error },
      );
    }
    throw new UserError(
      'folder-read-only',
      `Winnow could not make the folder ${location.winnowDirectory} (${errorCode(error) ?? 'unknown reason'}), so it has no place for runs. Make ${location.folder} writable, or open a folder that is.`,
      { cause: error },
    );
  }
}

async function unlessThere(made: Promise<void>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
