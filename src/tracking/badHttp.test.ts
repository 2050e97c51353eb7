import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { addRun } from '../store/testing';
import { dial, exchange, lines, readAnswer } from './rawClient';
import { PORT, TOKEN, listenOnPort, openServer } from './testing';

const METRIC = '/api/2.0/mlflow/runs/log-metric';

/** A server on a port, and a check that nothing of what was sent to it hurt. */
async function openPort(limits: Parameters<typeof listenOnPort>[1] = {}) {
  const server = openServer();
  const port = await listenOnPort(server, limits);
  return {
    ...server,
    port,
    runId: addRun(server.store),
    async expectAlive() {
      expect((await exchange(port, lines('GET /health HTTP/1.1'))).status).toBe(200);
      expect(server.bugs).toEqual([]);
    },
  };
}

/** 4xx in MLflow's shape, as JSON that no browser takes for a page. */
function expectRefused(answer: Awaited<ReturnType<typeof exchange>>, ...statuses: number[]): void {
  expect(statuses).toContain(answer.status);
  expect(answer.head.toLowerCase()).toContain('content-type: application/json');
  expect(answer.head.toLowerCase()).toContain('x-content-type-options: nosniff');
  expect(JSON.parse(answer.body)).toEqual({ error_code: expect.any(String), message: expect.any(String) });
}

/** Routes of every kind: those answered straight from Node's request, files, and those of Hono. */
const TARGETS = [
  'GET /health',
  'GET /version',
  'GET /api/2.0/mlflow/experiments/get?experiment_id=0',
  `POST ${METRIC}`,
  'GET /api/2.0/mlflow-artifacts/artifacts?path=0',
  'PUT /api/2.0/mlflow-artifacts/artifacts/0/x/artifacts/f',
  'GET /get-artifact?run_id=x&path=y',
  'POST /ajax-api/2.0/mlflow/upload-artifact',
  'POST /api/winnow/info',
  'PATCH /api/2.0/mlflow/logged-models/x',
  'GET /none',
];

describe('on every kind of route', () => {
  test.each([
    [403, ['Host:']],
    [403, [`Host: 127.0.0.1:${PORT}`, 'Host: evil.example']],
    [403, ['Host: evil.example', `Host: 127.0.0.1:${PORT}`]],
    [403, [`Host: 127.0.0.1:${PORT}`, `Host: 127.0.0.1:${PORT}`]],
    [403, ['Host: evil.example']],
    [403, [`Host: 127.0.0.1.evil.example:${PORT}`]],
    [403, [`Host: ${TOKEN}@127.0.0.1:${PORT}`]],
    [403, [`Host: 0.0.0.0:${PORT}`]],
    [403, [`Host: 127.0.0.1:${PORT}/`]],
    [403, ['Origin: null']],
    [403, ['Origin: http://localhost:3000']],
    [403, ['Origin: http://127.0.0.1.evil.com']],
    [403, [`Origin: http://127.0.0.1:${PORT}`]],
    [403, ['Origin: vscode-webview://x']],
    [403, ['Origin: ']],
    [403, ['Sec-Fetch-Site: cross-site']],
    [403, ['Sec-Fetch-Site: none', 'Sec-Fetch-Site: cross-site']],
    [401, ['Authorization:']],
    [401, ['Authorization: Bearer']],
    [401, [`Authorization: Bearer ${TOKEN.slice(1)}`]],
    [401, [`Authorization: Bearer ${TOKEN}`, 'Authorization: Bearer x']],
    [401, ['Authorization: Bearer x', `Authorization: Bearer ${TOKEN}`]],
    [401, [`Authorization: Basic ${Buffer.from(`${TOKEN}:x`).toString('base64')}`]],
  ])('%s is the answer to %j', async (status, headers) => {
    const { port, expectAlive } = await openPort();
    for (const target of TARGETS) {
      const request = lines(`${target} HTTP/1.1`, ...headers, 'Content-Length: 0');
      expectRefused(await exchange(port, request), status);
    }
    await expectAlive();
  });

  test('a whole address is refused in the place of a path, and so is a browser that asks first', async () => {
    const { port, expectAlive } = await openPort();
    for (const target of TARGETS) {
      const [method = '', path = ''] = target.split(' ');
      for (const host of [`127.0.0.1:${PORT}`, 'evil.example']) {
        expectRefused(await exchange(port, lines(`${method} http://${host}${path} HTTP/1.1`)), 400);
      }
      const asking = await exchange(port, lines(`OPTIONS ${path} HTTP/1.1`));
      expectRefused(asking, 403);
      expect(asking.head.toLowerCase()).not.toContain('access-control');
    }
    await expectAlive();
  });
});

test.each([
  'POST /api/2.0/mlflow/runs/create',
  'POST /api/winnow/info',
  'PATCH /api/2.0/mlflow/logged-models/x',
])('a type that a form of a page may send is refused: %s', async (target) => {
  const { port, expectAlive } = await openPort();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', '<script>alert(1)</script>', '']) {
    const answer = await exchange(
      port,
      `${lines(`${target} HTTP/1.1`, `Content-Type: ${type}`, 'Content-Length: 2')}{}`,
    );
    expectRefused(answer, 415);
    expect(answer.body).not.toContain('<script>');
  }
  await expectAlive();
});

describe('what is no proper HTTP is refused in JSON', () => {
  test.each([
    ['a header of a megabyte', lines('GET /health HTTP/1.1', `X: ${'x'.repeat(1_000_000)}`), [431]],
    ['an address of a megabyte', lines(`GET /health?${'x'.repeat(1_000_000)} HTTP/1.1`), [431]],
    ['100,000 headers', lines('GET /health HTTP/1.1', ...Array<string>(100_000).fill('X: 1')), [431]],
    [
      'two ways to say how long the body is',
      `${lines(`POST ${METRIC} HTTP/1.1`, 'Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`,
      [400],
    ],
    ['two lengths', `${lines(`POST ${METRIC} HTTP/1.1`, 'Content-Length: 2', 'Content-Length: 5')}{}`, [400]],
    ['a length below zero', lines(`POST ${METRIC} HTTP/1.1`, 'Content-Length: -1'), [400]],
    ['an unknown transfer encoding', lines(`POST ${METRIC} HTTP/1.1`, 'Transfer-Encoding: gzip'), [400, 415]],
    [
      'a chunk without a length',
      `${lines(`POST ${METRIC} HTTP/1.1`, 'Content-Type: application/json', 'Transfer-Encoding: chunked')}zz\r\n{}`,
      [400],
    ],
    ['a space before the colon of a header', lines('GET /health HTTP/1.1', 'X : 1'), [400]],
    ['NUL in a header', lines('GET /health HTTP/1.1', 'X: a\0b'), [400]],
    ['no method', 'hello\r\n\r\n', [400]],
    ['a version that is none', lines('GET /health HTTP/9.9'), [400]],
    ['the hello of TLS', Buffer.from('160301020001000001fc0303', 'hex'), [400]],
  ] as const)('%s', async (_what, bytes, statuses) => {
    const { port, expectAlive } = await openPort();
    expectRefused(await exchange(port, bytes), ...statuses);
    await expectAlive();
  });
});

describe('a client that is told to wait before it sends', () => {
  const HEAD = ['Content-Type: application/json', 'Expect: 100-continue', 'Content-Length: 2'];

  test.each(['/api/2.0/mlflow/runs/search', '/api/winnow/runs/search'])(
    'goes on when it may: %s',
    async (path) => {
      const { port, expectAlive } = await openPort();
      const socket = await dial(port);
      socket.write(lines(`POST ${path} HTTP/1.1`, ...HEAD));
      expect((await readAnswer(socket)).status).toBe(100);
      socket.write('{}');
      expect((await readAnswer(socket)).status).toBeLessThan(500);
      await expectAlive();
    },
  );

  test('hears at once that it may not', async () => {
    const { port, expectAlive } = await openPort();
    expectRefused(
      await exchange(port, lines(`POST ${METRIC} HTTP/1.1`, 'Authorization: Bearer x', ...HEAD)),
      401,
    );
    await expectAlive();
  });
});

describe('a client that does not come to an end', () => {
  test.each([
    ['a JSON body', `POST ${METRIC} HTTP/1.1`],
    ['a body for Hono', 'POST /api/winnow/info HTTP/1.1'],
  ])('with %s is cut off after a while, and others are served meanwhile', async (_what, first) => {
    const { port, expectAlive } = await openPort({ idleMs: 300 });
    const socket = await dial(port);
    socket.write(lines(first, 'Content-Type: application/json', 'Transfer-Encoding: chunked'));
    socket.write('5\r\n{"a":\r\n');
    await expectAlive();
    await once(socket.resume(), 'close');
    await expectAlive();
  });

  test('with its headers is told so', async () => {
    const { port, expectAlive } = await openPort({ headersMs: 200, checkMs: 50 });
    const socket = await dial(port);
    socket.write('GET /health HTTP/1.1\r\nHost: ');
    expectRefused(await readAnswer(socket), 408);
    await expectAlive();
  });

  test('and says nothing at all is let go', async () => {
    const { port, expectAlive } = await openPort({ headersMs: 200, checkMs: 50 });
    await once((await dial(port)).resume(), 'close');
    await expectAlive();
  });

  test('by the hundred leaves those alone that are connected, and the server has room again later', async () => {
    const { port, expectAlive } = await openPort({ connections: 20, headersMs: 500, checkMs: 50 });
    const early = await dial(port);
    const silent: Socket[] = [];
    for (let i = 0; i < 200; i++) silent.push((await dial(port)).resume());
    await vi.waitFor(() =>
      expect(silent.filter((socket) => socket.destroyed || socket.readableEnded).length).toBeGreaterThan(180),
    );
    early.write(lines('GET /health HTTP/1.1'));
    expect((await readAnswer(early)).status).toBe(200);
    await vi.waitFor(() => expect(silent.every((socket) => socket.closed)).toBe(true), { timeout: 10_000 });
    await expectAlive();
  });
});
