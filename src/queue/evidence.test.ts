import { expect, test } from 'vitest';
import { createIngest } from '../ingest/ingest';
import { addRun, openTemporary } from '../store/testing';
import { createEvidence } from './evidence';
import { looksSecret } from './secrets';
import { systemMetrics } from './systemMetrics';
import { seenIn } from './takeHook';

const at = 1000;
const pid = 1;

function openEvidence() {
  const store = openTemporary();
  const runId = addRun(store);
  store.write('full', () =>
    store.createAttempt({ attemptId: 'a', runId, tokenHash: 'h', experimentChosen: false }),
  );
  const evidence = createEvidence(
    store,
    createIngest(store, () => undefined),
  );
  const run = () => store.getRun(runId);
  const client = (key: string, value: string) =>
    store.write('full', () => store.logParams(store.runHead(runId), [{ key, value }]));
  const seen = (values: Record<string, string>, offset: number) =>
    evidence.hookTaken('a', seenIn([{ kind: 'params', at, pid, source: 'argparse', values }]), offset);
  return { store, evidence, runId, run, client, seen };
}

test('what a client logs has the last word, whether it comes before or after what was seen', async () => {
  const { store, runId, run, client, seen } = openEvidence();
  store.write('full', () => store.giveParams(store.runHead(runId), { lr: '1e-3', typed: 'x' }));
  client('batch', '8');
  await seen({ lr: '0.001', batch: '9', epochs: '3', api_key: 'hidden' }, 10);
  expect(run()?.params).toEqual({ lr: '0.001', typed: 'x', batch: '8', epochs: '3' });
  client('epochs', '3 of 5');
  expect(run()?.params['epochs']).toBe('3 of 5');
  expect(() => client('epochs', '4')).toThrow('not allowed');
  await seen({ lr: '5' }, 20);
  await seen({ late: '1' }, 20);
  expect(run()?.params).toMatchObject({ lr: '0.001', epochs: '3 of 5' });
  expect(run()?.params).not.toHaveProperty('late');
});

test('the first seed of each kind stays, and the environment has them', async () => {
  const { store, evidence, runId } = openEvidence();
  const seed = (value: string) => seenIn([{ kind: 'seed', at, pid, of: 'numpy', value }]);
  await evidence.hookTaken('a', seed('1'), 5);
  await evidence.hookTaken('a', seed('2'), 9);
  expect(store.getEnvironment(runId)).toBeNull();
  const host = { name: 'box', system: 'Linux', cpuCount: 2, memoryBytes: 1, gpus: [] };
  const python = {
    ...{ version: '3.12.1', interpreter: '/bin/python', lockedBy: 'package metadata' as const },
    packages: ['a==1', 'b==2'],
  };
  await evidence.environmentTaken(runId as Parameters<typeof evidence.environmentTaken>[0], { python, host });
  expect(store.getEnvironment(runId)).toEqual({ python, host, seeds: { numpy: '1' } });
});

test('a file that was opened waits for its digest and becomes a dataset then', async () => {
  const { store, evidence, runId } = openEvidence();
  const file = { kind: 'file' as const, at, pid, path: '/data/train.csv', sizeBytes: 3, modifiedAt: 7 };
  await evidence.hookTaken('a', seenIn([file, file]), 5);
  const [waiting] = evidence.waitingFiles();
  expect(waiting?.file).toMatchObject({ path: '/data/train.csv', sizeBytes: 3, digest: null });
  await evidence.fileSettled(waiting!.runId, { ...waiting!.file, digest: 'f'.repeat(64) });
  expect(evidence.waitingFiles()).toEqual([]);
  expect(store.openedFiles(runId)[0]?.digest).toBe('f'.repeat(64));
  const [record] = store.readRuns(store.runKeysOf([runId]));
  expect(record?.inputs).toMatchObject([
    {
      dataset: { name: '/data/train.csv', digest: 'f'.repeat(36), source_type: 'local' },
      tags: [{ key: 'mlflow.data.context', value: 'training' }],
    },
  ]);
});

test('names of secrets are told from names that only sound like them', () => {
  for (const name of ['api_key', 'hf-token', 'db.password', 'awsSecretKey', 'token', 'OPENAI_API_KEY', 'pwd'])
    expect(looksSecret(name), name).toBe(true);
  for (const name of [
    'max_tokens',
    'eos_token',
    'tokenizer',
    'key',
    'sort_key',
    'keys',
    'authors',
    'hidden_dim',
  ])
    expect(looksSecret(name), name).toBe(false);
});

test("samples have MLflow's names, and only what was told", () => {
  const base = { kind: 'sample' as const, at: 5000, cpuPercent: 50, memoryBytes: 2e6, processes: 1 };
  expect(systemMetrics(base, 1000)).toEqual({
    at: 5000,
    step: 4,
    metrics: { 'system/cpu_utilization_percentage': 50, 'system/system_memory_usage_megabytes': 2 },
  });
  const gpus = [{ index: 1, utilizationPercent: 90, memoryMegabytes: 400, powerWatts: null }];
  const { metrics } = systemMetrics(
    { ...base, gpus, networkReceivedBytes: 3e6, energy: { wattHours: 2, how: 'estimate' } },
    1000,
  );
  expect(metrics).toMatchObject({
    'system/gpu_1_utilization_percentage': 90,
    'system/gpu_1_memory_usage_megabytes': 400,
    'system/network_receive_megabytes': 3,
    'system/energy_estimate_watt_hours': 2,
  });
  expect(Object.keys(metrics).filter((name) => name.includes('power'))).toEqual([]);
});
