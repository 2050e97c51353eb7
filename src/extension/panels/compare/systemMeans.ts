import type { ApiClient } from '../../../api/client';
import type { SystemMeans } from '../../../api/comparePage';
import type { RunDetail } from '../../../model/run';

const PIXELS = 2_000; // Two points each: an hour of samples is read as it is.
const MOST_METRICS = 40; // Of a run; machines with many GPUs have more, and their order is by name.

/** The means of what is used in shares, such as CPU and GPU, of each run. */
export async function readSystemMeans(
  client: ApiClient,
  runs: readonly RunDetail[],
): Promise<readonly SystemMeans[]> {
  const found: SystemMeans[] = [];
  for (const run of runs) {
    const names = Object.keys(run.metrics).filter(isShare).sort().slice(0, MOST_METRICS);
    if (names.length === 0) continue;
    const { series } = await client.call('readSeries', {
      series: names.map((metric) => ({ runId: run.runId, metric })),
      pixels: PIXELS,
    });
    found.push({
      runId: run.runId,
      names: series.map(({ metric }) => metric),
      means: Float64Array.from(series, ({ values }) => meanOf(values)),
      isRough: series.some(({ count, values }) => count > values.length),
    });
  }
  return found;
}

function isShare(metric: string): boolean {
  return metric.startsWith('system/') && /percent|watts|celsius|temperature/i.test(metric);
}

/** NaN without a finite value. */
function meanOf(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
