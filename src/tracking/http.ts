import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { RequestError } from './failures';
import type { GateRequest, Principal } from './gate';
import { jsonText } from './json';

/** What a request is read and answered with, for the app and its routes. */

/** In a real server Hono brings Node's own request and answer; in tests there are none. */
export type AppEnv = {
  Bindings: Partial<HttpBindings>;
  Variables: { principal: Principal; input?: Record<string, unknown> };
};

/** The largest legal body is a data set's profile of 16 MiB with its schema. */
const MAX_BODY_BYTES = 40 * 1024 * 1024;
const MAX_BODY_MS = 5 * 60_000; // A client that drips holds a connection no longer than that.

/** An answer in JSON. Artifacts and errors aside, every answer is made here. */
export function json(body: object): Response {
  return new Response(jsonText(body), { headers: JSON_HEADERS });
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

/**
 * All of a stream as text.
 * @throws RequestError 413 as soon as it is larger than a legal body, 400 when it is no UTF-8, is cut off or takes
 * minutes to come.
 */
export async function readStream(source: Readable, contentLength: string | undefined): Promise<string> {
  const bytes = await readBytes(source, contentLength);
  if (!isUtf8(bytes)) throw new RequestError('BAD_REQUEST', 'The body of the request is not UTF-8.');
  return bytes.toString('utf8');
}

/** All of a stream. @throws RequestError as `readStream` does. */
export function readBytes(
  source: Readable,
  contentLength: string | undefined,
  maxBytes = MAX_BODY_BYTES,
): Promise<Buffer> {
  if (Number(contentLength ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  // By events: an asynchronous iterator costs more than all else that a small request needs.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const cut = () => fail(new RequestError('BAD_REQUEST', 'The request was cut off.'));
    const timer = setTimeout(
      () => fail(new RequestError('BAD_REQUEST', 'The body of the request took too long.', { status: 408 })),
      MAX_BODY_MS,
    );
    function fail(error: RequestError): void {
      clearTimeout(timer);
      chunks.length = 0;
      reject(error);
    }
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else fail(tooLarge(maxBytes)); // What still comes is read and dropped, so that the client hears the answer.
    });
    source.on('end', () => {
      clearTimeout(timer);
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
    source.on('error', cut);
    source.on('close', () => {
      if (!source.readableEnded) cut();
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

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(
    'INVALID_PARAMETER_VALUE',
    `The body of the request is larger than ${maxBytes / 1024 / 1024} MiB.`,
    { status: 413 },
  );
}
