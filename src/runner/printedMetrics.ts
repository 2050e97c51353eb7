import { type FileHandle, stat } from 'node:fs/promises';
import { delay } from '../base/abort';
import { UserError, isAbortError } from '../base/errors';
import type { PrintedRule } from '../model/printed';
import { type RunEvent, type RunPaths, runEvent } from '../platform/attemptFiles';
import { openIfThere } from '../platform/outputFile';
import { withinTime } from '../platform/timeLimit';
import { type PrintedPoint, createPrintedReader } from '../printed/reader';
import { bySeries } from '../printed/series';
import type { EventLog } from './eventLog';
import { log } from './log';

export interface PrintedWatch {
  readonly files: RunPaths;
  readonly rules: readonly PrintedRule[];
  readonly events: EventLog;
  /** There are new metrics in the events. */
  readonly onPoints: () => void;
}

const LOOK_MS = 1_000; // A look at a file that did not grow is one stat.
const PIECE_BYTES = 256 * 1024;
const MAX_POINTS = 10_000; // Of one event, so that a line of the file stays a few hundred kilobytes.
const NOTE_BYTES = 8 * 1024 * 1024; // So far another runner reads again at most what gave no metrics.
const SLOW_MS = 2_000; // A piece takes some ten milliseconds; who waits for the runner, waits so long at most.
const LAST_READ_MS = 20_000; // What a script that prints faster than it can be read leaves behind at its end.

type PrintedEvent = RunEvent & { kind: 'printed' };

/**
 * Reads the metrics that a script prints from its output, beside it, until the signal aborts; then what is left. The
 * events say how far the output was read, so that a runner that takes over goes on exactly there.
 */
export async function watchPrinted(watch: PrintedWatch, signal: AbortSignal): Promise<void> {
  try {
    const from = await lastPrinted(watch.files.events);
    const tail = new Tail(watch, from);
    try {
      while (!signal.aborted) {
        await tail.readOn(signal);
        await delay(LOOK_MS, signal).catch(letAbort);
      }
      await tail.readOn(AbortSignal.timeout(LAST_READ_MS));
      await tail.end();
    } finally {
      await tail.close();
    }
  } catch (error) {
    log(error); // The run goes on without its printed metrics: the output has them still.
  }
}

function letAbort(error: unknown): void {
  if (!isAbortError(error)) throw error;
}

class Tail {
  private handle: FileHandle | null = null;
  private reader;
  /** Whether lines are read by a person's own patterns, too, which may take for ever. */
  private hasPatterns;
  /** From where another reader would go on. */
  private kept: { readonly offset: number; readonly memory: string } | null;
  private offset: number;
  private noted: number;
  private points: PrintedPoint[] = [];
  private readonly piece = Buffer.allocUnsafe(PIECE_BYTES);

  constructor(
    private readonly watch: PrintedWatch,
    from: { readonly offset: number; readonly memory: string } | null,
  ) {
    this.reader = createPrintedReader({ rules: watch.rules, ...(from === null ? {} : { from }) });
    this.hasPatterns = watch.rules.some(({ kind }) => kind === 'pattern');
    this.kept = from;
    this.offset = from?.offset ?? 0;
    this.noted = this.offset;
  }

  /** Reads what is new. */
  async readOn(signal: AbortSignal): Promise<void> {
    this.handle ??= await openIfThere(this.watch.files.output);
    // What could not be written is kept and written first; meanwhile nothing is read on.
    while (this.handle !== null && !signal.aborted && this.points.length < MAX_POINTS) {
      const { bytesRead } = await this.handle.read(this.piece, 0, PIECE_BYTES, this.offset);
      if (bytesRead === 0) break;
      const points = this.readPiece(this.piece.subarray(0, bytesRead));
      if (points === null) continue;
      this.offset += bytesRead;
      for (const point of points) this.points.push(point);
      if (this.points.length >= MAX_POINTS) await this.flush();
    }
    if (this.points.length > 0 || this.offset - this.noted > NOTE_BYTES) await this.flush();
  }

  /** Null when a pattern took too long: then everything since the last event is read again, without patterns. */
  private readPiece(piece: Buffer): readonly PrintedPoint[] | null {
    if (!this.hasPatterns) return this.reader.read(piece);
    try {
      return withinTime(SLOW_MS, () => this.reader.read(piece));
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'too-slow')) throw error;
      log('A pattern for printed metrics takes too long, so this run is read without patterns.');
      const rules = this.watch.rules.filter(({ kind }) => kind !== 'pattern');
      this.reader = createPrintedReader({ rules, ...(this.kept === null ? {} : { from: this.kept }) });
      this.hasPatterns = false;
      this.offset = this.noted;
      this.points = [];
      return null;
    }
  }

  async end(): Promise<void> {
    this.points.push(...this.reader.end());
    if (this.points.length > 0) await this.flush();
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }

  private async flush(): Promise<void> {
    const { points } = this;
    const resume = this.reader.resume();
    const event: PrintedEvent = { kind: 'printed', at: Date.now(), series: bySeries(points), ...resume };
    if (!(await this.watch.events.append(event))) return; // The disk is full.
    this.points = [];
    this.noted = this.offset;
    this.kept = resume;
    if (points.length > 0) this.watch.onPoints();
  }
}

/** What the last event of this kind says of where to go on; null when there is none. */
async function lastPrinted(file: string): Promise<PrintedEvent | null> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  const handle = size === 0 ? null : await openIfThere(file);
  if (handle === null) return null;
  try {
    for (let length = Math.min(size, 1 << 20); ; length = Math.min(size, length * 8)) {
      const tail = Buffer.alloc(length);
      await handle.read(tail, 0, length, size - length);
      const lines = tail.toString('utf8').split('\n');
      for (const line of lines.reverse()) {
        const event = line.startsWith('{"kind":"printed"') ? parse(line) : null;
        if (event !== null) return event;
      }
      if (length === size) return null;
    }
  } finally {
    await handle.close();
  }
}

function parse(line: string): PrintedEvent | null {
  try {
    const event = runEvent.parse(JSON.parse(line));
    return event.kind === 'printed' ? event : null;
  } catch {
    /* A line that was cut short: the one before it holds. */
    return null;
  }
}
