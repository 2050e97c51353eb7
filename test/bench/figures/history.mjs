import { atMost, figure, times } from '../lib/figure.mjs';
import { compareFilled, startFilled } from '../lib/filled.mjs';
import { fillPeerPoints } from '../lib/fillPeer.mjs';
import { median } from '../lib/statistics.mjs';

/** What reading all points of a metric costs a script: `MlflowClient.get_metric_history`, 25,000 points a page. */
const history = (name, points, { rounds, hasPeer }) => ({
  name,
  async measure(bench) {
    if (bench.quick && points > 100_000) {
      bench.note(`${name} is left out with --quick: the client alone takes some 20 seconds for it.`);
      return [];
    }
    const { runId, server: winnow } = await startFilled(bench, 'points', points);
    try {
      const peer = hasPeer
        ? await bench.attempt('peer', async () => {
            const target = await bench.target('peer');
            return { target, args: [await fillPeerPoints(target, points), points] };
          })
        : null;
      const samples = await compareFilled(
        bench,
        'history.py',
        { winnow, args: [runId, points], peer },
        { rounds: bench.quick ? 2 : rounds, size: 1 },
      );
      const [value, floor, other] = ['winnow', 'floor', 'peer'].map((which) =>
        samples[which] === null ? null : median(samples[which]) * 1000,
      );
      const budget = atMost(times(1.4, floor), '≤ 1.4 x floor');
      return [figure({ name, unit: 'ms', value, floor, peer: other, budget })];
    } finally {
      await winnow.close();
    }
  },
});

export const history20k = history('history_20k', 20_000, { rounds: 12, hasPeer: true });
export const history1m = history('history_1m', 1_000_000, { rounds: 2, hasPeer: false });
