import { open } from 'node:fs/promises';
import path from 'node:path';
import { UserError, errorCode } from '../base/errors';
import type { PrintedRule } from '../model/printed';
import { runPaths } from '../platform/attemptFiles';
import { readOutputTimes } from '../platform/outputFile';
import { withinTime } from '../platform/timeLimit';
import { createPrintedReader } from '../printed/reader';
import type { PrintedSeries } from '../store/printed';

const SLOW_MS = 2_000; // A piece takes some ten milliseconds.
const PIECE_BYTES = 256 * 1024; // Some milliseconds; requests are answered in between.

/**
 * Reads the metrics of an output that is finished.
 * @param startedAt when the script started, in epoch milliseconds: for what the index does not know.
 * @throws UserError 'output-missing' when the file is not there any more, 'printed-slow' when a pattern takes too long.
 */
export async function readPrinted(
  output: string,
  rules: readonly PrintedRule[],
  startedAt: number,
  signal: AbortSignal,
): Promise<PrintedSeries[]> {
  const timeOf = await readOutputTimes(runPaths(path.dirname(output)).outputIndex);
  let timestamp = startedAt;
  const reader = createPrintedReader({ rules });
  const series = new Map<string, PrintedSeries & { points: PrintedSeries['points'][number][] }>();
  const add = (points: ReturnType<typeof reader.read>) => {
    for (const { name, rule, line, offset, step, value } of points) {
      timestamp = timeOf(offset) ?? timestamp;
      const point = { name, step, value, timestamp };
      const known = series.get(name);
      if (known === undefined) series.set(name, { name, rule, line, offset, points: [point] });
      else known.points.push(point);
    }
  };
  const handle = await openOutput(output);
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let position = 0; ;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      add(readPiece(() => reader.read(piece.subarray(0, bytesRead))));
    }
    add(reader.end());
  } finally {
    await handle.close();
  }
  return [...series.values()];
}

/** A person's own pattern may take for ever, and whoever asks the server would wait as long. */
function readPiece<T>(read: () => T): T {
  try {
    return withinTime(SLOW_MS, read);
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'too-slow')) throw error;
    throw new UserError(
      'printed-slow',
      'A pattern for printed metrics takes too long on this output. Make it simpler and read the output again: repeats within repeats, such as (\\w+ ?)+, are what takes time.',
      { cause: error },
    );
  }
}

async function openOutput(file: string) {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new UserError('output-missing', `The output ${file} is not there any more.`, { cause: error });
  }
}
