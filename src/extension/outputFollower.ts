import { open, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { delay } from '../base/abort';
import { errorCode } from '../base/errors';

/** What is needed to follow a run's output file. */
export interface Following {
  readonly file: string;
  /** Text as it comes; a character is never cut in two. */
  onText(text: string): void;
  /** Called once before the text when only the end of a large file is shown. */
  onSkipped(bytes: number): void;
  /** Whether more may come. When it says no, what is there is read to its end first. */
  isLive(): Promise<boolean>;
  readonly maxBytes?: number;
}

const POLL_MS = 150; // Reads as live; a stat of one file costs some microseconds.
const LIVE_MS = 2_000; // How often to ask whether more may come: the state follows the file's end closely enough.
const MAX_BYTES = 1_000_000; // About 10,000 lines, what a terminal keeps.
const CHUNK_BYTES = 256 * 1024;

/**
 * Reads a file that grows, until the run is over or the signal aborts. A file that is not there yet is waited
 * for while the run is live; one that was cut or replaced is read from its start.
 */
export async function followOutput(following: Following, signal: AbortSignal): Promise<void> {
  const { file, onText, onSkipped, isLive, maxBytes = MAX_BYTES } = following;
  const decoder = new StringDecoder('utf8');
  let offset = -1;
  let askedAt = 0;
  let live = true;
  while (!signal.aborted) {
    const size = await sizeOf(file);
    if (size !== null && offset === -1) {
      offset = Math.max(0, size - maxBytes);
      if (offset > 0) onSkipped(offset);
    }
    if (size !== null && size < offset) offset = 0;
    if (size !== null && size > offset) {
      offset += await readFrom(file, offset, (bytes) => onText(decoder.write(bytes)), signal);
      continue;
    }
    if (!live) break;
    if (Date.now() - askedAt >= LIVE_MS) {
      askedAt = Date.now();
      live = await isLive();
      if (!live) continue; // One more look at the file: its last lines may have come meanwhile.
    }
    await delay(POLL_MS, signal);
  }
  const rest = decoder.end();
  if (rest !== '') onText(rest);
}

async function readFrom(
  file: string,
  offset: number,
  onBytes: (bytes: Buffer) => void,
  signal: AbortSignal,
): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    let total = 0;
    while (!signal.aborted) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, offset + total);
      if (bytesRead === 0) break;
      total += bytesRead;
      onBytes(buffer.subarray(0, bytesRead));
    }
    return total;
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
