import { describe, expect, test } from 'vitest';
import { addRun } from '../store/testing';
import { dial, exchange, lines, readAnswer } from './rawClient';
import { listen, listenOnPort, openServer } from './testing';

const API = '/api/2.0/mlflow';
const HUGE = 100_000;

function withRun() {
  const server = openServer();
  const runId = addRun(server.store);
  const logParam = (key: unknown, value: unknown) =>
    server.post(`${API}/runs/log-parameter`, { run_id: runId, key, value });
  const setTag = (key: unknown, value: unknown) =>
    server.post(`${API}/runs/set-tag`, { run_id: runId, key, value });
  const logMetric = (metric: object) =>
    server.post(`${API}/runs/log-metric`, { run_id: runId, key: 'x', value: 1, timestamp: 1, ...metric });
  /** What was logged to the run. */
  const data = async () => {
    const { body } = await server.get(`${API}/runs/get?run_id=${runId}`);
    const { tags = [], ...rest } = (body['run'] as { data: { tags?: { key: string }[] } }).data;
    const own = tags.filter(({ key }) => key !== 'mlflow.runName');
    return { ...rest, ...(own.length > 0 ? { tags: own } : {}) } as Record<string, unknown>;
  };
  return { ...server, runId, logParam, setTag, logMetric, data };
}

/** 4xx with a sentence of MLflow's shape, and no bug on our side. */
function expectRefused(answer: { status: number; body: object }, bugs: readonly unknown[]): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.body).toEqual({ error_code: expect.any(String), message: expect.any(String) });
  expect(bugs).toEqual([]);
}

describe('a body', () => {
  test.each([
    ['of arrays, 100,000 deep', '['.repeat(HUGE) + ']'.repeat(HUGE)],
    ['of objects, 100,000 deep', '{"a":'.repeat(HUGE) + '1' + '}'.repeat(HUGE)],
    ['with a value 100,000 deep', `{"run_id":"x","key":${'['.repeat(HUGE)}${']'.repeat(HUGE)}}`],
    ['with a long number 100,000 deep', `{"a":${'['.repeat(HUGE)}12345678901234567890${']'.repeat(HUGE)}}`],
    ['that opens 20 million arrays', `{"a":${'['.repeat(20_000_000)}`],
    ['that opens a string and never ends it', `{"a":"${'\\"'.repeat(5_000_000)}`],
    ['of quotes alone', '"'.repeat(5_000_000)],
    ['of backslashes in a string', `"${'\\'.repeat(5_000_000)}`],
    ['of 20 million digits', `{"a":${'1'.repeat(20_000_000)}`],
    ['that is cut off behind NaN', '{"a":NaN'],
    ['that is nothing', ''],
    ['that is null', 'null'],
    ['that is a list', '[{}]'],
    ['that is a number', '1e400'],
    ['that is text in text in text', JSON.stringify(JSON.stringify('{}'))],
  ])('%s is refused, quickly', async (_what, text) => {
    const { ask, bugs } = withRun();
    const startedAt = performance.now();
    for (const path of ['runs/log-metric', 'runs/log-batch', 'runs/search', 'experiments/create']) {
      const answer = await ask('POST', `${API}/${path}`, text);
      const body = (await answer.json()) as { message: string };
      expectRefused({ status: answer.status, body }, bugs);
      expect(body.message.length).toBeLessThan(1000);
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000); // What is not linear takes minutes.
  });

  test('that is no UTF-8 is refused; one that begins with a byte order mark is read', async () => {
    const { bugs, runId, store, listener } = withRun();
    const ask = await listen({ listener });
    const json = { 'content-type': 'application/json' };
    const tag = (value: string) => JSON.stringify({ run_id: runId, key: 'k', value });
    const broken = Buffer.from(tag('\u00ff'), 'latin1');
    const refused = await ask('POST', `${API}/runs/set-tag`, broken, json);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('not UTF-8')]);
    expect((await ask('POST', `${API}/runs/set-tag`, `\ufeff${tag('ü')}`, json)).status).toBe(200);
    expect(store.getRun(runId)?.tags).toMatchObject({ k: 'ü' });
    expect(bugs).toEqual([]);
  });

  test('that says it has a gigabyte is refused before any of it comes', async () => {
    const { listener, bugs } = withRun();
    const port = await listenOnPort({ listener });
    const head = ['Content-Type: application/json', 'Content-Length: 1000000000'];
    for (const path of [`${API}/runs/log-metric`, '/api/winnow/runs/search']) {
      expect((await exchange(port, lines(`POST ${path} HTTP/1.1`, ...head))).status).toBe(413);
    }
    expect(bugs).toEqual([]);
  });

  test('of a gigabyte in chunks is refused at the end, and was never in memory', async () => {
    const { listener, bugs } = withRun();
    const port = await listenOnPort({ listener });
    const socket = await dial(port);
    socket.write(
      lines(
        `POST ${API}/runs/log-metric HTTP/1.1`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ),
    );
    const answer = readAnswer(socket);
    const chunk = Buffer.concat([
      Buffer.from('100000\r\n'),
      Buffer.alloc(0x100000, 'x'),
      Buffer.from('\r\n'),
    ]);
    const before = process.memoryUsage().rss;
    let most = before;
    for (let i = 0; i < 1000 && !socket.destroyed; i++) {
      await new Promise((resolve) => socket.write(chunk, resolve));
      most = Math.max(most, process.memoryUsage().rss);
    }
    socket.write('0\r\n\r\n');
    expect((await answer).status).toBe(413);
    expect(most - before).toBeLessThan(300 * 1024 * 1024);
    expect((await exchange(port, lines('GET /health HTTP/1.1'))).status).toBe(200);
    expect(bugs).toEqual([]);
  });

  test.each([
    ['an unknown field, which is passed over', { unknown: { a: [1] } }, 200],
    ['null for a step, which is the same as none', { step: null }, 200],
    ['a list for a value', { value: [1] }, 400],
    ['an object for a value', { value: { a: 1 } }, 400],
    ['a truth for a value', { value: true }, 400],
    ['a list for a key', { key: ['x'] }, 400],
    ['null for a key', { key: null }, 400],
    ['an object for a time', { timestamp: {} }, 400],
    ['text for a step', { step: 'one' }, 400],
    ['a list for a run', { run_id: ['x'] }, 400],
    ['a number for a run', { run_id: 7 }, 400],
  ])('with %s is %s', async (_what, change, status) => {
    const { logMetric, bugs } = withRun();
    const answer = await logMetric(change);
    expect(answer.status).toBe(status);
    if (status !== 200) expectRefused(answer, bugs);
  });
});

describe('a name', () => {
  test.each(['loss/ü', 'Genauigkeit ß', '精度', 'دقة', 'a b.c-d_e:f', 'e\u0301', '\u00e9', 'x'.repeat(250)])(
    'that MLflow lets through is kept as it is: %s',
    async (key) => {
      const { logParam, setTag, logMetric, data } = withRun();
      for (const answer of [await logParam(key, '1'), await setTag(key, '1'), await logMetric({ key })]) {
        expect(answer.status).toBe(200);
      }
      expect(await data()).toMatchObject({ params: [{ key }], tags: [{ key }], metrics: [{ key }] });
    },
  );

  test.each([
    '',
    ' ',
    'x'.repeat(251),
    'x'.repeat(1_000_000),
    'a\0b',
    '\ud800',
    'a\ud800',
    'a\u202eb',
    'zero\u200bwidth',
    'a\nb',
    '<script>',
    "' OR 1=1 --",
    '.',
    '..',
    '../x',
    '/x',
    'a//b',
    'a/',
  ])('that it does not is refused: %.40j', async (key) => {
    const { logParam, setTag, logMetric, bugs, data } = withRun();
    for (const answer of [await logParam(key, '1'), await setTag(key, '1'), await logMetric({ key })]) {
      expectRefused(answer, bugs);
      expect(String(answer.body['message']).length).toBeLessThan(1000);
    }
    expect(await data()).toEqual({});
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'that JavaScript knows is one like any other: %s',
    async (key) => {
      const { logParam, setTag, logMetric, data, post, get, runId, store } = withRun();
      for (const answer of [await logParam(key, 'p'), await setTag(key, 't'), await logMetric({ key })]) {
        expect(answer.status).toBe(200);
      }
      expect(await data()).toEqual({
        metrics: [{ key, value: 1, timestamp: 1, step: 0 }],
        params: [{ key, value: 'p' }],
        tags: [{ key, value: 't' }],
      });
      expect((await logParam(key, 'other')).status).toBe(400);
      const batch = { run_id: runId, params: [{ key: `${key}2`, value: '1' }], tags: [{ key, value: '2' }] };
      expect((await post(`${API}/runs/log-batch`, batch)).status).toBe(200);
      const created = await post(`${API}/experiments/create`, { name: key, tags: [{ key, value: 'e' }] });
      const id = String(created.body['experiment_id']);
      expect((await get(`${API}/experiments/get?experiment_id=${id}`)).body).toMatchObject({
        experiment: { name: key, tags: [{ key, value: 'e' }] },
      });
      const found = await post(`${API}/runs/search`, {
        experiment_ids: ['0'],
        filter: `params.${key} = 'p'`,
      });
      expect(found.body['runs']).toHaveLength(1);
      expect(Object.keys(store.getRun(runId)?.metrics ?? {})).toEqual([key]);
      expect(({} as Record<string, unknown>)['p']).toBeUndefined();
    },
  );
});

describe('a text', () => {
  test.each(['half \ud83d of a character', 'NUL \0 inside', 'é\ud800'])(
    'that no store can keep is kept with a mark, and may be sent again: %j',
    async (value) => {
      const { logParam, setTag, data, bugs } = withRun();
      for (let i = 0; i < 2; i++) {
        expect((await logParam('p', value)).status).toBe(200);
        expect((await setTag('t', value)).status).toBe(200);
      }
      const kept = value.replaceAll(/[\0\ud83d\ud800]/g, '\ufffd');
      expect(await data()).toEqual({
        params: [{ key: 'p', value: kept }],
        tags: [{ key: 't', value: kept }],
      });
      expect(bugs).toEqual([]);
    },
  );

  test('that is a page or a command stays a text', async () => {
    const { post, get, bugs } = openServer();
    for (const run_name of [
      '<img src=x onerror=alert(1)>',
      '[x](command:a.b)',
      '${x}',
      '$(zap)',
      '-x',
      'a\nb',
    ]) {
      const { body } = await post(`${API}/runs/create`, { experiment_id: '0', run_name });
      const { run_id } = (body['run'] as { info: { run_id: string } }).info;
      expect((await get(`${API}/runs/get?run_id=${run_id}`)).body).toMatchObject({
        run: { info: { run_name } },
      });
    }
    expect(bugs).toEqual([]);
  });
});

describe('a metric', () => {
  test('keeps steps below zero, of 64 bits and out of order, and times of every size', async () => {
    const { logMetric, get, runId } = withRun();
    const points = [
      [-1, 0],
      ['-9223372036854775808', 1],
      [7, 1_700_000_000],
      [3, 9_000_000_000_000_000],
      [5, 2],
      [4, 3],
    ] as const;
    for (const [step, timestamp] of points) expect((await logMetric({ step, timestamp })).status).toBe(200);
    const { body } = await get(`${API}/metrics/get-history?run_id=${runId}&metric_key=x`);
    expect(body['metrics']).toHaveLength(points.length);
  });

  test('that is sent twice is there once', async () => {
    const { logMetric, get, runId } = withRun();
    for (const value of [1, 1, 'NaN', 'NaN', 2])
      expect((await logMetric({ value, step: 3 })).status).toBe(200);
    const { body } = await get(`${API}/metrics/get-history?run_id=${runId}&metric_key=x`);
    expect((body['metrics'] as { value: unknown }[]).map(({ value }) => value)).toHaveLength(3);
  });
});

test('ten thousand params are stored, a hundred at a time', async () => {
  const { post, runId, data } = withRun();
  for (let i = 0; i < 100; i++) {
    const params = Array.from({ length: 100 }, (_, j) => ({ key: `p${i * 100 + j}`, value: String(j) }));
    expect((await post(`${API}/runs/log-batch`, { run_id: runId, params })).status).toBe(200);
  }
  expect((await data())['params']).toHaveLength(10_000);
});

describe('an id', () => {
  test.each([
    '../x',
    '..',
    '.',
    'a/b',
    'a\\b',
    'x'.repeat(257),
    '١٢٣',
    'a\0',
    ' ',
    "' OR 1=1 --",
    '%2e%2e',
    'ＡＢ',
  ])('that is none is refused wherever it is asked for: %.40j', async (id) => {
    const { post, get, ask, bugs } = openServer();
    const encoded = encodeURIComponent(id);
    for (const target of [
      `runs/get?run_id=${encoded}`,
      `runs/get?run_uuid=${encoded}`,
      `metrics/get-history?run_id=${encoded}&metric_key=x`,
      `artifacts/list?run_id=${encoded}`,
      `experiments/get?experiment_id=${encoded}`,
    ]) {
      expectRefused(await get(`${API}/${target}`), bugs);
    }
    for (const [path, body] of [
      ['runs/log-metric', { run_id: id, key: 'x', value: 1, timestamp: 1 }],
      ['runs/update', { run_id: id, status: 'FINISHED' }],
      ['runs/delete', { run_id: id }],
      ['runs/create', { experiment_id: id }],
    ] as const) {
      expectRefused(await post(`${API}/${path}`, body), bugs);
    }
    const proxied = await ask('GET', `/api/2.0/mlflow-artifacts/artifacts/0/${encoded}/artifacts/x`);
    expectRefused({ status: proxied.status, body: (await proxied.json()) as object }, bugs);
  });
});

describe('a page', () => {
  const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

  test.each([
    'x',
    '!!!',
    '%00',
    token(null),
    token([]),
    token({}),
    token({ offset: -1 }),
    token({ offset: 1.5 }),
    token({ offset: '1' }),
    token({ offset: 1e300 }),
    token({ offset: { valueOf: 1 } }),
  ])('with a token that is not ours is refused: %s', async (page_token) => {
    const { post, get, runId, bugs } = withRun();
    expectRefused(await post(`${API}/runs/search`, { experiment_ids: ['0'], page_token }), bugs);
    expectRefused(await post(`${API}/experiments/search`, { max_results: 1, page_token }), bugs);
    const query = `page_token=${encodeURIComponent(page_token)}`;
    expectRefused(await get(`${API}/artifacts/list?run_id=${runId}&${query}`), bugs);
    expectRefused(
      await get(`${API}/metrics/get-history?run_id=${runId}&metric_key=x&max_results=5&${query}`),
      bugs,
    );
  });

  test('far behind the end is empty', async () => {
    const { post, bugs } = withRun();
    const page_token = token({ offset: Number.MAX_SAFE_INTEGER });
    expect(await post(`${API}/runs/search`, { experiment_ids: ['0'], page_token })).toEqual({
      status: 200,
      body: {},
    });
    expect(bugs).toEqual([]);
  });

  test.each([0, -1, 1e9, 1.5, 'many', 'NaN', [], {}])('of %s is refused', async (max_results) => {
    const { post, bugs } = withRun();
    expectRefused(await post(`${API}/runs/search`, { experiment_ids: ['0'], max_results }), bugs);
    expectRefused(await post(`${API}/experiments/search`, { max_results }), bugs);
  });
});

describe('a search', () => {
  test.each([
    ["' OR 1=1 --"],
    ["params.a = ''' OR 1=1"],
    ['metrics."a b'],
    ['metrics.a > '],
    ['metrics.a > 1; DROP TABLE runs'],
    ['metrics.a > 1 OR metrics.b > 1'],
    ['('.repeat(1000)],
    ['metrics.a > 1 and '.repeat(5_000)],
    ['metrics.a > 1 and '.repeat(100_000)],
    ['x'.repeat(1_000_000)],
    ['\0'],
    ['\ud800'],
    ["params.a IN ('x'"],
    ['__proto__.a > 1'],
    ['constructor = 1'],
  ])('by what is no filter is refused, and nothing is lost: %.40s', async (filter) => {
    const { post, bugs } = withRun();
    expectRefused(await post(`${API}/runs/search`, { experiment_ids: ['0'], filter }), bugs);
    expectRefused(await post(`${API}/experiments/search`, { max_results: 10, filter }), bugs);
    expect((await post(`${API}/runs/search`, { experiment_ids: ['0'] })).body['runs']).toHaveLength(1);
  });

  test('by thousands of clauses is answered, or refused with a sentence', async () => {
    const { post, bugs } = withRun();
    for (const count of [50, 100, 500, 2_000, 5_000]) {
      const filter = Array.from({ length: count }, (_, i) => `metrics.a${i} > 1`).join(' and ');
      const { status } = await post(`${API}/runs/search`, { experiment_ids: ['0'], filter });
      expect([count, [200, 400].includes(status)]).toEqual([count, true]);
    }
    expect(bugs).toEqual([]);
  });

  test.each(['metrics.`a b` > 1e400', "params.a LIKE '%_%'", "tags.a ILIKE '\\%'", "params.a = '%'"])(
    'by %s finds what is meant, and no more',
    async (filter) => {
      const { post, bugs } = withRun();
      expect(await post(`${API}/runs/search`, { experiment_ids: ['0'], filter })).toEqual({
        status: 200,
        body: {},
      });
      expect(bugs).toEqual([]);
    },
  );

  test.each([
    [['metrics.a', 'metrics.a']],
    [['metrics.a ASC', 'metrics.a DESC']],
    [['start_time', 'start_time DESC', 'attributes.start_time']],
    [Array.from({ length: 2_000 }, (_, i) => `metrics.m${i}`)],
    [['metrics.a; DROP TABLE runs']],
    [['\0']],
    [[7]],
  ])('in the order of %.60j is answered, or refused with a sentence', async (order_by) => {
    const { post, bugs } = withRun();
    const { status } = await post(`${API}/runs/search`, { experiment_ids: ['0'], order_by });
    expect([200, 400]).toContain(status);
    expect(bugs).toEqual([]);
  });
});
