// What is searched and read in the bench: the same runs and points each time, for whatever server.

const METRICS = 10;
const PARAMS = 10;
const START = 1_700_000_000_000; // Epoch ms.

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
 * Run number `i`: 10 metrics (`loss`, `accuracy`, `m2` …), 10 params (`lr`, `opt`, `p2` …) and the tags that MLflow's
 * client sets. `random` is asked in order, so runs are made one after the other.
 */
export function sampleRun(i, random) {
  const named = (known, count, rest) => Array.from({ length: count }, (_, n) => known[n] ?? `${rest}${n}`);
  const choice = (values) => values[Math.floor(random() * values.length)];
  return {
    name: `run-${i}`,
    startedAt: START + i * 1000,
    endedAt: START + i * 1000 + 500,
    metrics: named(['loss', 'accuracy'], METRICS, 'm').map((key) => [key, Number(random().toPrecision(8))]),
    params: named(['lr', 'opt'], PARAMS, 'p').map((key) => [
      key,
      key === 'opt' ? choice(['adam', 'sgd', 'lamb']) : `value ${Math.floor(random() * 1000)}`,
    ]),
    tags: { 'mlflow.user': 'bench', 'mlflow.source.name': 'train.py', 'mlflow.source.type': 'LOCAL' },
  };
}

const GROUPS = 24; // Times 20, and the 20 that all runs have: 500 columns.

/**
 * Run number `i` of a table: 20 params and 20 metrics. Ten of each are the same for all runs, and the others one of 24
 * sets, so that all runs together have 500 columns.
 */
export function sampleTableRun(i, random) {
  const run = sampleRun(i, random);
  const choice = (values) => values[Math.floor(random() * values.length)];
  const set = i % GROUPS;
  const rest = Array.from({ length: 10 }, (_, n) => `s${set}_${n}`);
  return {
    ...run,
    name: `${choice(['brisk', 'calm', 'dry', 'early'])}-otter-${i}`,
    metrics: [...run.metrics, ...rest.map((key) => [key, Number(random().toPrecision(8))])],
    params: [
      ...run.params.filter(([key]) => key !== 'lr' && key !== 'p2'),
      ['lr', String(choice([0.1, 0.03, 0.01, 0.003, 0.001, 3e-4]))],
      ['seed', String(i % 5)],
      ...rest.map((key) => [`p_${key}`, String(Math.floor(random() * 1000))]),
    ],
  };
}

/** Point number `i` of a long training. */
export const samplePoint = (i) => ({ value: 1 / (i + 1), step: i, timestamp: START + i * 10 });
