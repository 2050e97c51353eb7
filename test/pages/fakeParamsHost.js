// Stands in for the window: a script with params of each kind, and runs that tried some of their values.
const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
document.documentElement.classList.add(theme);
document.body.classList.add(
  { dark: 'vscode-dark', light: 'vscode-light', contrast: 'vscode-high-contrast' }[theme],
);
const kind = query.get('case');
const spec = (name, type, defaultValue, more = {}) => ({
  name,
  source: 'argparse',
  route: { via: 'argument' },
  flag: `--${name.replaceAll('_', '-')}`,
  type,
  action: 'store',
  defaultValue,
  choices: null,
  required: false,
  many: false,
  help: null,
  range: { from: 0, to: 0 },
  ...more,
});
let specs = [
  spec('lr', 'float', '0.003', { help: 'learning rate of the optimizer' }),
  spec('hidden', 'int', '64', { help: 'units in the hidden layer' }),
  spec('epochs', 'int', '30'),
  spec('batch_size', 'int', '32'),
  spec('activation', 'str', 'relu', { choices: ['relu', 'tanh', 'logistic'] }),
  spec('augment', 'bool', 'False', { action: 'store_true', help: 'shift and turn the pictures' }),
  spec('seed', 'int', '0'),
];
if (kind === 'many') {
  specs = [
    ...specs,
    ...Array.from({ length: 300 }, (_, i) =>
      spec(`model.layer_${i}.width`, 'int', String(i), {
        source: 'config',
        flag: null,
        route: { via: 'config', file: 'params.yaml', keys: [] },
      }),
    ),
  ];
} else {
  specs.push(
    spec('model.dropout', 'float', '0.1', {
      source: 'config',
      flag: null,
      route: { via: 'config', file: 'params.yaml', keys: ['model', 'dropout'] },
    }),
    spec('DATA', 'str', 'data/train.parquet', {
      source: 'constant',
      flag: null,
      route: { via: 'constant', file: 'train.py', range: { from: 0, to: 0 } },
    }),
  );
}
if (kind === 'empty') specs = [];
let seed = 7;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};
const NAMES = 'brisk-otter keen-stoat calm-finch rapid-tern swift-newt merry-quail quiet-heron'.split(' ');
const runs = [];
for (const lr of ['0.001', '0.003', '0.01'])
  for (const hidden of ['16', '32', '64'])
    for (let s = 0; s < 4; s += 1) {
      const index = runs.length;
      runs.push({
        runId: (index + 1).toString(16).padStart(32, '0'),
        name: NAMES[index % 7] + (index < 7 ? '' : `-${index}`),
        state: index === 1 ? 'running' : index === 4 ? 'failed' : 'finished',
        slot: index < 5 ? index + 1 : null,
        goal:
          index === 4
            ? null
            : 0.955 + (hidden > 16 ? 0.02 : 0) + (lr === '0.003' ? 0.01 : 0) + random() * 0.008,
        durationMs: index === 1 ? null : 30_000 + random() * 15_000,
        cost: '0.012 EUR',
        values: {
          lr,
          hidden,
          epochs: '30',
          batch_size: '32',
          activation: s % 2 ? 'relu' : 'tanh',
          augment: 'False',
          seed: String(s),
          'model.dropout': '0.1',
        },
        isOfScript: true,
      });
    }
runs.sort(() => random() - 0.5);
const best = [...runs].sort((a, b) => (b.goal ?? 0) - (a.goal ?? 0))[0];
const none = {
  problem: null,
  experiment: null,
  goal: null,
  runs: [],
  total: 0,
  lastRunId: null,
  bestRunId: null,
  queue: null,
};
const known =
  kind === 'none' || kind === 'away'
    ? { ...none, state: kind }
    : {
        ...none,
        state: 'known',
        experiment: 'digits',
        goal: { metric: 'val_accuracy', direction: 'maximize', target: 0.98 },
        runs,
        total: 1078,
        lastRunId: runs[0].runId,
        bestRunId: best.runId,
        queue: { slots: 2, slotsInUse: 2, waiting: 0, isPaused: false, gpus: 0 },
      };
const script = {
  name: 'train.py',
  path: 'train.py',
  problem: null,
  specs,
  sources: [...new Set(specs.map((s) => s.source))],
};
const methods = {
  ready: async () => {
    setTimeout(() => send({ kind: 'call', id: 'h1', method: 'setKnown', request: known }), 10);
    return {
      script,
      known: { ...none, state: 'away' },
      from: null,
      kept: null,
      place: { folder: '/f', script: 'train.py' },
    };
  },
  keep: async () => {},
  preview: async ({ values }) => ({
    command: [
      { text: 'python train.py', kind: 'plain' },
      ...specs
        .filter((s) => s.flag && values[s.name] !== undefined)
        .flatMap((s) => [
          { text: s.flag, kind: s.name === 'batch_size' ? 'wrong' : 'changed' },
          {
            text: values[s.name].includes(',') ? '{0..4}' : values[s.name],
            kind: s.name === 'batch_size' ? 'wrong' : 'changed',
          },
        ]),
    ],
    edits: values['model.dropout']
      ? [
          {
            file: 'params.yaml',
            changes: [{ name: 'model.dropout', from: '0.1', to: values['model.dropout'] }],
          },
        ]
      : [],
    accepted: specs.map((_, i) => i),
    problem: null,
  }),
  start: async () => ({ names: ['bold-wren', 'shy-lark'] }),
};
for (const name of ['debug', 'copyCommand', 'openRun', 'openParam', 'openScript', 'connect'])
  methods[name] = async () => {};
function send(message) {
  window.postMessage(message, '*');
}
let state = query.has('values')
  ? {
      values: {
        lr: '0.005',
        hidden: '32',
        batch_size: '32.5',
        seed: '0, 1, 2, 3, 4',
        'model.dropout': '0.2',
        augment: 'True',
      },
      note: 'Is hidden 32 enough at a slightly higher rate?',
    }
  : undefined;
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
  setState: (next) => (state = next),
});
