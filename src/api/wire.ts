import * as z from 'zod/mini';
import type { AttemptId, ExperimentId, RunId } from '../model/run';

/** JSON has no NaN and no infinity: on the wire they are these strings (as protobuf's JSON has them). */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export function toWire(value: number): WireNumber {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  return value;
}

/** A number that may be NaN or infinite: a string on the wire becomes the number it names. */
export const anyNumber = z.pipe(
  z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
  z.transform((value) => Number(value)),
);

/** For `JSON.stringify(body, numbersToWire)`: keeps NaN and the infinities, which JSON would turn into null. */
export function numbersToWire(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? toWire(value) : value;
}

export const runId = z.pipe(
  z.string().check(z.regex(/^[0-9a-f]{32}$/, 'A run id has 32 hexadecimal digits.')),
  z.transform((text) => text as RunId),
);

export const attemptId = z.pipe(
  z.string().check(z.regex(/^[0-9a-f]{32}$/, 'An attempt id has 32 hexadecimal digits.')),
  z.transform((text) => text as AttemptId),
);

export const experimentId = z.pipe(
  z.string().check(z.regex(/^\d{1,18}$/, 'An experiment id is a whole number written as text.')),
  z.transform((text) => text as ExperimentId),
);
