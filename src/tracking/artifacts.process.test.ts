import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { serverEndpoint } from '../platform/server';
import { storeState } from '../platform/stateFolder';
import { bundleServer } from '../platform/testing';

/** The server as a process of its own, killed in the middle of an upload and put on a disk that is full. */
let program: string;

beforeAll(async () => {
  const bundled = await bundleServer();
  ({ program } = bundled);
  return bundled.dispose;
});

/** A folder that goes when the test has ended, its disk too when it has one. */
function temporaryFolder(diskSize?: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-folder-'));
  if (diskSize !== undefined) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskSize}`, 'winnow-test', folder]);
  }
  onTestFinished(() => {
    if (diskSize !== undefined) execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

interface Started {
  readonly url: string;
  readonly token: string;
  kill(): Promise<void>;
}

async function start(folder: string): Promise<Started> {
  const { endpointFile } = await storeState(folder);
  rmSync(endpointFile, { force: true });
  const child = spawn(process.execPath, [program, '--folder', folder], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  await vi.waitFor(() => expect(existsSync(endpointFile)).toBe(true), { timeout: 20_000 });
  const { trackingUri, token } = serverEndpoint.parse(JSON.parse(readFileSync(endpointFile, 'utf8')));
  return { url: trackingUri, token, kill };
}

function ask({ url, token }: Started, method: string, target: string, body?: string): Promise<Response> {
  return fetch(`${url}/api/2.0/${target}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
}

async function newRun(server: Started): Promise<string> {
  const body = JSON.stringify({ experiment_id: '0', start_time: 1 });
  const answer: unknown = await (await ask(server, 'POST', 'mlflow/runs/create', body)).json();
  return (answer as { run: { info: { run_id: string } } }).run.info.run_id;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

/** The user's own state folder is not for tests. */
function useOwnState(): void {
  vi.stubEnv('WINNOW_STATE_HOME', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
}

test('kill -9 in the middle of an upload leaves nothing of it, and all that was answered', async () => {
  useOwnState();
  const folder = temporaryFolder();
  const artifacts = path.join(folder, '.winnow/artifacts');
  const first = await start(folder);
  const base = `mlflow-artifacts/artifacts/0/${await newRun(first)}/artifacts`;
  expect((await ask(first, 'PUT', `${base}/whole`, 'whole')).status).toBe(200);
  const upload = http.request(`${first.url}/api/2.0/${base}/half`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${first.token}` },
  });
  upload.on('error', () => undefined);
  upload.write(Buffer.alloc(4 * 1024 * 1024));
  await vi.waitFor(() => expect(filesBelow(path.join(artifacts, '.incoming'))).toHaveLength(1));
  await first.kill();

  const second = await start(folder);
  expect(filesBelow(artifacts)).toEqual(['whole']);
  expect(await (await ask(second, 'GET', `${base}/whole`)).text()).toBe('whole');
});

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

test.skipIf(!isRoot)(
  'a full disk (needs root, to mount a small one): clients wait, and nothing that was answered is lost',
  async () => {
    useOwnState();
    const disk = temporaryFolder('16m');
    const folder = path.join(disk, 'project');
    mkdirSync(folder);
    const server = await start(folder);
    const runId = await newRun(server);
    const base = `mlflow-artifacts/artifacts/0/${runId}/artifacts`;
    const artifacts = path.join(folder, '.winnow/artifacts');

    // As much as there is room for, and then in chunks, whose length nobody knows before.
    const whole: string[] = [];
    const megabyte = 'x'.repeat(1024 * 1024);
    let full: Response | null = null;
    for (let i = 0; i < 40 && full === null; i++) {
      const answer = await ask(server, 'PUT', `${base}/f${i}`, megabyte);
      if (answer.ok) whole.push(`f${i}`);
      else full = answer;
    }
    expect([full?.status, full?.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await full?.json()).toMatchObject({ message: expect.stringContaining('Make room on the disk') });
    expect(await putInChunks(server, `${base}/chunked`, 4 * 1024 * 1024)).toBe(503);
    expect(filesBelow(artifacts).sort()).toEqual([...whole].sort());

    // The database: what is answered is there, the rest waits.
    let step = 0;
    const log = (at: number) => {
      const metrics = Array.from({ length: 1000 }, (_, i) => ({
        key: `m${i}`,
        value: at,
        timestamp: 1,
        step: at,
      }));
      return ask(server, 'POST', 'mlflow/runs/log-batch', JSON.stringify({ run_id: runId, metrics }));
    };
    for (let answer = await log(step); answer.ok; answer = await log(step)) step++;
    const refused = await log(step);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await ask(server, 'GET', `mlflow/runs/get?run_id=${runId}`)).status).toBe(200);

    // Room again: the same requests go through, and the history has every step once.
    expect((await ask(server, 'DELETE', `${base}/f0`)).status).toBe(200);
    expect((await ask(server, 'DELETE', `${base}/f1`)).status).toBe(200);
    expect((await log(step)).status).toBe(200);
    const target = `mlflow/metrics/get-history?run_id=${runId}&metric_key=m7`;
    const history: unknown = await (await ask(server, 'GET', target)).json();
    const steps = (history as { metrics: { step: number }[] }).metrics.map((metric) => metric.step);
    expect(steps).toEqual(Array.from({ length: step + 1 }, (_, i) => i));
    await server.kill();
  },
);

function putInChunks({ url, token }: Started, target: string, sizeBytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/api/2.0/${target}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
    });
    request.on('error', reject);
    request.on('response', (response) => resolve(response.resume().statusCode ?? 0));
    for (let sent = 0; sent < sizeBytes; sent += 64 * 1024) request.write(Buffer.alloc(64 * 1024));
    request.end();
  });
}
