// The Pythons that the bench uses.
import path from 'node:path';
import { ensurePython } from '../../../scripts/setup.mjs';
import { root } from '../../../scripts/project.mjs';
import { runToEnd } from './owned.mjs';

/** The folder with `python` and `mlflow` of an environment with the whole of MLflow: made once, 850 MB. */
export async function mlflowPrograms() {
  return path.join(await ensurePython(path.join(root, 'test/bench/requirements.txt')), 'bin');
}

/** The interpreter that `python3` means in this shell: the binary itself, not a shim that looks it up. */
export async function systemPython() {
  const { stdout } = await runToEnd('python3', ['-c', 'import sys; print(sys.executable)']);
  return stdout.trim();
}
