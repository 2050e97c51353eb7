// Stands in for the window: a page's calls are answered with curves that look like training, some of them live.
const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
document.documentElement.classList.add(theme);
document.body.classList.add(
  { dark: 'vscode-dark', light: 'vscode-light', contrast: 'vscode-high-contrast' }[theme],
);

const NAMES =
  'brisk-otter keen-stoat rapid-tern amber-lynx swift-newt quiet-heron frank-raven calm-finch bold-puffin noble-ibis lucid-wren tidy-marten mild-gecko wry-badger merry-quail plain-crane dusky-vole loyal-shrew stout-hare sunny-civet early-dingo deft-pika gentle-mole vivid-skink'.split(
    ' ',
  );
const STATES = { 1: 'running', 3: 'failed' };
const EPOCHS = Number(query.get('epochs') ?? 30);
const LOSSES = ['loss', 'val_loss'];
const METRICS = ['val_accuracy', ...LOSSES, 'accuracy', 'lr', 'grad_norm'];
const SYSTEM = ['system/cpu_utilization_percentage', 'system/system_memory_usage_megabytes'];
const START = Date.now() - 60_000;

let seed = 7;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};

function curve(metric, run, length) {
  const rate = 0.12 + 0.3 * Math.abs(Math.sin(run * 1.7 + 1));
  const end = 0.96 + 0.032 * Math.abs(Math.cos(run * 2.3));
  return Array.from({ length }, (_, i) => {
    const noise = (random() - 0.5) * 0.012;
    const t = Math.exp((-rate * i * 30) / EPOCHS);
    if (metric.endsWith('accuracy')) return Math.min(0.9972, end - (end - 0.55 - 0.03 * run) * t + noise);
    if (LOSSES.includes(metric)) return 0.04 + (1 - end) + 2.2 * t + Math.abs(noise);
    if (metric === 'lr') return 0.01 * 0.95 ** ((i * 30) / EPOCHS);
    if (metric === 'grad_norm') return i === 8 && run === 1 ? NaN : 0.4 + t * 3 + noise * 20;
    if (metric.includes('cpu')) return 80 + 15 * Math.sin(i + run) + noise * 100;
    return 310 + 40 * (1 - t) + run;
  });
}

const count = Number(query.get('runs') ?? 7);
const kind = query.get('case');
const runs = Array.from({ length: count }, (_, index) => ({
  runId: (index + 1).toString(16).padStart(32, '0'),
  experimentId: '1',
  experiment: 'digits',
  name: NAMES[index % NAMES.length] + (index < NAMES.length ? '' : `-${index}`),
  state: kind === 'waiting' ? 'running' : (STATES[index] ?? 'finished'),
  reason: null,
  startedAt: START,
  hasOutput: true,
  slot: index + 1,
  metrics: kind === 'waiting' ? [] : [...METRICS, ...SYSTEM].sort(),
}));
const lengths = new Map(
  runs.map((run) => [run.runId, Math.round(EPOCHS * ({ running: 0.6, failed: 0.23 }[run.state] ?? 1))]),
);
const data = new Map();
function valuesOf(runId, metric) {
  const key = `${runId}/${metric}`;
  if (!data.has(key)) {
    const index = runs.findIndex((run) => run.runId === runId);
    data.set(key, curve(metric, index, EPOCHS));
  }
  return data.get(key).slice(0, lengths.get(runId));
}
function thin(values, pixels) {
  if (values.length <= 2 * pixels) return values.map((_, index) => index);
  const kept = [];
  const bucket = values.length / pixels;
  for (let p = 0; p < pixels; p += 1) {
    const [from, to] = [Math.floor(p * bucket), Math.floor((p + 1) * bucket)];
    let [low, high] = [from, from];
    for (let i = from; i < to; i += 1) {
      if (values[i] < values[low]) low = i;
      if (values[i] > values[high]) high = i;
    }
    kept.push(...[...new Set([low, high])].sort((a, b) => a - b));
  }
  return kept;
}

let errors = kind === 'error' ? 1 : 0;
const methods = {
  ready: async () => ({
    title: 'digits',
    goal: { metric: 'val_accuracy', direction: 'maximize', target: 0.98 },
    runs,
    problem: null,
  }),
  readSeries: async ({ series, pixels, fromStep = 1, toStep = Infinity }) => {
    if (errors-- > 0) throw new Error('The tracking server does not answer (ECONNREFUSED).');
    return series.map(({ runId, metric }) => {
      const values = valuesOf(runId, metric);
      const inRange = values.slice(Math.max(1, fromStep) - 1, toStep);
      const kept = thin(inRange, pixels).map((index) => index + Math.max(0, fromStep - 1));
      return {
        runId,
        metric,
        count: inRange.length,
        steps: Float64Array.from(kept, (index) => index + 1),
        values: Float64Array.from(kept, (index) => values[index]),
        timestamps: Float64Array.from(kept, (index) => START + ((index + 1) * 45_000) / EPOCHS),
      };
    });
  },
  countOutputLines: async () => 128,
  openRun: async () => {},
  showOutput: async () => {},
  turnOff: async () => {},
  chooseRuns: async () => {},
  saveFile: async ({ name, bytes }) => {
    (window.saved ??= []).push({ name, text: new TextDecoder().decode(bytes) });
  },
  addToNote: async ({ runId, markdown, picture }) => {
    (window.noted ??= []).push({ runId, markdown, picture: picture?.name });
  },
};

function send(message) {
  window.postMessage(message, '*');
}
let state = JSON.parse(sessionStorage.getItem('state') ?? 'null');
window.acquireVsCodeApi = () => ({
  postMessage: async ({ kind: what, id, method, request }) => {
    if (what !== 'call') return;
    try {
      send({ kind: 'answer', id, value: await methods[method](request) });
    } catch (error) {
      send({ kind: 'failed', id, code: 'failed', message: error.message });
    }
  },
  getState: () => state,
  setState: (next) => sessionStorage.setItem('state', JSON.stringify((state = next))),
});

/** One more epoch of the runs that live; returns the step that was logged. */
window.logStep = () => {
  const live = runs.filter((run) => run.state === 'running');
  for (const run of live) lengths.set(run.runId, lengths.get(run.runId) + 1);
  send({
    kind: 'call',
    id: `host-${performance.now()}`,
    method: 'pointsChanged',
    request: live.map((run) => ({ runId: run.runId, names: run.metrics })),
  });
  return lengths.get(live[0]?.runId);
};
