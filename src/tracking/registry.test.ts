import { describe, expect, test } from 'vitest';
import { createArtifacts } from './artifacts';
import { mlflowRoutes } from './routes/mlflow';
import { type LoggedModels, type ResolvedSource, resolveSource } from './routes/mlflow/sources';
import { type TestServer, openServer } from './testing';

const API = '/api/2.0/mlflow';
const RUN = '0123456789abcdef0123456789abcdef';

async function call(
  server: TestServer,
  method: string,
  path: string,
  input: Record<string, unknown>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const query = new URLSearchParams(
    Object.entries(input).flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map((one): [string, string] => [key, String(one)]),
    ),
  );
  const response =
    method === 'GET'
      ? await server.ask('GET', `${API}/${path}?${query}`)
      : await server.ask(method, `${API}/${path}`, input, { 'content-type': 'application/json' });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function withVersion(): Promise<TestServer> {
  const server = openServer();
  await call(server, 'POST', 'registered-models/create', { name: 'm' });
  await call(server, 'POST', 'model-versions/create', { name: 'm', source: 's3://bucket/model' });
  return server;
}

test('a version travels as MLflow sends it: what is unset is left out, what is empty is not', async () => {
  const server = await withVersion();
  await call(server, 'POST', 'registered-models/alias', { name: 'm', alias: 'champion', version: '1' });
  const { body } = await call(server, 'GET', 'registered-models/alias', { name: 'm', alias: 'champion' });
  expect(body).toEqual({
    model_version: {
      name: 'm',
      version: '1',
      creation_timestamp: expect.any(Number) as number,
      last_updated_timestamp: expect.any(Number) as number,
      current_stage: 'None',
      description: '',
      source: 's3://bucket/model',
      run_id: '',
      run_link: '',
      status: 'READY',
      aliases: ['champion'],
    },
  });
});

test.each([
  ['GET', 'registered-models/get', { name: 'a/b' }, 400, "Names cannot contain '/' or ':'"],
  ['GET', 'registered-models/get', { name: 'nobody' }, 404, 'Registered Model with name=nobody not found'],
  ['GET', 'registered-models/get', {}, 400, "Missing value for required parameter 'name'"],
  ['POST', 'registered-models/create', { name: ' ' }, 400, "Missing value for required parameter 'name'"],
  ['POST', 'registered-models/create', { name: '..' }, 400, 'must not resolve to other names'],
  ['POST', 'registered-models/create', { name: 'm' }, 400, 'Registered Model (name=m) already exists.'],
  ['POST', 'registered-models/create', { name: 'x', tags: 'y' }, 400, "parameter 'tags' supplied"],
  ['POST', 'registered-models/rename', { name: 'm', new_name: '' }, 400, "required parameter 'new_name'"],
  ['POST', 'registered-models/set-tag', { name: 'm', key: '', value: 'x' }, 400, "required parameter 'key'"],
  [
    'POST',
    'registered-models/set-tag',
    { name: 'm', key: 'k', value: 'x'.repeat(100_001) },
    400,
    "'value' exceeds the maximum length of 100000 characters",
  ],
  ['POST', 'registered-models/alias', { name: 'm', alias: 'Latest', version: '1' }, 400, 'is reserved'],
  ['POST', 'registered-models/alias', { name: 'm', alias: 'V7', version: '1' }, 400, 'is reserved'],
  ['POST', 'registered-models/alias', { name: 'm', alias: 'a b', version: '1' }, 400, 'Invalid alias name'],
  ['POST', 'registered-models/alias', { name: 'm', alias: 'a'.repeat(256), version: '1' }, 400, 'exceeds'],
  ['POST', 'registered-models/alias', { name: 'm', alias: 'a', version: '9' }, 404, 'version=9) not found'],
  ['GET', 'registered-models/alias', { name: 'm', alias: 'a' }, 400, 'Registered model alias a not found.'],
  ['GET', 'registered-models/search', { max_results: 1001 }, 400, 'It must be at most 1000'],
  ['GET', 'registered-models/search', { page_token: '?' }, 400, 'Invalid page token'],
  ['GET', 'model-versions/search', { max_results: 0 }, 400, 'must be a positive integer'],
  ['GET', 'model-versions/search', { max_results: 200_001 }, 400, 'It must be at most 200000'],
  ['GET', 'model-versions/get', { name: 'm', version: 'x' }, 400, "'version' must be an integer, got 'x'."],
  ['GET', 'model-versions/get', { name: 'm', version: '9'.repeat(40) }, 404, 'not found'],
  ['POST', 'model-versions/create', { name: 'm' }, 400, "Missing value for required parameter 'source'"],
  [
    'POST',
    'model-versions/transition-stage',
    { name: 'm', version: '1', stage: 'Live' },
    400,
    'Invalid Model Version stage: Live. Value must be one of None, Staging, Production, Archived.',
  ],
  [
    'POST',
    'model-versions/transition-stage',
    { name: 'm', version: '1', stage: 'None', archive_existing_versions: true },
    400,
    "'None' is not an Active stage. Valid stages are ['Staging', 'Production']",
  ],
  ['DELETE', 'model-versions/delete', { name: 'm', version: '2' }, 404, 'version=2) not found'],
])('%s %s %j is %i: %s', async (method, path, input, status, message) => {
  const server = await withVersion();
  const answer = await call(server, method, path, input);
  expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
  expect(server.bugs).toEqual([]);
});

test('"latest" is an alias of every model with versions', async () => {
  const server = await withVersion();
  await call(server, 'POST', 'model-versions/create', { name: 'm', source: 's3://bucket/next' });
  await call(server, 'POST', 'model-versions/transition-stage', {
    name: 'm',
    version: 1,
    stage: 'Production',
  });
  const { body } = await call(server, 'GET', 'registered-models/alias', { name: 'm', alias: 'latest' });
  expect(body).toMatchObject({ model_version: { version: '2' } });
});

test('the query of a GET names one stage or several', async () => {
  const server = await withVersion();
  const stages = async (input: object) => {
    const { body } = await call(server, 'GET', 'registered-models/get-latest-versions', {
      name: 'm',
      ...input,
    });
    return body['model_versions'];
  };
  expect(await stages({ stages: ['production', 'none'] })).toHaveLength(1);
  expect(await stages({ stages: 'Production' })).toBeUndefined();
  expect(await stages({})).toHaveLength(1);
});

describe('a source', () => {
  const models: LoggedModels = {
    find: (id) =>
      id === 'm-1'
        ? { artifactLocation: 'mlflow-artifacts:/0/models/m-1/artifacts', sourceRunId: RUN }
        : null,
    registered: () => undefined,
  };

  function resolve(server: TestServer, source: string, runId?: string, modelId?: string): ResolvedSource {
    return resolveSource({ source, runId, modelId }, server.store, models);
  }

  test.each([
    '/tmp/model',
    'models',
    'file:///etc/passwd',
    'FILE:/etc/passwd',
    'C:\\models',
    '\\\\server\\share',
    '//host/share',
    '',
  ])('that is a path of this machine is refused: %s', (source) => {
    expect(() => resolve(openServer(), source, RUN)).toThrow('To use a local path as a model version source');
  });

  test.each([
    's3://bucket/a/../../b',
    's3://bucket/..%2f..%2fb',
    's3://bucket/%252e%252e/b',
    'mlflow-artifacts:/0/../x',
    'mlflow-artifacts://host:9000/models/artifact%00',
    'mlflow-artifacts:/0\\..\\x',
    'http://host/a/./b',
    'http://host',
    'dbfs:/x/a%3f/../..',
    'runs:abc/model',
    `s3://bucket/%${'25'.repeat(50)}2e`,
  ])('that climbs or does not start at a root is refused: %s', (source) => {
    expect(() => resolve(openServer(), source, RUN)).toThrow('If supplying a source as an http, https,');
  });

  test.each([
    's3://bucket/x',
    'gs://bucket/x//y',
    'https://host/model',
    'runs:/unknown/model',
    'dbfs:/x/....',
  ])('elsewhere is kept as it is: %s', (source) => {
    const expected = { source, storageLocation: source, runId: 'named', modelId: null };
    expect(resolve(openServer(), source, 'named')).toEqual(expected);
  });

  test('in a run is that of the run, and of no other', () => {
    const server = openServer();
    const { runId } = server.attempt();
    for (const source of [`runs:/${runId}/model`, `mlflow-artifacts:/0/${runId}/artifacts/model`]) {
      expect(resolve(server, source).runId).toBe(runId);
      expect(resolve(server, source, runId).runId).toBe(runId);
      expect(() => resolve(server, source, RUN)).toThrow('The run_id request parameter must identify');
    }
  });

  test('that is a logged model stands for where its files are', () => {
    const server = openServer();
    const location = 'mlflow-artifacts:/0/models/m-1/artifacts';
    expect(resolve(server, 'models:/m-1')).toEqual({
      source: 'models:/m-1',
      storageLocation: location,
      runId: RUN,
      modelId: 'm-1',
    });
    expect(resolve(server, `${location}/x`, undefined, 'm-1')).toMatchObject({ runId: RUN, modelId: 'm-1' });
    for (const source of ['models:/m-1', `${location}/x`, 'mlflow-artifacts:/0/elsewhere', 'runs:/r/model']) {
      expect(() => resolve(server, source, undefined, 'm-2')).toThrow('The model_id request parameter must');
    }
    expect(() => resolve(server, 'models:/m-2')).toThrow("Logged model with ID 'm-2' not found");
  });

  test.each(['models:/m/1', 'models:/m/Production', 'models:/m/latest', 'models:/m@champion'])(
    'that is another version stands for what that one does: %s',
    async (source) => {
      const server = await withVersion();
      await call(server, 'POST', 'registered-models/alias', { name: 'm', alias: 'champion', version: '1' });
      await call(server, 'POST', 'model-versions/transition-stage', {
        name: 'm',
        version: '1',
        stage: 'Production',
      });
      await call(server, 'POST', 'registered-models/create', { name: 'copy' });
      const { body } = await call(server, 'POST', 'model-versions/create', { name: 'copy', source });
      expect(body).toMatchObject({ model_version: { source: 'models:/m/1', version: '1' } });
      const uri = await call(server, 'GET', 'model-versions/get-download-uri', {
        name: 'copy',
        version: '1',
      });
      expect(uri.body).toEqual({ artifact_uri: 's3://bucket/model' });
    },
  );

  test.each([
    ['models:/m/9', 'Model Version (name=m, version=9) not found'],
    ['models:/m@nobody', 'Registered model alias nobody not found.'],
    ['models:/m/Staging', "No versions of model with name 'm' and stage 'Staging' found"],
    ['models:/nobody/1', 'Registered Model with name=nobody not found'],
    ['models://host/m/1', 'must use the active model registry'],
    ['models:/a/b/c', 'The model_id request parameter must identify'],
    ['models:/p/1', 'Prompt versions cannot be used as model version sources.'],
  ])('that is no version is refused: %s', async (source, message) => {
    const server = await withVersion();
    const tags = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
    await call(server, 'POST', 'registered-models/create', { name: 'p', tags });
    await call(server, 'POST', 'model-versions/create', { name: 'p', source: 'dummy-source', tags });
    expect(() => resolve(server, source)).toThrow(message);
  });

  test('of a prompt is one of the words that clients use', async () => {
    const server = await withVersion();
    const tags = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
    const { body } = await call(server, 'POST', 'model-versions/create', { name: 'm', source: '/etc', tags });
    expect(body['message']).toContain('Prompt sources must use an MLflow placeholder.');
  });
});

test('a logged model lists the versions it became, as Python writes it', async () => {
  const server = await withVersion();
  const { body } = await call(server, 'POST', 'logged-models', { experiment_id: '0', name: 'line' });
  const { model } = body as { model: { info: { model_id: string } } };
  const modelId = model.info.model_id;
  for (let i = 0; i < 2; i++) {
    const version = { name: 'm', source: `models:/${modelId}`, model_id: modelId };
    await call(server, 'POST', 'model-versions/create', version);
  }
  expect(server.store.getLoggedModel(modelId)?.tags['mlflow.modelVersions']).toBe(
    '[{"name": "m", "version": 2}, {"name": "m", "version": 3}]',
  );
});

describe('a request that is repeated', () => {
  /** Calls routes with an answer that arrives, or is lost on its way. */
  function connection() {
    const { store, ingest, artifacts } = openServer();
    const routes = mlflowRoutes({ store, ingest, artifacts: createArtifacts(artifacts) });
    return async (path: string, input: Record<string, unknown>, delivered: boolean) => {
      const route = routes.find((one) => one.path === path && one.method !== 'GET');
      return route?.handle({
        input,
        params: {},
        principal: { kind: 'owner' },
        delivery: { whenDone: (report) => report(delivered) },
      });
    };
  }

  test('gets the version it made when the answer was lost, and a new one when it was not', async () => {
    const send = connection();
    await send('registered-models/create', { name: 'm' }, true);
    const version = { name: 'm', source: 's3://bucket/model' };
    const made = await send('model-versions/create', version, false);
    expect(made).toMatchObject({ model_version: { version: '1' } });
    expect(await send('model-versions/create', version, true)).toEqual(made);
    expect(await send('model-versions/create', version, true)).toMatchObject({
      model_version: { version: '2' },
    });
    expect(await send('model-versions/create', { ...version, description: 'x' }, true)).toMatchObject({
      model_version: { version: '3' },
    });
  });

  test('is answered as the first time when the answer was lost, and refused when it was not', async () => {
    const send = connection();
    const twice = async (path: string, input: Record<string, unknown>) => {
      const first = await send(path, input, false);
      expect(await send(path, input, true)).toEqual(first);
      await expect(send(path, input, true)).rejects.toThrow(/already exists|not found/);
    };
    await twice('registered-models/create', { name: 'm', description: 'd' });
    await twice('registered-models/rename', { name: 'm', new_name: 'n' });
    await send('model-versions/create', { name: 'n', source: 's3://bucket/model' }, true);
    await twice('model-versions/delete', { name: 'n', version: '1' });
    await twice('registered-models/delete', { name: 'n' });
  });
});
