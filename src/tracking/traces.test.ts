import { existsSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PORT, TOKEN, type TestServer, openServer } from './testing';

const V3 = '/api/3.0/mlflow/traces';
const V2 = '/api/2.0/mlflow/traces';
const PROXY = '/api/2.0/mlflow-artifacts/artifacts';
const JSON_TYPE = { 'content-type': 'application/json' };

function traceOf(n: number, more: object = {}) {
  return {
    trace: {
      trace_info: {
        trace_id: `tr-${String(n).padStart(32, '0')}`,
        trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
        request_time: `2026-01-0${n}T00:00:00.5Z`,
        execution_duration: '1.25s',
        state: 'OK',
        request_preview: 'why?',
        trace_metadata: { 'mlflow.sourceRun': `run${n}` },
        tags: { 'mlflow.traceName': `call ${n}` },
        ...more,
      },
    },
  };
}

async function withTraces(...more: object[]) {
  const server = openServer();
  for (const [i, one] of more.entries()) await server.post(V3, traceOf(i + 1, one));
  return { ...server, id: traceOf(1).trace.trace_info.trace_id };
}

async function patch({ ask }: Pick<TestServer, 'ask'>, target: string, body: object) {
  const answer = await ask('PATCH', target, body, JSON_TYPE);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('a trace of the third version', () => {
  test('comes back as it was sent, with the place of its files', async () => {
    const { id, get } = await withTraces({});
    const { trace_info: info } = traceOf(1).trace;
    expect((await get(`${V3}/${id}`)).body).toEqual({
      trace: {
        trace_info: {
          ...info,
          request_time: '2026-01-01T00:00:00.500Z',
          tags: { ...info.tags, 'mlflow.artifactLocation': `mlflow-artifacts:/0/traces/${id}/artifacts` },
        },
      },
    });
  });

  test('that is sent again is one, with what is new', async () => {
    const { id, post, get } = await withTraces({ state: 'IN_PROGRESS', execution_duration: undefined });
    const { body } = await post(V3, traceOf(1, { request_preview: undefined, tags: { more: '1' } }));
    const { body: again } = await get(`${V3}/${id}`);
    expect(again).toEqual(body);
    expect(again).toMatchObject({
      trace: {
        trace_info: {
          state: 'OK',
          execution_duration: '1.25s',
          request_preview: 'why?',
          tags: { 'mlflow.traceName': 'call 1', more: '1' },
        },
      },
    });
    expect((await post(`${V3}/search`, everywhere)).body['traces']).toHaveLength(1);
  });

  test.each([
    [{ trace_id: '../x' }, 'trace_id'],
    [{ trace_id: 'tr-A' }, 'trace_id'],
    [{ trace_id: `tr-${'0'.repeat(100)}` }, 'trace_id'],
    [{ trace_id: 'trace:/catalog/x' }, 'trace_id'],
    [{ trace_id: undefined }, "Missing value for required parameter 'trace.trace_info.trace_id'"],
    [{ request_time: 'yesterday' }, 'request_time'],
    [{ request_time: 5 }, 'request_time'],
    [{ execution_duration: '5' }, 'execution_duration'],
    [{ state: 'FINE' }, 'state'],
    [{ tags: { a: 1 } }, 'tags'],
    [{ tags: ['a'] }, 'tags'],
    [{ trace_location: {} }, 'mlflow_experiment'],
    [{ trace_location: { mlflow_experiment: { experiment_id: '../..' } } }, 'experiment_id'],
  ])('that makes no sense is 400: %j', async (wrong, field) => {
    const { post, bugs } = openServer();
    const answer = await post(V3, traceOf(1, wrong));
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining(field) } });
    expect(bugs).toEqual([]);
  });

  test('is refused where the experiment is missing or deleted, and stays where it is', async () => {
    const { post } = await withTraces({});
    const at = (id: unknown, n: number) =>
      post(V3, traceOf(n, { trace_location: { mlflow_experiment: { experiment_id: id } } }));
    expect((await at('77', 2)).status).toBe(404);
    const id = (await post('/api/2.0/mlflow/experiments/create', { name: 'x' })).body['experiment_id'];
    expect(await at(id, 1)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('cannot be moved') },
    });
    await post('/api/2.0/mlflow/experiments/delete', { experiment_id: id });
    expect((await at(id, 2)).body['message']).toContain("must be in the 'active' state");
  });

  test('that is not there is 404 in the words that clients know, traces/get too', async () => {
    const { get } = openServer();
    expect(await get(`${V3}/get?trace_id=tr-1`)).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: "Trace with ID 'get' not found." },
    });
  });
});

describe('a trace of the second version', () => {
  const begun = {
    experiment_id: '0',
    timestamp_ms: 1000,
    request_metadata: [{ key: 'a', value: '1' }],
    tags: [{ key: 'mlflow.traceName', value: 'call' }],
  };
  const idOf = (answer: { body: Record<string, unknown> }) =>
    (answer.body['trace_info'] as { request_id: string }).request_id;

  test('is started, then ended, and read by both versions', async () => {
    const server = openServer();
    const started = await server.post(V2, begun);
    const id = idOf(started);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(started.body['trace_info']).toMatchObject({ status: 'IN_PROGRESS', execution_time_ms: 0 });
    const ended = await patch(server, `${V2}/${id}`, {
      timestamp_ms: 1500,
      status: 'ERROR',
      request_metadata: [{ key: 'b', value: '2' }],
      tags: [],
    });
    const expected = {
      trace_info: {
        request_id: id,
        experiment_id: '0',
        timestamp_ms: 1000,
        execution_time_ms: 500,
        status: 'ERROR',
        request_metadata: [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ],
        tags: [
          { key: 'mlflow.traceName', value: 'call' },
          { key: 'mlflow.artifactLocation', value: `mlflow-artifacts:/0/traces/${id}/artifacts` },
        ],
      },
    };
    expect(ended.body).toEqual(expected);
    expect((await server.get(`${V2}/${id}/info`)).body).toEqual(expected);
    expect((await server.get(`${V3}/${id}`)).body).toMatchObject({
      trace: { trace_info: { state: 'ERROR', execution_duration: '0.5s' } },
    });
    const { body } = await server.get(
      `${V2}?experiment_ids=0&experiment_ids=1&filter=status%20%3D%20'ERROR'`,
    );
    expect(body['traces']).toEqual([expected.trace_info]);
  });

  test('asked for twice is two, and one when the first answer was lost', async () => {
    const { app, post } = openServer();
    const first = idOf(await post(V2, begun));
    expect(idOf(await post(V2, begun))).not.toBe(first);
    const outgoing = new ServerResponse(new IncomingMessage(new Socket()));
    const answer = await app.request(
      `http://127.0.0.1:${PORT}${V2}`,
      {
        method: 'POST',
        headers: { host: `127.0.0.1:${PORT}`, authorization: `Bearer ${TOKEN}`, ...JSON_TYPE },
        body: JSON.stringify(begun),
      },
      { outgoing },
    );
    outgoing.emit('close');
    const lost = idOf({ body: (await answer.json()) as Record<string, unknown> });
    expect(idOf(await post(V2, begun))).toBe(lost);
  });
});

const everywhere = { locations: [{ mlflow_experiment: { experiment_id: '0' } }] };

describe('a search of traces', () => {
  async function traces() {
    const server = await withTraces(
      { tags: { 'mlflow.traceName': 'ask', mood: 'good' }, client_request_id: 'c1' },
      { state: 'ERROR', execution_duration: '2s' },
      { execution_duration: undefined, trace_metadata: { 'mlflow.modelId': 'm-1' }, tags: {} },
    );
    const assess = (n: number, assessment: object) =>
      server.post(`${V3}/${traceOf(n).trace.trace_info.trace_id}/assessments`, { assessment });
    await assess(1, { assessment_name: 'right', feedback: { value: true } });
    await assess(2, { assessment_name: 'right', feedback: { value: false } });
    await assess(2, { assessment_name: 'score', feedback: { value: 0.5 } });
    await assess(3, { assessment_name: 'answer', expectation: { value: 'yes' } });
    await server.post('/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 });
    return server;
  }

  test.each([
    [{}, [3, 2, 1]],
    [{ filter: "status = 'ERROR'" }, [2]],
    [{ filter: "trace.status IN ('OK', 'ERROR') AND attributes.name = 'ask'" }, [1]],
    [{ filter: "name LIKE 'call%'" }, [2]],
    [{ filter: "tags.mood = 'good'" }, [1]],
    [{ filter: 'tag.mood IS NULL' }, [3, 2]],
    [{ filter: 'tags.`mlflow.traceName` IS NOT NULL' }, [2, 1]],
    [{ filter: "metadata.`mlflow.modelId` = 'm-1'" }, [3]],
    [{ filter: "request_metadata.mlflow.sourceRun = 'run2'" }, [2]],
    [{ filter: "attribute.run_id = 'run1'" }, [1]],
    [{ filter: "client_request_id ILIKE 'C_'" }, [1]],
    [{ filter: 'execution_time_ms >= 1250 AND execution_time < 2000' }, [1]],
    [{ filter: `timestamp_ms > ${Date.parse('2026-01-02T00:00:00Z')}` }, [3, 2]],
    [{ filter: `end_time = ${Date.parse('2026-01-02T00:00:02.5Z')}` }, [2]],
    [{ filter: "feedback.right = 'true'" }, [1]],
    [{ filter: "feedback.right != 'true'" }, [2]],
    [{ filter: 'feedback.score > 0.4' }, [2]],
    [{ filter: 'feedback.score > 0.6' }, []],
    [{ filter: 'feedback.right IS NULL' }, [3]],
    [{ filter: "expectation.answer = 'yes'" }, [3]],
    [{ order_by: ['timestamp_ms ASC'] }, [1, 2, 3]],
    [{ order_by: ['execution_time DESC'] }, [2, 1, 3]],
    [{ order_by: ['attributes.status ASC', 'timestamp_ms'] }, [2, 1, 3]],
    [{ order_by: ['tags.`mlflow.traceName` DESC'] }, [2, 1, 3]],
    [{ locations: [] }, []],
  ])('%j finds %j', async (query, numbers) => {
    const { post } = await traces();
    const { body } = await post(`${V3}/search`, { ...everywhere, ...query });
    const found = (body['traces'] ?? []) as { trace_id: string }[];
    expect(found.map(({ trace_id: id }) => Number(id.slice(3)))).toEqual(numbers);
  });

  test.each([
    [{ filter: "span.name = 'x'" }, 'spans of traces are files'],
    [{ filter: "name = 'a' OR name = 'b'" }, 'Invalid clause'],
    [{ filter: "nonsense.x = 'a'" }, 'Invalid entity type'],
    [{ filter: "colour = 'a'" }, 'Invalid attribute key'],
    [{ filter: "timestamp_ms > 'a'" }, 'numeric'],
    [{ filter: 'status = 3' }, 'quoted string'],
    [{ order_by: ['feedback.right'] }, 'cannot be ordered'],
    [{ max_results: 501 }, 'max_results'],
    [{ locations: undefined }, "Missing value for required parameter 'locations'"],
    [{ page_token: 'x' }, 'page token'],
  ])('%j is refused', async (query, message) => {
    const { post, bugs } = openServer();
    const answer = await post(`${V3}/search`, { ...everywhere, ...query });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining(message) } });
    expect(bugs).toEqual([]);
  });

  test('finds the traces that a run was linked to beside its own', async () => {
    const { post, id } = await withTraces({}, {});
    const { body } = await post('/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 });
    const runId = (body['run'] as { info: { run_id: string } }).info.run_id;
    const link = (ids: string[]) => post(`${V2}/link-to-run`, { run_id: runId, trace_ids: ids });
    for (const _time of [1, 2]) expect((await link([id])).status).toBe(200);
    expect((await link(['tr-no'])).status).toBe(404);
    const search = await post(`${V3}/search`, { ...everywhere, filter: `attribute.run_id = '${runId}'` });
    expect(search.body['traces']).toMatchObject([{ trace_id: id }]);
  });

  test('goes page by page, and infos are read by id', async () => {
    const { post } = await traces();
    const id = traceOf(2).trace.trace_info.trace_id;
    const first = await post(`${V3}/search`, { ...everywhere, max_results: 2 });
    expect(first.body['traces']).toHaveLength(2);
    const token = first.body['next_page_token'];
    const second = await post(`${V3}/search`, { ...everywhere, max_results: 2, page_token: token });
    expect(second.body['traces']).toHaveLength(1);
    expect(second.body).not.toHaveProperty('next_page_token');
    const infos = (within?: string[]) =>
      post(`${V3}/batchGetInfos`, { trace_ids: ['tr-no', id], experiment_ids: within });
    expect((await infos()).body['trace_infos']).toMatchObject([{ trace_id: id }]);
    expect((await infos(['7'])).body).toEqual({});
  });
});

describe('a tag of a trace', () => {
  test.each([V2, V3])('is set, set anew and deleted by %s', async (base) => {
    const server = await withTraces({});
    const target = `${base}/${server.id}/tags`;
    await patch(server, target, { key: 'k', value: '1' });
    await patch(server, target, { key: 'k', value: '2' });
    expect(server.store.getTrace(server.id)?.tags).toMatchObject({ k: '2' });
    expect((await server.ask('DELETE', target, { key: 'k' })).status).toBe(200);
    expect(server.store.getTrace(server.id)?.tags).not.toHaveProperty('k');
    expect((await server.ask('DELETE', target, { key: 'k' })).status).toBe(404);
  });

  test('that says where files are is the own of the server', async () => {
    const server = await withTraces({ tags: { 'mlflow.artifactLocation': 'file:///etc' } });
    const location = { key: 'mlflow.artifactLocation', value: 'file:///etc' };
    expect((await patch(server, `${V2}/${server.id}/tags`, location)).status).toBe(400);
    const { body } = await server.get(`${V3}/${server.id}`);
    expect(JSON.stringify(body)).not.toContain('file:///etc');
  });
});

describe('deleting traces', () => {
  test('takes named ones, or the oldest up to an instant, with their files', async () => {
    const { post, ask, artifacts, store } = await withTraces({}, {}, {});
    const ids = [1, 2, 3].map((n) => traceOf(n).trace.trace_info.trace_id);
    const files = ids.map((id) => path.join(artifacts, `0/traces/${id}`));
    for (const id of ids) {
      const put = await ask('PUT', `${PROXY}/0/traces/${id}/artifacts/traces.json`, '{"spans":[]}');
      expect(put.status).toBe(200);
    }
    const remove = (body: object) => post(`${V2}/delete-traces`, { experiment_id: '0', ...body });
    expect((await remove({ request_ids: [ids[2], 'tr-no'] })).body).toEqual({ traces_deleted: 1 });
    expect((await remove({ max_timestamp_millis: 2 ** 50, max_traces: 1 })).body).toEqual({
      traces_deleted: 1,
    });
    expect((await remove({ max_timestamp_millis: 5 })).body).toEqual({ traces_deleted: 0 });
    expect(ids.map((id) => store.getTrace(id) !== null)).toEqual([false, true, false]);
    expect(files.map((file) => existsSync(file))).toEqual([false, true, false]);
    expect((await ask('PUT', `${PROXY}/0/traces/${ids[0]}/artifacts/traces.json`, '{}')).status).toBe(404);
    expect((await ask('GET', `${PROXY}/0/traces/${ids[1]}/artifacts/traces.json`)).status).toBe(200);
  });

  test.each([
    [{}, 'Either `max_timestamp_millis` or `trace_ids` must be specified'],
    [{ request_ids: ['a'], max_timestamp_millis: 1 }, 'Only one of'],
    [{ request_ids: ['a'], max_traces: 1 }, "`max_traces` can't be specified"],
    [{ max_timestamp_millis: 1, max_traces: 0 }, 'must be a positive integer'],
  ])('needs to know which: %j', async (body, message) => {
    const { post } = openServer();
    expect(await post(`${V2}/delete-traces`, { experiment_id: '0', ...body })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
  });
});

describe('an assessment', () => {
  const right = {
    assessment_name: 'right',
    source: { source_type: 'HUMAN', source_id: 'eve' },
    create_time: '2026-01-01T00:00:00.123Z',
    last_update_time: '2026-01-01T00:00:00.123Z',
    feedback: { value: { deep: [true, 1.5, null] } },
    rationale: 'so it is',
    metadata: { a: '1' },
    span_id: 's',
  };

  async function assessed() {
    const server = await withTraces({});
    const base = `${V3}/${server.id}/assessments`;
    const make = async (assessment: object) => {
      const answer = await server.post(base, { assessment });
      return {
        ...answer,
        assessment: (answer.body['assessment'] ?? {}) as Record<string, unknown> & { assessment_id: string },
      };
    };
    return { ...server, base, make };
  }

  test('comes back as it was given, alone and with its trace, and once when it is sent again', async () => {
    const { make, get, base, id } = await assessed();
    const { assessment } = await make(right);
    expect(assessment).toEqual({
      ...right,
      assessment_id: expect.stringMatching(/^a-[0-9a-f]{32}$/),
      trace_id: id,
      valid: true,
    });
    expect((await make(right)).assessment).toEqual(assessment);
    expect((await get(`${base}/${assessment.assessment_id}`)).body).toEqual({ assessment });
    expect((await get(`${V3}/${id}`)).body).toMatchObject({
      trace: { trace_info: { assessments: [assessment] } },
    });
  });

  test('is changed in the fields of the mask only', async () => {
    const server = await assessed();
    const { assessment } = await server.make(right);
    const target = `${server.base}/${assessment.assessment_id}`;
    const change = (more: object, mask: string) =>
      patch(server, target, { assessment: more, update_mask: mask });
    const { body } = await change(
      {
        assessment_name: 'sure',
        feedback: { value: 12345678901234567890n.toString() },
        metadata: { b: '2' },
      },
      'assessmentName,feedback,metadata',
    );
    expect(body['assessment']).toMatchObject({
      assessment_name: 'sure',
      feedback: { value: '12345678901234567890' },
      metadata: { a: '1', b: '2' },
      rationale: 'so it is',
      source: right.source,
      create_time: right.create_time,
    });
    expect((await change({ expectation: { value: 1 } }, 'expectation')).body['message']).toContain(
      'Cannot update expectation value',
    );
  });

  test('of what would have been right has objects as JSON in a text, and plain values as they are', async () => {
    const { make } = await assessed();
    const expected = async (value: unknown) =>
      (await make({ assessment_name: 'answer', expectation: { value } })).assessment['expectation'];
    expect(await expected({ a: [1] })).toEqual({
      serialized_value: { serialization_format: 'JSON_FORMAT', value: '{"a":[1]}' },
    });
    for (const plain of ['yes', 0.5, true, null]) expect(await expected(plain)).toEqual({ value: plain });
  });

  test('takes the place of another, and gives it back when it is deleted', async () => {
    const { make, ask, store, id, base } = await assessed();
    const first = (await make(right)).assessment.assessment_id;
    const second = (await make({ ...right, overrides: first })).assessment.assessment_id;
    const valid = () => store.getTrace(id)?.assessments.map((one) => one.valid);
    expect(valid()).toEqual([false, true]);
    for (const _time of [1, 2]) expect((await ask('DELETE', `${base}/${second}`)).status).toBe(200);
    expect(valid()).toEqual([true]);
    expect(await make({ ...right, overrides: 'a-no' })).toMatchObject({ status: 404 });
  });

  test.each([
    [{ ...right, feedback: undefined }, 'needs a value'],
    [{ ...right, assessment_name: undefined }, 'assessment_name'],
    [{ ...right, metadata: { a: 1 } }, 'metadata'],
    [{ ...right, create_time: 'now' }, 'create_time'],
    [{ ...right, rationale: 'x'.repeat(100_001) }, 'rationale'],
    [{ ...right, feedback: { value: 'x'.repeat(1_000_000) } }, 'are allowed'],
  ])('that makes no sense is 400', async (wrong, message) => {
    const { make, bugs } = await assessed();
    expect(await make(wrong)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
    expect(bugs).toEqual([]);
  });

  test('of a trace that is not there is 404, and whole numbers of any size are taken', async () => {
    const { ask, base, get } = await assessed();
    const text = '{"assessment":{"assessment_name":"n","feedback":{"value":12345678901234567890}}}';
    expect((await ask('POST', base, text)).status).toBe(200);
    expect((await ask('POST', `${V3}/tr-no/assessments`, text)).status).toBe(404);
    expect((await get(`${base}/a-no`)).status).toBe(404);
  });
});
