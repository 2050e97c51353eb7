import path from 'node:path';
import type { Executor } from './executor';

/** On this machine, in the folder as it is. */
export const local: Executor = {
  id: 'local',
  label: 'This Machine',

  accepts: () => true,

  check: () => (process.platform === 'win32' ? 'Winnow does not run scripts on Windows yet.' : null),

  plan({ python, script, args, folder }) {
    const absolute = path.resolve(folder, script);
    // Typed as a person would, so that sys.argv[0] and tracebacks look the same; "./" keeps "-x.py" a file.
    const typed = script.startsWith('-') ? `./${script}` : script;
    return python === null
      ? { program: absolute, args, workingDirectory: folder, script: absolute }
      : { program: python, args: [typed, ...args], workingDirectory: folder, script: absolute };
  },
};
