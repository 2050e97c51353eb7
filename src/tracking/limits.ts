import {
  type IncomingMessage,
  type RequestListener,
  STATUS_CODES,
  type Server,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode } from '../base/errors';
import { JSON_HEADERS } from './http';

/** How long and how many connections may be without work. */
export interface Limits {
  /** Without a byte in either direction: as long as MLflow's client waits. The feed has a heartbeat every 15 s. */
  readonly idleMs: number;
  readonly headersMs: number;
  /** Between two requests: longer than a training's pause between two epochs, usually. */
  readonly keepAliveMs: number;
  readonly connections: number;
  /** How often connections are looked through for headers that do not come. */
  readonly checkMs: number;
}

const LIMITS: Limits = {
  idleMs: 120_000,
  headersMs: 15_000,
  keepAliveMs: 75_000,
  connections: 2_000,
  checkMs: 5_000,
};

/** A server of Node's that no client can keep busy with nothing, and that says in JSON what it cannot read. */
export function createLimitedServer(listener: RequestListener, changed: Partial<Limits> = {}): Server {
  const limits = { ...LIMITS, ...changed };
  const server = createServer({
    connectionsCheckingInterval: limits.checkMs,
    requireHostHeader: false, // The gate refuses a request without one, in JSON.
    requestTimeout: 0, // An artifact takes as long as it takes; the idle time ends a dead upload.
    headersTimeout: limits.headersMs,
    keepAliveTimeout: limits.keepAliveMs,
  });
  server.timeout = limits.idleMs;
  server.maxConnections = limits.connections;
  const latest = new WeakMap<
    Duplex,
    { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse }
  >();
  const listen: RequestListener = (incoming, outgoing) => {
    latest.set(incoming.socket, { incoming, outgoing });
    listener(incoming, outgoing);
  };
  server.on('request', listen);
  server.on('checkContinue', listen); // Told to go on when it has passed the gate: see quick.ts.
  server.on('clientError', (error, socket) => {
    const last = latest.get(socket);
    // A body that broke after its request was answered: a second answer would be taken for that of the next request.
    if (last?.outgoing.headersSent === true && !last.incoming.complete) socket.destroy();
    else answerUnreadable(error, socket);
  });
  return server;
}

const GOODBYE_MS = 2_000; // For the client to hear the answer before the connection goes.

const SENTENCES: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The body of the request has too long chunk extensions.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time.'],
};

/** Answers what is no HTTP, or HTTP that two readers could understand in two ways. */
function answerUnreadable(error: Error, socket: Duplex): void {
  if (socket.writableEnded) return; // It was answered, and what it still sends is dropped.
  if (!socket.writable || errorCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, message] = SENTENCES[errorCode(error) ?? ''] ?? [400, 'The request is not valid HTTP.'];
  const text = JSON.stringify({ error_code: 'BAD_REQUEST', message });
  const headers = { ...JSON_HEADERS, 'content-length': Buffer.byteLength(text), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${text}`);
  socket.resume();
  setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
}
