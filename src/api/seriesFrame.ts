import * as z from 'zod/mini';
import { UserError } from '../base/errors';
import { once } from '../base/once';
import type { RunId } from '../model/run';
import { runId } from './wire';

/**
 * Points of many series in one answer, as numbers and not as text: JSON of what a page of charts draws would take
 * longer to write and to read than the points to find. The answer is a row of frames, one a series in the order of the
 * request; each is
 *
 *     bytes 0 to 3   the length of the header, in bytes, as a little-endian whole number of 32 bits
 *     then           the header: JSON in UTF-8, with spaces behind it so that what follows lies at a multiple of 8
 *     then           steps, values and timestamps (epoch milliseconds): `length` floats of 64 bits each, little-endian
 */
export const SERIES_PATH = 'series/read-binary';

/** Series of a page. `pixels` and the range are as in `readSeries`. */
export const seriesFramesRequest = once(() =>
  z.object({
    series: z.array(z.object({ runId, metric: z.string() })).check(z.maxLength(10_000)),
    pixels: z.int().check(z.minimum(1), z.maximum(10_000)),
    fromStep: z.optional(z.number()),
    toStep: z.optional(z.number()),
  }),
);
export type SeriesFramesRequest = z.input<ReturnType<typeof seriesFramesRequest>>;

/** A series for drawing; its arrays may be views of one buffer. */
export interface FramedSeries {
  readonly runId: RunId;
  readonly metric: string;
  /** Points that exist in the range, before thinning. */
  readonly count: number;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** Epoch milliseconds. */
  readonly timestamps: Float64Array;
}

const LENGTH_BYTES = 4;
const NUMBER_BYTES = 8;

const header = once(() => z.object({ runId, metric: z.string(), count: z.number(), length: z.int() }));

/** One series as a frame. */
export function encodeSeries(series: {
  readonly runId: string;
  readonly metric: string;
  readonly count: number;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly timestamps: ArrayLike<number>;
}): Uint8Array<ArrayBuffer> {
  const { runId: id, metric, count, steps, values, timestamps } = series;
  const { length } = steps;
  const text = new TextEncoder().encode(JSON.stringify({ runId: id, metric, count, length }));
  const begin = padded(LENGTH_BYTES + text.length);
  const frame = new Uint8Array(begin + 3 * NUMBER_BYTES * length);
  new DataView(frame.buffer).setUint32(0, begin - LENGTH_BYTES, true);
  frame.fill(0x20, LENGTH_BYTES, begin);
  frame.set(text, LENGTH_BYTES);
  const numbers = new Float64Array(frame.buffer, begin, 3 * length);
  numbers.set(steps, 0);
  numbers.set(values, length);
  numbers.set(timestamps, 2 * length);
  return frame;
}

/** Reads an answer that came whole. @throws UserError 'series-cut' when it did not. */
export function decodeSeries(bytes: Uint8Array): FramedSeries[] {
  // Floats are read where they lie, which must be at a multiple of their size; and what shares its memory with
  // something else (as small buffers of Node's do) would take that along wherever the arrays are sent.
  const isOwn = bytes.byteLength === bytes.buffer.byteLength;
  const buffer = isOwn ? bytes : new Uint8Array(bytes);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const found: FramedSeries[] = [];
  for (let at = 0; at < buffer.byteLength;) {
    if (at + LENGTH_BYTES > buffer.byteLength) throw cut();
    const begin = at + LENGTH_BYTES + view.getUint32(at, true);
    if (begin > buffer.byteLength) throw cut();
    const text = new TextDecoder().decode(buffer.subarray(at + LENGTH_BYTES, begin));
    const { length, ...about } = header().parse(JSON.parse(text));
    const end = begin + 3 * NUMBER_BYTES * length;
    if (length < 0 || end > buffer.byteLength) throw cut();
    const numbers = (part: number) =>
      new Float64Array(buffer.buffer, buffer.byteOffset + begin + part * NUMBER_BYTES * length, length);
    found.push({ ...about, steps: numbers(0), values: numbers(1), timestamps: numbers(2) });
    at = end;
  }
  return found;
}

function padded(length: number): number {
  return Math.ceil(length / NUMBER_BYTES) * NUMBER_BYTES;
}

function cut(): UserError {
  return new UserError('series-cut', 'The points of the charts did not come whole. Show the charts again.');
}
