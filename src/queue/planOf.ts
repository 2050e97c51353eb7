import path from 'node:path';
import { type LaunchPlan, executorOf } from '../executors';
import type { RunCommand, RunId } from '../model/run';
import type { QueueServices } from './queue';

/** How a run's command is started, in the way that is made for such a script. */
export function planOf(
  { location, programs }: Pick<QueueServices, 'location' | 'programs'>,
  runId: RunId,
  command: RunCommand,
): LaunchPlan {
  const place = { programs: programs.directory, runDirectory: path.join(location.runs, runId) };
  return executorOf(command).plan(command, place);
}
