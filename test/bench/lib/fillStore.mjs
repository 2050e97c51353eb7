// Fills a store with runs before its server starts, through the store's own code: the file is what a server that was
// told all of it by REST would have, in a fraction of the time.
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The database of the store in `folder`, which is made when it is not there. */
async function databaseOf(folder) {
  const store = path.join(folder, '.winnow');
  await mkdir(store, { recursive: true });
  return path.join(store, 'winnow.db');
}

/** Bundles the store's code to a file that this process can load. */
async function loadStore(scratch) {
  const { root } = await import('../../../scripts/project.mjs');
  const { build } = await import('esbuild');
  const outfile = path.join(scratch, 'store.mjs');
  await build({
    entryPoints: [path.join(root, 'src/store/store.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    external: ['better-sqlite3'],
    logLevel: 'error',
    // The bundle lies in a temporary folder: the native module is found from here.
    plugins: [
      {
        name: 'native-module',
        setup: ({ onResolve }) =>
          void onResolve({ filter: /^better-sqlite3$/ }, ({ path: name }) => ({
            path: pathToFileURL(createRequire(import.meta.url).resolve(name)).href,
            external: true,
          })),
      },
    ],
  });
  return import(pathToFileURL(outfile).href);
}

const METRICS = 10;
const PARAMS = 10;
const RUNS_A_COMMIT = 500;

/** Numbers in [0, 1) that are the same each time (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The run number `i` of those that are searched: 10 metrics (`loss`, `accuracy`, `m2` …), 10 params (`lr`, `opt`,
 * `p2` …) and the tags that MLflow's client sets.
 */
export function searchedRun(i, random) {
  const metric = (name) => [name, Number(random().toPrecision(8))];
  return {
    name: `run-${i}`,
    startedAt: 1_700_000_000_000 + i * 1000,
    endedAt: 1_700_000_000_500 + i * 1000,
    metrics: [
      metric('loss'),
      metric('accuracy'),
      ...Array.from({ length: METRICS - 2 }, (_, n) => metric(`m${n + 2}`)),
    ],
    params: [
      ['lr', String([0.1, 0.01, 0.001, 0.0001][Math.floor(random() * 4)])],
      ['opt', ['adam', 'sgd', 'lamb'][Math.floor(random() * 3)]],
      ...Array.from({ length: PARAMS - 2 }, (_, n) => [`p${n + 2}`, `value ${Math.floor(random() * 1000)}`]),
    ],
    tags: { 'mlflow.user': 'bench', 'mlflow.source.name': 'train.py', 'mlflow.source.type': 'LOCAL' },
  };
}

/** Writes `count` runs of the experiment "bench" into the store of `folder`. */
export async function fillRuns(scratch, folder, count) {
  const { openStore } = await loadStore(scratch);
  const store = openStore({ database: await databaseOf(folder), artifacts: path.join(folder, 'artifacts') });
  try {
    const random = seeded(1);
    const experimentId = store.write('normal', () => store.createExperiment('bench'));
    for (let i = 0; i < count; i += RUNS_A_COMMIT) {
      store.write('normal', () => {
        for (let n = i; n < Math.min(i + RUNS_A_COMMIT, count); n++) {
          const { metrics, params, tags, endedAt, ...run } = searchedRun(n, random);
          const runId = store.createRun({ ...run, experimentId, state: 'finished', userId: 'bench', tags });
          const head = store.runHead(runId);
          store.logParams(
            head,
            params.map(([key, value]) => ({ key, value })),
          );
          store.logMetrics(
            head,
            metrics.map(([name, value]) => ({ name, value, step: 1, timestamp: run.startedAt })),
          );
          store.updateRun(runId, { endedAt });
        }
      });
      store.takeChanges(); // Nobody listens: names of changes are not kept.
    }
    store.checkpoint();
    return { experimentId };
  } finally {
    store.close();
  }
}

/** Writes one run with `count` points of `loss`, in the order of a training. */
export async function fillPoints(scratch, folder, count) {
  const { openStore } = await loadStore(scratch);
  const store = openStore({ database: await databaseOf(folder), artifacts: path.join(folder, 'artifacts') });
  try {
    const experimentId = store.write('normal', () => store.createExperiment('bench'));
    const runId = store.write('normal', () =>
      store.createRun({ experimentId, name: 'long', state: 'running', startedAt: 1_700_000_000_000 }),
    );
    for (let from = 0; from < count; from += 10_000) {
      const points = Array.from({ length: Math.min(10_000, count - from) }, (_, n) => ({
        name: 'loss',
        value: 1 / (from + n + 1),
        step: from + n,
        timestamp: 1_700_000_000_000 + (from + n) * 10,
      }));
      store.write('normal', () => store.logMetrics(store.runHead(runId), points));
      store.takeChanges();
    }
    store.checkpoint();
    return { experimentId, runId };
  } finally {
    store.close();
  }
}

// In a process of its own, so that what it takes in memory and time is nobody else's:
// `fillStore.mjs runs|points SCRATCH FOLDER COUNT` prints what it made as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , what, scratch, folder, count] = process.argv;
  const fill = what === 'points' ? fillPoints : fillRuns;
  console.log(JSON.stringify(await fill(scratch, folder, Number(count))));
}
