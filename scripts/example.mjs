// Working copies of examples/digits: a repository of its own each, with the Python environment that runs it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './project.mjs';
import { ensurePython } from './setup.mjs';

const source = path.join(root, 'examples/digits');

/**
 * Copies the example to `folder` unless it is there already. Returns the folder.
 *
 * @param {string} folder
 */
export async function prepareExample(folder) {
  const environment = await ensurePython(path.join(source, 'requirements.txt'));
  if (!existsSync(path.join(folder, '.git'))) {
    const left = ['.venv', '.winnow', '__pycache__', 'mlruns'];
    mkdirSync(path.dirname(folder), { recursive: true });
    cpSync(source, folder, { recursive: true, filter: (file) => !left.includes(path.basename(file)) });
    commitAll(folder, 'Learn handwritten digits');
  }
  const link = path.join(folder, '.venv');
  if (!existsSync(link)) symlinkSync(environment, link);
  return folder;
}

function commitAll(folder, message) {
  const git = (...args) => run('git', ['-C', folder, ...args]);
  git('init', '--quiet', '--initial-branch=main');
  if (spawnSync('git', ['-C', folder, 'config', 'user.email']).status !== 0) {
    // A machine where nobody has told git who they are: the example's own commits still need an author.
    git('config', 'user.name', 'Winnow Example');
    git('config', 'user.email', 'example@winnow.invalid');
  }
  git('add', '--all');
  git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '--no-verify', '--message', message);
}
