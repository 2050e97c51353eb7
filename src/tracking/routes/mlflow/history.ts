import * as z from 'zod/mini';
import { toWire } from '../../../api/wire';
import { wholeNumber } from '../../json';
import type { MlflowDeps, MlflowRoute } from './route';
import { optionalText, pageToken, readPageToken, readRunId, text } from './wire';

const query = z.object({
  metric_key: text.check(z.minLength(1)),
  page_token: optionalText,
  max_results: z.nullish(z.coerce.number().check(z.int(), z.minimum(1))),
});

const MOST = 1_000_000; // Without max_results older clients expect everything in one answer.

/** metrics/get-history. */
export function historyRoutes({ store }: MlflowDeps): MlflowRoute[] {
  return [
    {
      method: 'GET',
      path: 'metrics/get-history',
      handle({ input }) {
        const runId = readRunId(input);
        const { metric_key: key, page_token, max_results } = query.parse(input);
        store.runHead(runId);
        const offset = readPageToken(page_token);
        const limit = Math.min(max_results ?? MOST, MOST);
        const points = store.history(runId, key, limit + 1, offset);
        const metrics = points.slice(0, limit).map(({ value, timestamp, step }) => ({
          key,
          value: toWire(value),
          timestamp: wholeNumber(timestamp),
          step: wholeNumber(step),
        }));
        return {
          ...(metrics.length > 0 ? { metrics } : {}),
          ...(points.length > limit ? { next_page_token: pageToken(offset + limit) } : {}),
        };
      },
    },
  ];
}
