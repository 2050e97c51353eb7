import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../base/errors';
import { findOnPath, isExecutable } from './findOnPath';

export interface PythonChoice {
  /** What the person said: a setting or `--python`. A path, a path from the folder, or a name on PATH. */
  readonly setting?: string | null;
  /** What the Python extension has chosen; left out when that is only the system's default. */
  readonly extensionChoice?: string | null;
  /** The environment of whoever asks: its VIRTUAL_ENV, CONDA_PREFIX and PATH count. */
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  /** The window's last choice, see `rememberedPython`. */
  readonly remembered?: string | null;
}

/**
 * The interpreter for a script: the setting, the Python extension's choice, an active virtual environment, the
 * window's last choice, the `.venv` of the folder or of its repository, then `python3`. Absolute, links kept.
 * @throws UserError 'python-missing' when there is none, or the one that was asked for is not there.
 */
export function choosePython(choice: PythonChoice): Promise<string> {
  return Promise.resolve().then(() => {
    if (choice.setting) return givenPython(choice.setting, choice);
    for (const candidate of candidates(choice)) if (isExecutable(candidate)) return candidate;
    const found = findOnPath('python3', choice.env['PATH']) ?? findOnPath('python', choice.env['PATH']);
    if (found !== null) return found;
    throw new UserError(
      'python-missing',
      `No Python was found for ${choice.folder}: there is no .venv in it and no python3 on the PATH. Install Python 3, or say which one to use.`,
    );
  });
}

function givenPython(given: string, { env, folder }: PythonChoice): string {
  const expanded = given.startsWith('~/') ? path.join(os.homedir(), given.slice(2)) : given;
  const found = expanded.includes('/')
    ? path.resolve(folder, expanded)
    : (findOnPath(expanded, env['PATH']) ?? expanded);
  for (const file of [found, path.join(found, 'bin', 'python')]) if (isExecutable(file)) return file;
  throw new UserError(
    'python-missing',
    `There is no Python at ${given} that can be started. Check the path, or leave it out to use the folder's own.`,
  );
}

function candidates({ extensionChoice, env, folder, remembered }: PythonChoice): string[] {
  const environments = [env['VIRTUAL_ENV'], env['CONDA_PREFIX']].filter((prefix) => prefix);
  return [
    extensionChoice,
    ...environments.map((prefix) => path.join(prefix ?? '', 'bin', 'python')),
    remembered,
    ...foldersUpToRepository(folder).map((parent) => path.join(parent, '.venv', 'bin', 'python')),
  ].filter((candidate): candidate is string => typeof candidate === 'string' && path.isAbsolute(candidate));
}

function foldersUpToRepository(folder: string): string[] {
  const folders: string[] = [];
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    folders.push(current);
    if (existsSync(path.join(current, '.git'))) return folders;
    // Without a repository only the folder itself counts: what lies above is somebody else's.
    if (current === path.dirname(current)) return folders.slice(0, 1);
  }
}
