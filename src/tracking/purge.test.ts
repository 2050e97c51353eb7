import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type TestServer, openServer } from './testing';

const API = '/api/2.0/mlflow';

async function newRun({ post }: TestServer, experimentId = '0', points = 3): Promise<string> {
  const { body } = await post(`${API}/runs/create`, { experiment_id: experimentId });
  const runId = (body['run'] as { info: { run_id: string } }).info.run_id;
  for (let done = 0; done < points; done += 1000) {
    const count = Math.min(1000, points - done);
    const metrics = Array.from({ length: count }, (_, i) => ({
      key: 'loss',
      value: i,
      timestamp: 1,
      step: done + i,
    }));
    await post(`${API}/runs/log-batch`, { run_id: runId, metrics });
  }
  return runId;
}

const purge = async ({ post }: TestServer, before = Date.now() + 1000) =>
  (await post('/api/winnow/purge/run', { before })).body;

test('a purge removes deleted runs with their points and files, and nothing else', async () => {
  const server = openServer();
  const [gone, kept, child] = [await newRun(server, '0', 45_000), await newRun(server), await newRun(server)];
  const file = (runId: string) => path.join(server.artifacts, '0', runId, 'artifacts/x.txt');
  for (const runId of [gone, kept]) {
    const put = `/api/2.0/mlflow-artifacts/artifacts/0/${runId}/artifacts/x.txt`;
    expect((await server.ask('PUT', put, 'text')).status).toBe(200);
  }
  server.store.write('full', () => server.store.updateRun(child, { parentRunId: gone }));
  await server.post(`${API}/runs/delete`, { run_id: gone });

  const plan = (await server.post('/api/winnow/purge/plan', { before: Date.now() + 1000 })).body;
  expect(plan).toEqual({ runCount: 1, modelCount: 0, experimentCount: 0, sizeBytes: 4 });
  const sizeBefore = server.store.sizeBytes();
  expect(await purge(server)).toMatchObject({ runCount: 1, sizeBytes: expect.any(Number) });
  expect(server.store.sizeBytes()).toBeLessThan(sizeBefore / 2);
  expect([existsSync(file(gone)), existsSync(file(kept))]).toEqual([false, true]);
  expect((await server.get(`${API}/runs/get?run_id=${gone}`)).status).toBe(404);
  expect((await server.post(`${API}/runs/restore`, { run_id: gone })).status).toBe(404);
  expect(server.store.getRun(kept)?.metrics['loss']?.count).toBe(3);
  expect(server.store.getRun(child)?.parentRunId).toBeNull();
  expect(server.store.integrity()).toBe('ok');
  expect(await purge(server)).toMatchObject({ runCount: 0, sizeBytes: 0 });
});

test('the name of a purged experiment is free again', async () => {
  const server = openServer();
  const create = () => server.post(`${API}/experiments/create`, { name: 'digits' });
  const id = String((await create()).body['experiment_id']);
  const runId = await newRun(server, id);
  const model = { experiment_id: id, name: 'm', source_run_id: runId };
  await server.post(`${API}/logged-models`, model);
  await server.post(`${API}/experiments/delete`, { experiment_id: id });
  expect((await create()).body).toMatchObject({ error_code: 'RESOURCE_ALREADY_EXISTS' });
  expect(await purge(server)).toMatchObject({ runCount: 1, modelCount: 1, experimentCount: 1 });
  expect((await create()).status).toBe(200);
});

test('a logged model that a version of the registry stands on stays when its run goes', async () => {
  const server = openServer();
  const runId = await newRun(server);
  const answer = await server.post(`${API}/logged-models`, {
    experiment_id: '0',
    name: 'm',
    source_run_id: runId,
  });
  const modelId = (answer.body['model'] as { info: { model_id: string } }).info.model_id;
  await server.post(`${API}/registered-models/create`, { name: 'best' });
  const version = { name: 'best', source: `models:/${modelId}`, model_id: modelId };
  expect((await server.post(`${API}/model-versions/create`, version)).status).toBe(200);
  await server.post(`${API}/runs/delete`, { run_id: runId });
  expect(await purge(server)).toMatchObject({ runCount: 1, modelCount: 0 });
  expect((await server.get(`${API}/logged-models/${modelId}`)).status).toBe(200);
});

test('what was deleted later, and what a runner still owns, stays', async () => {
  const server = openServer();
  const runId = await newRun(server);
  const { runId: live } = server.attempt();
  await server.post(`${API}/runs/delete`, { run_id: runId });
  await server.post(`${API}/runs/delete`, { run_id: live });
  expect(await purge(server, Date.now() - 60_000)).toMatchObject({ runCount: 0 });
  expect(await purge(server)).toMatchObject({ runCount: 1 });
  expect(server.store.runHead(live)).toMatchObject({ deleted: true });
});

test('a purge that was interrupted goes on', async () => {
  const server = openServer();
  const runId = await newRun(server, '0', 45_000);
  server.store.write('full', () => {
    server.store.deleteRuns([runId]);
    server.store.startPurge([runId]);
    server.store.purgePoints(runId);
  });
  expect((await server.post(`${API}/runs/restore`, { run_id: runId })).status).toBe(404);
  expect(await purge(server, 0)).toMatchObject({ runCount: 1 });
  expect(server.store.getRun(runId)).toBeNull();
});
