import { activation } from './activation.mjs';
import { createRuns } from './createRuns.mjs';
import { firstLine } from './firstLine.mjs';
import { ingestRate } from './ingestRate.mjs';
import { logBatch } from './logBatch.mjs';
import { logMetric } from './logMetric.mjs';
import { memory } from './memory.mjs';
import { stepToPixel } from './stepToPixel.mjs';
import { writers64, writers8 } from './writers.mjs';

/**
 * Everything that can be measured, in the order of the report. A member has a `name` to ask for it and
 * `measure(bench)`, which gives one line or several (see lib/figure.mjs); what it opens it closes, or lets
 * lib/owned.mjs do it.
 */
export const figures = [
  logMetric,
  logBatch,
  createRuns,
  writers8,
  writers64,
  ingestRate,
  firstLine,
  activation,
  stepToPixel,
  memory,
];
