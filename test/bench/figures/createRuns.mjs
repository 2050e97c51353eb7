import { figure } from '../lib/figure.mjs';
import { median } from '../lib/statistics.mjs';

/** What a whole small run costs a script: `create_run` and one `log_batch` of 10 metrics, 10 params and a tag. */
export const createRuns = {
  name: 'create_run',
  async measure(bench) {
    const samples = await bench.compare('create_runs.py', [], { rounds: bench.quick ? 3 : 20, size: 10 });
    const [value, floor, peer] = ['winnow', 'floor', 'peer'].map((which) =>
      samples[which] === null ? null : median(samples[which]) * 1000,
    );
    return [figure({ name: 'create_run', unit: 'ms', value, floor, peer })];
  },
};
