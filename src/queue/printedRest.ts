import { appendFile, stat } from 'node:fs/promises';
import { numbersToWire } from '../api/wire';
import { readJson } from '../platform/atomicFile';
import { type RunEvent, attempt as attemptSchema } from '../platform/attemptFiles';
import { openIfThere } from '../platform/outputFile';
import { readEvents } from '../platform/runEvents';
import { type PrintedPoint, createPrintedReader } from '../printed/reader';
import { bySeries } from '../printed/series';

export interface RestFiles {
  /** The attempt's private file. */
  readonly attempt: string;
  readonly output: string;
  readonly events: string;
}

const PIECE_BYTES = 256 * 1024;

/**
 * Reads what a runner that was killed did not read of an output for metrics, and adds it to the events as the runner
 * would have done. For scripts that are over; a second call finds nothing left.
 */
export async function readPrintedRest({ attempt, output, events }: RestFiles): Promise<void> {
  const order = await readJson(attempt, attemptSchema);
  if (order === null || order.printed === null) return;
  const from = (await readEvents(events)).findLast((event) => event.kind === 'printed');
  const handle = await openIfThere(output);
  if (handle === null) return;
  try {
    const { size } = await handle.stat();
    if (from !== undefined && from.offset >= size) return;
    const reader = createPrintedReader({
      rules: order.printed.rules,
      ...(from === undefined ? {} : { from }),
    });
    const points: PrintedPoint[] = [];
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let position = from?.offset ?? 0; ;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      for (const point of reader.read(piece.subarray(0, bytesRead))) points.push(point);
    }
    points.push(...reader.end());
    if (points.length === 0) return;
    const event: RunEvent = { kind: 'printed', at: Date.now(), series: bySeries(points), ...reader.resume() };
    // The killed runner may have left half a line.
    await appendFile(
      events,
      `${(await endsInLine(events)) ? '' : '\n'}${JSON.stringify(event, numbersToWire)}\n`,
    );
  } finally {
    await handle.close();
  }
}

async function endsInLine(file: string): Promise<boolean> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  const handle = size === 0 ? null : await openIfThere(file);
  if (handle === null) return true;
  try {
    const last = Buffer.alloc(1);
    await handle.read(last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    await handle.close();
  }
}
