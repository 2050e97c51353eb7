import { createReadStream } from 'node:fs';
import { errorCode } from '../../base/errors';

const NEWLINE = 10;

/** How many lines a file has so far; an unfinished last line counts. Null when there is no file. */
export async function countLines(file: string): Promise<number | null> {
  let lines = 0;
  let last = NEWLINE;
  try {
    for await (const chunk of createReadStream(file)) {
      if (!Buffer.isBuffer(chunk)) continue;
      for (const byte of chunk) if (byte === NEWLINE) lines += 1;
      last = chunk.at(-1) ?? last;
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  return last === NEWLINE ? lines : lines + 1;
}
