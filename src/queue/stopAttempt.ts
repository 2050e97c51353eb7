import { UserError } from '../base/errors';
import type { AttemptId, RunId } from '../model/run';
import { readJson, writeFileAtomic } from '../platform/atomicFile';
import {
  attempt as attemptFile,
  attemptPaths,
  attemptProcesses,
  stopRequest,
} from '../platform/attemptFiles';
import { lifeOf, signalProcess } from '../platform/identity';
import { termMsOf } from '../platform/stopGroup';
import type { QueueServices } from './queue';

/** When a run that was asked to stop is killed; null when it is at once, or when it only waited. */
export interface StopAnswer {
  /** Epoch milliseconds. */
  readonly killAt: number | null;
}

/**
 * Leaves the wish and wakes the runner; the runner carries it out. When the runner is gone and its script is
 * not, the one that adopts the script does.
 */
export async function stopAttempt(
  services: QueueServices,
  runId: RunId,
  kill: boolean,
  settle: (attemptId: AttemptId) => Promise<void>,
): Promise<StopAnswer> {
  const { ledger, state } = services;
  const live = ledger.liveAttempts().find((attempt) => attempt.runId === runId);
  if (live === undefined) {
    throw new UserError('run-over', 'Nothing of this run is running that Winnow has started.');
  }
  const files = attemptPaths(state, live.attemptId);
  const processes = await readJson(files.processes, attemptProcesses);
  const runner = processes === null ? null : await lifeOf(processes.runner);
  if (runner === 'elsewhere') {
    throw new UserError(
      'run-elsewhere',
      'This run was started on another machine or in another container. Stop it there.',
    );
  }
  const earlier = await readJson(files.stop, stopRequest);
  // Asked politely twice is asked once: the time does not begin anew.
  const wish = earlier !== null && (earlier.kill || !kill) ? earlier : { kill, requestedAt: Date.now() };
  await writeFileAtomic(files.stop, JSON.stringify(wish));
  const graceMs = (await readJson(files.attempt, attemptFile))?.graceMs ?? 0;
  const killAt = wish.kill ? null : wish.requestedAt + graceMs + termMsOf(graceMs);
  // A runner that has not said who it is finds the wish when it gets ready.
  if (processes === null || (await signalProcess(processes.runner, 'SIGTERM'))) return { killAt };
  await settle(live.attemptId); // Its runner is gone: another one adopts the script and finds the wish.
  return { killAt };
}
