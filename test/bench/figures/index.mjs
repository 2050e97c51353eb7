import { activation } from './activation.mjs';
import { artifact2g, artifacts1k } from './artifacts.mjs';
import { boardPage } from './boardPage.mjs';
import { createRuns } from './createRuns.mjs';
import { firstLine } from './firstLine.mjs';
import { history1m, history20k } from './history.mjs';
import { hook } from './hook.mjs';
import { ingestRate } from './ingestRate.mjs';
import { logBatch } from './logBatch.mjs';
import { logMetric } from './logMetric.mjs';
import { memory } from './memory.mjs';
import { output } from './output.mjs';
import { search100k, search10k, search1k } from './search.mjs';
import { series10m, seriesBatch } from './series.mjs';
import { stepToExperiment, stepToPixel } from './stepToPixel.mjs';
import { table100k } from './table.mjs';
import { tablePage } from './tablePage.mjs';
import { tree } from './tree.mjs';
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
  search1k,
  search10k,
  search100k,
  table100k,
  series10m,
  seriesBatch,
  history20k,
  history1m,
  artifacts1k,
  artifact2g,
  firstLine,
  hook,
  output,
  activation,
  stepToPixel,
  stepToExperiment,
  tablePage,
  tree,
  boardPage,
  memory,
];
