import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { RequestError } from './failures';
import type { GateRequest, Principal } from './gate';

/** What a request is read and answered with, for the app and its routes. */

/** In a real server Hono brings Node's own request and answer; in tests there are none. */
export type AppEnv = {
  Bindings: Partial<HttpBindings>;
  Variables: { principal: Principal; input?: Record<string, unknown> };
};

/** The largest legal body is a data set's profile of 16 MiB with its schema. */
const MAX_BODY_BYTES = 40 * 1024 * 1024;

/** An answer in JSON. Artifacts and errors aside, every answer is made here. */
export function json(body: object): Response {
  return new Response(JSON.stringify(body), { headers: JSON_HEADERS });
}

export const JSON_HEADERS = {
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** What the gate looks at. */
export function gateRequest(c: Context<AppEnv>): GateRequest {
  const incoming = c.env?.incoming;
  if (incoming !== undefined) return incomingRequest(incoming);
  const { pathname, search } = new URL(c.req.url);
  return { method: c.req.method, target: pathname + search, header: (name) => c.req.header(name) };
}

/** What the gate looks at, of Node's own request. */
export function incomingRequest(incoming: IncomingMessage): GateRequest {
  const { headersDistinct } = incoming;
  return {
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    // Joined, so that a second Host or token makes the header wrong instead of being overlooked.
    header: (name) => headersDistinct[name]?.join(', '),
  };
}

/** The whole body of a request. @throws RequestError 413 as soon as it is too large. */
export function readText(c: Context<AppEnv>): Promise<string> {
  const source = bodyOf(c);
  return source === null ? Promise.resolve('') : readStream(source, c.req.header('content-length'));
}

/** All of a stream as text. @throws RequestError 413 as soon as it is larger than a legal body. */
export function readStream(source: Readable, contentLength: string | undefined): Promise<string> {
  if (Number(contentLength ?? 0) > MAX_BODY_BYTES) return Promise.reject(tooLarge());
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

/** The query of a request: a text a name, a list of texts for a name that comes more than once. */
export function queryOf(target: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  const at = target.indexOf('?');
  if (at < 0) return query;
  for (const [name, value] of new URLSearchParams(target.slice(at + 1))) {
    const known = Object.hasOwn(query, name) ? query[name] : undefined;
    const next = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
    Object.defineProperty(query, name, { value: next, enumerable: true, writable: true, configurable: true });
  }
  return query;
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
