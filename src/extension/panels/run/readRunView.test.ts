import { describe, expect, it } from 'vitest';
import { type ApiClient, createClient } from '../../../api/client';
import type { CompareWith } from '../../../api/runPage';
import { isRunId } from '../../../model/run';
import type { RunId } from '../../../model/run';
import { PORT, TOKEN, type TestServer, openServer } from '../../../tracking/testing';
import { readRunView } from './readRunView';

function clientOf(server: TestServer): ApiClient {
  return createClient(
    { trackingUri: `http://127.0.0.1:${PORT}`, token: TOKEN },
    async (url, headers, body) => {
      const response = await server.ask('POST', new URL(url).pathname, body, { ...headers });
      return { status: response.status, text: await response.text() };
    },
  );
}

interface Made {
  readonly params?: Record<string, string>;
  readonly metrics?: Record<string, number>;
}

async function aRun(server: TestServer, { params = {}, metrics = {} }: Made): Promise<RunId> {
  const { body } = await server.post('/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 });
  const { run } = body as { run: { info: { run_id: string } } };
  const id = run.info.run_id;
  if (!isRunId(id)) throw new Error('No run was made.');
  const logged = await server.post('/api/2.0/mlflow/runs/log-batch', {
    run_id: id,
    params: Object.entries(params).map(([key, value]) => ({ key, value })),
    metrics: Object.entries(metrics).map(([key, value]) => ({
      key,
      value: Number.isFinite(value) ? value : String(value),
      timestamp: 1,
      step: 1,
    })),
  });
  expect(logged.status).toBe(200);
  await server.post('/api/2.0/mlflow/runs/update', { run_id: id, status: 'FINISHED', end_time: 2 });
  return id;
}

const promote = (server: TestServer, runId: RunId, promotedAt: number, undoneAt: number | null = null) =>
  server.store.write('full', () =>
    server.store.savePromotion({
      promotionId: `p${promotedAt}`,
      runId,
      experiment: 'Default',
      repository: '/r',
      branch: 'b',
      branchFrom: null,
      tag: 't',
      tagObject: 'o',
      commit: 'c',
      base: 'b',
      files: [],
      gates: [],
      promotedAt,
      undoneAt,
    }),
  );

const ask = (server: TestServer, runId: RunId, compareWith: CompareWith = 'champion') =>
  readRunView(clientOf(server), { folder: '/f', runId, compareWith, slotOf: () => null }, null);

describe("what a run's page shows", () => {
  it('is the run beside the latest champion whose promotion was not undone', async () => {
    const server = openServer();
    const [first, second, third, own] = await Promise.all([1, 2, 3, 4].map(() => aRun(server, {})));
    promote(server, first!, 10);
    promote(server, second!, 20);
    promote(server, third!, 30, 31);
    const { view } = await ask(server, own!);
    expect(view.other).toMatchObject({ run: { runId: second }, isChampion: true });
    expect(view.champion?.runId).toBe(second);
    expect((await ask(server, second!)).view).toMatchObject({
      isChampion: true,
      other: null,
      champion: null,
    });
    expect((await ask(server, own!, first)).view.other).toMatchObject({
      run: { runId: first },
      isChampion: false,
    });
    expect((await ask(server, own!, 'none')).view.other).toBeNull();
  });

  it('goes on without a run that is not there any more', async () => {
    const server = openServer();
    const own = await aRun(server, {});
    expect((await ask(server, own, 'e'.repeat(32) as RunId)).view.other).toBeNull();
    await expect(ask(server, own.replace(/^./, 'x') as RunId)).rejects.toThrow();
  });

  it('has a place among the runs by the goal, without those that have no number', async () => {
    const server = openServer();
    const ids = await Promise.all(
      [0.9, 0.8, 0.95, NaN].map((accuracy) => aRun(server, { metrics: { val_accuracy: accuracy } })),
    );
    await aRun(server, {});
    expect((await ask(server, ids[0]!)).view.rank).toEqual({ place: 2, of: 3 });
    expect((await ask(server, ids[2]!)).view.rank).toEqual({ place: 1, of: 3 });
    expect((await ask(server, ids[3]!)).view.rank).toBeNull();
  });

  it('knows the noise from runs that differ in their seed only', async () => {
    const server = openServer();
    const make = (lr: string, seed: string, loss: number) =>
      aRun(server, { params: { lr, seed, text: "it's a 'b'" }, metrics: { loss } });
    const own = await make('0.1', '1', 1);
    await make('0.1', '2', 3);
    await make('0.1', '2', 3); // The same seed again: no other seed.
    await make('0.2', '1', 99);
    const { view } = await ask(server, own);
    expect(view.noise).toMatchObject([['loss', { runCount: 2, spread: Math.SQRT2 }]]);
    expect((await ask(server, await aRun(server, { metrics: { loss: 1 } }))).view.noise).toEqual([]);
  });

  it('is whole with names and values that are made to break it', async () => {
    const server = openServer();
    const name = `val_"\`' OR 1=1 <script>`.replaceAll(/[<>"`'=]/g, '-');
    const own = await aRun(server, {
      params: { seed: '1', ['p'.repeat(250)]: 'v'.repeat(500), __proto__x: `'";--` },
      metrics: { [name]: Infinity, nan: NaN, constructor: 1 },
    });
    const { view } = await ask(server, own);
    expect([...view.run.metrics.names].sort()).toEqual(['constructor', 'nan', name].sort());
    const at = (metric: string) => view.run.metrics.last[view.run.metrics.names.indexOf(metric)];
    expect(at('nan')).toBeNaN();
    expect(at(name)).toBe(Infinity);
  });
});
