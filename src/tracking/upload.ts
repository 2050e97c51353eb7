import { writev } from 'node:fs';
import type { Readable } from 'node:stream';
import { RequestError } from './failures';

const FLUSH_BYTES = 1024 * 1024; // A write to the disk costs about the same for 64 KiB and for 1 MiB.
const FLUSH_CHUNKS = 512; // Bodies may come byte by byte: each chunk is an object of its own.

/** As much as a disk takes in the time that handing the write to a thread costs. */
export const SMALL_BYTES = 64 * 1024;

/** Where an upload grows. It is opened when there is something to write. */
export interface Sink {
  /** The descriptor to write to, from the position where the last write ended. */
  open(): number;
}

/**
 * Writes a body into a sink as it comes, with a megabyte or two of it in memory. Returns what came last and was not
 * written yet, SMALL_BYTES at most: all of a small body, which then needs no thread.
 *
 * When the disk fails, the rest of the body is read and dropped, since most clients listen for an answer only after
 * they have sent everything: closing the connection would hide from them why.
 * @throws RequestError 400 when the body was cut off; the disk's error when it cannot be written.
 */
export function receive(body: Readable, sink: Sink): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    let pending: Buffer[] = [];
    let pendingBytes = 0;
    let isWriting = false;
    let hasEnded = false;
    let failure: { readonly error: unknown } | null = null;

    /** Says so when nothing is written any more: whoever hears it closes the descriptor. */
    function fail(error: unknown): void {
      failure ??= { error };
      pending = [];
      pendingBytes = 0;
      body.resume();
      if (!isWriting) reject(failure.error as Error);
    }

    function flush(): void {
      const chunks = pending;
      pending = [];
      pendingBytes = 0;
      try {
        const fd = sink.open();
        isWriting = true;
        writeAll(fd, chunks, onWritten);
      } catch (error) {
        fail(error);
      }
    }

    function onWritten(error: Error | null): void {
      isWriting = false;
      if (error !== null || failure !== null) return fail(error);
      if (hasEnded) return finish();
      if (isFull()) flush();
      body.resume();
    }

    function finish(): void {
      if (pendingBytes > SMALL_BYTES) flush();
      else resolve(pending);
    }

    const isFull = () => pendingBytes >= FLUSH_BYTES || pending.length >= FLUSH_CHUNKS;
    const onCut = (error?: Error) => {
      if (!hasEnded) fail(new RequestError('BAD_REQUEST', 'The upload was cut off.', { cause: error }));
    };

    body.on('data', (chunk: Buffer) => {
      if (failure !== null) return;
      pending.push(chunk);
      pendingBytes += chunk.length;
      if (!isFull()) return;
      if (isWriting) body.pause();
      else flush();
    });
    body.on('end', () => {
      hasEnded = true;
      if (!isWriting && failure === null) finish();
    });
    body.on('error', onCut);
    body.on('close', () => onCut());
  });
}

/** Writes chunks one behind the other, also when the system takes only a part of them at once. */
function writeAll(fd: number, chunks: readonly Buffer[], done: (error: Error | null) => void): void {
  writev(fd, chunks, (error, written) => {
    if (error !== null) return done(error);
    const rest = without(chunks, written);
    if (rest.length === 0) done(null);
    else writeAll(fd, rest, done);
  });
}

function without(chunks: readonly Buffer[], bytes: number): readonly Buffer[] {
  let left = bytes;
  for (const [i, chunk] of chunks.entries()) {
    if (left < chunk.length) return [chunk.subarray(left), ...chunks.slice(i + 1)];
    left -= chunk.length;
  }
  return [];
}
