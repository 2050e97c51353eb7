/** What became of an answer: a request whose answer was lost is repeated by the client. */
export interface Delivery {
  /** Calls once the connection is done with this answer. Undelivered: the client never saw the end of it. */
  whenDone(report: (delivered: boolean) => void): void;
}

/** Longer than MLflow's client repeats a request (seven times in about four minutes). */
export const RETRY_WINDOW_MS = 10 * 60_000;

const REMEMBERED = 10_000;

/** Remembers of what was made whether the answer that told of it arrived. */
export interface Deliveries {
  watch(id: string, delivery: Delivery): void;
  /**
   * Whether the answer that told of it was lost, so that the same request again means the same thing. Of before
   * this server's start nothing is known but whether somebody has used the thing since.
   */
  isLost(id: string, isUntouched: boolean): boolean;
}

export function createDeliveries(): Deliveries {
  const fates = new Map<string, 'in flight' | 'delivered' | 'lost'>();

  return {
    watch(id, delivery) {
      if (fates.size > REMEMBERED) {
        for (const known of [...fates.keys()].slice(0, REMEMBERED / 2)) fates.delete(known);
      }
      fates.set(id, 'in flight');
      delivery.whenDone((delivered) => fates.set(id, delivered ? 'delivered' : 'lost'));
    },
    isLost: (id, isUntouched) => (fates.get(id) ?? (isUntouched ? 'lost' : '')) === 'lost',
  };
}
