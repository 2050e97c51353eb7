import { createServer } from 'node:http';
import { once } from 'node:events';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { delay } from '../base/abort';
import { lifeOf, ownIdentity, signalProcess } from './identity';
import { readJson } from './atomicFile';
import { connectServer, ensureServer, publishEndpoint, serverEndpoint } from './server';
import { storeState } from './stateFolder';
import { bundlePrograms, temporaryFolder, temporaryStateHome } from './testing';

/** A folder of bundles with the smallest server that keeps the promises of server.ts. */
async function smallDist(): Promise<string> {
  const dist = await temporaryFolder('dist');
  await bundlePrograms(dist, { 'server.js': 'src/platform/testServer.ts' });
  await writeFile(path.join(dist, 'runner.js'), '');
  await mkdir(path.join(dist, 'sqlite'));
  await cp('node_modules/better-sqlite3/prebuilds', path.join(dist, 'sqlite'), { recursive: true });
  return dist;
}

/** Ends the server of a folder and waits until it is gone. */
async function endServer(folder: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const endpoint = await readJson((await storeState(folder)).endpointFile, serverEndpoint);
  if (endpoint === null) return;
  await signalProcess(endpoint.identity, signal);
  while ((await lifeOf(endpoint.identity)) === 'alive') await delay(5);
}

async function folderWithServer() {
  await temporaryStateHome();
  const folder = await temporaryFolder('Größe "x" und \'y\'');
  const dist = await smallDist();
  onTestFinished(() => endServer(folder));
  return { folder, dist, ensure: () => ensureServer(folder, { dist }) };
}

test('no server runs until somebody asks for one, and then it stays', async () => {
  const { folder, ensure } = await folderWithServer();
  expect(await connectServer(folder)).toBeNull();
  const first = await ensure();
  expect(first.started).toBe(true);
  const second = await ensure();
  expect(second).toMatchObject({ started: false, connection: first.connection });
  expect((await connectServer(folder))?.info.pid).toBe(first.info.pid);
});

test('many starters at once get one server, and no lock is left', async () => {
  const { folder, ensure } = await folderWithServer();
  const handles = await Promise.all(Array.from({ length: 6 }, ensure));
  expect(new Set(handles.map(({ info }) => info.pid)).size).toBe(1);
  expect(handles.filter(({ started }) => started)).toHaveLength(1);
  const left = (await readdir((await storeState(folder)).directory)).filter((name) => name.includes('lock'));
  expect(left).toEqual([]);
});

test('a server that was killed is started again', async () => {
  const { folder, ensure } = await folderWithServer();
  const first = await ensure();
  await endServer(folder);
  expect(await connectServer(folder)).toBeNull();
  const second = await ensure();
  expect(second.started).toBe(true);
  expect(second.info.pid).not.toBe(first.info.pid);
});

test('an older server makes room for a newer one', async () => {
  const { folder, dist, ensure } = await folderWithServer();
  const older = await ensure();
  await delay(5); // The bundle's time must be later than the server's start.
  await bundlePrograms(dist, { 'server.js': 'src/platform/testServer.ts' });
  const newer = await ensure();
  expect(newer.started).toBe(true);
  expect(newer.info.pid).not.toBe(older.info.pid);
  expect((await connectServer(folder))?.info.pid).toBe(newer.info.pid);
});

test('a stranger on the port is recognised and gets no token', async () => {
  await temporaryStateHome();
  const folder = await temporaryFolder();
  const seen: string[] = [];
  const stranger = createServer((request, response) => {
    seen.push(JSON.stringify(request.headers));
    request.on('data', (chunk) => seen.push(String(chunk)));
    response.end('{"proof":"00"}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void stranger.close());
  await once(stranger, 'listening');
  const address = stranger.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const token = 'a'.repeat(32);
  await publishEndpoint(await storeState(folder), {
    trackingUri: `http://127.0.0.1:${port}`,
    token,
    version: '0.0.0',
    identity: await ownIdentity(),
  });
  expect(await connectServer(folder)).toBeNull();
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.join()).not.toContain(token);
});

test('a server that does not start is quoted', async () => {
  const { ensure, dist } = await folderWithServer();
  await writeFile(path.join(dist, 'server.js'), 'console.error("The disk is full."); process.exit(1);');
  await expect(ensure()).rejects.toThrow('did not start: The disk is full.');
});

test('waiting for a server can be left', async () => {
  const { folder, dist } = await folderWithServer();
  await writeFile(path.join(dist, 'server.js'), 'setTimeout(() => {}, 300)');
  await expect(ensureServer(folder, { dist }, AbortSignal.timeout(150))).rejects.toThrow('timeout');
});
