import { type Child, exitOf } from '../platform/spawn';
import type { Runners } from './runners';

/** Gives scripts whose runner was ended by force another one, never two. */
export interface Adopter {
  /** Starts a runner for the attempt in this file, unless one that was started for it still lives. */
  adopt(attemptFile: string): Promise<void>;
  /**
   * As adopt, for a script that is gone and whose last output nobody has read. False when a runner was started for
   * it before and has ended: it could not write how the run ended.
   */
  readLast(attemptFile: string): Promise<boolean>;
  /**
   * Whether it was asked for the first time long enough ago. A runner that is killed while it starts a script leaves
   * a process that is not yet that script: nobody can find it in its first moments.
   */
  hasWaited(attemptFile: string): boolean;
}

const UNNAMED_MS = 2_000; // From fork to exec takes a millisecond; on a machine that is overloaded, a hundred.

export function createAdopter(runners: Pick<Runners, 'adopt'>): Adopter {
  const adopting = new Map<string, Promise<Child>>();
  const read = new Set<string>();
  const askedAt = new Map<string, number>();

  async function adopt(attemptFile: string): Promise<void> {
    if (adopting.has(attemptFile)) return;
    const runner = runners.adopt(attemptFile);
    adopting.set(attemptFile, runner);
    const forget = () => void adopting.delete(attemptFile);
    try {
      void exitOf(await runner).then(forget);
    } catch (error) {
      forget();
      throw error;
    }
  }

  return {
    adopt,
    async readLast(attemptFile) {
      if (adopting.has(attemptFile)) return true;
      if (read.has(attemptFile)) return false;
      read.add(attemptFile);
      await adopt(attemptFile);
      return true;
    },
    hasWaited(attemptFile) {
      const now = performance.now(); // Not the clock, which may jump.
      const first = askedAt.get(attemptFile) ?? now;
      askedAt.set(attemptFile, first);
      return now - first >= UNNAMED_MS;
    },
  };
}
