import { access, constants, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError, errorCode } from '../base/errors';
import { isNetworkDisk } from './networkDisk';
import { storeState } from './stateFolder';

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
 * Finds the store of a folder: the nearest `.winnow` at or above it within its repository, else the folder
 * itself. Without a repository the search ends below the home folder, and at folders of other users.
 * @throws UserError 'folder-missing', or 'folder-refused' for `/` and the home folder.
 */
export async function locateStore(folder: string): Promise<StoreLocation> {
  const start = await realFolder(folder);
  await refuseHome(start);
  const found = (await nearestStore(start)) ?? start;
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

async function realFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if (await isDirectory(real)) return real;
  } catch (error) {
    throw new UserError('folder-missing', `There is no folder ${folder}. Choose a folder that exists.`, {
      cause: error,
    });
  }
  throw new UserError('folder-missing', `${folder} is a file. Choose the folder that it lies in.`);
}

async function refuseHome(folder: string): Promise<void> {
  const home = await realpath(os.homedir()).catch(() => os.homedir());
  if (folder !== path.parse(folder).root && folder !== home) return;
  throw new UserError(
    'folder-refused',
    `Winnow does not keep experiments in ${folder} itself: every snapshot would take in all that lies below it. Open the folder of a project.`,
  );
}

async function nearestStore(start: string): Promise<string | null> {
  const home = await realpath(os.homedir()).catch(() => os.homedir());
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (folder === path.parse(folder).root || folder === home) return null;
    if (folder !== start && !(await isOwn(folder))) return null;
    if (await isDirectory(path.join(folder, '.winnow'))) return folder;
    if (await exists(path.join(folder, '.git'))) return null;
  }
}

async function isOwn(folder: string): Promise<boolean> {
  return process.getuid === undefined || (await stat(folder)).uid === process.getuid();
}

async function isDirectory(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}
