import { type Child, exitOf } from '../platform/spawn';
import type { Runners } from './runners';

/** Gives scripts whose runner was ended by force another one, never two. */
export interface Adopter {
  /** Starts a runner for the attempt in this file, unless one that was started for it still lives. */
  adopt(attemptFile: string): Promise<void>;
}

export function createAdopter(runners: Pick<Runners, 'adopt'>): Adopter {
  const adopting = new Map<string, Promise<Child>>();
  return {
    async adopt(attemptFile) {
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
    },
  };
}
