import { atLeast, figure, times } from '../lib/figure.mjs';
import { mean } from '../lib/statistics.mjs';

/** How many calls of `log_metric` so many processes get done in a second, all together. */
const writers = (count) => ({
  name: `writers_${count}`,
  async measure(bench) {
    const samples = await bench.compare('writers.py', [count], {
      rounds: bench.quick ? 1 : 5,
      size: bench.quick ? 1 : 3, // Seconds.
    });
    const [value, floor, peer] = ['winnow', 'floor', 'peer'].map((which) =>
      samples[which] === null ? null : mean(samples[which]),
    );
    const budget = atLeast(times(0.9, floor), '≥ 0.9 x floor');
    return [figure({ name: `writers_${count}`, unit: '1/s', value, floor, peer, budget })];
  },
});

export const writers8 = writers(8);
export const writers64 = writers(64);
