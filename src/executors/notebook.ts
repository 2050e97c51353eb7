import path from 'node:path';
import { runPaths } from '../platform/attemptFiles';
import type { Executor } from './executor';
import { local } from './local';

/**
 * A notebook, executed cell by cell on a copy that lies with the run. Its arguments are papermill's:
 * `-p NAME VALUE`, `-r NAME TEXT`, `-y YAML`.
 */
export const notebook: Executor = {
  id: 'notebook',
  label: 'Notebook on This Machine',

  accepts: ({ script }) => isNotebook(script),
  check: () => local.check(),

  plan({ python, script, args, folder }, { programs, runDirectory }) {
    const absolute = path.resolve(folder, script);
    const { artifacts, events } = runPaths(runDirectory);
    return {
      program: python ?? 'python3',
      args: [
        path.join(programs, 'python', 'winnow_notebook.py'),
        ...['--copy', path.join(artifacts, path.basename(script)), '--events', events],
        absolute,
        ...args,
      ],
      workingDirectory: folder,
      script: absolute,
    };
  },
};

/** Whether a file is a notebook, by its name. */
export function isNotebook(file: string): boolean {
  return file.toLowerCase().endsWith('.ipynb');
}
