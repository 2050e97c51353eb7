// A board of charts alone, filling the page; `window.board` is what tests and benches look at.
import '../../webview/ui/base.css';
import { PLAIN_VIEW } from '../../src/model/savedView';
import { ChartBoard } from '../../webview/charts/board';
import { linesOf } from '../../webview/charts/kinds/lines';
import { fakeBoard } from './fakeBoardHost';
import './board.css';

const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
const kind = query.get('case') ?? '';
document.documentElement.classList.add(theme);
document.body.classList.add(
  { dark: 'vscode-dark', light: 'vscode-light', contrast: 'vscode-high-contrast' }[theme],
);

const PLAIN = ['val_accuracy', 'val_loss', 'loss', 'accuracy', 'lr', 'epoch', 'grad_norm'];
const SYSTEM = ['system/cpu_utilization_percentage', 'system/system_memory_usage_megabytes'];
const METRICS = {
  odd: [...PLAIN, 'broken', 'one', 'negative', '<b onclick=alert(1)>bold</b>', 'm'.repeat(500), '🦊'],
  many: [...PLAIN, ...Array.from({ length: 10_000 }, (_, n) => `layer.${n}.gradient_norm`)],
  speed: Array.from({ length: Number(query.get('charts') ?? 20) }, (_, n) => `metric_${n}`),
};
const metrics = [...(METRICS[kind] ?? PLAIN), ...(kind === 'speed' ? [] : SYSTEM)];
const made = fakeBoard({
  runs: Number(query.get('runs') ?? 9),
  points: Number(query.get('points') ?? (kind === 'odd' ? 3_000 : 30)),
  metrics,
  kind,
  delayMs: Number(query.get('delay') ?? 0),
});
if (kind === 'error') made.failNext(1);

let definition = {
  ...PLAIN_VIEW,
  charts: kind === 'speed' ? metrics.map((name) => linesOf(name, name)) : kind === 'empty' ? [] : null,
  board: {
    ...PLAIN_VIEW.board,
    x: { kind: query.get('x') ?? 'step' },
    smoothing: Number(query.get('smoothing') ?? 0),
    joinSeeds: query.has('seeds'),
    ignoreOutliers: query.has('outliers'),
  },
};
let emphasised = null;
const on = Number(query.get('on') ?? made.runs.length);
const best = { runId: made.runs[0]?.runId, name: made.runs[0]?.name, slot: 1, value: 0.99 };
const view = {
  folder: '/work/digits',
  experimentId: '1',
  title: 'digits',
  script: 'train.py',
  goal: { metric: 'val_accuracy', direction: 'maximize', target: 0.98 },
  runCount: made.runs.length,
  runningCount: 1,
  best: kind === 'speed' ? null : best,
  champion: made.runs[5] === undefined ? null : { ...best, runId: made.runs[5].runId },
  difference: null,
  slots: made.runs.slice(0, on).map((run, index) => [run.runId, index + 1]),
  views: [],
  problem: null,
};
const tableQuery = {
  experimentIds: ['1'],
  filter: '',
  sort: [],
  groupBy: null,
  folded: [],
  includeArchived: false,
};

function update() {
  board.update({ view, definition, query: tableQuery, columns: made.columns, emphasised });
}
const brushes = [];
const board = new ChartBoard(made.host, {
  change(partial) {
    definition = { ...definition, ...partial };
    update();
  },
  setBrush: (clauses) => brushes.push(clauses),
  emphasise(runId) {
    emphasised = runId;
    update();
  },
});
window.board = {
  board,
  show: update,
  /** Makes all points, so that what follows is reading and drawing. */
  warm: () => {
    const series = made.runs.flatMap(({ runId }) => metrics.map((metric) => ({ runId, metric })));
    return made.host.readSeries({ series, pixels: 1 });
  },
  made,
  brushes,
  definition: () => definition,
  change(partial) {
    definition = { ...definition, ...partial };
    update();
  },
  log: (index, by) => board.pointsChanged([made.log(index, by)]),
};
const main = document.createElement('main');
main.append(board.element);
document.body.append(main);
// A bench says itself when.
if (!query.has('late')) update();
