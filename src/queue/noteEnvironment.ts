import { isAbortError } from '../base/errors';
import { captureEnvironment } from '../capture/environment';
import type { RunCommand, RunId } from '../model/run';
import type { Attempt } from '../platform/attemptFiles';
import type { QueueServices } from './queue';

/** Notes what the run runs in, while its script is on its way: nobody waits for it. */
export async function noteEnvironment(
  { evidence, log }: QueueServices,
  attempt: Attempt,
  command: RunCommand,
  signal: AbortSignal,
): Promise<void> {
  if (evidence === undefined) return;
  try {
    const python = command.python === null ? null : attempt.program;
    const environment = await captureEnvironment({ python, env: attempt.env, signal });
    await evidence.environmentTaken(attempt.runId as RunId, environment);
  } catch (error) {
    if (!isAbortError(error)) log(error);
  }
}
