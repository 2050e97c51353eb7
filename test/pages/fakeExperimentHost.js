// Stands in for the window of an experiment's page: answers its calls from runs that look like training.
import { PLAIN_VIEW } from '../../src/model/savedView';
import { fakeRuns, chance } from './fakeRuns';
import { fakeTableHost } from './fakeTableHost';

const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
const kind = query.get('case') ?? '';
document.documentElement.classList.add(theme === 'contrast-light' ? 'contrast' : theme);
document.body.classList.add(
  {
    dark: 'vscode-dark',
    light: 'vscode-light',
    contrast: 'vscode-high-contrast',
    'contrast-light': 'vscode-high-contrast-light',
  }[theme],
);

const count = kind === 'empty' ? 0 : Number(query.get('runs') ?? 24);
const runs = fakeRuns({ count, kind });
const fake = fakeTableHost(runs, { delayMs: Number(query.get('delay') ?? 0) });
const EPOCHS = 30;
const goalColumn = { kind: 'metric', name: 'val_accuracy', of: 'best' };
const byWidth = {
  ...PLAIN_VIEW,
  sort: [{ column: goalColumn, descending: true }],
  groupBy: { kind: 'param', name: 'hidden' },
  board: { ...PLAIN_VIEW.board, smoothing: 0.6 },
};
fake.state.views = [
  { name: 'By width', definition: byWidth },
  { name: 'Failed', definition: { ...PLAIN_VIEW, filter: 'state = failed' } },
  {
    name: 'Learning rate × seed',
    definition: { ...PLAIN_VIEW, groupBy: { kind: 'param', name: 'lr' } },
    shared: true,
  },
];
if (count >= 24) {
  [0, 9, 7, 6, 10, 23, 18].forEach((index, n) => fake.state.on.set(runs.id(index), [1, 7, 3, 5, 4, 2, 6][n]));
} else if (count > 0) fake.state.on.set(runs.id(0), 1);

const difference = {
  '': { difference: 0.0288, interval: { low: 0.0181, high: 0.0395 }, verdict: 'better' },
  worse: { difference: -0.0288, interval: { low: -0.0395, high: -0.0181 }, verdict: 'worse' },
  within: { difference: 0.0088, interval: { low: -0.0081, high: 0.0257 }, verdict: 'within' },
  unknown: { difference: 0.0288, interval: null, verdict: 'unknown' },
};
const view = () => ({
  ...{
    folder: '/digits',
    experimentId: '1',
    title: kind === 'hostile' ? '<b>digits</b>'.repeat(40) : 'digits',
  },
  ...{ script: 'train.py', runCount: count, runningCount: count === 0 ? 0 : 2, problem: null },
  goal: kind === 'new' ? null : { metric: 'val_accuracy', direction: 'maximize', target: 0.98 },
  best: count === 0 ? null : { runId: runs.id(0), name: runs.name(0), slot: 1, value: 0.9916 },
  champion: count < 24 ? null : { runId: runs.id(23), name: runs.name(23), slot: 2, value: 0.9554 },
  difference:
    count < 24
      ? null
      : { ...(difference[kind] ?? difference['']), seedCount: 3, championSeedCount: 3, chosenFrom: 8 },
  slots: [...fake.state.on],
  views: fake.state.views,
});

function points(runId, metric) {
  const run = runs.indexOf(runId);
  const state = runs.value(run, { kind: 'attribute', name: 'state' });
  const length = { queued: 0, failed: 7, running: 18, stopped: 11 }[state] ?? EPOCHS;
  const end = Number(runs.value(run, { kind: 'metric', name: 'val_accuracy', of: 'best' }) ?? 0);
  const steps = Float64Array.from({ length }, (_, i) => i + 1);
  const values = steps.map((step) => {
    const t = Math.exp(-(0.12 + 0.3 * chance(run, 5)) * step);
    const noise = (chance(run * 31 + step, 9) - 0.5) * 0.01;
    return metric.includes('loss')
      ? 0.05 + 2.2 * t + Math.abs(noise)
      : Math.min(1, end - 0.4 * t + noise - 0.004);
  });
  return { runId, metric, count: length, steps, values, timestamps: steps.map((step) => 1e12 + step * 1500) };
}

const own = {
  ready: () => ({
    view: view(),
    remembered: kind === 'new' ? null : { definition: byWidth, view: 'By width', split: null },
  }),
  readColumns: ({ query: asked, runIds, columns, limit }) => {
    const indexes = (runIds ?? fake.methods.listRunIds({ query: asked, limit }).runIds).map(runs.indexOf);
    return {
      runIds: indexes.map(runs.id),
      names: indexes.map(runs.name),
      states: indexes.map((index) => runs.value(index, { kind: 'attribute', name: 'state' })),
      cells: columns.map((column) => indexes.map((index) => runs.value(index, column))),
      runCount: indexes.length,
    };
  },
  readSeries: ({ series }) => series.map(({ runId, metric }) => points(runId, metric)),
  listArtifacts: () => ({ entries: [], hasMore: false }),
  readArtifact: () => ({ bytes: null, sizeBytes: 0 }),
};

const send = (message) => window.dispatchEvent(new MessageEvent('message', { data: message }));
let told = 0;
/** Calls the page as the window does. */
const tell = (method, request) => send({ kind: 'call', id: `host-${(told += 1)}`, method, request });
fake.events.recoloured = () => tell('recoloured', { slots: [...fake.state.on] });
fake.events.changed = () => tell('changed', { runs: [], metrics: [], everything: true });

globalThis.acquireVsCodeApi = () => ({
  async postMessage(message) {
    if (message.kind !== 'call') return;
    const { id, method, request } = message;
    try {
      if (kind === 'away' && method === 'ready') throw new Error('The tracking server does not answer.');
      if (fake.host[method] === undefined) fake.calls.push({ method, request });
      const answer = await (own[method] ?? fake.host[method])?.(request);
      // As VS Code sends it: JSON with typed arrays beside it.
      setTimeout(() => send({ kind: 'answer', id, value: answer ?? null }));
    } catch (error) {
      setTimeout(() => send({ kind: 'failed', id, code: 'failed', message: error.message }));
    }
  },
  getState: () => undefined,
  setState: (state) => (globalThis.page.remembered = state),
});
globalThis.page = { fake, runs, tell, view, remembered: null };
