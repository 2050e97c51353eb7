import { describe, expect, test } from 'vitest';
import { openServer } from './testing';

const API = '/api/2.0/mlflow';

async function started() {
  const server = openServer();
  const { body } = await server.post(`${API}/runs/create`, { experiment_id: '0', start_time: 1 });
  const { info } = body['run'] as { info: { run_id: string } };
  return { ...server, runId: info.run_id };
}

describe('a metric', () => {
  test.each([
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['-Infinity', '-Infinity'],
    [0.30000000000000004, 0.30000000000000004],
    ['1.5', 1.5],
  ])('with the value %s comes back as %s', async (value, expected) => {
    const { post, get, runId } = await started();
    await post(`${API}/runs/log-metric`, { run_id: runId, key: 'x', value, timestamp: 5, step: 1 });
    const { body } = await get(`${API}/metrics/get-history?run_id=${runId}&metric_key=x`);
    expect(body).toEqual({ metrics: [{ key: 'x', value: expected, timestamp: 5, step: 1 }] });
  });

  test('keeps 64 bits on the way in and out, and bare NaN is understood', async () => {
    const { ask, runId } = await started();
    const text = `{"run_id":"${runId}","key":"x","value":NaN,"timestamp":9223372036854775807,"step":-9223372036854775808}`;
    expect((await ask('POST', `${API}/runs/log-metric`, text)).status).toBe(200);
    const history = await ask('GET', `${API}/metrics/get-history?run_uuid=${runId}&metric_key=x`);
    const expected = '"value":"NaN","timestamp":9223372036854775807,"step":-9223372036854775808';
    expect(await history.text()).toContain(expected);
    const run = await ask('GET', `${API}/runs/get?run_id=${runId}`);
    expect(await run.text()).toContain(expected);
  });

  test.each([
    [{ value: 'abc' }, `Invalid value "abc" for parameter 'value' supplied`],
    [{ value: null }, "Missing value for required parameter 'value'"],
    [{ key: '' }, "Missing value for required parameter 'key'"],
    [{ key: 'a'.repeat(251) }, 'exceeded length limit of 250'],
    [{ key: '../x' }, 'must not resolve to other names'],
    [{ key: 'a\0b' }, 'Names may only contain'],
    [{ key: 7 }, "parameter 'key'"],
    [{ step: 1.5 }, "parameter 'step'"],
    [{ step: '99999999999999999999' }, "parameter 'step'"],
    [{ timestamp: -1 }, 'nonnegative'],
    [{ run_id: undefined, run_uuid: undefined }, "Missing value for required parameter 'run_id'"],
    [{ run_id: '../x' }, "parameter 'run_id'"],
  ])('that is wrong is 400 and says what: %j', async (wrong, message) => {
    const { post, runId, bugs } = await started();
    const metric = { run_id: runId, key: 'x', value: 1, timestamp: 1, step: 0, ...wrong };
    const answer = await post(`${API}/runs/log-metric`, metric);
    expect(answer).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining(message) },
    });
    expect(bugs).toEqual([]);
  });
});

describe('a batch', () => {
  test('with one wrong metric writes nothing and names its place', async () => {
    const { post, store, runId } = await started();
    const metrics = Array.from({ length: 500 }, (_, i) => ({ key: 'x', value: i, timestamp: i, step: i }));
    metrics[437] = { key: 'x', value: 'no' as unknown as number, timestamp: 1, step: 1 };
    const answer = await post(`${API}/runs/log-batch`, {
      run_id: runId,
      metrics,
      params: [{ key: 'p', value: '1' }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body['message']).toContain('metrics[437].value');
    expect(store.getRun(runId)).toMatchObject({ metrics: {}, params: {} });
  });

  test('with a changed param writes nothing of it', async () => {
    const { post, store, runId } = await started();
    await post(`${API}/runs/log-parameter`, { run_id: runId, key: 'p', value: '1' });
    const answer = await post(`${API}/runs/log-batch`, {
      run_id: runId,
      params: [
        { key: 'q', value: '1' },
        { key: 'p', value: '2' },
      ],
      metrics: [{ key: 'x', value: 1, timestamp: 1 }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body['message']).toContain('Changing param values is not allowed');
    expect(store.getRun(runId)).toMatchObject({ params: { p: '1' }, metrics: {} });
  });

  test('that is too large is refused', async () => {
    const { post, runId } = await started();
    const metrics = Array.from({ length: 1001 }, (_, i) => ({ key: 'x', value: i, timestamp: i }));
    expect((await post(`${API}/runs/log-batch`, { run_id: runId, metrics })).status).toBe(400);
  });
});

describe('a broken request is never answered with 5xx', () => {
  test.each([
    '',
    '{',
    '[]',
    'null',
    '"text"',
    '"{\\"a\\": 1}"',
    '[{"a":1}]',
    '['.repeat(100_000),
    '{"metrics": {"a": 1}}',
    '{"run_id": [], "tags": 3, "metrics": "x", "params": [1], "experiment_id": {}, "name": 3}',
    `{"run_id": "${'f'.repeat(32)}", "max_results": "many", "filter": 3, "order_by": "x", "experiment_ids": 5}`,
    '{"experiment_ids": ["0"], "order_by": ["metrics.x", "metrics.x"]}',
    '{"experiment_ids": ["0"], "filter": "metrics.x < 1 OR 1 = 1"}',
    '{"experiment_ids": ["0"], "max_results": -1}',
    '{"experiment_ids": ["0"], "page_token": "bm9uc2Vuc2U="}',
  ])('%.60s', async (body) => {
    const server = openServer();
    for (const { method, path } of server.app.routes) {
      if (method !== 'POST' || path.includes('challenge')) continue;
      const { status } = await server.ask(method, path, body);
      expect([path, (status >= 200 && status < 500) || status === 501]).toEqual([path, true]);
    }
    expect(server.bugs.filter((bug) => !String(bug).includes('Not part of this test'))).toEqual([]);
  });

  test('an unknown route is ENDPOINT_NOT_FOUND, so that clients fall back', async () => {
    expect(await openServer().post(`${API}/no-such-things`, {})).toMatchObject({
      status: 404,
      body: { error_code: 'ENDPOINT_NOT_FOUND' },
    });
  });
});

test.each([
  ['experiments/create', { name: 123 }, "Invalid value 123 for parameter 'name' supplied"],
  ['experiments/create', {}, "Missing value for required parameter 'name'."],
  ['experiments/create', { name: 'x', tags: '5' }, `Invalid value "5" for parameter 'tags' supplied`],
  ['experiments/search', {}, "Missing value for required parameter 'max_results'."],
  ['runs/search', { max_results: 123456789 }, "Invalid value 123456789 for parameter 'max_results' supplied"],
  ['runs/log-parameter', { run_id: 31 }, "Invalid value 31 for parameter 'run_id' supplied"],
  ['runs/log-parameter', { run_id: 'a', key: 31 }, "Invalid value 31 for parameter 'key' supplied"],
  ['runs/set-tag', { run_id: 'a', key: 'k', value: 41 }, "Invalid value 41 for parameter 'value' supplied"],
])('%s of %j names the wrong value as MLflow does', async (route, body, message) => {
  const server = openServer();
  expect(await server.post(`${API}/${route}`, body)).toMatchObject({
    status: 400,
    body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining(message) },
  });
});

describe('creating a run', () => {
  const asked = { experiment_id: '0', user_id: 'u', start_time: 1_700_000_000_000, run_name: 'n' };
  const idOf = (answer: { body: Record<string, unknown> }) =>
    (answer.body['run'] as { info: { run_id: string } }).info.run_id;

  test('again when the answer was lost gives the run that was made', async () => {
    const { post, postAndLeave, store } = openServer();
    await postAndLeave(`${API}/runs/create`, asked);
    const [made] = store.liveRuns();
    expect(idOf(await post(`${API}/runs/create`, asked))).toBe(made?.runId);
    expect(idOf(await post(`${API}/runs/create`, asked))).not.toBe(made?.runId);
  });

  test('twice with the same words makes two runs when both were answered', async () => {
    const { post } = openServer();
    const first = idOf(await post(`${API}/runs/create`, asked));
    expect(idOf(await post(`${API}/runs/create`, asked))).not.toBe(first);
  });

  test('with a parent makes one run a request: autologging sends the same one for each candidate', async () => {
    const { post } = openServer();
    const parent = idOf(await post(`${API}/runs/create`, asked));
    const child = { ...asked, run_name: undefined, tags: [{ key: 'mlflow.parentRunId', value: parent }] };
    const ids = [
      idOf(await post(`${API}/runs/create`, child)),
      idOf(await post(`${API}/runs/create`, child)),
    ];
    expect(new Set(ids).size).toBe(2);
  });

  test("with an attempt's token is the attempt's run first, and a run below it after that", async () => {
    const { post, postAndLeave, attempt, store } = openServer();
    const { runId, token, attemptId } = attempt();
    const experimentId = (await post(`${API}/experiments/create`, { name: 'theirs' })).body['experiment_id'];
    const request = { ...asked, experiment_id: experimentId };
    await postAndLeave(`${API}/runs/create`, request, token);
    expect(idOf(await post(`${API}/runs/create`, request, token))).toBe(runId);
    expect(store.getRun(runId)).toMatchObject({ experiment: 'theirs', name: 'n' });
    const later = { ...request, start_time: asked.start_time + 5 };
    const second = idOf(await post(`${API}/runs/create`, later, token));
    expect(second).not.toBe(runId);
    expect(store.getRun(second)).toMatchObject({ parentRunId: runId, tags: { 'winnow.attempt': attemptId } });
  });

  test('of a later attempt joins the same run, which keeps its name, its place and its params', async () => {
    const { post, attempt, store } = openServer();
    const { runId, token } = attempt();
    const experimentId = (await post(`${API}/experiments/create`, { name: 'theirs' })).body['experiment_id'];
    const request = { ...asked, experiment_id: experimentId };
    await post(`${API}/runs/create`, request, token);
    await post(`${API}/runs/log-parameter`, { run_id: runId, key: 'resume', value: 'None' }, token);
    const point = { run_id: runId, key: 'loss', value: 0.5, step: 9, timestamp: 1 };
    await post(`${API}/runs/log-metric`, point, token);

    const second = attempt({ of: runId });
    const again = { experiment_id: '0', run_name: 'other', start_time: asked.start_time + 9 };
    expect(idOf(await post(`${API}/runs/create`, again, second.token))).toBe(runId);
    const param = { run_id: runId, key: 'resume', value: 'last.ckpt' };
    expect((await post(`${API}/runs/log-parameter`, param, second.token)).status).toBe(200);
    const back = { ...point, value: 0.4, step: 5, timestamp: 2 };
    expect((await post(`${API}/runs/log-metric`, back, second.token)).status).toBe(200);
    expect(store.getRun(runId)).toMatchObject({
      ...{ experiment: 'theirs', name: 'n', params: { resume: 'None' } },
      metrics: { loss: { count: 2, lastStep: 9 } },
    });
    expect(store.attemptsOf(runId).map(({ number }) => number)).toEqual([1, 2]);
  });

  test('is refused where the experiment is missing or deleted', async () => {
    const { post } = openServer();
    expect(await post(`${API}/runs/create`, { experiment_id: '77' })).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'No Experiment with id=77 exists' },
    });
    const id = (await post(`${API}/experiments/create`, { name: 'x' })).body['experiment_id'];
    await post(`${API}/experiments/delete`, { experiment_id: id });
    expect((await post(`${API}/runs/create`, { experiment_id: id })).status).toBe(400);
  });
});

test('a deleted run takes no more, and says so as MLflow does', async () => {
  const { post, runId } = await started();
  await post(`${API}/runs/delete`, { run_id: runId });
  const answer = await post(`${API}/runs/set-tag`, { run_id: runId, key: 'a', value: 'b' });
  expect(answer.status).toBe(400);
  expect(answer.body['message']).toContain("must be in the 'active' state");
});

test('a search is paged by tokens', async () => {
  const { post } = openServer();
  for (let i = 0; i < 5; i++) await post(`${API}/runs/create`, { experiment_id: '0', start_time: 1000 + i });
  const seen: string[] = [];
  let token: unknown;
  do {
    const { body } = await post(`${API}/runs/search`, {
      experiment_ids: ['0'],
      max_results: 2,
      page_token: token,
    });
    for (const run of body['runs'] as { info: { start_time: number } }[])
      seen.push(String(run.info.start_time));
    token = body['next_page_token'];
  } while (token !== undefined);
  expect(seen).toEqual(['1004', '1003', '1002', '1001', '1000']);
});

test('a full disk is 503 with Retry-After, so that clients wait', async () => {
  const server = await started();
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  server.store.logMetrics = () => {
    throw full;
  };
  const response = await server.ask('POST', `${API}/runs/log-metric`, {
    run_id: server.runId,
    key: 'x',
    value: 1,
    timestamp: 1,
  });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
});
