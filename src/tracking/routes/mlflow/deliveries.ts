import { UserError } from '../../../base/errors';

/** What became of an answer: a request whose answer was lost is repeated by the client. */
export interface Delivery {
  /** Calls once the connection is done with this answer. Undelivered: the client never saw the end of it. */
  whenDone(report: (delivered: boolean) => void): void;
}

export type Fate = 'in flight' | 'delivered' | 'lost';

/**
 * What became of the answers that told of something made: whoever repeats a request whose answer was lost gets the
 * same thing again, and whoever asks for the same thing twice gets two. It is forgotten with the process.
 */
export interface Deliveries {
  /** Follows the answer that tells of `id`. */
  watch(id: string, delivery: Delivery): void;
  /** What became of the last answer that told of `id`; undefined when nothing is known or it was long ago. */
  fateOf(id: string): Fate | undefined;
  /**
   * Whether the answer that told of it was lost, so that the same request again means the same thing. Of before
   * this server's start nothing is known but whether somebody has used the thing since.
   */
  isLost(id: string, made: { readonly createdAt: number; readonly isUntouched: boolean }): boolean;
  /**
   * Does `work`. Where that fails because the same request did it before and its answer was lost, answers what
   * `again` finds. `work` must fail with a UserError before it changes anything.
   */
  repeatable<T>(id: string, delivery: Delivery, work: () => T, again: () => T): T;
}

/** Longer than MLflow's client repeats a request (seven times in about four minutes). */
export const RETRY_WINDOW_MS = 10 * 60_000;
const REMEMBERED = 10_000;

export function createDeliveries(): Deliveries {
  const startedAt = Date.now();
  const known = new Map<string, { fate: Fate; readonly at: number }>();

  function watch(id: string, delivery: Delivery): void {
    if (known.size > REMEMBERED) {
      for (const old of [...known.keys()].slice(0, REMEMBERED / 2)) known.delete(old);
    }
    const entry: { fate: Fate; readonly at: number } = { fate: 'in flight', at: Date.now() };
    known.set(id, entry);
    delivery.whenDone((delivered) => (entry.fate = delivered ? 'delivered' : 'lost'));
  }

  function fateOf(id: string): Fate | undefined {
    const entry = known.get(id);
    return entry === undefined || Date.now() - entry.at > RETRY_WINDOW_MS ? undefined : entry.fate;
  }

  return {
    watch,
    fateOf,
    isLost(id, { createdAt, isUntouched }) {
      const fate = fateOf(id);
      return fate === undefined ? isUntouched && createdAt < startedAt : fate === 'lost';
    },
    repeatable(id, delivery, work, again) {
      let answer;
      try {
        answer = work();
      } catch (error) {
        if (!(error instanceof UserError) || fateOf(id) !== 'lost') throw error;
        answer = again();
      }
      watch(id, delivery);
      return answer;
    },
  };
}
