// Stands in for the window beneath a board of charts: curves that look like training, in typed arrays, thinned as the
// server does it, and runs with params.
const NAMES =
  'brisk-otter keen-stoat rapid-tern amber-lynx swift-newt quiet-heron frank-raven calm-finch bold-puffin noble-ibis lucid-wren tidy-marten mild-gecko wry-badger merry-quail plain-crane dusky-vole loyal-shrew stout-hare sunny-civet early-dingo deft-pika gentle-mole vivid-skink'.split(
    ' ',
  );
const HOSTILE = [
  '<img src=x onerror="document.body.dataset.hacked=1"><script>document.body.dataset.hacked=1</script>',
  '🦦🦊 emoji',
  'x'.repeat(500),
];
const START = Date.parse('2026-11-20T09:00:00Z');
const HIDDEN = [64, 32, 16];

/** A number from 0 to 1 that follows from two whole ones. */
function chance(a, b) {
  let h = (Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 7, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0;
  return ((h ^ (h >>> 12)) >>> 0) / 4294967296;
}

/**
 * @param options.runs how many runs, `metrics` their names, `points` of each; `kind` 'odd' for what real data has of gaps
 * and strange names.
 */
export function fakeBoard({ runs: count = 9, metrics, points = 30, kind = '', delayMs = 0 }) {
  const runs = Array.from({ length: count }, (_, index) => ({
    runId: (index + 1).toString(16).padStart(32, '0'),
    name:
      kind === 'odd' && index < HOSTILE.length
        ? HOSTILE[index]
        : NAMES[index % NAMES.length] + (index < NAMES.length ? '' : `-${Math.floor(index / NAMES.length)}`),
    state: index === 1 ? 'running' : index === 3 ? 'failed' : 'finished',
    startedAt: START + index * 61_000,
    params: {
      hidden: String(HIDDEN[index % HIDDEN.length]),
      lr: '0.003',
      seed: String(Math.floor(index / HIDDEN.length)),
    },
    length: Math.max(1, Math.round(points * (index === 1 ? 0.6 : index === 3 ? 0.25 : 1))),
  }));
  const byId = new Map(runs.map((run, index) => [run.runId, { run, index }]));
  const calls = { readSeries: 0, series: 0, readColumns: 0 };
  const kept = new Map();
  let failures = 0;

  function valueOf(metric, index, step) {
    const t = Math.exp(((-0.12 - 0.25 * chance(index, 3)) * step * 30) / points);
    const noise = chance(index * 131 + step, metric.length) - 0.5;
    const width = index % HIDDEN.length;
    if (metric === 'epoch') return Math.ceil((step * 30) / points);
    if (metric === 'lr') return 0.01 * 0.95 ** ((step * 30) / points);
    if (metric.includes('accuracy')) {
      return Math.min(0.999, 0.985 - width * 0.008 - 0.4 * t + noise * 0.014);
    }
    if (metric.startsWith('system/')) return 60 + 30 * Math.sin(step / 9 + index) + noise * 8;
    return 0.05 + width * 0.05 + 2.2 * t + Math.abs(noise) * 0.04;
  }

  /** All points of a series, made once and grown by `log`. */
  function seriesOf(runId, metric) {
    const key = `${runId}/${metric}`;
    const known = kept.get(key);
    const found = byId.get(runId);
    if (found === undefined || !metrics.includes(metric)) return null;
    const { run, index } = found;
    const every = kind === 'odd' && index === 4 ? 1000 : 1;
    const length = every === 1 ? run.length : Math.ceil(run.length / every) + 1;
    if (known !== undefined && known.length >= length) return known;
    const capacity = Math.max(16, 2 ** Math.ceil(Math.log2(length)));
    const steps = new Float64Array(capacity);
    const values = new Float64Array(capacity);
    const from = known?.length ?? 0;
    if (known !== undefined) {
      steps.set(known.steps.subarray(0, from));
      values.set(known.values.subarray(0, from));
    }
    for (let i = from; i < length; i += 1) {
      const step = every === 1 ? i + 1 : i * every + 1;
      steps[i] = step;
      values[i] = odd(valueOf(metric, index, step), metric, index, i, length);
    }
    const made = { steps, values, length };
    kept.set(key, made);
    return made;
  }

  function odd(value, metric, index, i, length) {
    if (kind !== 'odd') return value;
    if (metric === 'broken') return [NaN, Infinity, -Infinity][i % 3];
    if (metric === 'one' && i > 0) return NaN;
    if (metric === 'negative') return value - 0.4;
    if (index === 0 && i % 11 === 5) return NaN;
    if (index === 2 && i === Math.floor(length / 2)) return Infinity;
    if (index === 5 && i === Math.floor(length / 3)) return 1e6;
    return value;
  }

  function read({ runId, metric }, pixels, fromStep, toStep) {
    const all = seriesOf(runId, metric);
    if (all === null) return [];
    const from = lowerBound(all.steps, all.length, fromStep);
    const end = lowerBound(all.steps, all.length, toStep + 1e-9);
    const places = thin(all.values, from, end, pixels);
    const { startedAt } = byId.get(runId).run;
    return [
      {
        runId,
        metric,
        count: end - from,
        steps: Float64Array.from(places, (i) => all.steps[i]),
        values: Float64Array.from(places, (i) => all.values[i]),
        timestamps: Float64Array.from(places, (i) => startedAt + all.steps[i] * 1_500),
      },
    ];
  }

  function cell(run, column) {
    if (column.kind === 'attribute') return column.name === 'started' ? run.startedAt : null;
    if (column.kind === 'param') return run.params[column.name] ?? null;
    if (column.kind !== 'metric') return null;
    const { index } = byId.get(run.runId);
    return metrics.includes(column.name) ? valueOf(column.name, index, run.length) : null;
  }

  const answer = async (value) => {
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    return value;
  };
  const host = {
    readSeries: ({ series, pixels, fromStep = -Infinity, toStep = Infinity }) => {
      calls.readSeries += 1;
      calls.series += series.length;
      if (failures-- > 0)
        return Promise.reject(new Error('The tracking server does not answer (ECONNREFUSED).'));
      return answer(series.flatMap((one) => read(one, pixels, fromStep, toStep)));
    },
    readColumns: ({ runIds, columns, limit }) => {
      calls.readColumns += 1;
      const named = runIds === null ? runs : runs.filter((run) => runIds.includes(run.runId));
      const shown = named.slice(0, limit);
      return answer({
        runIds: shown.map((run) => run.runId),
        names: shown.map((run) => run.name),
        states: shown.map((run) => run.state),
        cells: columns.map((column) => shown.map((run) => cell(run, column))),
        runCount: named.length,
      });
    },
    listArtifacts: () => answer({ entries: [], hasMore: false }),
    readArtifact: () => answer({ bytes: null, sizeBytes: 0 }),
    saveFile: (request) => {
      host.saved.push(request);
      return answer(undefined);
    },
    copy: () => answer(undefined),
    addToNote: (request) => {
      host.notes.push(request);
      return answer(undefined);
    },
    openRun: () => answer(undefined),
    saved: [],
    notes: [],
  };
  const columns = [
    ...metrics.map((name) => ({
      column: { kind: 'metric', name, of: 'last' },
      runCount: count,
      differs: true,
      isNumeric: true,
      min: 0,
      max: 1,
    })),
    ...['hidden', 'seed', 'lr'].map((name) => ({
      column: { kind: 'param', name },
      runCount: count,
      differs: name !== 'lr',
      isNumeric: true,
      min: 0,
      max: 64,
    })),
  ];
  return {
    host,
    runs,
    columns,
    calls,
    failNext: (times) => (failures = times),
    /** One more step of a run; returns what changed. */
    log(index, by = 1) {
      const run = runs[index];
      run.length += by;
      return { runId: run.runId, names: metrics };
    },
  };
}

function lowerBound(steps, length, step) {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

function thin(values, from, end, pixels) {
  const length = end - from;
  if (length <= 2 * pixels) return Array.from({ length }, (_, index) => from + index);
  const places = [];
  for (let p = 0; p < pixels; p += 1) {
    const a = from + Math.floor((p * length) / pixels);
    const b = from + Math.floor(((p + 1) * length) / pixels);
    let [low, high] = [a, a];
    for (let i = a; i < b; i += 1) {
      if (values[i] < values[low]) low = i;
      if (values[i] > values[high]) high = i;
    }
    if (low < high) places.push(low, high);
    else if (high < low) places.push(high, low);
    else places.push(low);
  }
  return places;
}
