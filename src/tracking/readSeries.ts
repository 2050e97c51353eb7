import type { Ingest } from '../ingest/ingest';
import type { Series } from '../model/series';
import type { Store } from '../store/store';
import { RequestError } from './failures';

/** For so long one request may hold all others up, in milliseconds. */
const TURN_MS = 8;

export interface SeriesRequest {
  readonly series: readonly { readonly runId: string; readonly metric: string }[];
  readonly pixels: number;
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
}

/** Reads series for drawing, and lets others have a turn in between. Long ones of older stores are thinned first. */
export async function readManySeries(
  { store, ingest }: { readonly store: Store; readonly ingest: Ingest },
  { series, pixels, fromStep, toStep }: SeriesRequest,
  signal: AbortSignal,
): Promise<Series[]> {
  const found: Series[] = [];
  let since = performance.now();
  for (const { runId, metric } of series) {
    if (store.readOnly === null && store.needsThinning(runId, metric)) {
      let hasMore = true;
      while (hasMore) {
        if (signal.aborted) throw new RequestError('BAD_REQUEST', 'Whoever asked has gone.');
        hasMore = await ingest.write('normal', () => store.thinPoints(runId, metric));
      }
    }
    found.push(store.readSeries({ runId, metric, pixels, fromStep, toStep }));
    if (performance.now() - since < TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new RequestError('BAD_REQUEST', 'Whoever asked has gone.');
    since = performance.now();
  }
  return found;
}
