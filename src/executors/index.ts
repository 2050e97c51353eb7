import type { RunCommand } from '../model/run';
import type { Executor } from './executor';
import { local } from './local';
import { notebook } from './notebook';

export type { Executor, LaunchPlan, RunPlace } from './executor';

/** Every way to run a script. The last takes what no other one does. */
export const executors: readonly [...Executor[], Executor] = [notebook, local];

/** The way in which a script is run. */
export function executorOf(command: RunCommand): Executor {
  return executors.find((executor) => executor.accepts(command)) ?? local;
}
