import { askInTurn } from '../lib/ask.mjs';
import { atMost, figure, times } from '../lib/figure.mjs';
import { compareFilled, startFilled } from '../lib/filled.mjs';
import { fillPeerRuns } from '../lib/fillPeer.mjs';
import { median } from '../lib/statistics.mjs';

const WAYS = [
  { suffix: '', way: 'filter', filter: "metrics.accuracy > 0.5 and params.opt = 'adam'" },
  { suffix: '_order', way: 'order', filter: '' },
];

/**
 * What a search for the best 100 of so many runs (10 metrics and 10 params each) costs a script, with a filter and by
 * an order alone; and what it takes the server, asked from Node.
 */
const search = (name, count, { felt, server, hasPeer, rounds, size }) => ({
  name,
  async measure(bench) {
    if (bench.quick && count > 10_000) {
      bench.note(`${name} is left out with --quick: filling the store takes most of a minute.`);
      return [];
    }
    const { experimentId, server: winnow } = await startFilled(bench, 'runs', count);
    try {
      const peer = hasPeer ? await bench.attempt('peer', () => filledPeer(bench, count)) : null;
      if (!hasPeer)
        bench.note(`${name} has no peer: MLflow takes longer for one such search than the figure.`);
      const rows = [];
      for (const { suffix, way, filter } of WAYS) {
        const samples = await compareFilled(
          bench,
          'search.py',
          {
            winnow,
            args: [experimentId, way],
            peer: peer && { target: peer.target, args: [peer.experimentId, way] },
          },
          { rounds: bench.quick ? 2 : rounds, size },
        );
        const [value, floor, other] = ['winnow', 'floor', 'peer'].map((which) =>
          samples[which] === null ? null : median(samples[which]) * 1000,
        );
        const budget = atMost(times(felt, floor), `≤ ${felt} x floor`);
        rows.push(figure({ name: `${name}${suffix}`, unit: 'ms', value, floor, peer: other, budget }));
        const body = {
          experiment_ids: [experimentId],
          filter,
          order_by: ['metrics.loss ASC'],
          max_results: 100,
        };
        const asked = await askInTurn(winnow, '/api/2.0/mlflow/runs/search', body, bench.quick ? 20 : 200);
        rows.push(
          figure({
            name: `${name}${suffix}_server`,
            unit: 'ms',
            value: median(asked),
            budget: atMost(server, `≤ ${server} ms`),
          }),
        );
      }
      return rows;
    } finally {
      await winnow.close();
    }
  },
});

async function filledPeer(bench, count) {
  const target = await bench.target('peer');
  return { target, experimentId: await fillPeerRuns(target, count) };
}

export const search1k = search('search_1k', 1_000, {
  felt: 1.3,
  server: 5,
  hasPeer: true,
  rounds: 20,
  size: 3,
});
export const search10k = search('search_10k', 10_000, {
  felt: 1.5,
  server: 10,
  hasPeer: true,
  rounds: 8,
  size: 1, // The peer takes seconds for each.
});
export const search100k = search('search_100k', 100_000, {
  felt: 2.5,
  server: 30,
  hasPeer: false,
  rounds: 20,
  size: 3,
});
