import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import { type Assessment, TRACE_STATES, type Trace, type TraceState, isTraceId } from '../../../model/trace';
import type { KeyValue } from '../../../store/keyValues';
import { traceFolder } from './artifactFolders';
import { invalidValue, keyValues, missingValue } from './wire';

/* MLflow's messages of traces as they travel: its third version speaks in protobuf's times, the second in numbers. */

const MAX_TAG = 8000; // Longer ones are cut, as MLflow's client does.
const MAX_TEXT = 100_000;

const LOCATION_TAG = 'mlflow.artifactLocation';
const SPANS_TAG = 'mlflow.trace.spansLocation'; // Would send clients for the spans to where they are not.

/** @throws UserError 'invalid' when it is no id of a trace, 'missing' when there is none. */
export function readTraceId(value: unknown, name = 'trace_id'): string {
  if (value === undefined || value === null || value === '') throw missingValue(name);
  // A trace that cannot be here is simply not found.
  if (typeof value === 'string' && value.length <= 1000) return value;
  throw invalidValue(value, name);
}

/** The id of a new trace, which becomes the name of a folder. */
export const newTraceId = z
  .string()
  .check(
    z.refine(isTraceId, 'an id of a trace has up to 100 lower-case letters, digits, dashes and underscores.'),
  );

/** `2026-01-31T12:00:00.5Z` as epoch milliseconds. */
export const wireTime = z.pipe(
  z
    .string()
    .check(
      z.refine(
        (text) => /^\d{4}-\d\d-\d\dT/.test(text) && Number.isFinite(Date.parse(text)),
        'it must be a time as 2026-01-31T12:00:00Z.',
      ),
    ),
  z.transform((text) => Date.parse(text)),
);

/** `1.5s` as milliseconds. */
export const wireDuration = z.pipe(
  z.string().check(z.regex(/^-?\d{1,12}(\.\d{1,9})?s$/, 'it must be a duration as 1.5s.')),
  z.transform((text) => Math.round(Number(text.slice(0, -1)) * 1000)),
);

/** A state by name or by number. The second version has another word for the first of them. */
export const wireState = z.pipe(
  z.union([z.enum([...TRACE_STATES, 'TRACE_STATUS_UNSPECIFIED']), z.int().check(z.minimum(0), z.maximum(3))]),
  z.transform((said): TraceState => {
    if (typeof said === 'number') return TRACE_STATES[said] ?? 'STATE_UNSPECIFIED';
    return said === 'TRACE_STATUS_UNSPECIFIED' ? 'STATE_UNSPECIFIED' : said;
  }),
);

const factKey = z.string().check(z.minLength(1), z.maxLength(250));
const factValue = z.string().check(z.maxLength(MAX_TEXT));

/** Metadata or tags of the third version: a map. */
export const factMap = z.pipe(
  z.nullish(z.record(factKey, factValue)),
  z.transform((map) => Object.entries(map ?? {}).map(([key, value]) => ({ key, value }))),
);

/** Metadata or tags of the second version: a list. */
export const factList = z.pipe(
  z.nullish(z.array(z.object({ key: factKey, value: z.nullish(factValue) })).check(z.maxLength(1000))),
  z.transform((list) => (list ?? []).map(({ key, value }) => ({ key, value: value ?? '' }))),
);

/** Tags as they are kept: where the files are is said by the server, always anew. */
export function keptTags(tags: readonly KeyValue[]): KeyValue[] {
  return tags
    .filter(({ key }) => key !== LOCATION_TAG && key !== SPANS_TAG)
    .map(({ key, value }) => ({ key, value: value.slice(0, MAX_TAG) }));
}

/** @throws UserError 'invalid' for a tag that is the server's own. */
export function checkTagIsFree(key: string, done: 'set' | 'deleted'): void {
  if (key !== LOCATION_TAG && key !== SPANS_TAG) return;
  throw new UserError('invalid', `Tag '${key}' is immutable and cannot be ${done} on a trace.`);
}

function tagsOf(trace: Trace): Record<string, string> {
  const location = `mlflow-artifacts:/${traceFolder(trace.experimentId, trace.traceId)}`;
  return { ...trace.tags, [LOCATION_TAG]: location };
}

/** A trace as the third version has it. */
export function traceInfo(trace: Trace): object {
  return {
    trace_id: trace.traceId,
    ...(trace.clientRequestId === null ? {} : { client_request_id: trace.clientRequestId }),
    trace_location: {
      type: 'MLFLOW_EXPERIMENT',
      mlflow_experiment: { experiment_id: trace.experimentId },
    },
    ...(trace.requestPreview === null ? {} : { request_preview: trace.requestPreview }),
    ...(trace.responsePreview === null ? {} : { response_preview: trace.responsePreview }),
    request_time: timeText(trace.requestedAt),
    ...(trace.durationMs === null ? {} : { execution_duration: `${trace.durationMs / 1000}s` }),
    state: trace.state,
    ...(Object.keys(trace.metadata).length > 0 ? { trace_metadata: trace.metadata } : {}),
    tags: tagsOf(trace),
    ...(trace.assessments.length > 0 ? { assessments: trace.assessments.map(assessmentMessage) } : {}),
  };
}

/** A trace as the second version has it. */
export function traceInfoV2(trace: Trace): object {
  const metadata = keyValues(trace.metadata);
  return {
    request_id: trace.traceId,
    experiment_id: trace.experimentId,
    timestamp_ms: trace.requestedAt,
    execution_time_ms: trace.durationMs ?? 0,
    status: trace.state === 'STATE_UNSPECIFIED' ? 'TRACE_STATUS_UNSPECIFIED' : trace.state,
    ...(metadata.length > 0 ? { request_metadata: metadata } : {}),
    tags: keyValues(tagsOf(trace)),
  };
}

export function assessmentMessage(assessment: Assessment): object {
  const { assessmentId, traceId, name, content, createdAt, updatedAt, valid } = assessment;
  return {
    ...content,
    assessment_id: assessmentId,
    assessment_name: name,
    trace_id: traceId,
    create_time: timeText(createdAt),
    last_update_time: timeText(updatedAt),
    valid,
  };
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
