import type { Disposable } from '../base/lifecycle';

/** Who needs the server, and when nobody does any more. */
export interface Life extends Disposable {
  /** A request was answered. */
  touch(): void;
  /** Keeps the server alive for `ttlMs` from now; 0 lets go. */
  hold(holder: string, ttlMs: number): void;
}

export interface LifeOptions {
  /** Whether somebody needs the server at this moment, whatever was asked of it lately. */
  readonly isNeeded: (quietMs: number) => boolean;
  readonly idleMs: number;
  readonly onIdle: () => void;
  readonly now?: () => number;
}

/** The server ends itself when nobody has needed it for this long. A window's reload takes a few seconds, and a
 * start costs a fifth of one: a minute keeps the common pauses free of starts. */
export const IDLE_MS = 60_000;

export function createLife({ isNeeded, idleMs, onIdle, now = Date.now }: LifeOptions): Life {
  const holds = new Map<string, number>();
  let touchedAt = now();
  let neededAt = now();
  const timer = setInterval(look, Math.min(1000, Math.max(20, idleMs / 4)));

  function look(): void {
    const at = now();
    for (const [holder, until] of holds) if (until <= at) holds.delete(holder);
    if (holds.size > 0 || isNeeded(at - touchedAt)) neededAt = at;
    if (at - Math.max(touchedAt, neededAt) < idleMs) return;
    clearInterval(timer);
    onIdle();
  }

  return {
    touch: () => void (touchedAt = now()),
    hold(holder, ttlMs) {
      if (ttlMs === 0) holds.delete(holder);
      else holds.set(holder, now() + ttlMs);
    },
    dispose: () => clearInterval(timer),
  };
}
