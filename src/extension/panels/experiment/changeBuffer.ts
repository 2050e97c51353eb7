import type { ExperimentChange } from '../../../api/experimentPage';
import type { Disposable } from '../../../base/lifecycle';
import { type RunId, isRunId } from '../../../model/run';

/** Changes as the feed tells them. */
export interface HeardChange {
  readonly runs: readonly string[];
  readonly metrics: readonly { readonly runId: string; readonly names: readonly string[] }[];
  readonly everything: boolean;
}

/** Merges what is heard and tells it at most once in `everyMs`; the first at once, so that a page feels live. */
export interface ChangeBuffer extends Disposable {
  add(change: HeardChange): void;
  /** Forgets what was not told yet. */
  clear(): void;
}

export function createChangeBuffer(everyMs: number, tell: (change: ExperimentChange) => void): ChangeBuffer {
  let runs = new Set<RunId>();
  let metrics = new Map<RunId, Set<string>>();
  let everything = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    timer = null;
    toldAt = performance.now();
    const change: ExperimentChange = {
      runs: [...runs],
      metrics: [...metrics].map(([runId, names]) => ({ runId, names: [...names] })),
      everything,
    };
    forget();
    tell(change);
  }

  function forget(): void {
    runs = new Set();
    metrics = new Map();
    everything = false;
  }

  function clear(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    forget();
  }

  return {
    add(change) {
      for (const runId of change.runs) if (isRunId(runId)) runs.add(runId);
      for (const { runId, names } of change.metrics) {
        if (!isRunId(runId)) continue;
        const known = metrics.get(runId) ?? new Set();
        for (const name of names) known.add(name);
        metrics.set(runId, known);
      }
      everything ||= change.everything;
      if (timer !== null || (runs.size === 0 && metrics.size === 0 && !everything)) return;
      timer = setTimeout(flush, Math.max(0, toldAt + everyMs - performance.now()));
    },
    clear,
    dispose: clear,
  };
}
