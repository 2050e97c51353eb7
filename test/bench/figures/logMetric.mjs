import { atMost, figure, times } from '../lib/figure.mjs';
import { median, percentile } from '../lib/statistics.mjs';

/** What one call of `mlflow.log_metric` costs a script. */
export const logMetric = {
  name: 'log_metric',
  async measure(bench) {
    const samples = await bench.compare('log_metric.py', [], {
      rounds: bench.quick ? 4 : 40,
      size: 25, // Under a fifth of a second each: what disturbs one server disturbs the others too.
    });
    const row = (name, pick, budget) => {
      const [value, floor, peer] = ['winnow', 'floor', 'peer'].map((which) =>
        milliseconds(pick, samples[which]),
      );
      return figure({ name, unit: 'ms', value, floor, peer, budget: budget?.(floor) });
    };
    return [
      row('log_metric', median, (floor) => atMost(times(1.2, floor), '≤ 1.2 x floor')),
      row('log_metric_p95', (all) => percentile(all, 95)),
    ];
  },
};

const milliseconds = (pick, samples) => (samples === null ? null : pick(samples) * 1000);
