import { expect, test } from 'vitest';
import { runsText } from './routes/mlflow/runsText';
import { runMessage } from './routes/mlflow/wire';
import { openServer } from './testing';

const API = '/api/2.0/mlflow';

test('what a search says of a run is what its message is', async () => {
  const { store, post } = openServer();
  const create = async (fields: object) => {
    const { body } = await post(`${API}/runs/create`, { experiment_id: '0', ...fields });
    return (body as { run: { info: { run_id: string } } }).run.info.run_id;
  };
  await create({ run_name: 'empty', start_time: 5 });
  const full = await create({ run_name: 'a "full"\nérun', tags: [{ key: 'b', value: '\u2028"\\' }] });
  const points = ['NaN', 'Infinity', '-Infinity', 0.1, -0, 1e21, 5e-324];
  await post(`${API}/runs/log-batch`, {
    run_id: full,
    metrics: [
      ...points.map((value, i) => ({ key: `m ${i}`, value, step: i, timestamp: 7 })),
      { key: 'wide', value: 1, step: String(2n ** 62n + 1n), timestamp: String(2n ** 60n + 1n) },
    ],
    params: [
      { key: 'é/p', value: 'ü'.repeat(300) },
      { key: 'a', value: '' },
    ],
  });
  await post(`${API}/runs/log-inputs`, {
    run_id: full,
    datasets: [
      {
        tags: [{ key: 'mlflow.data.context', value: 'train' }],
        dataset: { name: 'd', digest: 'x', source_type: 's', source: 't' },
      },
    ],
    models: [{ model_id: 'm-1' }],
  });
  await post(`${API}/runs/outputs`, { run_id: full, models: [{ model_id: 'm-2', step: 3 }] });
  await post(`${API}/runs/update`, { run_id: full, status: 'FAILED', end_time: 9 });
  await post(`${API}/runs/delete`, { run_id: await create({ run_name: 'gone' }) });
  store.write('full', () => store.createRun({ experimentId: '0', name: 'waits', state: 'queued' }));

  const keys = store.searchRunKeys({ lifecycle: 'all', limit: 10, offset: 0 });
  expect(keys).toHaveLength(4);
  const messages = store.readRuns(keys).map(runMessage);
  const text = runsText(store.readRunTexts(keys));
  expect(JSON.parse(`[${text}]`)).toEqual(JSON.parse(JSON.stringify(messages)));
  expect(text).toContain(`"timestamp":${2n ** 60n + 1n},"step":${2n ** 62n + 1n}`);
  expect(JSON.stringify(messages)).toContain('model_outputs');
});
