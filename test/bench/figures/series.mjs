import { askInTurn } from '../lib/ask.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { startFilled } from '../lib/filled.mjs';
import { median } from '../lib/statistics.mjs';

const PIXELS = 800;

/** What the window waits for at the server for one series of 10,000,000 points, whole and zoomed in. */
export const series10m = {
  name: 'series_10m',
  async measure(bench) {
    const count = bench.quick ? 100_000 : 10_000_000;
    const { runId, server } = await startFilled(bench, 'points', count);
    try {
      const asked = { series: [{ runId, metric: 'loss' }], pixels: PIXELS };
      const ask = async (range) =>
        median(
          await askInTurn(server, '/api/winnow/series/read', { ...asked, ...range }, bench.quick ? 20 : 100),
        );
      const budget = atMost(15, '≤ 15 ms');
      return [
        figure({ name: 'series_10m', unit: 'ms', value: await ask({}), budget }),
        figure({
          name: 'series_10m_zoomed',
          unit: 'ms',
          value: await ask({ fromStep: count / 3, toStep: count / 2 }),
          budget,
        }),
      ];
    } finally {
      await server.close();
    }
  },
};

/** All points of a page of 20 charts with 50 runs of 10,000 points each, and of the six charts on the screen. */
export const seriesBatch = {
  name: 'series_batch',
  async measure(bench) {
    const { runIds, server } = await startFilled(bench, 'charts', bench.quick ? 1_000 : 10_000);
    try {
      const ask = async (charts) => {
        const series = Array.from({ length: charts }, (_, n) => `m${n}`).flatMap((metric) =>
          runIds.map((runId) => ({ runId, metric })),
        );
        const body = { series, pixels: 400 };
        return median(await askInTurn(server, '/api/winnow/series/read-binary', body, bench.quick ? 2 : 10));
      };
      return [
        figure({ name: 'series_batch', unit: 'ms', value: await ask(6), budget: atMost(500, '≤ 500 ms') }),
        figure({ name: 'series_batch_all', unit: 'ms', value: await ask(20) }),
      ];
    } finally {
      await server.close();
    }
  },
};
