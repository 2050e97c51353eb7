import type { RunDetail } from '../model/run';
import { runProgram } from '../platform/spawn';

// Asks the interpreter itself: an environment made by uv or conda may have no pip.
const LIST = `import importlib.metadata as m
print("\\n".join(sorted({f"{d.metadata['Name']}=={d.version}" for d in m.distributions() if d.metadata['Name']}, key=str.lower)))`;

/** The packages of a run's interpreter as `pip freeze` prints them; null when it is not there any more. */
export async function freezePackages(run: RunDetail, signal?: AbortSignal): Promise<string | null> {
  const python = run.command?.python;
  if (python === null || python === undefined) return null;
  // -I: nothing of the folder and its environment is imported.
  const ended = await runProgram(python, ['-I', '-c', LIST], {}, signal).catch(() => null);
  return ended?.code === 0 ? ended.stdout.toString('utf8') : null;
}
