import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The absolute path of a program as a shell would find it, or null. */
export function findOnPath(name: string, searchPath: string | undefined): string | null {
  for (const directory of (searchPath ?? '').split(path.delimiter)) {
    // A shell takes an empty or relative entry for the folder it stands in: never a place to run from.
    if (!path.isAbsolute(directory)) continue;
    const file = path.join(directory, name);
    if (isExecutable(file)) return file;
  }
  return null;
}

/** Whether a file exists that may be executed. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    /* Missing or not permitted: both mean no. */
    return false;
  }
}
