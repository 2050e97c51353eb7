import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import type { Trace } from '../../../model/trace';
import type { Store } from '../../../store/store';
import { traceFolder } from './artifactFolders';
import { needed } from './experiments';
import type { Call, MlflowDeps, MlflowRoute } from './route';
import {
  checkTagIsFree,
  factMap,
  keptTags,
  newTraceId,
  readTraceId,
  traceInfo,
  wireDuration,
  wireState,
  wireTime,
} from './traceWire';
import { epochMs, experimentIdText, optionalText, pageToken, readPageToken, readRunId, text } from './wire';

const newTrace = z.object({
  trace: z.object({
    trace_info: z.object({
      trace_id: newTraceId,
      client_request_id: optionalText,
      trace_location: z.object({ mlflow_experiment: z.object({ experiment_id: experimentIdText }) }),
      request_preview: optionalText,
      response_preview: optionalText,
      request_time: wireTime,
      execution_duration: z.nullish(wireDuration),
      state: z.nullish(wireState),
      trace_metadata: factMap,
      tags: factMap,
    }),
  }),
});

const search = z.object({
  locations: z.array(
    z.object({ mlflow_experiment: z.nullish(z.object({ experiment_id: experimentIdText })) }),
  ),
});

const deletion = z.object({
  experiment_id: experimentIdText,
  max_timestamp_millis: z.nullish(epochMs),
  max_traces: z.nullish(z.coerce.number().check(z.int())),
  request_ids: z.nullish(z.array(z.string()).check(z.maxLength(100_000))),
});

/** traces/* of the third version, which clients of 3.0 and later speak. */
export function traceRoutes({ store, ingest, artifacts }: MlflowDeps): MlflowRoute[] {
  async function setTag({ params, input }: Call): Promise<object> {
    const traceId = readTraceId(params.trace_id);
    const { key, value } = z.object({ key: tagKey, value: optionalText }).parse(input);
    checkTagIsFree(key, 'set');
    const tags = keptTags([{ key, value: value ?? '' }]);
    await ingest.write('normal', () => store.setTraceTags(store.traceHead(traceId), tags));
    return {};
  }

  async function deleteTag({ params, input }: Call): Promise<object> {
    const traceId = readTraceId(params.trace_id);
    const { key } = z.object({ key: tagKey }).parse(input);
    checkTagIsFree(key, 'deleted');
    await ingest.write('normal', () => store.deleteTraceTag(store.traceHead(traceId), key));
    return {};
  }

  async function deleteTraces({ input }: Call): Promise<object> {
    const query = deletion.parse(input);
    const choice = choiceOf(query.max_timestamp_millis, query.max_traces, query.request_ids ?? []);
    const { experiment_id: experimentId } = query;
    const deleted = await ingest.write('full', () => store.deleteTraces(experimentId, choice));
    for (const traceId of deleted) {
      // The folder above the artifacts too: nothing else is in it.
      await artifacts.remove(traceFolder(experimentId, traceId).replace(/\/artifacts$/, ''));
    }
    return { traces_deleted: deleted.length };
  }

  async function link({ input }: Call): Promise<object> {
    const runId = readRunId(input);
    const { trace_ids: ids } = z.object({ trace_ids: z.array(text).check(z.maxLength(100)) }).parse(input);
    await ingest.write('normal', () => {
      const run = store.activeRun(runId);
      store.linkTracesToRun(
        ids.map((id) => store.traceHead(id)),
        run.runId,
      );
    });
    return {};
  }

  const routes: MlflowRoute[] = [
    {
      method: 'POST',
      path: 'traces',
      major: 3,
      async handle({ input }) {
        const { trace_info: info } = newTrace.parse(input).trace;
        const { experiment_id: experimentId } = info.trace_location.mlflow_experiment;
        await ingest.write('normal', () => {
          checkActive(store, experimentId);
          store.putTrace({
            traceId: info.trace_id,
            experimentId,
            clientRequestId: info.client_request_id ?? null,
            requestPreview: info.request_preview ?? null,
            responsePreview: info.response_preview ?? null,
            requestedAt: info.request_time,
            durationMs: info.execution_duration ?? null,
            state: info.state ?? 'STATE_UNSPECIFIED',
            metadata: info.trace_metadata,
            tags: keptTags(info.tags),
            creationKey: null,
          });
        });
        return { trace: { trace_info: traceInfo(traceNamed(store, info.trace_id)) } };
      },
    },
    {
      method: 'GET',
      path: 'traces/:trace_id',
      major: 3,
      // Also answers traces/get, for traces with their spans, as servers do that have none of their spans: with
      // "Trace with ID 'get' not found", which clients understand.
      handle: ({ params }) => ({
        trace: { trace_info: traceInfo(traceNamed(store, readTraceId(params.trace_id))) },
      }),
    },
    {
      method: 'POST',
      path: 'traces/search',
      major: 3,
      handle({ input }) {
        const ids = search
          .parse(input)
          .locations.flatMap((one) => one.mlflow_experiment?.experiment_id ?? []);
        return searchTraces(store, ids, input, traceInfo);
      },
    },
    {
      method: 'POST',
      path: 'traces/batchGetInfos',
      major: 3,
      handle({ input }) {
        const { trace_ids: ids, experiment_ids: within } = z
          .object({
            trace_ids: z.array(text).check(z.maxLength(10_000)),
            experiment_ids: z.nullish(z.array(experimentIdText)),
          })
          .parse(input);
        const infos = store
          .readTraces(store.traceKeysOf(ids))
          .filter(({ experimentId }) => within?.includes(experimentId) !== false)
          .map(traceInfo);
        return infos.length > 0 ? { trace_infos: infos } : {};
      },
    },
  ];
  // Clients of every version use the tags and the deletion of the second version.
  const shared: MlflowRoute[] = [
    { method: 'PATCH', path: 'traces/:trace_id/tags', handle: setTag },
    { method: 'DELETE', path: 'traces/:trace_id/tags', handle: deleteTag },
    { method: 'POST', path: 'traces/delete-traces', handle: deleteTraces },
    { method: 'POST', path: 'traces/link-to-run', handle: link },
  ];
  return [...routes, ...shared, ...shared.map((route): MlflowRoute => ({ ...route, major: 3 }))];
}

const tagKey = z.string().check(z.minLength(1), z.maxLength(250));

const page = z.object({
  filter: optionalText,
  max_results: z.nullish(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(500))),
  order_by: z.nullish(
    z.union([
      z.pipe(
        text,
        z.transform((one) => [one]),
      ),
      z.array(text).check(z.maxLength(50)),
    ]),
  ),
  page_token: optionalText,
});

const DEFAULT_RESULTS = 100;

/** A page of the traces of experiments, each as `message` has it. */
export function searchTraces(
  store: Pick<Store, 'searchTraceKeys' | 'readTraces'>,
  experimentIds: readonly string[],
  input: Record<string, unknown>,
  message: (trace: Trace) => object,
): object {
  const query = page.parse(input);
  const limit = (query.max_results ?? 0) === 0 ? DEFAULT_RESULTS : (query.max_results ?? 0);
  const offset = readPageToken(query.page_token);
  const keys = store.searchTraceKeys({
    experimentIds,
    filter: query.filter ?? '',
    orderBy: query.order_by ?? [],
    limit: limit + 1,
    offset,
  });
  const traces = store.readTraces(keys.slice(0, limit)).map(message);
  return {
    ...(traces.length > 0 ? { traces } : {}),
    ...(keys.length > limit ? { next_page_token: pageToken(offset + limit) } : {}),
  };
}

/** @throws UserError 'not-found'. */
export function traceNamed(store: Pick<Store, 'getTrace'>, traceId: string): Trace {
  const trace = store.getTrace(traceId);
  if (trace === null) throw new UserError('not-found', `Trace with ID '${traceId}' not found.`);
  return trace;
}

/** @throws UserError 'not-found', and 'invalid' for a deleted experiment. */
export function checkActive(store: Pick<Store, 'getExperiment'>, experimentId: string): void {
  if (!needed(store, experimentId).deleted) return;
  throw new UserError(
    'invalid',
    `The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`,
  );
}

/** What to delete: named traces, or those up to an instant. @throws UserError 'invalid' with MLflow's texts. */
function choiceOf(until: number | null | undefined, most: number | null | undefined, ids: readonly string[]) {
  const refuse = (message: string) => new UserError('invalid', message);
  if (typeof until !== 'number') {
    if (ids.length === 0) throw refuse('Either `max_timestamp_millis` or `trace_ids` must be specified.');
    if (typeof most === 'number') {
      throw refuse("`max_traces` can't be specified if `trace_ids` is specified.");
    }
    return { traceIds: ids };
  }
  if (ids.length > 0) {
    throw refuse('Only one of `max_timestamp_millis` and `trace_ids` can be specified.');
  }
  if (typeof most === 'number' && most <= 0) {
    throw refuse(`\`max_traces\` must be a positive integer, received ${most}.`);
  }
  return { requestedUntil: until, limit: most ?? null };
}
