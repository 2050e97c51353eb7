import type { FeedEvent } from '../api/feed';
import type { Changes } from '../store/journal';

/** Sends the names of what changed to whoever listens. */
export interface Feed {
  publish(changes: Changes): void;
  /**
   * A stream of server-sent events until the signal aborts.
   * @param since everything after this number comes first; undefined starts now.
   */
  open(since: number | undefined, signal: AbortSignal): ReadableStream<Uint8Array>;
  /** How many listen. */
  listeners(): number;
  close(): void;
}

export interface FeedStore {
  currentSeq(): number;
  changesSince(seq: number): Changes | null;
}

/** A burst is merged for this long: ten pictures a second are live, and a thousand events a second help nobody. */
const MERGE_MS = 100;
const HEARTBEAT_MS = 15_000;

export function createFeed(store: FeedStore): Feed {
  const subscribers = new Set<Subscriber>();

  return {
    publish(changes) {
      for (const subscriber of subscribers) subscriber.add(changes);
    },
    open(since, signal) {
      let subscriber: Subscriber | undefined;
      const stop = () => {
        if (subscriber === undefined) return;
        subscribers.delete(subscriber);
        subscriber.close();
        subscriber = undefined;
      };
      return new ReadableStream<Uint8Array>({
        start(controller) {
          const opened = new Subscriber(
            (text) => controller.enqueue(ENCODER.encode(text)),
            () => {
              try {
                controller.close();
              } catch {
                /* The client went first. */
              }
            },
          );
          subscriber = opened;
          subscribers.add(opened);
          // A first event at once: the client knows its number, and what it missed.
          const missed = since === undefined ? null : store.changesSince(since);
          const reset = since !== undefined && missed === null;
          opened.send(eventOf(missed ?? nothing(store.currentSeq()), reset));
          if (signal.aborted) stop();
          else signal.addEventListener('abort', stop, { once: true });
        },
        cancel: stop,
      });
    },
    listeners: () => subscribers.size,
    close() {
      for (const subscriber of [...subscribers]) subscriber.close();
      subscribers.clear();
    },
  };
}

const ENCODER = new TextEncoder();

/** One listener: the first change is sent at once, those that follow it within MERGE_MS as one event. */
class Subscriber {
  private waiting: Merged | null = null;
  private timer: NodeJS.Timeout | undefined;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly write: (text: string) => void,
    private readonly end: () => void,
  ) {
    this.heartbeat = setInterval(() => this.write(': still here\n\n'), HEARTBEAT_MS);
  }

  add(changes: Changes): void {
    this.waiting = merge(this.waiting, changes);
    if (this.timer !== undefined) return;
    this.flush();
    this.timer = setTimeout(() => this.onQuiet(), MERGE_MS);
  }

  send(event: FeedEvent): void {
    this.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  close(): void {
    clearTimeout(this.timer);
    clearInterval(this.heartbeat);
    this.end();
  }

  private onQuiet(): void {
    this.timer = undefined;
    if (this.waiting === null) return;
    this.flush();
    this.timer = setTimeout(() => this.onQuiet(), MERGE_MS);
  }

  private flush(): void {
    if (this.waiting === null) return;
    this.send(eventOf(this.waiting, false));
    this.waiting = null;
  }
}

interface Merged extends Changes {
  readonly runs: Map<string, string>;
  readonly metrics: Map<string, { readonly experimentId: string; readonly names: Set<string> }>;
  readonly experiments: Set<string>;
}

function merge(into: Merged | null, changes: Changes): Merged {
  const metrics = into?.metrics ?? new Map<string, { experimentId: string; names: Set<string> }>();
  for (const [runId, { experimentId, names }] of changes.metrics) {
    const known = metrics.get(runId);
    metrics.set(runId, { experimentId, names: new Set([...(known?.names ?? []), ...names]) });
  }
  return {
    seq: changes.seq,
    runs: new Map([...(into?.runs ?? []), ...changes.runs]),
    metrics,
    experiments: new Set([...(into?.experiments ?? []), ...changes.experiments]),
    promotions: (into?.promotions ?? false) || changes.promotions,
    queue: (into?.queue ?? false) || changes.queue,
  };
}

function nothing(seq: number): Changes {
  return {
    seq,
    runs: new Map(),
    metrics: new Map(),
    experiments: new Set(),
    promotions: false,
    queue: false,
  };
}

function eventOf(changes: Changes, reset: boolean): FeedEvent {
  return {
    seq: changes.seq,
    runs: [...changes.runs].map(([runId, experimentId]) => ({ runId, experimentId })),
    metrics: [...changes.metrics].map(([runId, { experimentId, names }]) => ({
      runId,
      experimentId,
      names: [...names],
    })),
    experiments: [...changes.experiments],
    promotions: changes.promotions,
    queue: changes.queue,
    reset,
  };
}
