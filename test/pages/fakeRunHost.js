// Stands in for the window of a run's page: a run that looks like training, beside a champion.
const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
const kind = query.get('case') ?? '';
document.documentElement.classList.add(theme);
document.body.classList.add(
  { dark: 'vscode-dark', light: 'vscode-light', contrast: 'vscode-high-contrast' }[theme],
);

const EPOCHS = 30;
const START = Date.now() - 45_000;
const HOSTILE =
  '<img src=x onerror="document.body.dataset.hacked=1"><script>document.body.dataset.hacked=1</script>';
const hostile = (text) => (kind === 'hostile' ? `${HOSTILE}${text}` : text);
let live = kind === 'running' ? 18 : EPOCHS;

const VALUES = {
  val_accuracy: (i, own) => (own ? 0.9916 - 0.13 * Math.exp(-0.5 * i) : 0.9554 - 0.6 * Math.exp(-0.13 * i)),
  val_loss: (i, own) => (own ? 0.0547 + 1.1 * Math.exp(-0.4 * i) : 0.2501 + 1.9 * Math.exp(-0.16 * i)),
  train_loss: (i, own) => (own ? 0.0203 + 1.3 * Math.exp(-0.45 * i) : 0.2018 + 2 * Math.exp(-0.16 * i)),
  latency_ms: (i, own) => (own ? 3.1 : 2.9) + 0.2 * Math.sin(i * 3),
  lr: (i) => 0.003 * 0.98 ** i,
  broken: (i) => [NaN, Infinity, -Infinity][i % 3],
};
const SYSTEM = {
  'system/cpu_utilization_percentage': (i) => 97 + 4 * Math.sin(i * 2),
  'system/system_memory_usage_megabytes': (i) => Math.min(214, 120 + i * 12),
  'system/disk_usage_megabytes': (i) => 0.02 * i,
};
const many = Object.fromEntries(
  Array.from({ length: 10_000 }, (_, n) => [`layer.${n}.gradient_norm`, (i) => n / 1000 + Math.sin(i + n)]),
);
const long = { ['m'.repeat(500)]: (i) => i };
const metrics =
  kind === 'empty'
    ? {}
    : {
        ...VALUES,
        ...(kind === 'foreign' ? {} : SYSTEM),
        ...(kind === 'many' ? many : {}),
        ...(kind === 'hostile' ? { [HOSTILE]: (i) => i, ...long } : {}),
      };

function columns(own) {
  const names = Object.keys(metrics).filter((name) => own || !name.startsWith('system/'));
  const count = own ? live : EPOCHS;
  const all = names.map((name) => Array.from({ length: count }, (_, i) => metrics[name](i, own)));
  const finite = all.map((values) => values.filter((value) => !Number.isNaN(value)));
  const min = finite.map((values) => Math.min(...values));
  const max = finite.map((values) => Math.max(...values));
  const at = (values, value) => values.indexOf(value) + 1;
  return {
    names,
    last: Float64Array.from(all, (values) => values.at(-1)),
    lastStep: Float64Array.from(all, () => count),
    min: Float64Array.from(min),
    minStep: Float64Array.from(all, (values, n) => at(values, min[n])),
    max: Float64Array.from(max),
    maxStep: Float64Array.from(all, (values, n) => at(values, max[n])),
    first: Float64Array.from(all, (values) => values[0]),
    firstStep: Float64Array.from(all, () => 1),
    count: Float64Array.from(all, () => count),
  };
}

let note =
  kind === 'hostile'
    ? `${HOSTILE} [a](javascript:alert(1)) [b](command:winnow.purge) ![c](http://127.0.0.1:1/x.png)`
    : 'Wider layer, same rate as [swift-newt](https://example.com). Gains come before epoch 12; the rest only sharpens val_loss. **Next:** is hidden 32 enough?';
let starred = true;
let compareWith = 'champion';
let environment = {
  python: {
    version: '3.12.7',
    interpreter: '/home/me/digits/.venv/bin/python',
    lockedBy: 'pip freeze',
    packages: Array.from({ length: 34 }, (_, n) => `package-${n}==1.0`),
  },
  host: {
    name: 'pop-os',
    system: 'Linux 6.12 x64',
    cpuCount: 2,
    memoryBytes: 16e9,
    gpus: [],
  },
  seeds: { random: '1', numpy: '1' },
};

function run(own) {
  const isForeign = kind === 'foreign';
  const name = own ? hostile(kind === 'many' ? 'n'.repeat(250) : 'brisk-otter') : 'quiet-heron';
  const state = { running: 'running', lost: 'lost', empty: 'failed' }[kind] ?? 'finished';
  return {
    runId: (own ? '1' : '2').padStart(32, '0'),
    experimentId: '1',
    experiment: 'digits',
    name,
    state: own ? state : 'finished',
    reason:
      own && kind === 'lost'
        ? 'The machine was started again at 09:41: nobody saw how the process ended.'
        : null,
    createdAt: START,
    startedAt: START,
    endedAt: own && state === 'running' ? null : START + 45_000,
    exitCode: own ? ({ running: null, lost: null, empty: 1 }[kind] ?? (isForeign ? null : 0)) : 0,
    signal: null,
    hasRunner: !isForeign,
    deleted: kind === 'deleted',
    slot: own ? 1 : 2,
    params: Object.entries({
      lr: own ? '0.003' : '0.001',
      hidden: own ? '64' : '16',
      seed: own ? '1' : '0',
      epochs: '30',
      batch_size: '32',
      ...(kind === 'hostile'
        ? { [HOSTILE]: HOSTILE, __proto__x: 'y', ['p'.repeat(500)]: 'v'.repeat(500) }
        : {}),
    }),
    tags: [
      ['mlflow.note.content', note],
      ['winnow.starred', starred ? 'true' : ''],
      ...(isForeign
        ? []
        : [
            ['winnow.cost', '0.02'],
            ['winnow.currency', 'EUR'],
            ['winnow.energyWh', '0.31'],
          ]),
    ],
    metrics: columns(own),
    command: isForeign ? null : hostile('python train.py --lr 0.003 --hidden 64 --seed 1'),
    snapshot: isForeign
      ? null
      : {
          commit: own ? '8c1d2e7'.padEnd(40, '0') : 'a'.repeat(40),
          baseCommit: 'b'.repeat(40),
          branch: 'main',
          leftOutCount: 1,
        },
    hasOutput: !isForeign,
  };
}

const attempt = (number) => ({
  attemptId: String(number).padStart(32, '0'),
  number,
  command: null,
  snapshot: null,
  resumedFrom: number === 2 ? 'checkpoints/epoch-12.pt' : null,
  startedAt: START - (2 - number) * 100_000,
  endedAt: START - (2 - number) * 60_000 + 40_000,
  state: number === 2 || kind !== 'resumed' ? 'finished' : 'stopped',
  exitCode: 0,
  signal: null,
  reason: null,
});

function view() {
  const hasOther = compareWith !== 'none' && kind !== 'alone';
  return {
    folder: '/home/me/digits',
    run: run(true),
    goal: { metric: 'val_accuracy', direction: 'maximize', target: 0.98 },
    rank: kind === 'empty' ? null : { place: 1, of: 24 },
    isChampion: false,
    attempts: kind === 'foreign' ? [] : kind === 'resumed' ? [attempt(1), attempt(2)] : [attempt(1)],
    other: hasOther ? { run: run(false), isChampion: true } : null,
    noise: [
      ['val_accuracy', { spread: 0.004, runCount: 10, threshold: 0.012 }],
      ['val_loss', { spread: 0.01, runCount: 10, threshold: 0.03 }],
      ['train_loss', { spread: 0.01, runCount: 10, threshold: 0.03 }],
      ['latency_ms', { spread: 0.2, runCount: 10, threshold: 0.6 }],
    ],
    inputs: {
      datasets:
        kind === 'foreign' || kind === 'empty'
          ? []
          : [
              {
                name: hostile('data/train.parquet'),
                digest: 'a1',
                context: 'training',
                sourceType: 'local',
                source: '/d/train.parquet',
                problem: null,
                rowCount: 1078,
              },
              {
                name: 'data/validation.parquet',
                digest: 'b1',
                context: null,
                sourceType: 'local',
                source: null,
                problem: null,
                rowCount: 359,
              },
            ],
      models:
        kind === 'empty'
          ? []
          : [{ modelId: 'm-1', name: 'classifier', direction: 'output', status: 'READY' }],
      versions: kind === 'empty' ? [] : [{ name: 'digits', version: 3, aliases: ['champion'] }],
    },
    otherInputs: hasOther
      ? {
          datasets: [
            {
              name: 'data/train.parquet',
              digest: 'a1',
              context: 'training',
              sourceType: 'local',
              source: null,
              problem: null,
              rowCount: 1078,
            },
            {
              name: 'data/validation.parquet',
              digest: 'other',
              context: null,
              sourceType: 'local',
              source: null,
              problem: null,
              rowCount: 359,
            },
            {
              name: 'data/holdout.parquet',
              digest: 'c',
              context: null,
              sourceType: 'local',
              source: null,
              problem: null,
              rowCount: 360,
            },
          ],
          models: [],
          versions: [],
        }
      : null,
    environment: kind === 'foreign' ? null : environment,
    packageDifferences:
      hasOther && kind !== 'foreign'
        ? [
            { name: 'scikit-learn', own: '1.9.1', other: '1.8.0' },
            { name: 'numpy', own: '2.4.0', other: '2.3.4' },
          ]
        : [],
    packagesCompared: hasOther && kind !== 'foreign',
    champion: { runId: '2'.padStart(32, '0'), name: 'quiet-heron' },
    problem: null,
  };
}

const PIXEL =
  'data:image/svg+xml;base64,' +
  btoa(
    '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="150"><rect width="240" height="150" fill="#246"/><circle cx="120" cy="75" r="50" fill="#9cf"/></svg>',
  );
const span = (text, colour = null) => ({ text, colour, isBold: false, isDim: false });
const FILES = {
  '': [
    { name: 'confusion.png', isFolder: false, sizeBytes: 24_000 },
    { name: 'model', isFolder: true, sizeBytes: 0 },
    { name: hostile('report.html'), isFolder: false, sizeBytes: 2_100 },
    { name: 'report.json', isFolder: false, sizeBytes: 2_100 },
  ],
  model: [
    { name: 'MLmodel', isFolder: false, sizeBytes: 612 },
    { name: 'model.pkl', isFolder: false, sizeBytes: 41_000 },
    { name: 'requirements.txt', isFolder: false, sizeBytes: 118 },
  ],
};
let failures = kind === 'error' ? 1 : 0;
const methods = {
  ready: async (request) => {
    if (failures-- > 0) throw new Error('The tracking server does not answer (ECONNREFUSED).');
    compareWith = request.compareWith;
    return view();
  },
  chooseOther: async () => (compareWith === 'none' ? 'champion' : 'none'),
  compareWith: async (request) => {
    compareWith = request.compareWith;
    show();
  },
  readSeries: async ({ series, pixels }) =>
    series.map(({ runId, metric }) => {
      const own = runId.endsWith('1');
      const count = own ? live : EPOCHS;
      window.asked = (window.asked ?? 0) + 1;
      const make = metrics[metric] ?? (() => 0);
      void pixels;
      return {
        runId,
        metric,
        count,
        steps: Float64Array.from({ length: count }, (_, i) => i + 1),
        values: Float64Array.from({ length: count }, (_, i) => make(i, own)),
        timestamps: Float64Array.from({ length: count }, (_, i) => START + ((i + 1) * 45_000) / EPOCHS),
      };
    }),
  readOutput: async () =>
    kind === 'empty'
      ? { lines: [], sizeBytes: 0 }
      : {
          sizeBytes: 2_134 + live,
          lines: [
            ...Array.from({ length: 8 }, (_, i) => [
              span(`epoch ${live - 7 + i}  val_loss 0.05${60 - i}  val_accuracy 0.99${10 + i}`),
            ]),
            [span('ConvergenceWarning: maximum iterations reached, not converged yet', 3)],
            [span(hostile('saving model'))],
            [span('done', 2), span(': model 4,810 weights, 41 kB')],
          ],
        },
  compareCode: async () =>
    kind === 'empty'
      ? []
      : [
          { path: hostile('train.py'), change: 'modified', addedLines: 14, deletedLines: 6 },
          { path: 'params.yaml', change: 'modified', addedLines: 2, deletedLines: 2 },
          { path: 'features.py', change: 'added', addedLines: 38, deletedLines: 0 },
        ],
  openCode: async () => {},
  listArtifacts: async ({ folder }) => ({
    entries: kind === 'empty' ? [] : (FILES[folder] ?? []),
    hasMore: false,
    flavours: folder === 'model' ? ['scikit-learn'] : null,
  }),
  previewArtifact: async ({ path }) => {
    if (path.endsWith('png')) return { kind: 'image', source: PIXEL, sizeBytes: 24_000 };
    if (path.endsWith('json')) {
      return {
        kind: 'table',
        rows: [
          ['label', 'precision', 'recall'],
          ['0', '0.99', '1'],
          [hostile('1'), '0.97', '0.98'],
        ],
        isWhole: true,
        sizeBytes: 2_100,
      };
    }
    return { kind: 'text', text: hostile('flavors:\n  sklearn:\n'), isWhole: true, sizeBytes: 612 };
  },
  openArtifact: async () => {},
  saveNote: async (request) => {
    note = request.note;
    show();
  },
  setStar: async (request) => {
    starred = request.starred;
    show();
  },
  openRun: async () => {},
  act: async ({ action }) => {
    (window.acted ??= []).push(action);
  },
  copy: async () => {},
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
function show() {
  send({ kind: 'call', id: `host-${performance.now()}`, method: 'show', request: view() });
}
let state = JSON.parse(sessionStorage.getItem('run-state') ?? 'null');
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
  setState: (next) => sessionStorage.setItem('run-state', JSON.stringify((state = next))),
});

/** One more epoch of a run that lives. */
window.logStep = () => {
  live += 1;
  show();
  send({
    kind: 'call',
    id: `host-${performance.now()}`,
    method: 'pointsChanged',
    request: { runId: '1'.padStart(32, '0'), names: Object.keys(metrics) },
  });
};
/** The server goes away, or comes back with null. */
window.sayTrouble = (problem) =>
  send({ kind: 'call', id: `host-${performance.now()}`, method: 'trouble', request: { problem } });
