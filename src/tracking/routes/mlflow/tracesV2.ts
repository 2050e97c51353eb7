import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { RETRY_WINDOW_MS, createDeliveries } from './deliveries';
import type { Call, MlflowDeps, MlflowRoute } from './route';
import { checkActive, searchTraces, traceNamed } from './traces';
import { factList, keptTags, readTraceId, traceInfoV2, wireState } from './traceWire';
import { epochMs, experimentIdText } from './wire';

const start = z.object({
  experiment_id: experimentIdText,
  timestamp_ms: epochMs,
  request_metadata: factList,
  tags: factList,
});

const end = z.object({
  timestamp_ms: epochMs,
  status: wireState,
  request_metadata: factList,
  tags: factList,
});

/** traces/* of the second version, which clients before 3.0 speak: a trace is started, and ended later. */
export function traceRoutesV2({ store, ingest }: MlflowDeps): MlflowRoute[] {
  const deliveries = createDeliveries();

  function startTrace({ input, delivery }: Call): string {
    const asked = start.parse(input);
    const { experiment_id: experimentId } = asked;
    checkActive(store, experimentId);
    const creationKey = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
    const lost = store
      .findTracesByCreation(creationKey, Date.now() - RETRY_WINDOW_MS)
      .find((earlier) => deliveries.isLost(earlier.traceId, earlier));
    const traceId = lost?.traceId ?? randomBytes(16).toString('hex');
    if (lost === undefined) {
      store.putTrace({
        traceId,
        experimentId,
        clientRequestId: null,
        requestPreview: null,
        responsePreview: null,
        requestedAt: asked.timestamp_ms,
        durationMs: null,
        state: 'IN_PROGRESS',
        metadata: asked.request_metadata,
        tags: keptTags(asked.tags),
        creationKey,
      });
    }
    deliveries.watch(traceId, delivery);
    return traceId;
  }

  return [
    {
      method: 'POST',
      path: 'traces',
      async handle(call) {
        const traceId = await ingest.write('normal', () => startTrace(call));
        return { trace_info: traceInfoV2(traceNamed(store, traceId)) };
      },
    },
    {
      method: 'PATCH',
      path: 'traces/:request_id',
      async handle({ params, input }) {
        const traceId = readTraceId(params.request_id, 'request_id');
        const { timestamp_ms: endedAt, status, request_metadata: metadata, tags } = end.parse(input);
        await ingest.write('normal', () => {
          const trace = store.traceHead(traceId);
          const durationMs = endedAt - trace.requestedAt;
          store.endTrace(trace, { durationMs, state: status, metadata, tags: keptTags(tags) });
        });
        return { trace_info: traceInfoV2(traceNamed(store, traceId)) };
      },
    },
    {
      method: 'GET',
      path: 'traces/:request_id/info',
      handle: ({ params }) => ({
        trace_info: traceInfoV2(traceNamed(store, readTraceId(params.request_id, 'request_id'))),
      }),
    },
    {
      method: 'GET',
      path: 'traces',
      handle({ input }) {
        const { experiment_ids: ids } = experiments.parse(input);
        return searchTraces(store, ids, input, traceInfoV2);
      },
    },
  ];
}

/** The query of a GET has a text for one and a list for several. */
const experiments = z.object({
  experiment_ids: z.union([
    z.pipe(
      experimentIdText,
      z.transform((one) => [one]),
    ),
    z.array(experimentIdText),
  ]),
});
