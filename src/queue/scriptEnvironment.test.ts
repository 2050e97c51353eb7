import { expect, test } from 'vitest';
import { scriptEnvironment } from './scriptEnvironment';

const tracking = { trackingUri: 'http://127.0.0.1:20001', token: 'secret', experimentId: '7' };

test('the environment of whoever asks arrives, without the variables of its editor and its npm', () => {
  const env = scriptEnvironment(
    {
      CUDA_VISIBLE_DEVICES: '1',
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_PID: '2',
      NODE_OPTIONS: '-r x',
      npm_config_a: 'b',
    },
    {},
    tracking,
  );
  expect(env).toMatchObject({ CUDA_VISIBLE_DEVICES: '1', PYTHONUNBUFFERED: '1' });
  expect(Object.keys(env).filter((name) => /^(ELECTRON|VSCODE|NODE_|npm_)/.test(name))).toEqual([]);
});

test('an MLflow client finds the server by token, user and password, and nothing else of MLflow is left over', () => {
  const env = scriptEnvironment(
    { MLFLOW_RUN_ID: 'a', MLFLOW_EXPERIMENT_NAME: 'b', MLFLOW_TRACKING_URI: 'https://elsewhere' },
    {},
    tracking,
  );
  expect(env).toMatchObject({
    MLFLOW_TRACKING_URI: 'http://127.0.0.1:20001',
    MLFLOW_TRACKING_TOKEN: 'secret',
    MLFLOW_TRACKING_PASSWORD: 'secret',
    MLFLOW_EXPERIMENT_ID: '7',
  });
  expect(env).not.toHaveProperty('MLFLOW_RUN_ID');
  expect(env).not.toHaveProperty('MLFLOW_EXPERIMENT_NAME');
});

test("links to MLflow's own pages are not printed, unless the person wants them", () => {
  const name = 'MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT';
  expect(scriptEnvironment({}, {}, tracking)[name]).toBe('true');
  expect(scriptEnvironment({ [name]: 'false' }, {}, tracking)[name]).toBe('false');
});

test('loopback is added to what must not go through a proxy', () => {
  const env = scriptEnvironment({ NO_PROXY: 'intranet,localhost' }, {}, tracking);
  expect(env['NO_PROXY']).toBe('intranet,localhost,127.0.0.1');
  expect(env['no_proxy']).toBe('127.0.0.1,localhost');
});

test('the variables of winnow.yaml win', () => {
  expect(scriptEnvironment({ A: '1', B: '1' }, { A: '2' }, tracking)).toMatchObject({ A: '2', B: '1' });
});
