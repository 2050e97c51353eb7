/* For tests: the tracking server without its port, on a store of its own. */
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createGit } from '../git/git';
import { type Ingest, createIngest } from '../ingest/ingest';
import type { Store } from '../store/store';
import { openTemporary, temporaryFolder } from '../store/testing';
import type { Hono } from 'hono';
import { createApp } from './app';
import { type GateOptions, createGate } from './gate';
import type { AppEnv } from './http';
import { createPurge } from './purge';
import { createListener } from './listener';
import { mlflowRoutes } from './routes/mlflow';
import { artifactFileRoutes } from './routes/mlflow/proxy';
import { type Feed, createFeed } from './feed';
import { createArtifacts } from './artifacts';
import { type Limits, createLimitedServer } from './limits';

export const TOKEN = 'a'.repeat(64);
export const PORT = 20_123;

export interface TestServer {
  readonly app: Hono<AppEnv>;
  /** The same for a server of Node's. */
  readonly listener: http.RequestListener;
  readonly store: Store;
  readonly ingest: Ingest;
  readonly feed: Feed;
  readonly artifacts: string;
  /** Errors that were bugs or trouble of our own. */
  readonly bugs: unknown[];
  /** A request with the server's token, or as the headers say; a header that is null is left out. */
  ask(
    method: string,
    target: string,
    body?: unknown,
    headers?: Record<string, string | null>,
  ): Promise<Response>;
  post(
    path: string,
    body: unknown,
    token?: string,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  /** A request that is carried out while its client has gone: the answer is lost. */
  postAndLeave(path: string, body: unknown, token?: string): Promise<void>;
  get(target: string, token?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  /** A run, or one that is there, with an attempt that lives: its token. */
  attempt(options?: { experimentChosen?: boolean; of?: string }): {
    runId: string;
    attemptId: string;
    token: string;
  };
}

export function openServer(): TestServer {
  const store = openTemporary();
  const folder = temporaryFolder();
  const artifacts = path.join(folder, 'artifacts');
  const feed = createFeed(store);
  const ingest = createIngest(store, feed.publish);
  const bugs: unknown[] = [];
  const unused = () => Promise.reject(new Error('Not part of this test.'));
  const deps = {
    store,
    ingest,
    feed,
    artifacts: createArtifacts(artifacts),
    winnow: {
      about: { version: '1.2.3', store: 'winnow.db', folder, startedAt: 1 },
      hold: () => undefined,
      handOver: () => undefined,
      queue: {
        ...{ start: unused, planResume: unused, resume: unused, stop: unused },
        nudge: () => Promise.resolve(),
        waiting: { retry: unused, move: unused, remove: unused, setPaused: unused, state: unused },
      },
      snapshots: path.join(folder, 'snapshots.git'),
      folder,
      purge: createPurge({
        store,
        ingest,
        location: { artifacts, runs: path.join(folder, 'runs'), winnowDirectory: folder },
      }),
      promotionTools: {
        git: createGit(),
        folder,
        snapshots: path.join(folder, 'snapshots.git'),
        directory: path.join(folder, 'promotions'),
        save: () => undefined,
      },
    },
    onRequest: () => undefined,
    logBug: (error: unknown) => void bugs.push(error),
  };
  const gate: GateOptions = {
    port: () => PORT,
    token: () => TOKEN,
    attemptOf: (hash) => store.attemptByTokenHash(hash),
  };
  const routes = mlflowRoutes(deps);
  const app = createApp({
    ...deps,
    judge: createGate(gate),
    token: gate.token,
    routes,
    files: artifactFileRoutes(deps),
  });

  async function ask(
    method: string,
    target: string,
    body?: unknown,
    headers: Record<string, string | null> = {},
    outgoing?: http.ServerResponse,
  ): Promise<Response> {
    const all = new Headers({ host: `127.0.0.1:${PORT}`, authorization: `Bearer ${TOKEN}` });
    if (method === 'POST') all.set('content-type', 'application/json');
    for (const [name, value] of Object.entries(headers)) {
      if (value === null) all.delete(name);
      else all.set(name, value);
    }
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    return app.request(
      `http://127.0.0.1:${PORT}${target}`,
      { method, headers: all, body: text },
      { outgoing },
    );
  }

  const answer = async (response: Response) => ({
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
  });
  const bearer = (token?: string): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  return {
    app,
    listener: createListener({ ...deps, gate }),
    store,
    ingest,
    feed,
    artifacts,
    bugs,
    ask,
    post: async (target, body, token) => answer(await ask('POST', target, body, bearer(token))),
    async postAndLeave(target, body, token) {
      const outgoing = new http.ServerResponse(new http.IncomingMessage(new Socket()));
      await ask('POST', target, body, bearer(token), outgoing);
      outgoing.destroy();
      await once(outgoing, 'close');
    },
    get: async (target, token) => answer(await ask('GET', target, undefined, bearer(token))),
    attempt({ experimentChosen = false, of } = {}) {
      const attemptId = randomBytes(16).toString('hex');
      const token = randomBytes(32).toString('hex');
      const runId = store.write('full', () => {
        const made =
          of ?? store.createRun({ experimentId: '0', name: 'started', state: 'running', attemptId });
        store.createAttempt({
          attemptId,
          runId: made,
          tokenHash: createHash('sha256').update(token).digest('hex'),
          experimentChosen,
        });
        return made;
      });
      return { runId, attemptId, token };
    },
  };
}

/** Listens on a real port until the test has ended. Returns the port; the Host stays the one of the gate. */
export async function listenOnPort(
  server: Pick<TestServer, 'listener'>,
  limits: Partial<Limits> = {},
): Promise<number> {
  const listener = createLimitedServer(server.listener, limits);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    listener.close();
    listener.closeAllConnections();
  });
  return (listener.address() as AddressInfo).port;
}

/** Listens on a real port, for what a Request object would tidy up. The Host stays the one of the gate. */
export async function listen(server: Pick<TestServer, 'listener'>): Promise<RawAsk> {
  const port = await listenOnPort(server);
  return (method, target, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port,
          method,
          path: target,
          agent: false,
          headers: { host: `127.0.0.1:${PORT}`, authorization: `Bearer ${TOKEN}`, ...headers },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk) => (text += String(chunk)));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
          );
        },
      );
      request.on('error', reject);
      if (body === 'cut') {
        request.write('half of it', () => setTimeout(() => request.destroy(), 20));
      } else {
        request.end(body);
      }
    });
}

/** Sends the target as it is. The body 'cut' breaks the connection in the middle of an upload. */
export type RawAsk = (
  method: string,
  target: string,
  body?: string | Buffer,
  headers?: http.OutgoingHttpHeaders,
) => Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }>;
