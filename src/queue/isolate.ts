import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { makeCheckout, topOf } from '../capture/snapshot';
import { type LaunchPlan, executorOf } from '../executors';
import type { RunCommand, RunId, RunSnapshot } from '../model/run';
import type { QueueServices } from './queue';

/** How a script starts in a checkout instead of in the user's folder. */
export interface Isolated {
  readonly plan: LaunchPlan;
  /** The environment with the paths of PYTHONPATH that lie in the user's folder led to the checkout. */
  environment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/** Where the checkouts of a store's runs lie. */
export function checkoutsOf({ winnowDirectory }: Pick<QueueServices['location'], 'winnowDirectory'>): string {
  return path.join(winnowDirectory, 'checkouts');
}

/** Lays out the snapshot of a run in `.winnow/checkouts/<run id>`, and plans its start there. */
export async function isolate(
  { location, programs }: QueueServices,
  runId: RunId,
  command: RunCommand,
  snapshot: RunSnapshot,
  signal: AbortSignal,
): Promise<Isolated> {
  const folder = await realpath(command.folder);
  const top = await topOf(folder, signal);
  const target = path.join(checkoutsOf(location), runId);
  await makeCheckout({ snapshots: location.snapshots, snapshot, top, target, signal });
  const moved = (file: string) => {
    const relative = path.relative(top, file);
    const isInside = !relative.startsWith('..') && !path.isAbsolute(relative);
    return isInside ? path.join(target, relative) : file;
  };
  const script = path.isAbsolute(command.script) ? moved(command.script) : command.script;
  return {
    plan: executorOf(command).plan(
      { ...command, script, folder: moved(folder) },
      { programs: programs.directory, runDirectory: path.join(location.runs, runId) },
    ),
    environment(env) {
      const paths = env['PYTHONPATH'];
      if (paths === undefined) return env;
      const led = paths.split(path.delimiter).map((entry) => (path.isAbsolute(entry) ? moved(entry) : entry));
      return { ...env, PYTHONPATH: led.join(path.delimiter) };
    },
  };
}
