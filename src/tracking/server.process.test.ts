import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createClient } from '../api/client';
import { findLiveServer } from '../platform/liveServer';
import { readSecret, serverEndpoint } from '../platform/server';
import { openSocket, postOver } from '../platform/socketPost';
import { storeState } from '../platform/stateFolder';
import { bundleServer } from '../platform/testing';

/** The server as a process of its own, since it is killed here: its bundle, made once. */
let program: string;

beforeAll(async () => {
  const bundled = await bundleServer();
  ({ program } = bundled);
  return bundled.dispose;
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-folder-'));
  const state = mkdtempSync(path.join(os.tmpdir(), 'winnow-state-'));
  vi.stubEnv('WINNOW_STATE_HOME', state);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    for (const each of [folder, state]) rmSync(each, { recursive: true, force: true });
  });
});

interface Started {
  readonly trackingUri: string;
  readonly token: string;
  /** Ends it and waits. Returns the exit code, null for a signal. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  readonly exited: Promise<number | null>;
}

/** Resolves when the server has said where it is, or throws with the last line of its output. */
async function start(env: Record<string, string> = {}): Promise<Started> {
  const { endpointFile } = await storeState(folder);
  rmSync(endpointFile, { force: true });
  const child = spawn(process.execPath, [program, '--folder', folder], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited; // Its folder is removed next, and must not be written to any more.
  });
  let code: number | null | undefined;
  void exited.then((value) => (code = value));
  await vi.waitFor(() => expect(existsSync(endpointFile) || code !== undefined).toBe(true), {
    timeout: 20_000,
  });
  if (!existsSync(endpointFile)) throw new Error(output.trim().split('\n').at(-1));
  const { trackingUri, token } = serverEndpoint.parse(JSON.parse(readFileSync(endpointFile, 'utf8')));
  return {
    trackingUri,
    token,
    exited,
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

function post({ trackingUri, token }: Started, route: string, body: object): Promise<Response> {
  return fetch(`${trackingUri}/api/2.0/mlflow/${route}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function newRun(server: Started): Promise<string> {
  const answer = (await (
    await post(server, 'runs/create', { experiment_id: '0', start_time: 1 })
  ).json()) as {
    run: { info: { run_id: string } };
  };
  return answer.run.info.run_id;
}

function openDatabase(): Database.Database {
  const database = new Database(path.join(folder, '.winnow/winnow.db'));
  onTestFinished(() => void database.close());
  return database;
}

test('kill -9 under load loses nothing that was acknowledged, and clients find the server where it was', async () => {
  const first = await start();
  const runId = await newRun(first);
  const acknowledged: number[] = [];
  let next = 0;
  let killed = false;
  async function write(): Promise<void> {
    while (!killed) {
      const step = next++;
      const metrics = [{ key: 'loss', value: step, timestamp: step, step }];
      const response = await post(first, 'runs/log-batch', { run_id: runId, metrics }).catch(() => null);
      if (response?.ok === true) acknowledged.push(step);
    }
  }
  const writers = Array.from({ length: 8 }, write);
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(300), { timeout: 20_000 });
  await first.end('SIGKILL');
  killed = true;
  await Promise.all(writers);

  const second = await start();
  expect([second.trackingUri, second.token]).toEqual([first.trackingUri, first.token]);
  const again = await post(second, 'runs/log-batch', {
    run_id: runId,
    metrics: acknowledged.slice(-50).map((step) => ({ key: 'loss', value: step, timestamp: step, step })),
  });
  expect(again.status).toBe(200);
  expect(await second.end('SIGTERM')).toBe(0);

  const database = openDatabase();
  const steps = new Set(database.prepare('SELECT step FROM points').pluck().all());
  expect(acknowledged.filter((step) => !steps.has(step))).toEqual([]);
  expect(database.prepare('SELECT count FROM metrics').pluck().get()).toBe(steps.size);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('SIGTERM ends it cleanly: nothing is left beside the database, and the notice is gone', async () => {
  const server = await start();
  await newRun(server);
  expect(await server.end('SIGTERM')).toBe(0);
  expect(readdirSync(path.join(folder, '.winnow')).filter((name) => name.startsWith('winnow.db'))).toEqual([
    'winnow.db',
  ]);
  expect(existsSync((await storeState(folder)).endpointFile)).toBe(false);
});

test('it ends itself when nobody needs it', async () => {
  const server = await start({ WINNOW_IDLE_MS: '1000' });
  expect(await server.exited).toBe(0);
});

test('it makes room for a newer one when it is asked to', async () => {
  const server = await start();
  await createClient(server).call('handOver', { version: '9.9.9' });
  expect(await server.exited).toBe(0);
});

test('another program on the port: it moves and takes a new token, and a live run says so', async () => {
  const first = await start();
  const runId = await newRun(first);
  await first.end('SIGTERM');
  const { port } = new URL(first.trackingUri);
  const stranger = createServer((_request, response) => response.end('hello'));
  stranger.listen(Number(port), '127.0.0.1');
  await once(stranger, 'listening');
  onTestFinished(() => void stranger.close());

  const second = await start();
  expect(second.trackingUri).not.toBe(first.trackingUri);
  expect(second.token).not.toBe(first.token);
  expect((await readSecret(await storeState(folder)))?.token).toBe(second.token);
  const { run } = await createClient(second).call('getRun', { runId });
  expect(run.reason).toContain('another program took the port');
});

test('its socket is for its user, asks for the token as the port does, and is taken over from a killed server', async () => {
  const { directory } = await storeState(folder);
  const ask = async (token: string) => {
    const live = findLiveServer(folder);
    if (live === null) throw new Error('No server is found by its socket.');
    expect(statSync(live.socket).mode & 0o077).toBe(0);
    const request = { uri: live.trackingUri, path: '/api/winnow/info', token, body: '{}' };
    const { status, text } = await postOver(await openSocket(live.socket), request);
    return status === 200 ? (JSON.parse(text) as { pid: number }).pid : status;
  };
  const first = await start();
  const pid = await ask(first.token);
  expect(pid).not.toBe(401);
  expect(await ask('wrong')).toBe(401);
  await first.end('SIGKILL');
  await expect(ask(first.token)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const second = await start();
  expect(await ask(second.token)).not.toBe(pid);
  await second.end('SIGTERM');
  expect(existsSync(path.join(directory, 'socket'))).toBe(false);
  expect(findLiveServer(folder)).toBeNull();
});

test('a second server for one folder is refused with a sentence', async () => {
  await start();
  await expect(start()).rejects.toThrow(/open in another process/);
});

test('a newer store is shown and not written', async () => {
  const first = await start();
  const runId = await newRun(first);
  await first.end('SIGTERM');
  const database = openDatabase();
  database.pragma('user_version = 99');
  database.close();

  const server = await start();
  const client = createClient(server);
  expect((await client.call('info', {})).readOnly).toContain('newer Winnow');
  expect((await client.call('searchRuns', {})).total).toBe(1);
  await expect(client.call('planPromotion', { runId })).rejects.toThrow('newer Winnow');
  const refused = await post(server, 'runs/create', { experiment_id: '0' });
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ message: expect.stringContaining('newer Winnow') });
});

test('a damaged store is set aside, and the server starts with an empty one', async () => {
  await (await start()).end('SIGTERM');
  writeFileSync(path.join(folder, '.winnow/winnow.db'), Buffer.alloc(20_000, 'x'));
  const server = await start();
  const info = await createClient(server).call('info', {});
  expect(info.readOnly).toBeNull();
  expect(info.notice).toContain('is damaged');
  expect(asides()).toHaveLength(1);
});

test.each([
  ['when the store is opened', 'runs_by_seq'],
  ['when the live runs are looked up', 'attempts_live'],
])('damage in the middle of a store that was known is found %s', async (_when, name) => {
  const first = await start();
  await newRun(first);
  await first.end('SIGTERM');
  damage(name);
  const server = await start();
  const info = await createClient(server).call('info', {});
  expect(info.notice).toContain('is damaged');
  expect(server.trackingUri).toBe(first.trackingUri);
  expect(asides()).toHaveLength(1);
});

test('damage that shows later ends the server, and the next one sets the store aside', async () => {
  const first = await start();
  const runId = await newRun(first);
  await first.end('SIGTERM');
  damage('params');
  const second = await start();
  const param = { run_id: runId, key: 'lr', value: '0.1' };
  const refused = await post(second, 'runs/log-parameter', param);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ message: expect.stringContaining('The store is damaged') });
  expect(await second.exited).toBe(0);
  const third = await start();
  expect((await createClient(third).call('info', {})).notice).toContain('is damaged');
  expect(asides()).toHaveLength(1);
});

/** Overwrites the first page of a table or an index. */
function damage(name: string): void {
  const database = openDatabase();
  const pageSize = Number(database.pragma('page_size', { simple: true }));
  const page = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name);
  database.close();
  const file = openSync(path.join(folder, '.winnow/winnow.db'), 'r+');
  writeSync(file, Buffer.alloc(pageSize, 'x'), 0, pageSize, (Number(page) - 1) * pageSize);
  closeSync(file);
}

function asides(): string[] {
  return readdirSync(path.join(folder, '.winnow')).filter((name) => name.includes('.damaged-'));
}
