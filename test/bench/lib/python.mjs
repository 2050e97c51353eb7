// The bench's own Python: a virtual environment with the whole of MLflow, made once and kept in .cache.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cache, root } from '../../../scripts/project.mjs';
import { runToEnd } from './owned.mjs';

const REQUIREMENTS = path.join(root, 'test/bench/requirements.txt');

/** The interpreter that `python3` means in this shell: the binary itself, not a shim that looks it up. */
export async function systemPython() {
  const { stdout } = await runToEnd('python3', ['-c', 'import sys; print(sys.executable)']);
  return stdout.trim();
}

/** The folder with `python` and `mlflow`. The first time it downloads 850 MB. */
export async function mlflowPrograms() {
  const python = await systemPython();
  const { stdout: version } = await runToEnd(python, ['--version']);
  const hash = createHash('sha256').update(version).update(readFileSync(REQUIREMENTS)).digest('hex');
  const folder = path.join(cache, 'python', hash.slice(0, 16));
  const ready = path.join(folder, '.ready');
  if (!existsSync(ready)) {
    console.error('Installing MLflow for the bench (850 MB, about a minute, once) …');
    await rm(folder, { recursive: true, force: true });
    await mkdir(path.dirname(folder), { recursive: true });
    await runToEnd(python, ['-m', 'venv', folder]);
    await runToEnd(path.join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS]);
    // Written last: an environment that was cut off in the middle is made again.
    await writeFile(`${ready}.new`, '');
    await rename(`${ready}.new`, ready);
  }
  return path.join(folder, 'bin');
}
