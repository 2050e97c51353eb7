import { readJsonNow } from '../platform/atomicFile';
import { stopRequest } from '../platform/attemptFiles';
import { log } from './log';

/** The wish of a person that the run ends, and how. */
export interface StopWish {
  /** Resolves with the first wish. */
  readonly wished: Promise<void>;
  /** Aborts when the wish is for an end at once. */
  readonly kill: AbortSignal;
  /** Whether a person wished it. A bare SIGTERM, as a shutting down machine sends it, ends the run as well. */
  readonly byPerson: boolean;
  /** Looks whether a wish was left while no signal arrived. */
  look(): void;
}

/** A wish is a file; a SIGTERM says that it is there. */
export function stopWish(file: string): StopWish {
  const kill = new AbortController();
  let byPerson = false;
  let wish: () => void = () => undefined;
  const wished = new Promise<void>((resolve) => (wish = resolve));

  function look(): void {
    const request = readJsonNow(file, stopRequest);
    if (request === null) return;
    byPerson = true;
    if (request.kill) kill.abort();
    wish();
  }
  process.on('SIGTERM', () => {
    try {
      look();
    } catch (error) {
      log(error);
    }
    wish();
  });
  return {
    wished,
    kill: kill.signal,
    get byPerson() {
      return byPerson;
    },
    look,
  };
}
