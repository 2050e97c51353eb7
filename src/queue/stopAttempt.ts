import { UserError } from '../base/errors';
import type { AttemptId, RunId } from '../model/run';
import { readJson, writeFileAtomic } from '../platform/atomicFile';
import { attemptPaths, attemptProcesses } from '../platform/attemptFiles';
import { lifeOf, signalProcess } from '../platform/identity';
import type { QueueServices } from './queue';

/**
 * Leaves the wish and wakes the runner; the runner carries it out. When the runner is gone and its script is
 * not, the one that adopts the script does.
 */
export async function stopAttempt(
  services: QueueServices,
  runId: RunId,
  kill: boolean,
  settle: (attemptId: AttemptId) => Promise<void>,
): Promise<void> {
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
  await writeFileAtomic(files.stop, JSON.stringify({ kill, requestedAt: Date.now() }));
  // A runner that has not said who it is finds the wish when it gets ready.
  if (processes === null || (await signalProcess(processes.runner, 'SIGTERM'))) return;
  await settle(live.attemptId); // Its runner is gone: another one adopts the script and finds the wish.
}
