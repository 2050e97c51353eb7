import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ServerEndpoint, publishEndpoint } from './endpoint';
import { ownIdentity } from './identity';
import { findLiveServer, linkLiveServer, socketFor } from './liveServer';
import { openSocket, postOver } from './socketPost';
import { type StoreState, storeState } from './stateFolder';
import { temporaryFolder, temporaryStateHome } from './testing';

/** A folder whose server says that it lives. */
async function served(changes: Partial<ServerEndpoint> = {}) {
  const home = await temporaryStateHome();
  const folder = await temporaryFolder('Größe "x" und \'y\'');
  const state = await storeState(folder);
  await publishEndpoint(state, {
    trackingUri: 'http://127.0.0.1:20123',
    token: 'a'.repeat(64),
    version: '1.2.3',
    identity: await ownIdentity(),
    live: { folder, startedAt: 5, notice: null },
    ...changes,
  });
  linkLiveServer(folder, state);
  return { home, folder, state };
}

test('a live server is found by its folder, with all that a request needs', async () => {
  const { folder } = await served();
  expect(findLiveServer(folder)).toMatchObject({
    trackingUri: 'http://127.0.0.1:20123',
    token: 'a'.repeat(64),
    version: '1.2.3',
    startedAt: 5,
    notice: null,
  });
});

test('a server of an older version, of another boot or of another container is not spoken to like this', async () => {
  const identity = await ownIdentity();
  const unlike: Partial<ServerEndpoint>[] = [
    { live: undefined },
    ...(process.platform === 'linux'
      ? [{ identity: { ...identity, bootId: 'x' } }, { identity: { ...identity, pidNamespace: '1' } }]
      : []),
  ];
  for (const changes of unlike) expect(findLiveServer((await served(changes)).folder)).toBeNull();
});

test('a folder that took the place of another one, or moved, has no server', async () => {
  const { folder } = await served();
  const moved = `${folder} moved`;
  await rename(folder, moved);
  onTestFinished(() => rm(moved, { recursive: true }));
  expect(findLiveServer(moved)).toBeNull();
  await mkdir(folder);
  expect(findLiveServer(folder)).toBeNull();
});

test('a state folder that others may enter proves nothing', async () => {
  const { home, folder } = await served();
  await chmod(home, 0o755);
  expect(findLiveServer(folder)).toBeNull();
});

test('a damaged notice is none', async () => {
  const { folder, state } = await served();
  await writeFile(state.endpointFile, '{"trackingUri":');
  expect(findLiveServer(folder)).toBeNull();
});

test('a path that is too long for a socket has none', async () => {
  const { state } = await served();
  expect(socketFor(state)).toBe(path.join(state.directory, 'socket'));
  expect(socketFor({ ...state, directory: `/${'long/'.repeat(25)}` })).toBeNull();
});

/** A server of Node's on a socket. */
async function onSocket(state: StoreState, server: Server): Promise<string> {
  const socket = socketFor(state) ?? '';
  server.listen(socket);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return socket;
}

const REQUEST = { uri: 'http://127.0.0.1:20123', path: '/there', token: 'secret', body: '{"a":"ü"}' };

test('a request over a socket arrives whole, and so does its answer', async () => {
  const { state } = await served();
  const answer = JSON.stringify({ text: 'ö'.repeat(100_000) });
  const heard: unknown[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { host, authorization } = incoming.headers;
      heard.push({ host, authorization, path: incoming.url, body: Buffer.concat(chunks).toString('utf8') });
      // In pieces, and without saying how many bytes there will be.
      outgoing.writeHead(201, { 'content-type': 'application/json' });
      outgoing.write(answer.slice(0, 10));
      outgoing.end(answer.slice(10));
    });
  });
  const socket = await onSocket(state, server);
  expect(await postOver(await openSocket(socket), REQUEST)).toEqual({ status: 201, text: answer });
  expect(heard).toEqual([
    { host: '127.0.0.1:20123', authorization: 'Bearer secret', path: '/there', body: '{"a":"ü"}' },
  ]);
});

test('an answer that is cut off, or none, is an error', async () => {
  const { state } = await served();
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === '/cut') outgoing.writeHead(200, { 'content-length': 100 }).write('{"a":');
    setImmediate(() => incoming.socket.destroy());
  });
  const socket = await onSocket(state, server);
  for (const cut of ['/cut', '/none']) {
    await expect(postOver(await openSocket(socket), { ...REQUEST, path: cut })).rejects.toThrow();
  }
  await expect(openSocket(`${socket}.gone`)).rejects.toMatchObject({ code: 'ENOENT' });
});
