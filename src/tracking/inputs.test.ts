import { describe, expect, test } from 'vitest';
import { openServer } from './testing';

const API = '/api/2.0/mlflow';

async function started() {
  const server = openServer();
  const { body } = await server.post(`${API}/runs/create`, { experiment_id: '0', start_time: 1 });
  const { info } = body['run'] as { info: { run_id: string } };
  const { run_id: runId } = info;
  return {
    ...server,
    runId,
    log: (path: string, body: object) => server.post(`${API}/runs/${path}`, { run_id: runId, ...body }),
    run: async () => (await server.get(`${API}/runs/get?run_id=${runId}`)).body['run'] as object,
  };
}

const dataset = { name: 'd', digest: '1', source_type: 'local', source: 'here', schema: '{}', profile: '{}' };
const training = [{ key: 'mlflow.data.context', value: 'training' }];

describe('datasets of a run', () => {
  test('come back with their tags, and one that is logged again stays as it was', async () => {
    const { log, run } = await started();
    await log('log-inputs', { datasets: [{ dataset, tags: training }] });
    await log('log-inputs', {
      datasets: [
        { dataset: { ...dataset, source: 'there' }, tags: [{ key: 'other', value: '1' }] },
        { dataset: { name: 'd', digest: '2', source_type: 'local', source: 'here' } },
      ],
    });
    expect(await run()).toMatchObject({
      inputs: {
        dataset_inputs: [
          { dataset, tags: training },
          { dataset: { name: 'd', digest: '2' }, tags: [] },
        ],
      },
    });
  });

  test.each([
    [{ ...dataset, name: 'x'.repeat(501) }, 'name'],
    [{ ...dataset, digest: 'x'.repeat(37) }, 'digest'],
    [{ ...dataset, schema: 'x'.repeat(1_048_576) }, 'schema'],
    [{ ...dataset, source: 'x'.repeat(65_536) }, 'source'],
    [{ ...dataset, name: undefined }, 'name'],
  ])('have limits, and the answer names the field', async (wrong, field) => {
    const { log, run } = await started();
    const answer = await log('log-inputs', { datasets: [{ dataset: wrong }] });
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(`dataset.${field}`) },
    });
    expect(await run()).not.toHaveProperty('inputs');
  });

  test('are listed an experiment, once for each use, and searched by', async () => {
    const { log, post } = await started();
    const { body } = await post(`${API}/runs/create`, { experiment_id: '0', start_time: 2 });
    const second = (body['run'] as { info: { run_id: string } }).info.run_id;
    await log('log-inputs', { datasets: [{ dataset, tags: training }] });
    await post(`${API}/runs/log-inputs`, {
      run_id: second,
      datasets: [{ dataset, tags: training }, { dataset: { ...dataset, name: 'e' } }],
    });
    const search = (ids: unknown) => post(`${API}/experiments/search-datasets`, { experiment_ids: ids });
    expect(await search(['0'])).toEqual({
      status: 200,
      body: {
        dataset_summaries: [
          { experiment_id: '0', name: 'd', digest: '1', context: 'training' },
          { experiment_id: '0', name: 'e', digest: '1' },
        ],
      },
    });
    expect((await search(['7'])).body).toEqual({});
    expect((await search([])).body['message']).toContain('must specify at least one experiment_id');
    expect((await search(Array(21).fill('0'))).body['message']).toContain('Received 21 experiment_ids');
    const runs = async (filter: string) => {
      const answer = await post(`${API}/runs/search`, { experiment_ids: ['0'], filter });
      return ((answer.body['runs'] ?? []) as unknown[]).length;
    };
    expect(await runs("dataset.name = 'd' AND dataset.context = 'training'")).toBe(2);
    expect(await runs("dataset.name = 'e'")).toBe(1);
    expect(await runs("dataset.digest IN ('2')")).toBe(0);
  });
});

describe('models of a run', () => {
  test('are its inputs and outputs, each once, in every answer with the run', async () => {
    const { log, run, post } = await started();
    for (const _time of [1, 2]) {
      await log('log-inputs', { models: [{ model_id: 'm-1' }] });
      await log('outputs', { models: [{ model_id: 'm-2', step: 3 }, { model_id: 'm-3' }] });
    }
    const expected = {
      inputs: { model_inputs: [{ model_id: 'm-1' }] },
      outputs: {
        model_outputs: [
          { model_id: 'm-3', step: 0 },
          { model_id: 'm-2', step: 3 },
        ],
      },
    };
    expect(await run()).toMatchObject(expected);
    const { body } = await post(`${API}/runs/search`, { experiment_ids: ['0'] });
    expect(body['runs']).toMatchObject([expected]);
  });

  test.each([
    [{}, "Missing value for required parameter 'models'"],
    [{ models: 3 }, "parameter 'models'"],
    [{ models: [{ step: 1 }] }, "Missing value for required parameter 'model_id'"],
    [{ models: [{ model_id: '../x' }] }, "parameter 'model_id'"],
    [{ models: [{ model_id: 'm', step: 'x' }] }, "parameter 'step'"],
  ])('that are no models are refused: %j', async (body, message) => {
    const { log, bugs } = await started();
    expect(await log('outputs', body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
    expect(bugs).toEqual([]);
  });

  test('of older clients are kept in a tag, in order, and one that is sent again once', async () => {
    const { log, runId, store } = await started();
    const model = (path: string) => ({
      model_json: JSON.stringify({
        run_id: runId,
        artifact_path: path,
        utc_time_created: '2026-01-01 00:00:00',
        model_uuid: 'u',
        signature: 'left out',
        flavors: { sklearn: { code: null, config: { large: true } }, keras: 'text' },
      }),
    });
    for (const path of ['a', 'b', 'a']) expect((await log('log-model', model(path))).status).toBe(200);
    const noted = (path: string) => ({
      run_id: runId,
      artifact_path: path,
      utc_time_created: '2026-01-01 00:00:00',
      model_uuid: 'u',
      flavors: { sklearn: { code: null }, keras: 'text' },
    });
    const history = store.getRun(runId)?.tags['mlflow.log-model.history'] ?? '';
    expect(JSON.parse(history)).toEqual([noted('a'), noted('b')]);
  });

  test.each([
    [undefined, "Missing value for required parameter 'model_json'"],
    ['{', 'is not a valid JSON'],
    ['[]', 'is not a valid JSON'],
    ['{"run_id":"x","flavors":{}}', "missing mandatory fields: {'artifact_path', 'utc_time_created'}"],
  ])('of older clients that are broken are refused: %s', async (model_json, message) => {
    const { log } = await started();
    expect(await log('log-model', { model_json })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
  });
});
