import * as z from 'zod/mini';
import type { AttemptId, ExperimentId, RunId } from '../model/run';

export { type WireNumber, numbersToWire, toWire } from './wireNumbers';

/** A number that may be NaN or infinite: a string on the wire becomes the number it names. */
export const anyNumber = z.pipe(
  z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
  z.transform((value) => Number(value)),
);

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
