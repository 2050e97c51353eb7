import path from 'node:path';
import { filesOnDisk } from '../code/filesOnDisk';
import { readScriptParams } from '../code/params/readScriptParams';
import type { ParamSpec } from '../model/param';
import type { RunId } from '../model/run';
import type { Attempt } from '../platform/attemptFiles';
import type { QueueServices } from './queue';

/**
 * Notes params that only reading the code tells: constants, keys of config files, variables of the environment, as
 * the run has them. Those of a command line are seen in the script's own process. Nobody waits for it.
 */
export async function noteParams({ evidence, log }: QueueServices, attempt: Attempt): Promise<void> {
  const { script, workingDirectory, env, runId } = attempt;
  if (evidence === undefined || script?.endsWith('.py') !== true) return;
  try {
    const relative = path.relative(workingDirectory, script);
    const { specs } = await readScriptParams(relative, filesOnDisk(workingDirectory));
    const found = specs.flatMap((spec) => {
      const value = valueOf(spec, env);
      return value === null ? [] : [[spec.name, value] as const];
    });
    await evidence.paramsRead(runId as RunId, Object.fromEntries(found));
  } catch (error) {
    log(error); // The run goes on; its params are those that it tells itself.
  }
}

function valueOf({ route, defaultValue }: ParamSpec, env: Readonly<Record<string, string>>): string | null {
  switch (route.via) {
    case 'constant':
    case 'config':
      return defaultValue;
    case 'environment':
      return env[route.variable] ?? defaultValue;
    case 'argument':
    case 'hydra':
    case 'notebook':
      return null;
  }
}
