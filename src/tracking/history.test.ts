import { describe, expect, test } from 'vitest';
import { pointsText } from './routes/mlflow/pointsText';
import { sampledSteps } from './routes/mlflow/sampledSteps';
import { type TestServer, openServer } from './testing';

type Metric = { key: string; value: unknown; step: number; timestamp: number; run_id?: string };

const API = '/api/2.0/mlflow/metrics';

async function run(server: TestServer): Promise<string> {
  const { body } = await server.post('/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  return (body as { run: { info: { run_id: string } } }).run.info.run_id;
}

async function log(
  server: TestServer,
  runId: string,
  points: readonly object[],
  key = 'loss',
): Promise<void> {
  const metrics = points.map((point) => ({ key, ...point }));
  await server.post('/api/2.0/mlflow/runs/log-batch', { run_id: runId, metrics });
}

/** Every page, by the tokens. */
async function pages(server: TestServer, runId: string, size: number): Promise<Metric[][]> {
  const all: Metric[][] = [];
  let token: string | undefined;
  do {
    const { status, body } = await server.get(
      `${API}/get-history?run_id=${runId}&metric_key=loss&max_results=${size}${token === undefined ? '' : `&page_token=${token}`}`,
    );
    expect(status).toBe(200);
    all.push((body['metrics'] ?? []) as Metric[]);
    token = body['next_page_token'] as string | undefined;
  } while (token !== undefined);
  return all;
}

describe('the history of a metric', () => {
  const inOrder = Array.from({ length: 10 }, (_, i) => ({ value: i / 7, step: i, timestamp: 100 + i }));
  // Time goes back between steps 4 and 5, two points share a step, and two a moment.
  const backAndForth = [
    ...inOrder.map((point) => ({ ...point, timestamp: (point.step * 7) % 10 })),
    { value: 9, step: 3, timestamp: 1 },
  ];

  test.each([
    ['in order', inOrder],
    ['that came late', [...inOrder].reverse()],
    ['that goes back in time', backAndForth],
    [
      'with NaN, the infinities and large steps',
      ['NaN', 'Infinity', '-Infinity', 1].map((value, i) => ({
        value,
        step: `${2n ** 62n + BigInt(i)}`,
        timestamp: i,
      })),
    ],
    ['of one step and one moment', [3, 1, 2, 'NaN', -0.5].map((value) => ({ value, step: 0, timestamp: 5 }))],
  ])('comes in pages that are the whole when put together: %s', async (_, points) => {
    const server = openServer();
    const runId = await run(server);
    await log(server, runId, points);
    const { body } = await server.get(`${API}/get-history?run_id=${runId}&metric_key=loss`);
    const whole = body['metrics'] as Metric[];
    expect(whole).toHaveLength(points.length);
    const order = whole.map(
      ({ timestamp, step, value }) => [timestamp, step, value === 'NaN' ? 0 : Number(value)] as const,
    );
    expect(order).toEqual([...order].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]));
    for (const size of [1, 3, points.length]) {
      expect((await pages(server, runId, size)).flat()).toEqual(whole);
    }
  });

  test('goes on where it was, also when points came in between', async () => {
    const server = openServer();
    const runId = await run(server);
    await log(server, runId, inOrder);
    const first = await server.get(`${API}/get-history?run_id=${runId}&metric_key=loss&max_results=4`);
    await log(server, runId, [
      { value: 1, step: -1, timestamp: 1 },
      { value: 1, step: 50, timestamp: 2 },
    ]);
    const rest = await server.get(
      `${API}/get-history?run_id=${runId}&metric_key=loss&max_results=50&page_token=${String(first.body['next_page_token'])}`,
    );
    expect((rest.body['metrics'] as Metric[]).map(({ step }) => step)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  test('understands tokens that count points, and refuses forged ones', async () => {
    const server = openServer();
    const runId = await run(server);
    await log(server, runId, inOrder);
    const ask = (token: unknown) =>
      server.get(
        `${API}/get-history?run_id=${runId}&metric_key=loss&max_results=2&page_token=${encodeURIComponent(
          typeof token === 'string' ? token : Buffer.from(JSON.stringify(token)).toString('base64'),
        )}`,
      );
    const counted = await ask({ offset: 8 });
    expect((counted.body['metrics'] as Metric[]).map(({ step }) => step)).toEqual([8, 9]);
    for (const forged of [
      'invalid_token',
      { offset: -1 },
      { offset: 'x' },
      { after: [1, 2, 3, 0] },
      { after: ['1', '2', 'x', 0] },
      { after: ['1', '2', 3, 2] },
      { after: ['99999999999999999999', '2', 3, 0] },
      { after: ['9223372036854775808', '2', 3, 0] },
      { after: null },
      [],
      null,
      'null',
      {},
    ]) {
      const { status, body } = await ask(forged);
      expect([forged, status, body['error_code']]).toEqual([forged, 400, 'INVALID_PARAMETER_VALUE']);
    }
  });

  test('is written as JSON of its messages would be', () => {
    const rows = [
      [1, 2, 0.1, 0],
      [2, 3, -0, 0],
      [3, 4, 1e21, 0],
      [4, 5, 5e-324, 0],
    ] as const;
    const messages = rows.map(([step, timestamp, value]) => ({
      key: 'a "b"\n',
      value,
      timestamp,
      step,
      run_id: 'r',
    }));
    expect(`[${pointsText('a "b"\n', rows, 'r')}]`).toBe(JSON.stringify(messages));
    expect(
      pointsText('x', [
        [2n ** 62n + 1n, 1, 0, 1],
        [0, 1, -Infinity, 0],
      ]),
    ).toBe(
      '{"key":"x","value":"NaN","timestamp":1,"step":4611686018427387905},{"key":"x","value":"-Infinity","timestamp":1,"step":0}',
    );
  });
});

describe('the histories of many runs', () => {
  test('come by run, then by timestamp, step and value, below both prefixes', async () => {
    const server = openServer();
    const runIds = [await run(server), await run(server), await run(server)].sort();
    const points = [
      { value: 10, step: 2, timestamp: 1 },
      { value: 11, step: 3, timestamp: 1 },
      { value: 12, step: 3, timestamp: 2 },
    ];
    for (const runId of runIds.slice(0, 2)) await log(server, runId, points);
    const query = `metrics/get-history-bulk?${runIds
      .map((runId) => `run_id=${runId}`)
      .reverse()
      .join('&')}&metric_key=loss`;
    const expected = runIds
      .slice(0, 2)
      .flatMap((run_id) => points.map((point) => ({ key: 'loss', ...point, run_id })));
    for (const prefix of ['/api', '/ajax-api']) {
      expect((await server.get(`${prefix}/2.0/mlflow/${query}`)).body).toEqual({ metrics: expected });
      const limited = await server.get(`${prefix}/2.0/mlflow/${query}&max_results=4`);
      expect(limited.body['metrics']).toEqual(expected.slice(0, 4));
    }
  });

  test('are sampled at the same steps, with the ends of each run', async () => {
    const server = openServer();
    const [short, long] = [await run(server), await run(server)];
    const points = (count: number) =>
      Array.from({ length: count }, (_, step) => ({ value: 10, step, timestamp: 1 }));
    await log(server, short, points(10));
    await log(server, long, points(20));
    const steps = async (query: string) => {
      const { body } = await server.get(`${API}/get-history-bulk-interval?metric_key=loss&${query}`);
      return ((body['metrics'] ?? []) as Metric[]).map(({ run_id, step }) => [run_id, step]);
    };
    expect(await steps(`run_ids=${short}&max_results=5`)).toEqual(
      [0, 2, 4, 6, 8, 9].map((step) => [short, step]),
    );
    expect(await steps(`run_ids=${short}&max_results=5&start_step=0&end_step=4`)).toEqual(
      [0, 1, 2, 3, 4].map((step) => [short, step]),
    );
    expect(await steps(`run_ids=${short}&run_ids=${long}&max_results=5`)).toEqual([
      ...[0, 4, 8, 9].map((step) => [short, step]),
      ...[0, 4, 8, 9, 12, 16, 19].map((step) => [long, step]),
    ]);
    expect(await steps(`run_ids=${short}&metric_key=loss&start_step=100&end_step=200`)).toEqual([]);
  });

  test.each([
    ['get-history-bulk?metric_key=k', 'GetMetricHistoryBulk request must specify at least one run_id'],
    [
      `get-history-bulk?metric_key=k${'&run_id=r'.repeat(101)}`,
      'GetMetricHistoryBulk request cannot specify more than',
    ],
    ['get-history-bulk?run_id=123', 'GetMetricHistoryBulk request must specify a metric_key'],
    ['get-history-bulk-interval?metric_key=k', "Missing value for required parameter 'run_ids'."],
    [
      `get-history-bulk-interval?metric_key=k${'&run_ids=r'.repeat(101)}`,
      'GetMetricHistoryBulkInterval request must specify at most 100 run_ids.',
    ],
    [
      'get-history-bulk-interval?run_ids=1&metric_key=k&max_results=0',
      'max_results must be between 1 and 2500',
    ],
    [
      'get-history-bulk-interval?run_ids=1&max_results=2501&metric_key=k',
      'max_results must be between 1 and 2500',
    ],
    [
      'get-history-bulk-interval?run_ids=1&max_results=x&metric_key=k',
      "for parameter 'max_results' supplied",
    ],
    ['get-history-bulk-interval?run_ids=1&metric_key=', "Missing value for required parameter 'metric_key'"],
    [
      'get-history-bulk-interval?run_ids=1&metric_key=k&start_step=1&end_step=0',
      'end_step must be greater than start_step. ',
    ],
    [
      'get-history-bulk-interval?run_ids=1&metric_key=k&start_step=1',
      'If either start step or end step are specified, both must be specified.',
    ],
  ])('are refused with the words of MLflow: %.60s', async (target, message) => {
    const { status, body } = await openServer().get(`/ajax-api/2.0/mlflow/metrics/${target}`);
    expect([status, body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(body['message']).toContain(message);
  });

  test('are sampled exactly with steps beyond 2^53', () => {
    const big = 2n ** 60n;
    expect(sampledSteps([[1, big, big + 1n], [big]], 2)).toEqual([1, big, big + 1n]);
  });
});
