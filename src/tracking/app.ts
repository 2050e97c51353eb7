import { Readable } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Ingest } from '../ingest/ingest';
import { challengeProof } from '../platform/server';
import type { Store } from '../store/store';
import type { Artifacts } from './artifacts';
import { RequestError, failureOf, responseOf } from './failures';
import type { Feed } from './feed';
import { CHALLENGE_PATH, type GateOptions, type GateRequest, type Principal, createGate } from './gate';
import { parseBody } from './json';
import { mlflowRoutes } from './routes/mlflow';
import type { Delivery } from './routes/mlflow/creations';
import { registerArtifactProxy } from './routes/mlflow/proxy';
import { type WinnowDeps, registerWinnow } from './routes/winnow';

/** In a real server Hono brings Node's own request and answer; in tests there are none. */
export type AppEnv = {
  Bindings: Partial<HttpBindings>;
  Variables: { principal: Principal };
};

export interface AppDeps {
  readonly store: Store;
  readonly ingest: Ingest;
  readonly artifacts: Artifacts;
  readonly feed: Feed;
  readonly gate: GateOptions;
  readonly winnow: WinnowDeps;
  /** Somebody who may ask asked something. */
  readonly onRequest: () => void;
  readonly logBug: (error: unknown) => void;
}

// The client sends traces to servers of 3.4 and later in a format (OTLP) that this one does not read.
const MLFLOW_VERSION = '3.3.0';
/** The largest legal body is a data set's profile of 16 MiB with its schema. */
const MAX_BODY_BYTES = 40 * 1024 * 1024;

/** The tracking server without its port: requests in, answers out. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const judge = createGate(deps.gate);
  const isMlflow = (path: string) => !path.startsWith('/api/winnow/');

  app.use(async (c, next) => {
    const verdict = judge(gateRequest(c));
    if ('refusal' in verdict) return responseOf(verdict.refusal);
    if (verdict.principal !== null) c.set('principal', verdict.principal);
    deps.onRequest();
    return next();
  });
  app.notFound((c) =>
    responseOf(
      failureOf(
        new RequestError('ENDPOINT_NOT_FOUND', `There is no ${c.req.method} ${c.req.path} on this server.`),
        true,
        deps.logBug,
      ),
    ),
  );
  app.onError((error, c) => responseOf(failureOf(error, isMlflow(c.req.path), deps.logBug)));

  app.post(CHALLENGE_PATH, async (c) => {
    const { nonce } = parseBody(await readText(c));
    if (typeof nonce !== 'string' || nonce.length < 8 || nonce.length > 200) {
      throw new RequestError('INVALID_PARAMETER_VALUE', 'A challenge needs a nonce of 8 to 200 characters.');
    }
    return json({ proof: challengeProof(deps.gate.token(), nonce) });
  });
  app.get('/health', () => new Response('OK'));
  app.get('/version', () => new Response(MLFLOW_VERSION));

  for (const route of mlflowRoutes(deps)) {
    app.on(route.method, `/api/${route.major ?? 2}.0/mlflow/${route.path}`, async (c) => {
      const input = route.method === 'GET' ? c.req.query() : parseBody(await readText(c));
      return json(await route.handle({ input, principal: c.get('principal'), delivery: deliveryOf(c) }));
    });
  }
  registerArtifactProxy(app, deps);
  registerWinnow(app, deps, readText);
  return app;
}

/** An answer in JSON. Artifacts and errors aside, every answer is made here. */
export function json(body: object): Response {
  return new Response(JSON.stringify(body), { headers: JSON_HEADERS });
}

const JSON_HEADERS = {
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

function gateRequest(c: Context<AppEnv>): GateRequest {
  const incoming = c.env?.incoming;
  if (incoming === undefined) {
    const { pathname, search } = new URL(c.req.url);
    return { method: c.req.method, target: pathname + search, header: (name) => c.req.header(name) };
  }
  const { headersDistinct } = incoming;
  return {
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    // Joined, so that a second Host or token makes the header wrong instead of being overlooked.
    header: (name) => headersDistinct[name]?.join(', '),
  };
}

/** The whole body of a request. @throws RequestError 413 as soon as it is too large. */
function readText(c: Context<AppEnv>): Promise<string> {
  const source = bodyOf(c);
  if (source === null) return Promise.resolve('');
  if (Number(c.req.header('content-length') ?? 0) > MAX_BODY_BYTES) return Promise.reject(tooLarge());
  // By events: an asynchronous iterator costs more than all else that a small request needs.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else reject(tooLarge());
    });
    source.on('end', () => {
      const [only] = chunks;
      resolve((chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString('utf8'));
    });
    source.on('error', reject);
    source.on('close', () => {
      if (!source.readableEnded) reject(new RequestError('BAD_REQUEST', 'The request was cut off.'));
    });
  });
}

/** The body of a request as a stream, null when it has none. */
export function bodyOf(c: Context<AppEnv>): Readable | null {
  const incoming = c.env?.incoming;
  if (incoming !== undefined) return incoming;
  const { body } = c.req.raw;
  return body === null ? null : Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
}

function tooLarge(): RequestError {
  return new RequestError(
    'INVALID_PARAMETER_VALUE',
    `The body of the request is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`,
    { status: 413 },
  );
}

function deliveryOf(c: Context<AppEnv>): Delivery {
  return {
    whenDone(report) {
      const outgoing = c.env?.outgoing;
      if (outgoing === undefined) report(true);
      else outgoing.once('close', () => report(outgoing.writableFinished));
    },
  };
}
