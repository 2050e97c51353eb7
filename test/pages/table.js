// The runs table alone, filling the page; `window.page` is what tests look at.
import '../../webview/ui/base.css';
import { PLAIN_VIEW } from '../../src/model/savedView';
import { RunsTable } from '../../webview/table/runsTable';
import { fakeRuns } from './fakeRuns';
import { fakeTableHost } from './fakeTableHost';
import './table.css';

const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
const kind = query.get('case') ?? '';
document.documentElement.classList.add(theme);
document.body.classList.add(
  { dark: 'vscode-dark', light: 'vscode-light', contrast: 'vscode-high-contrast' }[theme],
);

const count = kind === 'nothing' ? 0 : Number(query.get('runs') ?? 24);
const runs = fakeRuns({ count, kind, extraColumns: Number(query.get('columns') ?? 0) });
const fake = fakeTableHost(runs, { delayMs: Number(query.get('delay') ?? 0) });
const goal = { metric: 'val_accuracy', direction: 'maximize', target: 0.98 };
const goalColumn = { kind: 'metric', name: 'val_accuracy', of: 'best' };
const byWidth = {
  ...PLAIN_VIEW,
  sort: [{ column: goalColumn, descending: true }],
  groupBy: { kind: 'param', name: 'hidden' },
};
const isPlain = query.has('plain') || query.has('runs') || kind === 'nothing';
fake.state.views = [
  { name: 'By width', definition: byWidth },
  { name: 'Learning rate × seed', definition: { ...PLAIN_VIEW, groupBy: { kind: 'param', name: 'lr' } } },
  { name: 'Failed', definition: { ...PLAIN_VIEW, filter: 'state = failed' } },
];
if (count > 0) {
  [0, 9, 7, 6, 10, 23, 18].forEach((index, n) => fake.state.on.set(runs.id(index), [1, 7, 3, 5, 4, 2, 6][n]));
}

let definition = isPlain ? PLAIN_VIEW : byWidth;
if (query.has('wide')) definition = { ...definition, onlyDiffering: false };
if (query.has('sort')) definition = { ...definition, sort: byWidth.sort };
if (query.has('filter')) definition = { ...definition, filter: query.get('filter') };
let viewName = isPlain ? null : 'By width';
let emphasised = null;
let brush = '';

const view = () => ({
  ...{ folder: '/digits', experimentId: '1', title: 'digits', script: 'train.py', goal },
  ...{ runCount: count, runningCount: 2, difference: null, views: fake.state.views, problem: null },
  best: count === 0 ? null : { runId: runs.id(0), name: 'brisk-otter', slot: 1, value: 0.9916 },
  champion: count < 24 ? null : { runId: runs.id(23), name: 'quiet-heron', slot: 2, value: 0.9554 },
  slots: [...fake.state.on],
});
const show = () => table.update({ view: view(), definition, viewName, brush, emphasised });
const told = { selected: [], showing: null, emphasised: null };
const table = new RunsTable(fake.host, {
  change: (partial) => {
    definition = { ...definition, ...partial };
    show();
  },
  openView: (saved) => {
    viewName = saved?.name ?? null;
    definition = saved?.definition ?? PLAIN_VIEW;
    show();
  },
  viewsChanged: (views, shown) => {
    viewName = shown;
    show();
  },
  emphasise: (runId) => (told.emphasised = runId),
  selected: (runIds) => (told.selected = runIds),
  clearBrush: () => {
    brush = '';
    show();
  },
  showing: (shown) => {
    told.showing = shown;
    told.shownAt ??= performance.now();
  },
});
fake.events.recoloured = () => table.recoloured([...fake.state.on]);
fake.events.changed = () => table.changed({ runs: [], metrics: [], everything: true });
document.body.append(table.element);
window.page = {
  ...{ table, fake, told, runs },
  show,
  definition: () => definition,
  change: (partial) => {
    definition = { ...definition, ...partial };
    show();
  },
  setBrush: (text) => {
    brush = text;
    show();
  },
};
if (kind !== 'late') show();
