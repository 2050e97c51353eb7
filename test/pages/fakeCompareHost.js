// Stands in for the window of the page "Compare Runs": trainings that look real, the first one as the base.
const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
const kind = query.get('case') ?? '';
document.documentElement.classList.add(theme);
document.body.classList.add(
  { dark: 'vscode-dark', light: 'vscode-light', contrast: 'vscode-high-contrast' }[theme],
);

const HOSTILE =
  '<img src=x onerror="document.body.dataset.hacked=1"><script>document.body.dataset.hacked=1</script>';
const START = Date.now() - 7_200_000;
const NAMES = ['quiet-heron', 'brisk-otter', 'rapid-tern', 'amber-lynx', 'keen-stoat', 'swift-newt'];
const WIDE = Array.from({ length: 30 }, (_, n) => `sweep-trial-${n}`);
let names = { two: NAMES.slice(0, 2), wide: [...NAMES, ...WIDE] }[kind] ?? NAMES.slice(0, 4);
if (kind === 'hostile') names = [HOSTILE, `🦦 ${'n'.repeat(490)}`, ...NAMES.slice(0, 2)];

let step = 18;
const VALUES = {
  val_accuracy: [0.9554, 0.9916, 0.9805, 0.9421, 0.9777, 0.9861],
  val_loss: [0.2501, 0.0547, 0.0553, 0.2114, 0.0894, 0.0721],
  train_loss: [0.2018, 0.0203, 0.0311, 0.1902, 0.0477, 0.0402],
  latency_ms: [2.9, 3.1, 2.95, 2.9, 3, 3.2],
  lr: [0.001, 0.003, 0.01, 0.1, 0.003, 0.003],
  tokens_seen: [1_200_000, 1_200_000, 1_200_000, 320_000, 720_000, 1_200_000],
  ...(kind === 'hostile' ? { broken: [NaN, Infinity, -Infinity, 0.1, 1, 2], [HOSTILE]: [1, 2, 3, 4] } : {}),
};
const SYSTEM = {
  'system/cpu_utilization_percentage': [97.2, 96.8, 99.1, 50.3, 97, 96],
  'system/system_memory_usage_megabytes': [214, 288.4, 301, 120, 260, 244],
  'system/disk_usage_megabytes': [0.6, 0.6, 0.7, 0.1, 0.4, 0.6],
};
const LAYERS = ['Linear(64, 64)', 'ReLU()', 'Dropout(p=0.1)', 'Linear(64, 32)', 'ReLU()', 'Linear(32, 10)'];

function metricColumns(index) {
  const all = { ...VALUES, ...SYSTEM };
  if (kind === 'empty') for (const name of Object.keys(all)) delete all[name];
  if (kind === 'foreign') for (const name of Object.keys(SYSTEM)) delete all[name];
  if (kind === 'many') {
    for (let n = 0; n < 10_000; n += 1)
      all[`layer.${n}.gradient_norm`] = [n / 1000, n / 1000 + Math.sin(n + index)];
  }
  if (index % 6 === 3) delete all.latency_ms;
  const entries = Object.entries(all);
  const noise = kind === 'running' && index === 1 ? step / 1000 : 0;
  const column = (make) =>
    Float64Array.from(entries, ([name, values]) => make((values[index % values.length] ?? 0) + noise, name));
  const isLoss = (name) => /loss/.test(name);
  return {
    names: entries.map(([name]) => name),
    last: column((value, name) => (isLoss(name) ? value * 1.02 : value * 0.998)),
    lastStep: column(() => 30),
    min: column((value, name) => (isLoss(name) ? value : value * 0.3)),
    minStep: column(() => 24),
    max: column((value, name) => (isLoss(name) ? value * 9 : value)),
    maxStep: column(() => 27),
    first: column((value) => value * 0.3),
    firstStep: column(() => 1),
    count: column(() => 30),
  };
}

function params(index) {
  if (kind === 'empty') return [];
  const many =
    kind === 'many'
      ? Array.from({ length: 10_000 }, (_, n) => [
          `config.block_${n}.width`,
          String(n % 7 === 0 ? n + index : n),
        ])
      : [];
  return [
    ['lr', ['0.001', '0.003', '1e-2', '0.1', '3e-3', '0.003'][index % 6]],
    ['hidden', ['16', '64', '64', '64', '32', '32'][index % 6]],
    ['seed', String(index % 3)],
    ['epochs', '30'],
    ['batch_size', '32'],
    ['optimizer', index % 6 === 3 ? 'sgd' : 'adam'],
    [
      'model',
      `Sequential(${LAYERS.filter((_, n) => n !== 2 || index % 2 === 1)
        .join(', ')
        .replaceAll('64', index % 6 === 0 ? '16' : '64')})`,
    ],
    ...(index % 6 === 2 ? [['warmup_steps', '200']] : []),
    ...(kind === 'hostile'
      ? [
          [HOSTILE, HOSTILE + index],
          ['p'.repeat(500), 'v'.repeat(500) + index],
          ['empty', index === 0 ? '' : 'x'],
        ]
      : []),
    ...many,
  ];
}

const idOf = (index) => (index + 1).toString(16).padStart(32, '0');
let order = names.map((_, index) => index);

function column(index) {
  const isForeign = kind === 'foreign';
  const state = index % 6 === 3 ? 'failed' : kind === 'running' && index === 1 ? 'running' : 'finished';
  return {
    isChampion: index === 0,
    isBest: index === 1,
    run: {
      runId: idOf(index),
      experimentId: '1',
      experiment: 'digits',
      name: names[index],
      state,
      reason: state === 'failed' ? 'RuntimeError: loss is NaN at epoch 7' : null,
      createdAt: START + index * 300_000,
      startedAt: kind === 'running' && index === 1 ? Date.now() - 18_000 : START + index * 300_000,
      endedAt:
        state === 'running' ? null : START + index * 300_000 + [39, 45, 46, 10, 51, 41][index % 6] * 1000,
      exitCode: state === 'running' ? null : state === 'failed' ? 1 : 0,
      signal: null,
      hasRunner: !isForeign,
      deleted: false,
      slot: index < 5 ? index + 1 : null,
      params: params(index),
      tags: [
        ['mlflow.user', 'me'],
        ['winnow.starred', index === 1 ? 'true' : ''],
        ...(kind === 'empty'
          ? []
          : [
              ['team', 'vision'],
              ['phase', index % 2 === 0 ? 'baseline' : 'wide'],
            ]),
        ...(isForeign
          ? []
          : [
              ['winnow.cost', String(0.01 + index / 200)],
              ['winnow.currency', 'EUR'],
            ]),
        ...(index === 1
          ? [['mlflow.note.content', 'Wider layer, same rate as swift-newt.\nNext: is hidden 32 enough?']]
          : []),
      ],
      metrics: metricColumns(index),
      command: isForeign
        ? null
        : `python train.py --lr ${['0.001', '0.003', '1e-2', '0.1', '3e-3', '0.003'][index % 6]} --hidden 64 --seed ${index % 3}`,
      snapshot: isForeign
        ? null
        : {
            commit: String(index).repeat(40),
            baseCommit: (index < 2 ? 'b' : 'c').repeat(40),
            branch: index < 2 ? 'main' : 'wide-layers',
            leftOutCount: 0,
          },
      hasOutput: !isForeign,
    },
    environment: isForeign
      ? null
      : {
          python: {
            version: index % 6 === 2 ? '3.13.1' : '3.12.7',
            interpreter: '/home/me/digits/.venv/bin/python',
            lockedBy: 'pip freeze',
            packages: [
              ...Array.from({ length: 34 }, (_, n) => `package-${n}==1.0`),
              `numpy==2.${index < 1 ? 3 : 4}.0`,
              `scikit-learn==1.${index < 1 ? 8 : 9}.0`,
              ...(index === 2 ? ['torch==2.9.1'] : []),
            ],
          },
          host: { name: 'pop-os', system: 'Linux 6.12 x64', cpuCount: 2, memoryBytes: 16e9, gpus: [] },
          seeds: { random: String(index % 3), numpy: String(index % 3) },
        },
    inputs:
      isForeign || kind === 'empty'
        ? { datasets: [], models: [], versions: [] }
        : {
            datasets: [
              dataset('data/train.parquet', 'training', index === 2 ? 'f09b8e112c77' : 'a1c4e88b01d2', 1078),
              dataset('data/validation.parquet', null, 'b1d877f01a22', 359),
              ...(index === 1 ? [dataset('data/augmented.parquet', 'training', 'c9981aa0bb11', 4312)] : []),
            ],
            models: [],
            versions: [],
          },
  };
}

function dataset(name, context, digest, rowCount) {
  return { name, digest, context, sourceType: 'local', source: `/home/me/${name}`, problem: null, rowCount };
}

const view = () => ({
  folder: '/home/me/digits',
  runs: order.map(column),
  goal: { metric: 'val_accuracy', direction: 'maximize', target: 0.98 },
  noise: [
    ['val_accuracy', { spread: 0.004, runCount: 10, threshold: 0.012 }],
    ['val_loss', { spread: 0.01, runCount: 10, threshold: 0.03 }],
    ['train_loss', { spread: 0.01, runCount: 10, threshold: 0.03 }],
    ['latency_ms', { spread: 0.2, runCount: 10, threshold: 0.6 }],
  ],
  goneCount: kind === 'gone' ? 2 : 0,
  problem: null,
});

let failures = kind === 'error' ? 1 : 0;
window.calls = [];
const methods = {
  ready: async () => {
    if (failures-- > 0) throw new Error('The tracking server does not answer (ECONNREFUSED).');
    return view();
  },
  setRuns: async ({ runIds }) => {
    order = runIds.map((id) => Number.parseInt(id, 16) - 1);
    return view();
  },
  addRuns: async () => {
    const next = names.findIndex((_, index) => !order.includes(index));
    if (next === -1) return null;
    order = [...order, next];
    return view();
  },
  compareCode: async () =>
    order.slice(1).map((index) => ({
      runId: idOf(index),
      problem: null,
      files: [
        {
          path: kind === 'hostile' ? HOSTILE : 'train.py',
          change: 'modified',
          addedLines: 14 + index,
          deletedLines: 6,
        },
        ...(index % 2 === 1
          ? [{ path: 'features.py', change: 'added', addedLines: 38, deletedLines: 0 }]
          : []),
        ...(index === 2 ? [{ path: 'params.yaml', change: 'deleted', addedLines: 0, deletedLines: 9 }] : []),
      ],
    })),
  readSystemMeans: async () =>
    order.map((index) => ({
      runId: idOf(index),
      names: ['system/cpu_utilization_percentage'],
      means: Float64Array.of([91.5, 93.1, 96, 41, 94, 92.2][index % 6]),
      isRough: false,
    })),
  openCode: async () => {},
  openRun: async () => {},
  showCharts: async () => {},
  copy: async ({ text }) => {
    window.copied = text;
  },
};

let state = JSON.parse(sessionStorage.getItem('compare') ?? 'null');
window.acquireVsCodeApi = () => ({
  getState: () => state,
  setState: (next) => {
    state = next;
    sessionStorage.setItem('compare', JSON.stringify(next));
    return next;
  },
  postMessage: async ({ kind: what, id, method, request }) => {
    if (what !== 'call') return;
    window.calls.push([method, request]);
    try {
      const value = await methods[method](request);
      window.postMessage({ kind: 'answer', id, value }, '*');
    } catch (error) {
      window.postMessage({ kind: 'failed', id, code: 'failed', message: error.message }, '*');
    }
  },
});
if (kind === 'running') {
  setInterval(() => {
    step += 1;
    window.postMessage({ kind: 'call', id: `show-${step}`, method: 'show', request: view() }, '*');
  }, 1_000);
}
