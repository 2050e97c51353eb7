import { askOnce, askSteadily } from '../lib/ask.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { startFilled } from '../lib/filled.mjs';
import { median, percentile } from '../lib/statistics.mjs';

const metric = (name, of = 'last') => ({ kind: 'metric', name, of });
const param = (name) => ({ kind: 'param', name });

/** What the screen shows beside the name. */
const COLUMNS = [
  metric('accuracy', 'best'),
  metric('loss'),
  param('lr'),
  param('opt'),
  param('seed'),
  { kind: 'attribute', name: 'duration' },
  { kind: 'attribute', name: 'started' },
  ...Array.from({ length: 8 }, (_, n) => metric(`m${n + 2}`)),
];

const SORTS = [
  [metric('loss')],
  [metric('accuracy', 'best')],
  [param('lr')],
  [param('lr'), metric('loss')],
  [{ kind: 'name' }],
  [{ kind: 'attribute', name: 'duration' }],
  [metric('m2', 'min')],
  [metric('m3', 'max')],
  [param('p3')],
  [param('p4')],
  [metric('s3_4')],
  [param('p_s5_6')],
];

const FILTERS = [
  "metrics.accuracy > 0.5 and params.opt = 'adam'",
  'metrics.m4 > 0.9',
  'params.lr <= 0.003',
  'otter-99',
  'metrics.loss.best < 0.1 or metrics.m5 > 0.99',
  'params.p_s3_4 < 100',
  'state = finished and not params.opt = sgd',
  'started > 2023-11-15',
  "params.p5 = 'value 17'",
  'metrics.m6.max > 0.5 and metrics.m7.min < 0.5',
  'starred',
  'duration < 1s and params.seed = 3',
];

/**
 * The runs table over 100,000 runs with 20 params and 20 metrics each, of 500 columns in all: what the window waits
 * for at the server, from Node. Every sort and every filter is one that was never asked for before.
 */
export const table100k = {
  name: 'table_100k',
  async measure(bench) {
    if (bench.quick) {
      bench.note('table_100k is left out with --quick: filling the store takes minutes.');
      return [];
    }
    const { experimentId, server: filled, again } = await startFilled(bench, 'table', 100_000);
    let server = filled;
    const query = {
      experimentIds: [experimentId],
      filter: '',
      sort: [],
      groupBy: null,
      folded: [],
      includeArchived: false,
    };
    const table = (changes) => ({ query: { ...query, ...changes }, columns: COLUMNS, from: 0, count: 60 });
    const read = (changes) => askOnce(server, '/api/winnow/table/read', table(changes));
    const filter = { experimentIds: [experimentId], filter: '', includeArchived: false };
    const listColumns = () => askOnce(server, '/api/winnow/table/columns', filter);
    try {
      const first = [];
      for (let round = 0; round < 3; round++) {
        if (round > 0) {
          await server.close();
          server = await again();
        }
        await askOnce(server, '/api/winnow/info', {});
        first.push(await read({}));
      }
      const others = askSteadily(server, '/api/winnow/info', {});
      const sorts = [];
      for (const columns of SORTS) {
        sorts.push(await read({ sort: columns.map((column) => ({ column, descending: true })) }));
      }
      const filters = [];
      for (const text of FILTERS) filters.push(await read({ filter: text }));
      const windows = [];
      for (let from = 0; from < 100_000; from += 5_000) {
        windows.push(await askOnce(server, '/api/winnow/table/read', { ...table({}), from }));
      }
      const groups = await read({
        groupBy: param('lr'),
        sort: [{ column: metric('accuracy'), descending: true }],
      });
      const columns = await listColumns();
      const columnsAgain = await listColumns();
      const waits = await others.end();
      const row = (name, value, budget) =>
        figure({ name, unit: 'ms', value, budget: budget && atMost(budget, `≤ ${budget} ms`) });
      return [
        row('table_first_rows_100k', median(first), 100),
        row('table_window_100k', percentile(windows, 95), 16),
        row('table_sort_100k', median(sorts), 150),
        row('table_sort_100k_p95', percentile(sorts, 95)),
        row('table_filter_100k', median(filters), 150),
        row('table_filter_100k_p95', percentile(filters, 95)),
        row('table_group_100k', groups),
        row('columns_500', columns),
        row('columns_500_again', columnsAgain, 50),
        row('table_others_wait_p99', percentile(waits, 99), 50),
      ];
    } finally {
      await server.close();
    }
  },
};
