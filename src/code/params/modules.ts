import type { PythonFile } from '../python';
import type { Script } from './script';

/** A module of the folder that the script imports. */
export interface Module {
  readonly path: string;
  readonly file: PythonFile;
}

export function importedModules(_script: Script): readonly Module[] {
  return [];
}
