import { type FileHandle, open, readFile } from 'node:fs/promises';
import { errorCode } from '../base/errors';

const NEWLINE = 0x0a;
const PIECE_BYTES = 64 * 1024;

/** Opens a file for reading; null when it is not there (yet). */
export async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Where the last `lines` lines of a file of `size` bytes begin. Reads from its end, and no more than needed. */
export async function startOfLastLines(handle: FileHandle, size: number, lines: number): Promise<number> {
  const piece = Buffer.alloc(PIECE_BYTES);
  let wanted = lines;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - PIECE_BYTES);
    const { bytesRead } = await handle.read(piece, 0, end - start, start);
    for (let i = bytesRead - 1; i >= 0; i--) {
      if (piece[i] !== NEWLINE || start + i === size - 1) continue; // The last line's own end is no start.
      if (--wanted <= 0) return start + i + 1;
    }
    end = start;
  }
  return 0;
}

/** The start of the first line at or behind an offset; the offset itself when no line ends for a long time. */
export async function startOfNextLine(handle: FileHandle, offset: number): Promise<number> {
  if (offset === 0) return 0;
  const piece = Buffer.alloc(PIECE_BYTES);
  const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, offset - 1);
  const found = piece.subarray(0, bytesRead).indexOf(NEWLINE);
  return found === -1 ? offset : offset + found;
}

/**
 * When what lies at an offset of a run's output was printed, by the index that its runner wrote: epoch milliseconds,
 * at most some seconds late; null when the index does not know. Offsets may be asked in any order.
 */
export async function readOutputTimes(index: string): Promise<(offset: number) => number | null> {
  const text = await readFile(index, 'utf8').catch(() => '');
  const entries = text.split('\n').flatMap((line) => {
    const [at = Number.NaN, size = Number.NaN] = line.split(' ').map(Number);
    return Number.isSafeInteger(at) && Number.isSafeInteger(size) ? [{ at, size }] : [];
  });
  return (offset) => {
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((entries[middle]?.size ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return entries[low]?.at ?? null;
  };
}
