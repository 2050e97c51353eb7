import { UserError } from '../../base/errors';
import type { Trace, TraceState } from '../../model/trace';
import type { Db } from '../database';
import { type KeyValue, groupedBy, recordFrom } from '../keyValues';
import { assessmentReader } from './assessments';

/** What a client says of a trace. */
export interface NewTrace {
  readonly traceId: string;
  readonly experimentId: string;
  readonly clientRequestId: string | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  readonly requestedAt: number;
  readonly durationMs: number | null;
  readonly state: TraceState;
  readonly metadata: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  /** A digest of a request that names no id: a repeated request is recognised by it. */
  readonly creationKey: string | null;
}

/** A trace as the writers need it. */
export interface TraceHead {
  readonly traceKey: number;
  readonly traceId: string;
  readonly experimentId: number;
  readonly requestedAt: number;
}

/** Which traces of an experiment: named ones, or the oldest of those that began no later than an instant. */
export type TraceChoice =
  | { readonly traceIds: readonly string[] }
  | { readonly requestedUntil: number; readonly limit: number | null };

export interface TraceStore {
  /**
   * Makes a trace, or brings one up to date that is there: fields that are given win, tags and metadata are added.
   * @throws UserError 'invalid' when it is in another experiment.
   */
  putTrace(trace: NewTrace): void;
  /** Traces that the same request asked for, newest first; untouched: it is still in progress. */
  findTracesByCreation(
    key: string,
    since: number,
  ): { traceId: string; createdAt: number; isUntouched: boolean }[];
  /** @throws UserError 'not-found'. */
  traceHead(traceId: string): TraceHead;
  getTrace(traceId: string): Trace | null;
  /** In the order of the keys. */
  readTraces(traceKeys: readonly number[]): Trace[];
  /** Those that are there, in the order of the ids. */
  traceKeysOf(traceIds: readonly string[]): number[];
  /** Notes how a trace ended. */
  endTrace(
    trace: TraceHead,
    end: {
      readonly durationMs: number;
      readonly state: TraceState;
      readonly metadata: readonly KeyValue[];
      readonly tags: readonly KeyValue[];
    },
  ): void;
  setTraceTags(trace: TraceHead, tags: readonly KeyValue[]): void;
  /** @throws UserError 'not-found' when there is no such tag. */
  deleteTraceTag(trace: TraceHead, key: string): void;
  linkTracesToRun(traces: readonly TraceHead[], runId: string): void;
  /** Deletes traces of an experiment for good. @returns their ids: their files are the caller's to remove. */
  deleteTraces(experimentId: string, choice: TraceChoice): string[];
}

interface Row {
  trace_key: number;
  trace_id: string;
  experiment_id: number;
  client_request_id: string | null;
  request_preview: string | null;
  response_preview: string | null;
  requested_at: number;
  duration_ms: number | null;
  state: TraceState;
}

export function traceStore(db: Db): TraceStore {
  const put = db
    .prepare<(string | number | null)[], number>(
      `INSERT INTO traces (trace_id, experiment_id, client_request_id, request_preview, response_preview,
         requested_at, duration_ms, state, created_at, creation_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (trace_id) DO UPDATE SET
         client_request_id = coalesce(excluded.client_request_id, client_request_id),
         request_preview = coalesce(excluded.request_preview, request_preview),
         response_preview = coalesce(excluded.response_preview, response_preview),
         requested_at = excluded.requested_at, duration_ms = excluded.duration_ms, state = excluded.state
       RETURNING trace_key`,
    )
    .pluck();
  const byId = db.prepare<[string], Row>('SELECT * FROM traces WHERE trace_id = ?');
  const byKeys = db.prepare<[string], Row>(
    'SELECT * FROM traces WHERE trace_key IN (SELECT value FROM json_each(?))',
  );
  const byCreation = db.prepare<
    [string, number],
    { trace_id: string; created_at: number; untouched: number }
  >(
    `SELECT trace_id, created_at, state = 'IN_PROGRESS' AS untouched FROM traces
     WHERE creation_key = ? AND created_at >= ? ORDER BY trace_key DESC LIMIT 100`,
  );
  const end = db.prepare<[number, TraceState, number]>(
    'UPDATE traces SET duration_ms = ?, state = ? WHERE trace_key = ?',
  );
  const putTag = upsert('trace_tags');
  const putMetadata = upsert('trace_metadata');
  const dropTag = db.prepare<[number, string]>('DELETE FROM trace_tags WHERE trace_key = ? AND key = ?');
  const tagsOf = valuesOf('trace_tags');
  const metadataOf = valuesOf('trace_metadata');
  const assessmentsOf = assessmentReader(db);
  const link = db.prepare<[number, string]>(
    'INSERT INTO trace_runs (trace_key, run_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const dropNamed = db
    .prepare<[string, string], string>(
      `DELETE FROM traces WHERE experiment_id = ? AND trace_id IN (SELECT value FROM json_each(?))
       RETURNING trace_id`,
    )
    .pluck();
  const dropOldest = db
    .prepare<[string, number, number], string>(
      `DELETE FROM traces WHERE trace_key IN (SELECT trace_key FROM traces
         WHERE experiment_id = ? AND requested_at <= ? ORDER BY requested_at, trace_id LIMIT ?)
       RETURNING trace_id`,
    )
    .pluck();

  function upsert(table: 'trace_tags' | 'trace_metadata') {
    return db.prepare<[number, string, string]>(
      `INSERT INTO ${table} (trace_key, key, value) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET value = excluded.value`,
    );
  }

  function valuesOf(table: 'trace_tags' | 'trace_metadata') {
    return db.prepare<[string], KeyValue & { trace_key: number }>(
      `SELECT trace_key, key, value FROM ${table} WHERE trace_key IN (SELECT value FROM json_each(?))`,
    );
  }

  function recordsOf(rows: readonly Row[]): Map<number, Trace> {
    const keys = JSON.stringify(rows.map((row) => row.trace_key));
    const tags = groupedBy(tagsOf.all(keys), (row) => row.trace_key);
    const metadata = groupedBy(metadataOf.all(keys), (row) => row.trace_key);
    const assessments = assessmentsOf(keys);
    return new Map(
      rows.map((row) => [
        row.trace_key,
        {
          traceId: row.trace_id,
          experimentId: String(row.experiment_id),
          clientRequestId: row.client_request_id,
          requestPreview: row.request_preview,
          responsePreview: row.response_preview,
          requestedAt: row.requested_at,
          durationMs: row.duration_ms,
          state: row.state,
          metadata: recordFrom(metadata.get(row.trace_key) ?? []),
          tags: recordFrom(tags.get(row.trace_key) ?? []),
          assessments: assessments.get(row.trace_key) ?? [],
        },
      ]),
    );
  }

  function addFacts(traceKey: number, metadata: readonly KeyValue[], tags: readonly KeyValue[]): void {
    for (const { key, value } of metadata) putMetadata.run(traceKey, key, value);
    for (const { key, value } of tags) putTag.run(traceKey, key, value);
  }

  return {
    putTrace(trace) {
      const known = byId.get(trace.traceId);
      if (known !== undefined && String(known.experiment_id) !== trace.experimentId) {
        throw new UserError(
          'invalid',
          `Trace with ID '${trace.traceId}' is in experiment ${known.experiment_id} and cannot be moved.`,
        );
      }
      const traceKey = put
        .pluck()
        .get(
          trace.traceId,
          trace.experimentId,
          trace.clientRequestId,
          trace.requestPreview,
          trace.responsePreview,
          trace.requestedAt,
          trace.durationMs,
          trace.state,
          Date.now(),
          trace.creationKey,
        );
      if (traceKey !== undefined) addFacts(traceKey, trace.metadata, trace.tags);
    },

    findTracesByCreation: (key, since) =>
      byCreation.all(key, since).map((row) => ({
        traceId: row.trace_id,
        createdAt: row.created_at,
        isUntouched: row.untouched === 1,
      })),

    traceHead(traceId) {
      const row = byId.get(traceId);
      if (row === undefined) throw new UserError('not-found', `Trace with ID '${traceId}' not found.`);
      return {
        traceKey: row.trace_key,
        traceId,
        experimentId: row.experiment_id,
        requestedAt: row.requested_at,
      };
    },

    getTrace(traceId) {
      const row = byId.get(traceId);
      return row === undefined ? null : (recordsOf([row]).get(row.trace_key) ?? null);
    },

    readTraces(traceKeys) {
      const records = recordsOf(byKeys.all(JSON.stringify(traceKeys)));
      return traceKeys.flatMap((key) => records.get(key) ?? []);
    },

    traceKeysOf: (traceIds) => traceIds.flatMap((traceId) => byId.get(traceId)?.trace_key ?? []),

    endTrace({ traceKey }, { durationMs, state, metadata, tags }) {
      end.run(durationMs, state, traceKey);
      addFacts(traceKey, metadata, tags);
    },

    setTraceTags: ({ traceKey }, tags) => addFacts(traceKey, [], tags),

    deleteTraceTag({ traceKey, traceId }, key) {
      if (dropTag.run(traceKey, key).changes === 0) {
        throw new UserError('not-found', `No trace tag with key '${key}' for trace with ID '${traceId}'`);
      }
    },

    linkTracesToRun(traces, runId) {
      for (const { traceKey } of traces) link.run(traceKey, runId);
    },

    deleteTraces: (experimentId, choice) =>
      'traceIds' in choice
        ? dropNamed.all(experimentId, JSON.stringify(choice.traceIds))
        : dropOldest.all(experimentId, choice.requestedUntil, choice.limit ?? -1),
  };
}
