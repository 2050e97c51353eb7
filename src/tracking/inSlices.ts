import type { Sliced } from '../base/slices';
import { RequestError } from './failures';

/** For so long one request may hold all others up, in milliseconds. */
const TURN_MS = 8;

/**
 * Does work slice by slice, and lets whoever else asks have a turn in between: scripts that log wait for a few
 * milliseconds and not for a whole table.
 * @throws RequestError when who asked has gone.
 */
export async function inSlices<T>(work: Sliced<T>, signal: AbortSignal): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new RequestError('BAD_REQUEST', 'Whoever asked has gone.');
    since = performance.now();
  }
}
