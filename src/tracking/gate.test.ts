import { describe, expect, test } from 'vitest';
import { endpoints } from '../api/endpoints';
import { loggingToken } from '../platform/clientVariables';
import { CHALLENGE_PATH } from './gate';
import { PORT, TOKEN, openServer } from './testing';

describe('without the token', () => {
  test('every route says 401, those that do not exist too', async () => {
    const server = openServer();
    const registered = server.app.routes
      .filter(({ path, method }) => method !== 'ALL' && path !== CHALLENGE_PATH)
      .map(({ method, path }) => [method, path.replace('/*', '/0/x')] as const);
    expect(registered.length).toBeGreaterThan(Object.keys(endpoints).length + 20);
    const unknown = [
      ['GET', '/'],
      ['GET', '/none'],
      ['POST', '/api/2.0/mlflow/none'],
      ['DELETE', '/health'],
      ['GET', '/ajax-api/2.0/mlflow/runs/get'],
    ] as const;
    for (const [method, path] of [...registered, ...unknown]) {
      const response = await server.ask(method, path, method === 'POST' ? {} : undefined, {
        authorization: null,
      });
      expect([method, path, response.status]).toEqual([method, path, 401]);
    }
  });

  test.each([
    'Bearer',
    'Bearer ',
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN}a`,
    `Bearer ${TOKEN.toUpperCase()}`,
    `Bearer ${TOKEN}, Bearer x`,
    `Digest ${TOKEN}`,
    TOKEN,
    `Basic ${Buffer.from(`${TOKEN}:`).toString('base64')}`,
    `Basic ${Buffer.from('user:wrong').toString('base64')}`,
    'Basic !!!',
  ])('a wrong one is refused: %s', async (authorization) => {
    const response = await openServer().ask('GET', '/health', undefined, { authorization });
    expect(response.status).toBe(401);
  });

  test('a token in the address does not count', async () => {
    const response = await openServer().ask('GET', `/health?token=${TOKEN}`, undefined, {
      authorization: null,
    });
    expect(response.status).toBe(401);
  });
});

test.each([
  `Bearer ${TOKEN}`,
  `bearer ${TOKEN}`,
  `Basic ${Buffer.from(`winnow:${TOKEN}`).toString('base64')}`,
  `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}`,
])('the right token opens, whichever way the client sends it: %s', async (authorization) => {
  const response = await openServer().ask('GET', '/health', undefined, { authorization });
  expect([response.status, await response.text()]).toEqual([200, 'OK']);
});

describe('a request from a web page is refused', () => {
  test.each([
    ['host', 'evil.example'],
    ['host', `evil.example:${PORT}`],
    ['host', '127.0.0.1'],
    ['host', `127.0.0.1:${PORT + 1}`],
    ['host', `127.0.0.1.evil.example:${PORT}`],
    ['host', `user@127.0.0.1:${PORT}`],
    ['host', `0.0.0.0:${PORT}`],
    ['host', `[::1]:${PORT}`],
    ['host', `127.0.0.1:${PORT}, evil.example`],
    ['origin', 'null'],
    ['origin', 'http://localhost:3000'],
    ['origin', `http://127.0.0.1:${PORT}`],
    ['origin', 'http://127.0.0.1.evil.com'],
    ['origin', 'vscode-webview://x'],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-origin'],
  ])('%s: %s', async (name, value) => {
    const server = openServer();
    for (const target of ['/health', '/api/2.0/mlflow/experiments/get?experiment_id=0', '/none']) {
      expect((await server.ask('GET', target, undefined, { [name]: value })).status).toBe(403);
    }
    expect(
      (await server.ask('POST', CHALLENGE_PATH, { nonce: 'x'.repeat(16) }, { [name]: value })).status,
    ).toBe(403);
  });

  test('OPTIONS, without any header that would allow more', async () => {
    const response = await openServer().ask('OPTIONS', '/api/winnow/info');
    expect(response.status).toBe(403);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'a body of type "%s"',
    async (type) => {
      const response = await openServer().ask('POST', '/api/2.0/mlflow/experiments/create', '{"name":"x"}', {
        'content-type': type,
      });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ message: expect.stringContaining('application/json') });
    },
  );
});

test('localhost is as good as 127.0.0.1', async () => {
  expect((await openServer().ask('GET', '/health', undefined, { host: `LOCALHOST:${PORT}` })).status).toBe(
    200,
  );
});

test('the challenge is answered without a token, and says nothing but the proof', async () => {
  const response = await openServer().ask(
    'POST',
    CHALLENGE_PATH,
    { nonce: 'n'.repeat(32) },
    { authorization: null },
  );
  expect(response.status).toBe(200);
  const body = (await response.json()) as Record<string, string>;
  expect(Object.keys(body)).toEqual(['proof']);
  expect(body['proof']).toMatch(/^[0-9a-f]{64}$/);
});

test("an attempt's token logs and nudges, and nothing else", async () => {
  const server = openServer();
  const { token, attemptId, runId } = server.attempt();
  const metric = { run_id: runId, key: 'loss', value: 1, timestamp: 1, step: 0 };
  expect((await server.post('/api/2.0/mlflow/runs/log-metric', metric, token)).status).toBe(200);
  expect((await server.post('/api/winnow/attempts/nudge', { attemptId }, token)).status).toBe(200);
  expect((await server.post('/api/winnow/attempts/nudge', { attemptId: 'other' }, token)).status).toBe(403);
  for (const { path } of Object.values(endpoints)) {
    if (path !== 'attempts/nudge') {
      expect([path, (await server.post(`/api/winnow/${path}`, {}, token)).status]).toEqual([path, 403]);
    }
  }
});

test("a terminal's token logs, and cannot start, stop or nudge anything", async () => {
  const server = openServer();
  const token = loggingToken(TOKEN);
  expect(token).not.toBe(TOKEN);
  const created = await server.post('/api/2.0/mlflow/runs/create', { experiment_id: '0' }, token);
  expect(created.status).toBe(200);
  for (const { path } of Object.values(endpoints)) {
    expect([path, (await server.post(`/api/winnow/${path}`, {}, token)).status]).toEqual([path, 403]);
  }
});
