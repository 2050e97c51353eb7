import { describe, expect, test, vi } from 'vitest';
import { type TestServer, openServer } from './testing';

const API = '/api/2.0/mlflow';
const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

interface Model {
  readonly info: Readonly<Record<string, unknown>> & { readonly model_id: string };
  readonly data: { readonly metrics?: readonly object[]; readonly params?: readonly object[] };
}

async function withRun() {
  const server = openServer();
  const { body } = await server.post(`${API}/runs/create`, { experiment_id: '0', start_time: 1 });
  const { info } = body['run'] as { info: { run_id: string } };
  return { ...server, runId: info.run_id };
}

async function create({ post }: TestServer, model: object = {}): Promise<string> {
  const { body } = await post(`${API}/logged-models`, { experiment_id: '0', ...model });
  return (body['model'] as Model).info.model_id;
}

async function read({ get }: TestServer, modelId: string): Promise<Model> {
  return (await get(`${API}/logged-models/${modelId}`)).body['model'] as Model;
}

/** Names of the models that a search finds, in order. */
async function found({ post }: TestServer, search: object): Promise<string[]> {
  const { body } = await post(`${API}/logged-models/search`, { experiment_ids: ['0'], ...search });
  return ((body['models'] ?? []) as Model[]).map(({ info }) => String(info['name']));
}

describe('a logged model', () => {
  test('is answered as MLflow does: pending, with a folder of its own, unset fields absent', async () => {
    const { post } = openServer();
    const { status, body } = await post(`${API}/logged-models`, {
      experiment_id: '0',
      name: 'net',
      model_type: 'Classifier',
      source_run_id: '123',
      params: [{ key: 'depth', value: '3' }],
      tags: [{ key: 'a b@c', value: 'any' }],
    });
    const model = body['model'] as Model;
    expect(status).toBe(200);
    expect(model.info.model_id).toMatch(/^m-[0-9a-f]{32}$/);
    expect(model).toEqual({
      info: {
        experiment_id: '0',
        model_id: model.info.model_id,
        name: 'net',
        artifact_uri: `mlflow-artifacts:/0/models/${model.info.model_id}/artifacts`,
        creation_timestamp_ms: expect.any(Number),
        last_updated_timestamp_ms: model.info['creation_timestamp_ms'],
        status: 'LOGGED_MODEL_PENDING',
        model_type: 'Classifier',
        source_run_id: '123',
        tags: [{ key: 'a b@c', value: 'any' }],
      },
      data: { params: [{ key: 'depth', value: '3' }] },
    });
  });

  test('without a name gets one of two words', async () => {
    const server = openServer();
    expect((await read(server, await create(server))).info['name']).toMatch(/^[a-z]+-[a-z]+$/);
  });

  test.each(['a/b', 'a:b', 'a.b', 'a%b', 'a"b', "a'b"])('has no name like %s', async (name) => {
    const answer = await openServer().post(`${API}/logged-models`, { experiment_id: '0', name });
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Invalid model name') },
    });
  });

  test('is refused where the experiment is missing or deleted', async () => {
    const { post } = openServer();
    expect((await post(`${API}/logged-models`, { experiment_id: '77' })).status).toBe(404);
    const id = (await post(`${API}/experiments/create`, { name: 'x' })).body['experiment_id'];
    await post(`${API}/experiments/delete`, { experiment_id: id });
    expect(await post(`${API}/logged-models`, { experiment_id: id })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("must be in the 'active' state") },
    });
  });

  test.each([
    ['LOGGED_MODEL_READY', 'LOGGED_MODEL_READY'],
    ['LOGGED_MODEL_UPLOAD_FAILED', 'LOGGED_MODEL_UPLOAD_FAILED'],
    [2, 'LOGGED_MODEL_READY'],
  ])('becomes what its client says: %s', async (said, status) => {
    const server = openServer();
    const modelId = await create(server);
    const answer = await server.ask('PATCH', `${API}/logged-models/${modelId}`, { status: said }, JSON_TYPE);
    expect(await answer.json()).toMatchObject({ model: { info: { status } } });
    expect((await read(server, modelId)).info['status']).toBe(status);
  });

  test('takes params in parts, the same one twice, and no other value for one', async () => {
    const server = openServer();
    const modelId = await create(server, { params: [{ key: 'a', value: '1' }] });
    const log = (value: string) =>
      server.post(`${API}/logged-models/${modelId}/params`, {
        params: [
          { key: 'b', value: '2' },
          { key: 'a', value },
        ],
      });
    expect((await log('1')).status).toBe(200);
    expect(await log('9')).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Changing param values') },
    });
    expect((await read(server, modelId)).data.params).toHaveLength(2);
  });

  test('takes tags, and gives them back one by one', async () => {
    const server = openServer();
    const modelId = await create(server);
    const target = `${API}/logged-models/${modelId}/tags`;
    await server.ask('PATCH', target, { tags: [{ key: 'k', value: '1' }] }, JSON_TYPE);
    await server.ask('PATCH', target, { tags: [{ key: 'k', value: '2' }] }, JSON_TYPE);
    expect((await read(server, modelId)).info['tags']).toEqual([{ key: 'k', value: '2' }]);
    expect((await server.ask('DELETE', `${target}/k`)).status).toBe(200);
    const again = await server.ask('DELETE', `${target}/k`);
    expect([again.status, await again.text()]).toEqual([404, expect.stringContaining('No tag with key')]);
  });

  test('that is deleted is found no more, but by who asks for deleted ones', async () => {
    const server = openServer();
    const modelId = await create(server);
    const target = `${API}/logged-models/${modelId}`;
    for (const _time of [1, 2]) expect((await server.ask('DELETE', target)).status).toBe(200);
    expect(await server.get(target)).toMatchObject({
      status: 404,
      body: {
        error_code: 'RESOURCE_DOES_NOT_EXIST',
        message: `Logged model with ID '${modelId}' not found.`,
      },
    });
    expect((await server.get(`${target}?allow_deleted=true`)).status).toBe(200);
    expect(await found(server, {})).toEqual([]);
  });

  test('asked for twice is two, and one when the first answer was lost', async () => {
    const server = openServer();
    const { store, ask } = server;
    const body = { experiment_id: '0', name: 'same' };
    const made = () =>
      store.searchLoggedModelKeys({
        experimentIds: ['0'],
        filter: '',
        datasets: [],
        orderBy: [],
        limit: 9,
        offset: 0,
      }).length;
    await ask('POST', `${API}/logged-models`, body);
    await ask('POST', `${API}/logged-models`, body);
    expect(made()).toBe(2);
    await server.postAndLeave(`${API}/logged-models`, body);
    expect(made()).toBe(3);
    await ask('POST', `${API}/logged-models`, body);
    expect(made()).toBe(3);
  });
});

describe('the folder of a model', () => {
  test('takes files, lists them and gives them back', async () => {
    const server = openServer();
    const modelId = await create(server);
    const base = `0/models/${modelId}/artifacts`;
    expect((await server.ask('PUT', `${PROXY}/${base}/d/f.txt`, '12345')).status).toBe(200);
    expect(await (await server.ask('GET', `${PROXY}/${base}/d/f.txt`)).text()).toBe('12345');
    const target = `${API}/logged-models/${modelId}/artifacts/directories`;
    expect((await server.get(target)).body).toEqual({
      root_uri: `mlflow-artifacts:/${base}`,
      files: [{ path: 'd', is_dir: true }],
    });
    expect((await server.get(`${target}?artifact_directory_path=d`)).body['files']).toEqual([
      { path: 'd/f.txt', is_dir: false, file_size: 5 },
    ]);
    expect((await server.get(`${target}?artifact_directory_path=..%2f..`)).status).toBe(400);
    expect((await server.ask('DELETE', `${PROXY}/${base}/d`)).status).toBe(200);
    expect((await server.ask('GET', `${PROXY}/${base}/d/f.txt`)).status).toBe(404);
  });

  test('is closed when the model is deleted, and read all the same', async () => {
    const server = openServer();
    const modelId = await create(server);
    const base = `0/models/${modelId}/artifacts`;
    await server.ask('PUT', `${PROXY}/${base}/f`, 'x');
    await server.ask('DELETE', `${API}/logged-models/${modelId}`);
    expect((await server.ask('PUT', `${PROXY}/${base}/f`, 'y')).status).toBe(404);
    expect((await server.ask('DELETE', `${PROXY}/${base}/f`)).status).toBe(404);
    expect(await (await server.ask('GET', `${PROXY}/${base}/f`)).text()).toBe('x');
  });

  test.each([
    ['0/models/{id}/x', 400],
    ['0/models/{id}/artifacts', 400],
    ['0/models/m-00000000000000000000000000000000/artifacts/x', 404],
    ['7/models/{id}/artifacts/x', 400],
    ['0/models/{id}%2f..%2f..%2fx', 400],
    ['0/models/artifacts/x', 400],
  ])('is nowhere else: %s', async (path, status) => {
    const server = openServer();
    const target = `${PROXY}/${path.replace('{id}', await create(server))}`;
    expect((await server.ask('DELETE', target)).status).toBe(status);
  });
});

describe('a metric of a model', () => {
  test('is kept for the model and in the run, NaN and 64 bits too, once', async () => {
    const server = await withRun();
    const modelId = await create(server);
    const text = `{"run_id":"${server.runId}","key":"x","value":NaN,"timestamp":5,"step":9223372036854775807,"model_id":"${modelId}","dataset_name":"d","dataset_digest":"1"}`;
    for (const _time of [1, 2]) {
      expect((await server.ask('POST', `${API}/runs/log-metric`, text)).status).toBe(200);
    }
    const answer = await server.ask('GET', `${API}/logged-models/${modelId}`);
    expect(await answer.text()).toContain(
      `"metrics":[{"key":"x","value":"NaN","timestamp":5,"step":9223372036854775807,"model_id":"${modelId}","dataset_name":"d","dataset_digest":"1","run_id":"${server.runId}"}]`,
    );
    expect(server.store.getRun(server.runId)?.metrics['x']?.count).toBe(1);
  });

  test('comes in a batch beside others, and a model that is not there leaves nothing of it', async () => {
    const server = await withRun();
    const modelId = await create(server);
    const batch = (id: string) => ({
      run_id: server.runId,
      metrics: [
        { key: 'x', value: 1, timestamp: 1, step: 0, model_id: id },
        { key: 'x', value: 2, timestamp: 2, step: 1, model_id: '' },
        { key: 'y', value: 3, timestamp: 3, step: 2, model_id: null },
        { key: 'x', value: 4, timestamp: 4, step: 3, model_id: id },
      ],
    });
    const missing = await server.post(`${API}/runs/log-batch`, batch(`m-${'0'.repeat(32)}`));
    expect(missing).toMatchObject({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
    expect(server.store.getRun(server.runId)?.metrics).toEqual({});
    expect((await server.post(`${API}/runs/log-batch`, batch(modelId))).status).toBe(200);
    const { metrics } = (await read(server, modelId)).data;
    expect(metrics).toMatchObject([{ value: 1 }, { value: 4 }]);
    expect(server.store.getRun(server.runId)?.metrics).toMatchObject({ x: { count: 3 }, y: { count: 1 } });
  });

  test('of a long training is answered with its newest points, each series for itself', async () => {
    const server = await withRun();
    const modelId = await create(server);
    for (const [key, count] of [
      ['early', 1],
      ['loss', 700],
      ['loss', 700],
    ] as const) {
      const offset = key === 'early' ? 0 : (server.store.getRun(server.runId)?.metrics['loss']?.count ?? 0);
      const metrics = Array.from({ length: count }, (_, i) => ({
        key,
        value: 1,
        timestamp: offset + i,
        step: offset + i,
        model_id: modelId,
      }));
      await server.post(`${API}/runs/log-batch`, { run_id: server.runId, metrics });
    }
    const { metrics = [] } = (await read(server, modelId)).data;
    expect(metrics).toHaveLength(1001);
    expect(metrics.at(-1)).toMatchObject({ key: 'loss', step: 1399 });
  });
});

describe('a search of models', () => {
  async function models() {
    const server = await withRun();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      // Of the same millisecond, models are ordered by their ids, which are random.
      const at = Date.now();
      await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(at), { interval: 1 });
      ids.push(
        await create(server, {
          name,
          model_type: name === 'a' ? 'tree' : 'net',
          params: [{ key: 'lr', value: name === 'd' ? '0.2' : '0.1' }],
          tags: [{ key: 'my team', value: `Team-${name}` }],
        }),
      );
    }
    const log = (i: number, value: unknown, timestamp: number, data = 'one', digest = '1') =>
      server.post(`${API}/runs/log-metric`, {
        run_id: server.runId,
        key: 'accuracy',
        value,
        timestamp,
        step: 0,
        model_id: ids[i],
        dataset_name: data,
        dataset_digest: digest,
      });
    await log(0, 0.9, 1);
    await log(0, 0.5, 2, 'two', '2');
    await log(1, 0.7, 3);
    await log(2, 'NaN', 4);
    return server;
  }

  test.each([
    [{}, ['d', 'c', 'b', 'a']],
    [{ filter: "name = 'a'" }, ['a']],
    [{ filter: "attributes.name IN ('a', 'b',)" }, ['b', 'a']],
    [{ filter: "name NOT IN ('a', 'b')" }, ['d', 'c']],
    [{ filter: "model_type LIKE 'n%' AND params.lr = '0.1'" }, ['c', 'b']],
    [{ filter: "tags.`my team` ILIKE 'team-B'" }, ['b']],
    [{ filter: 'metrics.accuracy > 0.6' }, ['b', 'a']],
    [{ filter: 'metrics.accuracy < 1' }, ['b', 'a']],
    [{ filter: 'creation_timestamp > 0 AND last_updated_timestamp > 0' }, ['d', 'c', 'b', 'a']],
    [{ filter: "status = 'PENDING'" }, ['d', 'c', 'b', 'a']],
    [{ filter: "status = 'READY'" }, []],
    [{ datasets: [{ dataset_name: 'two' }] }, ['a']],
    [{ datasets: [{ dataset_name: 'one', dataset_digest: '2' }] }, []],
    [{ filter: 'metrics.accuracy < 0.6', datasets: [{ dataset_name: 'one' }] }, []],
    [{ order_by: [{ field_name: 'name' }] }, ['a', 'b', 'c', 'd']],
    [{ order_by: [{ field_name: 'creation_time', ascending: true }] }, ['a', 'b', 'c', 'd']],
    [{ order_by: [{ field_name: 'metrics.accuracy' }] }, ['a', 'b', 'c', 'd']],
    [{ order_by: [{ field_name: 'metrics.accuracy', ascending: false }] }, ['b', 'a', 'c', 'd']],
    [
      { order_by: [{ field_name: 'metrics.accuracy', ascending: false, dataset_name: 'one' }] },
      ['a', 'b', 'c', 'd'],
    ],
    [{ order_by: [{ field_name: 'metrics.accuracy', dataset_digest: '2' }] }, ['a', 'd', 'c', 'b']],
    [{ experiment_ids: [] }, []],
  ])('%j finds %j', async (search, names) => {
    expect(await found(await models(), search)).toEqual(names);
  });

  test.each([
    [{ filter: 'nonsense' }, 'Invalid'],
    [{ filter: "name = 'a' OR name = 'b'" }, 'OR'],
    [{ filter: "name > 'a'" }, 'Invalid comparator'],
    [{ filter: 'metrics.accuracy LIKE 0' }, 'Invalid comparator'],
    [{ filter: 'secrets = 1' }, 'Invalid attribute key'],
    [{ filter: "dataset.name = 'one'" }, 'datasets'],
    [{ order_by: [{ field_name: 'params.lr' }] }, 'Invalid order by field name'],
    [{ datasets: [{ dataset_digest: '1' }] }, '`dataset_name` in the `datasets` clause must be specified'],
    [{ experiment_ids: undefined }, "Missing value for required parameter 'experiment_ids'"],
    [{ page_token: 'nonsense' }, 'Invalid page token'],
  ])('%j is refused', async (search, message) => {
    const { post, bugs } = openServer();
    const answer = await post(`${API}/logged-models/search`, { experiment_ids: ['0'], ...search });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining(message) } });
    expect(bugs).toEqual([]);
  });

  test('goes page by page, and a page belongs to its question', async () => {
    const server = await models();
    const ask = async (more: object) =>
      (await server.post(`${API}/logged-models/search`, { experiment_ids: ['0'], max_results: 3, ...more }))
        .body;
    const first = await ask({});
    expect(first['models']).toHaveLength(3);
    const token = first['next_page_token'];
    expect(await ask({ page_token: token, max_results: 1 })).toMatchObject({
      models: [{ info: { name: 'a' } }],
    });
    expect((await ask({ page_token: token }))['next_page_token']).toBeUndefined();
    for (const [other, message] of [
      [{ experiment_ids: ['1'] }, 'Experiment IDs in the page token do not match'],
      [{ filter: "name = 'a'" }, 'Filter string in the page token does not match'],
      [{ order_by: [{ field_name: 'name' }] }, 'Order by in the page token does not match'],
    ] as const) {
      expect(await ask({ page_token: token, ...other })).toMatchObject({
        message: expect.stringContaining(message),
      });
    }
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };
