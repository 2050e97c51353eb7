// Fills a store before its server starts, through the store's own code: the file is what a server that was told all of
// it by REST would have, in a fraction of the time. `fillStore.mjs runs|table|points|charts SCRATCH FOLDER COUNT` prints what it made
// as JSON; it is a process of its own, so that its memory is gone when something is measured.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../../scripts/project.mjs';
import { samplePoint, sampleRun, sampleTableRun, seeded } from './sample.mjs';

const RUNS_A_COMMIT = 500;
const POINTS_A_COMMIT = 10_000;
const CHART_RUNS = 50;
const CHARTS = 20;

const [, , what, scratch, folder, count] = process.argv;
const { openStore } = await loadStore();
mkdirSync(path.join(folder, '.winnow'), { recursive: true });
const store = openStore({
  database: path.join(folder, '.winnow/winnow.db'),
  artifacts: path.join(folder, '.winnow/artifacts'),
});
const experimentId = store.write('normal', () => store.createExperiment('bench'));
const FILLS = {
  runs: (total) => fillRuns(total, sampleRun),
  table: (total) => fillRuns(total, sampleTableRun),
  points: fillPoints,
  charts: fillCharts,
};
const made = FILLS[what](Number(count));
store.checkpoint();
store.close();
console.log(JSON.stringify({ experimentId, ...made }));

function fillRuns(total, sample) {
  const random = seeded(1);
  for (let from = 0; from < total; from += RUNS_A_COMMIT) {
    store.write('normal', () => {
      for (let i = from; i < Math.min(from + RUNS_A_COMMIT, total); i++) addRun(sample(i, random));
    });
    store.takeChanges(); // Nobody listens: names of changes are not kept.
  }
  return {};
}

function addRun({ metrics, params, tags, startedAt, endedAt, name }) {
  const runId = store.createRun({ experimentId, name, state: 'finished', userId: 'bench', startedAt, tags });
  const run = store.runHead(runId);
  store.logParams(
    run,
    params.map(([key, value]) => ({ key, value })),
  );
  store.logMetrics(
    run,
    metrics.map(([name, value]) => ({ name, value, step: 1, timestamp: startedAt })),
  );
  store.updateRun(runId, { endedAt });
}

function fillPoints(total) {
  const runId = store.write('normal', () =>
    store.createRun({ experimentId, name: 'long', state: 'finished', startedAt: samplePoint(0).timestamp }),
  );
  for (let from = 0; from < total; from += POINTS_A_COMMIT) {
    const points = Array.from({ length: Math.min(POINTS_A_COMMIT, total - from) }, (_, i) => ({
      name: 'loss',
      ...samplePoint(from + i),
    }));
    store.write('normal', () => store.logMetrics(store.runHead(runId), points));
    store.takeChanges();
  }
  return { runId };
}

/** What a page of 20 charts with 50 runs draws: so many points each. */
function fillCharts(total) {
  const random = seeded(2);
  const runIds = [];
  for (let i = 0; i < CHART_RUNS; i++) {
    const runId = store.write('normal', () =>
      store.createRun({
        experimentId,
        name: `run-${i}`,
        state: 'finished',
        startedAt: samplePoint(0).timestamp,
      }),
    );
    runIds.push(runId);
    for (let metric = 0; metric < CHARTS; metric++) {
      const points = Array.from({ length: total }, (_, n) => ({
        name: `m${metric}`,
        ...samplePoint(n),
        value: random(),
      }));
      store.write('normal', () => store.logMetrics(store.runHead(runId), points));
    }
    store.takeChanges();
  }
  return { runIds };
}

/** The store's code, bundled to a file that this process can load. */
async function loadStore() {
  const outfile = path.join(scratch, 'store.mjs');
  // The bundle lies in a temporary folder: the native module is found from here.
  const sqlite = pathToFileURL(createRequire(import.meta.url).resolve('better-sqlite3')).href;
  await build({
    entryPoints: [path.join(root, 'src/store/store.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    logLevel: 'error',
    plugins: [
      {
        name: 'native-module',
        setup: ({ onResolve }) =>
          void onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: sqlite, external: true })),
      },
    ],
  });
  return import(pathToFileURL(outfile).href);
}
