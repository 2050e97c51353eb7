import { atMost, figure, times } from '../lib/figure.mjs';
import { median } from '../lib/statistics.mjs';

/** What one call of `MlflowClient.log_batch` with 1,000 metrics costs a script. */
export const logBatch = {
  name: 'log_batch',
  async measure(bench) {
    const samples = await bench.compare('log_batch.py', [], { rounds: bench.quick ? 3 : 20, size: 5 });
    const [value, floor, peer] = ['winnow', 'floor', 'peer'].map((which) =>
      samples[which] === null ? null : median(samples[which]) * 1000,
    );
    const budget = atMost(times(1.3, floor), '≤ 1.3 x floor');
    return [figure({ name: 'log_batch', unit: 'ms', value, floor, peer, budget })];
  },
};
