import os from 'node:os';
import path from 'node:path';
import { UserError } from '../base/errors';

/** How the disk is asked: in the background, or at once by a command that has nothing else to do. */
export interface Disk {
  /** @throws when there is nothing. */
  realpath(file: string): Promise<string> | string;
  /** Null when there is nothing, or nothing that may be looked at. */
  stat(file: string): Promise<FileKind | null> | FileKind | null;
}

export interface FileKind {
  isDirectory(): boolean;
  readonly uid: number;
}

/**
 * The folder that a store belongs to, its real path: the nearest one with a `.winnow` at or above `folder` within its
 * repository, else `folder` itself. Without a repository the search ends below the home folder, and at folders of
 * other users.
 * @throws UserError 'folder-missing', or 'folder-refused' for `/` and the home folder.
 */
export async function findStoreFolder(folder: string, disk: Disk): Promise<string> {
  const start = await realFolder(folder, disk);
  const home = await realHome(disk);
  if (start === path.parse(start).root || start === home) {
    throw new UserError(
      'folder-refused',
      `Winnow does not keep experiments in ${start} itself: every snapshot would take in all that lies below it. Open the folder of a project.`,
    );
  }
  return (await nearestStore(start, home, disk)) ?? start;
}

async function realFolder(folder: string, disk: Disk): Promise<string> {
  try {
    const real = await disk.realpath(folder);
    if (await isDirectory(real, disk)) return real;
  } catch (error) {
    throw new UserError('folder-missing', `There is no folder ${folder}. Choose a folder that exists.`, {
      cause: error,
    });
  }
  throw new UserError('folder-missing', `${folder} is a file. Choose the folder that it lies in.`);
}

async function realHome(disk: Disk): Promise<string> {
  try {
    return await disk.realpath(os.homedir());
  } catch {
    return os.homedir(); // It is not there: no folder is above or in it.
  }
}

async function nearestStore(start: string, home: string, disk: Disk): Promise<string | null> {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (folder === path.parse(folder).root || folder === home) return null;
    if (folder !== start && !(await isOwn(folder, disk))) return null;
    if (await isDirectory(path.join(folder, '.winnow'), disk)) return folder;
    if ((await disk.stat(path.join(folder, '.git'))) !== null) return null;
  }
}

async function isOwn(folder: string, disk: Disk): Promise<boolean> {
  return process.getuid === undefined || (await disk.stat(folder))?.uid === process.getuid();
}

async function isDirectory(file: string, disk: Disk): Promise<boolean> {
  return (await disk.stat(file))?.isDirectory() ?? false;
}
