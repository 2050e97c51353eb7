import { isAbortError } from '../base/errors';
import type { ProcessIdentity } from '../platform/identity';
import { stopGroup } from '../platform/stopGroup';
import type { StopWish } from './stopWish';

/** Waits for a wish to stop and carries it out; ends with nothing done when the script is over before. */
export async function carryOutStop(
  script: ProcessIdentity,
  stop: StopWish,
  graceMs: number,
  over: AbortSignal,
): Promise<void> {
  const ended = new Promise<'ended'>((resolve) => over.addEventListener('abort', () => resolve('ended')));
  if ((await Promise.race([stop.wished, ended])) === 'ended') return;
  try {
    await stopGroup(script, { graceMs, kill: stop.kill.aborted }, stop.kill.aborted ? undefined : stop.kill);
  } catch (error) {
    if (!isAbortError(error)) throw error;
    await stopGroup(script, { graceMs, kill: true });
  }
}
