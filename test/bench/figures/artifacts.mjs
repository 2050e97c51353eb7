import { figure } from '../lib/figure.mjs';
import { median } from '../lib/statistics.mjs';

const FILES = 1_000;
const FILE_BYTES = 4_096;
const BIG_MB = 2_000;

/** What `log_artifacts` and `download_artifacts` of 1,000 small files in ten folders cost a script. */
export const artifacts1k = {
  name: 'artifacts_1k',
  async measure(bench) {
    const count = bench.quick ? 100 : FILES;
    const samples = await bench.compare('artifacts.py', [count, FILE_BYTES], {
      rounds: bench.quick ? 1 : 5,
      size: 1,
    });
    // Shown as if all were sent, also when few were.
    const row = (name, which) =>
      figure({ name, unit: 's', ...each(samples, which, (s) => (s * FILES) / count) });
    return [row('artifacts_put_1k', 0), row('artifacts_get_1k', 1)];
  },
};

/** How fast one file of 2 GB goes to the server and comes back. */
export const artifact2g = {
  name: 'artifact_2g',
  async measure(bench) {
    const megabytes = bench.quick ? 50 : BIG_MB;
    const samples = await bench.compare('artifacts.py', [1, megabytes * 1e6], {
      rounds: bench.quick ? 1 : 3,
      size: 1,
    });
    const row = (name, which) =>
      figure({ name, unit: 'MB/s', ...each(samples, which, (s) => megabytes / s) });
    return [row('artifact_put_2g', 0), row('artifact_get_2g', 1)];
  },
};

/** The median of each server's puts (0) or gets (1), which come by turns, in the unit of the figure. */
function each(samples, which, convert) {
  const of = (all) => (all === null ? null : convert(median(all.filter((_, i) => i % 2 === which))));
  return { value: of(samples.winnow), floor: of(samples.floor), peer: of(samples.peer) };
}
