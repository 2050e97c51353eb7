// Draws charts with runs that look like a grid over the digits, each with what its kind asks for.
import './kinds.css';
import { chartKinds } from '../../webview/charts/index';
import { readTheme } from '../../webview/charts/theme';
import { artifactsOf } from './fakeArtifacts';

const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
document.documentElement.classList.add(theme);
document.body.classList.add(
  { dark: 'vscode-dark', light: 'vscode-light', contrast: 'vscode-high-contrast' }[theme],
);
const what = query.get('case') ?? 'grid';
const wanted = query.get('kind')?.split(',') ?? null;
const width = Number(query.get('width') ?? 660);

let state = 11;
const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random());
const pick = (list) => list[Math.floor(random() * list.length)];

const NAMES =
  'brisk-otter keen-stoat rapid-tern amber-lynx swift-newt quiet-heron frank-raven calm-finch bold-puffin noble-ibis lucid-wren tidy-marten mild-gecko wry-badger merry-quail plain-crane dusky-vole loyal-shrew stout-hare sunny-civet early-dingo deft-pika gentle-mole vivid-skink'.split(
    ' ',
  );

function makeRuns() {
  const count = { grid: 48, many: 10_000, mid: 2_000, few: 4, empty: 0, hostile: 14, one: 1 }[what] ?? 24;
  return Array.from({ length: count }, (_, index) => {
    const grid = what === 'grid' || what === 'few';
    const lr = grid ? [0.001, 0.003, 0.01, 0.1][index % 4] : 10 ** (-4 + 3 * random());
    const hidden = grid ? [16, 32, 64][Math.floor(index / 4) % 3] : Math.round(2 ** (3 + 4 * random()));
    const seed = grid ? Math.floor(index / 12) : Math.floor(random() * 5);
    const batch = pick([16, 32, 64]);
    const optimizer = index % 5 === 0 ? 'sgd' : 'adam';
    const far = Math.abs(Math.log10(lr) + 2.5);
    const loss = 0.05 + 0.06 * far ** 2 + 1.1 / hidden + Math.abs(normal()) * 0.012;
    const accuracy = Math.min(0.9972, 1 - loss / 5 - (optimizer === 'sgd' ? 0.006 : 0) + normal() * 0.002);
    const hostile = what === 'hostile';
    return {
      runId: (index + 1).toString(16).padStart(32, '0'),
      name:
        hostile && index === 0
          ? '<img src=x onerror="document.title=1">'
          : hostile && index === 1
            ? '🦦'.repeat(250)
            : hostile && index === 6
              ? 'bell\u0007 and \u001b[31mred\ud83d'
              : NAMES[index % 24] + (index < 24 ? '' : `-${index}`),
      state: index % 23 === 3 ? 'failed' : 'finished',
      params: {
        lr: hostile && index === 4 ? null : String(Number(lr.toPrecision(3))),
        hidden: String(hidden),
        batch_size: String(batch),
        optimizer: hostile && index === 2 ? '<b>adam</b>' + "'".repeat(400) : optimizer,
        seed: String(seed),
      },
      metrics: {
        val_accuracy: hostile && index < 3 ? ['NaN', 'Infinity', '-Infinity'][index] : accuracy,
        val_loss: hostile && index === 5 ? null : loss,
      },
      duration: 20_000 + hidden * 800 + random() * 4000,
    };
  });
}

const runs = makeRuns();
const goal = { metric: 'val_accuracy', direction: 'maximize', target: 0.98 };
const cellOf = (run, column) =>
  column.kind === 'metric'
    ? (run.metrics[column.name] ?? null)
    : column.kind === 'param'
      ? (run.params[column.name] ?? null)
      : column.name === 'duration'
        ? run.duration
        : null;
function info(column, isNumeric = true) {
  const values = runs.map((run) => cellOf(run, column)).filter((cell) => cell !== null);
  const numbers = values.map(Number).filter(Number.isFinite);
  return {
    column,
    runCount: values.length,
    differs: new Set(values).size > 1,
    isNumeric,
    min: numbers.length ? Math.min(...numbers.slice(0, 5000)) : null,
    max: numbers.length ? Math.max(...numbers.slice(0, 5000)) : null,
  };
}
const columns =
  runs.length === 0
    ? []
    : [
        info({ kind: 'metric', name: 'val_accuracy', of: 'last' }),
        info({ kind: 'metric', name: 'val_loss', of: 'last' }),
        info({ kind: 'param', name: 'lr' }),
        info({ kind: 'param', name: 'hidden' }),
        info({ kind: 'param', name: 'batch_size' }),
        info({ kind: 'param', name: 'optimizer' }, false),
        info({ kind: 'param', name: 'seed' }),
        info({ kind: 'attribute', name: 'duration' }),
      ];
const order = [...runs].sort((a, b) => Number(b.metrics.val_accuracy) - Number(a.metrics.val_accuracy));
const on = order.filter((_, index) => index % 4 === 0).slice(0, 7);
const artifacts = artifactsOf(on);
const themeNow = readTheme();
const chartRuns = on.map((run, index) => ({
  ...run,
  slot: index + 1,
  experimentId: '1',
  experiment: 'digits',
  reason: null,
  startedAt: 0,
  hasOutput: true,
  metrics: [],
}));

const root = document.createElement('main');
root.className = 'kinds';
document.body.append(root);
window.brushes = [];
window.opened = [];
window.views = {};
window.redraw = [];
// As if the table had been read anew.
window.again = () => window.redraw.forEach((draw) => draw(true));

for (const kind of chartKinds) {
  if (kind.kind === 'lines' || (wanted !== null && !wanted.includes(kind.kind))) continue;
  let spec = kind.propose(`chart-${kind.kind}`, columns, goal);
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  const holder = document.createElement('div');
  holder.className = 'holder';
  figure.append(caption, holder);
  root.append(figure);
  if (spec === null) {
    caption.textContent = `${kind.label}: nothing to propose`;
    continue;
  }
  const extra = JSON.parse(query.get('spec') ?? '{}');
  spec = { ...spec, ...extra };
  let emphasised = null;
  let scheduled = false;
  let table = { spec: null };
  const draw = (isAnew = false) => {
    const wants = kind.wants(spec, board, columns);
    const shown = wants.columns?.of === 'on' ? on : runs;
    if (table.spec !== spec || isAnew) {
      table = {
        spec,
        columns: wants.columns && {
          runIds: shown.map(({ runId }) => runId),
          names: shown.map(({ name }) => name),
          states: shown.map((run) => run.state),
          cells: wants.columns.columns.map((column) => shown.map((run) => cellOf(run, column))),
          runCount: shown.length,
        },
      };
    }
    const started = performance.now();
    view.update({
      spec,
      board,
      goal,
      theme: themeNow,
      runs: chartRuns,
      series: new Map(),
      wanted: wants.columns?.columns ?? [],
      columns: table.columns,
      emphasised,
      championId: order.at(Math.floor(order.length / 2))?.runId ?? null,
      bestRunId: order[0]?.runId ?? null,
    });
    const took = performance.now() - started;
    (window.took ??= {})[kind.kind] = took;
    caption.replaceChildren();
    const title = document.createElement('b');
    title.textContent = spec.title ?? kind.title(spec);
    const summary = document.createElement('span');
    summary.className = 'dim';
    summary.textContent = `  ${view.summary}`;
    caption.append(title, summary);
  };
  const board = { x: { kind: 'step' }, smoothing: 0, joinSeeds: false, ignoreOutliers: false };
  const later = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      draw();
    });
  };
  const view = kind.create({
    invalidate: later,
    emphasise: (runId) => {
      emphasised = runId;
      later();
    },
    openRun: (runId) => window.opened.push(runId),
    change: (change) => {
      spec = { ...spec, ...change };
      later();
    },
    setBrush: (id, clauses) => {
      window.brushes.push([id, clauses]);
      later();
    },
    cursorMoved() {},
    lookAt() {},
    artifacts,
  });
  window.views[kind.kind] = view;
  window.redraw.push(draw);
  const wide = spec.span > 1;
  holder.style.width = `${wide ? width : Math.round(width / 2) - 10}px`;
  holder.style.height = `${Number(query.get('height') ?? 220)}px`;
  holder.append(view.element);
  holder.addEventListener('keydown', (event) => {
    if (view.onKey?.(event)) event.preventDefault();
  });
  draw();
}
