import { delay } from '../base/abort';
import { isAbortError } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Attempt } from '../platform/attemptFiles';
import type { StoreState } from '../platform/stateFolder';
import { findEndpoint } from '../platform/endpoint';
import { post } from '../platform/post';
import { log } from './log';

export interface ServerWatch extends Disposable {
  /** Says that there is something new in the files. Never throws: the files are the truth. */
  readonly nudge: () => Promise<void>;
  /**
   * The nudge for the end of the script. A server that was killed a moment before is started again for it: with no
   * window open nobody else would, the run would be said to go on and those that wait behind it would wait on.
   */
  readonly last: () => Promise<void>;
}

const LOOK_MS = 2_000; // A client retries for four minutes: a new server is there in its first pauses.
const MOST_MS = 60_000; // A server that cannot start, on a full disk for instance, is tried once a minute.
const LAST_MS = 30_000; // A server is there in a quarter of a second, on a busy machine in a few.
const NUDGE_MS = 2_000; // A busy server; it looks at the files by itself a little later anyway.

/** Keeps the tracking server alive as long as the script lives, whose metrics it takes. */
export function watchServer(attempt: Attempt, state: StoreState): ServerWatch {
  const disposed = new AbortController();
  void look().catch((error: unknown) => {
    if (!isAbortError(error)) log(error);
  });

  async function look(): Promise<void> {
    let pause = LOOK_MS;
    for (;;) {
      await delay(pause, disposed.signal);
      if ((await findEndpoint(state)) !== null) continue;
      try {
        // Loaded when it is needed: a runner whose server lives starts sooner without it.
        const { ensureServer } = await import('../platform/server');
        await ensureServer(attempt.folder, { dist: attempt.programs }, disposed.signal);
        pause = LOOK_MS;
        await nudge();
      } catch (error) {
        if (isAbortError(error)) throw error;
        log(error);
        pause = Math.min(pause * 2, MOST_MS);
      }
    }
  }

  async function nudge(): Promise<void> {
    await wasHeard();
  }

  async function last(): Promise<void> {
    if (await wasHeard()) return;
    try {
      const { ensureServer } = await import('../platform/server');
      await ensureServer(attempt.folder, { dist: attempt.programs }, AbortSignal.timeout(LAST_MS));
      await nudge();
    } catch (error) {
      log(error); // The next one who looks at the folder starts it, and it reads the files.
    }
  }

  async function wasHeard(): Promise<boolean> {
    try {
      const endpoint = await findEndpoint(state);
      if (endpoint === null) return false;
      const { attemptId, token } = attempt;
      await post(
        `${endpoint.trackingUri}/api/winnow/attempts/nudge`,
        { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        JSON.stringify({ attemptId }),
        AbortSignal.timeout(NUDGE_MS),
      );
      return true;
    } catch {
      /* Nobody there: the next server reads the files. */
      return false;
    }
  }

  return { nudge, last, dispose: () => disposed.abort() };
}
