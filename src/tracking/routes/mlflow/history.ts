import * as z from 'zod/mini';
import { JsonText } from '../../json';
import { pointsText } from './pointsText';
import { historyStart, historyToken } from './historyToken';
import type { MlflowDeps, MlflowRoute } from './route';
import { optionalText, readRunId, text } from './wire';

const query = z.object({
  metric_key: text.check(z.minLength(1)),
  page_token: optionalText,
  max_results: z.nullish(z.coerce.number().check(z.int(), z.minimum(1))),
});

/** Without max_results older clients expect everything in one answer; a larger one would not fit in memory. */
const MOST = 1_000_000;

/** metrics/get-history. */
export function historyRoutes({ store }: MlflowDeps): MlflowRoute[] {
  return [
    {
      method: 'GET',
      path: 'metrics/get-history',
      ajax: true,
      handle({ input }) {
        const runId = readRunId(input);
        const { metric_key: key, page_token, max_results } = query.parse(input);
        store.runHead(runId);
        const limit = Math.min(max_results ?? MOST, MOST);
        const start = historyStart(page_token);
        const rows = store.history(runId, key, limit + 1, start);
        const hasMore = rows.length > limit;
        if (hasMore) rows.length = limit;
        const last = rows.at(-1);
        const fields = [
          ...(rows.length > 0 ? [`"metrics":[${pointsText(key, rows)}]`] : []),
          ...(hasMore && last !== undefined
            ? [`"next_page_token":${JSON.stringify(historyToken(last))}`]
            : []),
        ];
        return new JsonText(`{${fields.join(',')}}`);
      },
    },
  ];
}
