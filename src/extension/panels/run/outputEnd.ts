import { open } from 'node:fs/promises';
import type { OutputEnd } from '../../../api/runPage';
import { errorCode } from '../../../base/errors';
import { lastLines } from '../../../model/outputLines';

const END_BYTES = 64 * 1024; // Read at once, whatever the size of the output.
const LINES = 100;

/** The last lines of an output file; null when there is none. */
export async function readOutputEnd(file: string): Promise<OutputEnd | null> {
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - END_BYTES);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return { lines: lastLines(text, LINES, from > 0), sizeBytes: size };
  } finally {
    await handle.close();
  }
}
