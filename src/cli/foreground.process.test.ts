import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleCommand, temporaryFolder, temporaryStateHome } from '../platform/testing';

let dist = '';

beforeAll(async () => {
  const bundled = await bundleCommand();
  ({ dist } = bundled);
  return bundled.dispose;
}, 60_000);

/** Servers that this test owns, in one folder with one state. */
async function owner() {
  const env: NodeJS.ProcessEnv = { ...process.env, WINNOW_STATE_HOME: await temporaryStateHome() };
  const folder = await temporaryFolder('owned');
  const alive = new Set<ChildProcess>();
  onTestFinished(async () => {
    for (const child of alive) child.kill('SIGKILL');
    await Promise.all([...alive].map((child) => once(child, 'close')));
  });

  function start(...args: string[]) {
    const child = spawn(
      process.execPath,
      [path.join(dist, 'cli.js'), 'server', '--foreground', '--folder', folder, ...args],
      { env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    alive.add(child);
    const text = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (text.out += String(chunk)));
    child.stderr.on('data', (chunk) => (text.err += String(chunk)));
    const ended = once(child, 'close').then(([code]) => {
      alive.delete(child);
      return { code: code as number | null, ...text };
    });
    return { child, ended };
  }

  return {
    folder,
    /** Its exit code and what it said, of one that does not start. */
    fails: (...args: string[]) => start(...args).ended,
    /** Resolves with the line that says that it is ready. */
    async ready(...args: string[]) {
      const { child, ended } = start(...args);
      const line = await Promise.race([
        once(child.stdout, 'data').then(([chunk]) => String(chunk)),
        ended.then(({ err }) => Promise.reject(new Error(err))),
      ]);
      return { line, stop: (signal: NodeJS.Signals) => (child.kill(signal), ended) };
    },
  };
}

const freePort = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
};

const health = (port: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}/health`, { headers });

test('it says one line when it is ready, answers on the port it was given, and goes at SIGTERM', async () => {
  const { ready, folder } = await owner();
  const port = await freePort();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { line, stop } = await ready('--port', port, '--token', 'a-token-of-mine');
    expect(line).toBe(`Listens on http://127.0.0.1:${port} for ${folder}.\n`);
    expect((await health(port)).status).toBe(401);
    const answer = await health(port, { authorization: 'Bearer a-token-of-mine' });
    expect([answer.status, await answer.text()]).toEqual([200, 'OK']);
    expect(await stop(signal)).toEqual({ code: 0, out: line, err: '' });
  }
});

test('without a token its first line says that it is open, and web pages stay out all the same', async () => {
  const { ready } = await owner();
  const port = await freePort();
  const { line, stop } = await ready('--port', port, '--no-token');
  expect(line).toContain('open to every user of this machine');
  expect((await health(port)).status).toBe(200);
  expect((await health(port, { authorization: 'Bearer of something else' })).status).toBe(200);
  expect((await health(port, { origin: 'http://localhost:3000' })).status).toBe(403);
  const info = await fetch(`http://127.0.0.1:${port}/api/winnow/info`, { method: 'POST', body: '{}' });
  expect(info.status).toBe(415);
  await stop('SIGTERM');
});

test('runs that were logged to it are there for the next one, with another port and the same token', async () => {
  const { ready } = await owner();
  const first = await ready('--json');
  const { trackingUri, token } = JSON.parse(first.line) as { trackingUri: string; token: string };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'kept' });
  await fetch(`${trackingUri}/api/2.0/mlflow/experiments/create`, { method: 'POST', headers, body });
  await first.stop('SIGTERM');
  const port = await freePort();
  const second = await ready('--port', port);
  const found = await fetch(
    `http://127.0.0.1:${port}/api/2.0/mlflow/experiments/get-by-name?experiment_name=kept`,
    { headers },
  );
  expect(found.status).toBe(200);
  await second.stop('SIGTERM');
});

test('what cannot work is refused in a sentence', async () => {
  const { fails, ready } = await owner();
  const port = await freePort();
  const taken = createServer().listen(Number(port), '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  expect(await fails('--port', port)).toMatchObject({ code: 125, err: expect.stringContaining('is taken') });
  for (const [args, sentence] of [
    [['--no-token', '--host', '0.0.0.0'], '--no-token works on 127.0.0.1 only'],
    [['--host', '192.168.0.1'], 'listens on 127.0.0.1 only'],
    [['--no-token', '--token', 'a-token-of-mine'], 'exclude each other'],
    [['--token', 'short'], '8 to 200 characters'],
    [['--port', '80'], '1024 to 65535'],
    [['--port', 'x'], '1024 to 65535'],
  ] as const) {
    expect(await fails(...args)).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
  }
  const { stop } = await ready();
  expect(await fails()).toMatchObject({ code: 125, err: expect.stringContaining('tracking server already') });
  await stop('SIGTERM');
});
