import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { delay } from '../base/abort';
import { errorCode } from '../base/errors';
import { openIfThere, startOfNextLine } from '../platform/outputFile';

/** What is needed to follow a run's output file. */
export interface Following {
  readonly file: string;
  /** Text as it comes; a character is never cut in two. */
  onText(text: string): void;
  /** Called before the text that follows a part which is not shown: how long that part is, and where the text begins. */
  onSkipped(bytes: number, offset: number): void;
  /** Whether more may come. When it says no, what is there is read to its end first. */
  isLive(): Promise<boolean>;
  /** Whether somebody may be looking; else the file is looked at every two seconds only. */
  isShown?(): boolean;
  readonly maxBytes?: number;
}

const POLL_MS = 150; // Reads as live; a stat of one file costs some microseconds.
const HIDDEN_POLL_MS = 2_000;
const LIVE_MS = 2_000; // How often to ask whether more may come: the state follows the file's end closely enough.
const MAX_BYTES = 1_000_000; // About 10,000 lines, what a terminal keeps.
const CHUNK_BYTES = 256 * 1024;

/**
 * Reads a file that grows, until the run is over or the signal aborts. A file that is not there yet is waited
 * for while the run is live; one that was cut or replaced is read from its start. Of a large file, and of a script
 * that prints faster than anybody reads, the last part is shown only.
 */
export async function followOutput(following: Following, signal: AbortSignal): Promise<void> {
  const { file, onText, onSkipped, isLive, isShown = () => true, maxBytes = MAX_BYTES } = following;
  let decoder = new StringDecoder('utf8');
  let offset = 0;
  let askedAt = 0;
  let live = true;
  while (!signal.aborted) {
    const size = await sizeOf(file);
    if (size !== null && size < offset) offset = 0;
    if (size !== null && size - offset > maxBytes) {
      const start = await lineAt(file, size - maxBytes);
      decoder = new StringDecoder('utf8');
      onSkipped(start - offset, start);
      offset = start;
    }
    if (size !== null && size > offset) {
      const until = size;
      offset += await readPart(
        file,
        { from: offset, until },
        (bytes) => onText(decoder.write(bytes)),
        signal,
      );
      continue;
    }
    if (!live) break;
    if (Date.now() - askedAt >= LIVE_MS) {
      askedAt = Date.now();
      live = await isLive();
      if (!live) continue; // One more look at the file: its last lines may have come meanwhile.
    }
    await waitForLook(isShown, signal);
  }
  const rest = decoder.end();
  if (rest !== '') onText(rest);
}

/** Reads a part of a file piece by piece; answers how many bytes there were. */
export async function readPart(
  file: string,
  { from, until }: { readonly from: number; readonly until: number },
  onBytes: (bytes: Buffer) => void,
  signal: AbortSignal,
): Promise<number> {
  const handle = await openIfThere(file);
  if (handle === null) return 0;
  try {
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(0, until - from)));
    let at = from;
    while (!signal.aborted && at < until) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, until - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
      onBytes(buffer.subarray(0, bytesRead));
    }
    return at - from;
  } finally {
    await handle.close();
  }
}

/** A hidden terminal is looked after rarely; once it is shown it goes on at once. */
async function waitForLook(isShown: () => boolean, signal: AbortSignal): Promise<void> {
  const until = Date.now() + HIDDEN_POLL_MS;
  do await delay(POLL_MS, signal);
  while (!isShown() && Date.now() < until);
}

async function lineAt(file: string, offset: number): Promise<number> {
  const handle = await openIfThere(file);
  if (handle === null) return offset;
  try {
    return await startOfNextLine(handle, offset);
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
