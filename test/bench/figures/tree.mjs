import { atMost, figure } from '../lib/figure.mjs';
import { startFilled } from '../lib/filled.mjs';
import { median } from '../lib/statistics.mjs';
import { treeClient } from '../lib/treeClient.mjs';

const ROUNDS = 20;
const CHOICES = [
  ['tree_best_first_100k', { sort: 'best' }],
  ['tree_filter_100k', { filter: "best.accuracy > 0.9 and params.opt = 'adam'" }],
  ['tree_groups_100k', { grouping: { kind: 'param', name: 'opt' } }],
  ['tree_days_100k', { grouping: { kind: 'day' } }],
];

/**
 * What the Experiments view waits for with 100,000 runs: its first rows (experiments, then the newest 200 runs), the
 * rows below a choice of the person, and what a hover asks. The server has just started for the first of each; the
 * median is of the times after.
 */
export const tree = {
  name: 'tree_first_rows_100k',
  async measure(bench) {
    const count = bench.quick ? 10_000 : 100_000;
    if (bench.quick) bench.note('tree_first_rows_100k is measured with 10,000 runs.');
    const { server } = await startFilled(bench, 'runs', count);
    try {
      const { client, open } = await treeClient(server);
      const rows = [];
      const measure = async (name, work, limit) => {
        const samples = [];
        for (let round = 0; round < ROUNDS; round++) {
          const startedAt = performance.now();
          await work();
          samples.push(performance.now() - startedAt);
        }
        const first = samples.shift();
        rows.push(
          figure({ name, unit: 'ms', value: median(samples), budget: atMost(limit, `≤ ${limit} ms`) }),
          figure({ name: `${name}_cold`, unit: 'ms', value: first }),
        );
      };
      const firstRows = async (choice) => {
        const model = open(choice);
        const [experiment] = await model.roots();
        const list = await model.children(experiment);
        const [group] = list;
        if (group?.kind === 'group') await model.children(group);
        model.dispose();
        if (list.length === 0) throw new Error('The tree had no rows.');
      };
      await measure('tree_first_rows_100k', () => firstRows(), 100);
      for (const [name, choice] of CHOICES) await measure(name, () => firstRows(choice), 150);
      await measure('hover_param_100k', () => client.call('paramUsage', { param: 'opt' }), 20);
      await measure('hover_metric_100k', () => client.call('metricUsage', { metric: 'loss' }), 20);
      return rows;
    } finally {
      await server.close();
    }
  },
};
