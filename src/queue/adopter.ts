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
}

export function createAdopter(runners: Pick<Runners, 'adopt'>): Adopter {
  const adopting = new Map<string, Promise<Child>>();
  const read = new Set<string>();

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
  };
}
