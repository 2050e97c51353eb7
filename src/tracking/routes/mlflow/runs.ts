import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import { TAGS, fromMlflowStatus, isOver } from '../../../model/run';
import type { RunRecord } from '../../../store/runs';
import type { Store } from '../../../store/store';
import { JsonText } from '../../json';
import { createRunCreator } from './creations';
import { lifecycleOf } from './experiments';
import type { MlflowDeps, MlflowRoute } from './route';
import { runsText } from './runsText';
import {
  epochMs,
  experimentIdText,
  optionalText,
  pageToken,
  readPageToken,
  readRunId,
  runInfo,
  runMessage,
  status,
  text,
} from './wire';

const search = z.object({
  experiment_ids: z.nullish(z.array(experimentIdText).check(z.maxLength(10_000))),
  filter: optionalText,
  run_view_type: z.nullish(z.union([z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']), z.number()])),
  max_results: z.pipe(
    z.nullish(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(50_000))),
    z.transform((n) => n ?? 1000),
  ),
  order_by: z.nullish(z.array(text)),
  page_token: optionalText,
});

const update = z.object({
  status: z.nullish(status),
  end_time: z.nullish(epochMs),
  run_name: optionalText,
});

/** runs/create, get, update, search and their kin. */
export function runRoutes({ store, ingest }: MlflowDeps): MlflowRoute[] {
  const createRun = createRunCreator(store);

  return [
    {
      method: 'POST',
      path: 'runs/create',
      async handle({ input, principal, delivery }) {
        const runId = await ingest.write('full', () => createRun(input, principal, delivery));
        return { run: runMessage(record(store, runId)) };
      },
    },
    {
      method: 'GET',
      path: 'runs/get',
      handle: ({ input }) => ({ run: runMessage(record(store, readRunId(input))) }),
    },
    {
      method: 'POST',
      path: 'runs/update',
      async handle({ input }) {
        const runId = readRunId(input);
        const { status: said, end_time: endTime, run_name: name } = update.parse(input);
        await ingest.write('full', () => {
          const run = store.activeRun(runId);
          if (name !== undefined && name !== '') store.updateRun(runId, { name });
          if (said === null || said === undefined) return;
          const attempt = run.attemptId === null ? null : store.getAttempt(run.attemptId);
          if (attempt !== null && attempt.endedAt === null) {
            // Only the runner knows when the process ends; a script may say FINISHED and go on.
            store.setTags(run, [{ key: TAGS.clientStatus, value: said }]);
            return;
          }
          const state = fromMlflowStatus(said);
          store.updateRun(runId, {
            state,
            endedAt: isOver(state) ? (endTime ?? Date.now()) : null,
          });
        });
        return { run_info: runInfo(record(store, runId)) };
      },
    },
    {
      method: 'POST',
      path: 'runs/delete',
      async handle({ input }) {
        const runId = readRunId(input);
        await ingest.write('full', () => store.deleteRuns([runId]));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'runs/restore',
      async handle({ input }) {
        const runId = readRunId(input);
        await ingest.write('full', () => store.restoreRuns([runId]));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'runs/search',
      handle({ input }) {
        const query = search.parse(input);
        const offset = readPageToken(query.page_token);
        const keys = store.searchRunKeys({
          // Without experiments nothing is searched, as in MLflow.
          experimentIds: query.experiment_ids ?? [],
          filter: query.filter,
          orderBy: query.order_by ?? undefined,
          lifecycle: lifecycleOf(query.run_view_type),
          limit: query.max_results + 1,
          offset,
        });
        const hasMore = keys.length > query.max_results;
        const runs = store.readRunTexts(hasMore ? keys.slice(0, query.max_results) : keys);
        const fields = [
          ...(runs.length > 0 ? [`"runs":[${runsText(runs)}]`] : []),
          ...(hasMore ? [`"next_page_token":"${pageToken(offset + query.max_results)}"`] : []),
        ];
        return new JsonText(`{${fields.join(',')}}`);
      },
    },
  ];
}

function record(store: Pick<Store, 'runKeysOf' | 'readRuns'>, runId: string): RunRecord {
  const [run] = store.readRuns(store.runKeysOf([runId]));
  if (run === undefined) throw new UserError('not-found', `Run with id=${runId} not found`);
  return run;
}
