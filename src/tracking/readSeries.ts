import { encodeSeries } from '../api/seriesFrame';
import type { Ingest } from '../ingest/ingest';
import type { Series } from '../model/series';
import type { Store } from '../store/store';
import { RequestError } from './failures';

/** For so long one request may hold all others up, in milliseconds. */
const TURN_MS = 8;
const FRAME_BYTES = 256 * 1024;

export interface SeriesRequest {
  readonly series: readonly { readonly runId: string; readonly metric: string }[];
  readonly pixels: number;
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
}

/**
 * The same as frames (see api/seriesFrame.ts), some at a time: who asks reads the first while the others are looked
 * for, and what was not taken yet is not read.
 */
export function streamSeries(
  deps: { readonly store: Store; readonly ingest: Ingest },
  { series, ...range }: SeriesRequest,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const since = performance.now();
        let bytes = 0;
        while (next < series.length && bytes < FRAME_BYTES && performance.now() - since < TURN_MS) {
          const some = series.slice(next, ++next);
          for (const one of await readManySeries(deps, { series: some, ...range }, signal)) {
            const frame = encodeSeries(one);
            bytes += frame.byteLength;
            controller.enqueue(frame);
          }
        }
        if (next >= series.length) controller.close();
        else await new Promise((resolve) => setImmediate(resolve));
      },
    },
    { highWaterMark: 2 },
  );
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
