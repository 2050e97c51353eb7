import type { RunDetail } from '../../src/model/run';

export const TARGETS = ['window', 'server', 'runner', 'script'] as const;
export type Target = (typeof TARGETS)[number];

/** What a run's script wrote down by itself. */
export interface Witness {
  /** Whether its first line was reached. */
  readonly started: boolean;
  /** Whether it did all that it had to. */
  readonly done: boolean;
  readonly lines: readonly number[];
  readonly points: readonly number[];
}

export function readWitness(text: string): Witness {
  const words = text.split('\n').slice(0, -1); // A kill may cut the last one.
  const numbers = (kind: string) =>
    words.filter((word) => word.startsWith(kind)).map((word) => Number(word.slice(kind.length)));
  return {
    started: words.includes('started'),
    done: words.includes('done'),
    lines: numbers('line '),
    points: numbers('point '),
  };
}

/**
 * What is wrong with a run's state, or null. The rules, by what really happened:
 * - the script did all and nobody killed it: finished or failed, with the exit code that it ended with, also where its
 *   runner was killed: the hook inside it noted the code;
 * - the script was killed: failed by SIGKILL; lost where its runner was killed too, so that nobody saw it;
 *   with its own exit code where it had done all before;
 * - it never started, since who had to start it was killed: failed or lost, with a sentence;
 * - a script that nobody killed and that did not do all was taken down by somebody else's end: always wrong.
 */
export function wrongState(
  killed: ReadonlySet<Target>,
  { started, done }: Witness,
  { state, exitCode, signal, reason }: Pick<RunDetail, 'state' | 'exitCode' | 'signal' | 'reason'>,
  script: { readonly exitCode: number } = { exitCode: 0 },
): string | null {
  const is = `${state}, exit code ${exitCode}, signal ${signal}, ${reason}`;
  const isAsItEnded =
    state === (script.exitCode === 0 ? 'finished' : 'failed') && exitCode === script.exitCode;
  const neverRan = (state === 'failed' || state === 'lost') && exitCode === null && reason !== null;
  if (killed.has('script')) {
    const wasSeen = state === 'failed' && signal === 'SIGKILL';
    if (wasSeen || (done && isAsItEnded)) return null;
    return killed.has('runner') && state === 'lost' && reason !== null ? null : is;
  }
  if (done) return isAsItEnded ? null : is;
  const starterKilled = killed.has('server') || killed.has('runner');
  return !started && starterKilled && neverRan ? null : `not done, and ${is}`;
}
