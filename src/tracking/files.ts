import { closeSync, createReadStream, read, readSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { OpenArtifact } from './artifacts';
import type { GateRequest } from './gate';

/* Requests that bring a file or are answered with one: their bodies never are in memory as a whole. */

export interface FileCall {
  readonly request: GateRequest;
  /** The path below the route's own, as it was sent; '' when there is none. */
  readonly rest: string;
  readonly body: Readable | null;
}

/** One endpoint with files. A GET answers HEAD too. */
export interface FileRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** The whole path; with `/*` at its end everything below it. */
  readonly path: string;
  handle(call: FileCall): FileAnswer | Promise<FileAnswer>;
}

/** What of a target lies below a route, query aside; null when the target is not the route's. */
export function restOf({ path }: FileRoute, target: string): string | null {
  const query = target.indexOf('?');
  const asked = query < 0 ? target : target.slice(0, query);
  if (!path.endsWith('/*')) return asked === path ? '' : null;
  const above = path.slice(0, -1);
  return asked.startsWith(above) ? asked.slice(above.length) : null;
}

export interface FileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | FileSlice | null;
}

/** Bytes of an open file, which is closed when they were sent. */
interface FileSlice {
  readonly fd: number;
  readonly start: number;
  readonly sizeBytes: number;
}

/** Types that a viewer wants to know; none of them is ever shown in place (see the headers below). */
const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.html': 'text/html',
  '.md': 'text/markdown',
  '.yaml': 'text/yaml',
};

/**
 * Answers with a file, or with the part of it that the request's Range names (RFC 9110, section 14): one range;
 * of several, which no client of MLflow sends, the whole file is sent, as the RFC allows.
 */
export function fileAnswer(request: GateRequest, name: string, file: OpenArtifact): FileAnswer {
  const etag = `"${file.sizeBytes.toString(16)}-${file.modifiedAt.toString(16)}"`;
  const headers = {
    'content-type': TYPES[path.extname(name).toLowerCase()] ?? 'application/octet-stream',
    // A page that was logged must never run as a page of this server.
    'content-disposition': `attachment; filename*=UTF-8''${encoded(path.posix.basename(name))}`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'accept-ranges': 'bytes',
    'last-modified': new Date(file.modifiedAt).toUTCString(),
    etag,
  };
  const without = (status: number, more: Record<string, string | number>): FileAnswer => {
    closeSync(file.fd);
    return { status, headers: { ...headers, ...more }, body: null };
  };
  if (request.header('if-none-match')?.split(/,\s*/).includes(etag) === true) return without(304, {});
  const isSame = [undefined, etag].includes(request.header('if-range'));
  const range = isSame ? rangeOf(request.header('range'), file.sizeBytes) : null;
  if (range === 'unsatisfiable') {
    return without(416, { 'content-range': `bytes */${file.sizeBytes}`, 'content-length': 0 });
  }
  const { start, sizeBytes } = range ?? { start: 0, sizeBytes: file.sizeBytes };
  const more = {
    'content-length': sizeBytes,
    ...(range === null
      ? {}
      : { 'content-range': `bytes ${start}-${start + sizeBytes - 1}/${file.sizeBytes}` }),
  };
  const status = range === null ? 200 : 206;
  if (request.method === 'HEAD') return without(status, more);
  return { status, headers: { ...headers, ...more }, body: { fd: file.fd, start, sizeBytes } };
}

/** Null for the whole file: no range, none of bytes, or several. */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; sizeBytes: number } | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') {
    const sizeBytes = Math.min(Number(last), size);
    return sizeBytes === 0 ? 'unsatisfiable' : { start: size - sizeBytes, sizeBytes };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, sizeBytes: end - start + 1 };
}

/** As RFC 8187 wants it: what `encodeURIComponent` leaves and the RFC does not. */
function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const SMALL_BYTES = 64 * 1024; // Read at once: the threads of Node cost more than the disk.
const CHUNK_BYTES = 1024 * 1024;

/** Sends an answer with Node's own means: streams of the web cost half the speed. */
export async function sendAnswer(
  outgoing: ServerResponse,
  { status, headers, body }: FileAnswer,
): Promise<void> {
  const small = typeof body === 'object' && body !== null ? smallFile(body) : body;
  outgoing.writeHead(status, headers);
  if (small === null || typeof small === 'string' || Buffer.isBuffer(small)) {
    outgoing.end(small ?? undefined);
    return;
  }
  await sendSlice(outgoing, small);
}

/**
 * Sends a large slice by way of two buffers: one is read into while the other is sent. A stream of Node's makes a
 * buffer of each chunk, which costs a third of the speed.
 */
async function sendSlice(outgoing: ServerResponse, { fd, start, sizeBytes }: FileSlice): Promise<void> {
  const buffers = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)] as const;
  let sent: Promise<void> = Promise.resolve();
  try {
    for (let at = 0, turn = 0; at < sizeBytes; turn++) {
      const buffer = buffers[turn % 2 === 0 ? 0 : 1];
      const bytes = await readInto(fd, buffer, start + at, Math.min(CHUNK_BYTES, sizeBytes - at));
      if (bytes === 0) throw new Error('The file has become shorter.');
      await sent; // Of the other buffer, which is read into next.
      sent = written(outgoing, buffer.subarray(0, bytes));
      sent.catch(() => undefined); // Heard by the next wait, which may come later.
      at += bytes;
    }
    await sent;
    outgoing.end();
  } catch {
    /* The client has left, or the file cannot be read: a body that is cut off says so. */
    outgoing.destroy();
  } finally {
    closeSync(fd);
  }
}

function readInto(fd: number, buffer: Buffer, position: number, length: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, length, position, (error, bytes) =>
      error === null ? resolve(bytes) : reject(error),
    );
  });
}

/** Resolves when the system has taken the bytes; rejects when the connection is gone. */
function written(outgoing: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('The client has left.'));
    if (outgoing.destroyed) return gone();
    outgoing.once('close', gone);
    outgoing.write(bytes, (error) => {
      outgoing.off('close', gone);
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}

/** The same as an answer of the web, where there is no connection. */
export function webResponse({ status, headers, body }: FileAnswer): Response {
  const all = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const isFile = typeof body === 'object' && body !== null;
  return new Response(isFile ? (Readable.toWeb(streamOf(body)) as ReadableStream) : body, {
    status,
    headers: all,
  });
}

function streamOf({ fd, start, sizeBytes }: FileSlice): Readable {
  if (sizeBytes === 0) {
    closeSync(fd);
    return Readable.from([]);
  }
  return createReadStream('', { fd, start, end: start + sizeBytes - 1, highWaterMark: CHUNK_BYTES });
}

/** The bytes of a small slice, its file closed; a large one as it is. */
function smallFile(slice: FileSlice): Buffer | FileSlice {
  if (slice.sizeBytes > SMALL_BYTES) return slice;
  try {
    const buffer = Buffer.allocUnsafe(slice.sizeBytes);
    const read = readSync(slice.fd, buffer, 0, slice.sizeBytes, slice.start);
    return buffer.subarray(0, read);
  } finally {
    closeSync(slice.fd);
  }
}
