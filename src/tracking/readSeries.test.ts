import { describe, expect, test } from 'vitest';
import { createClient } from '../api/client';
import { SERIES_PATH, decodeSeries } from '../api/seriesFrame';
import type { RunId } from '../model/run';
import { addRun, log } from '../store/testing';
import { PORT, TOKEN, listenOnPort, openServer } from './testing';

describe('points of many series', () => {
  test('come as numbers, in the order of the request, the same as in text', async () => {
    const server = openServer();
    const ids = [0, 1, 2].map((n) => {
      const runId = addRun(server.store);
      log(
        server.store,
        runId,
        Array.from({ length: 50 * n }, (_, i) => ({ value: i === 3 ? Number.NaN : i })),
      );
      return runId as RunId;
    });
    const series = [
      ...ids.map((runId) => ({ runId, metric: 'loss' })),
      { runId: ids[2] ?? '', metric: 'none' },
    ];
    const range = { pixels: 10, fromStep: 2, toStep: 60 };
    const response = await server.ask('POST', `/api/winnow/${SERIES_PATH}`, { series, ...range });
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    const read = decodeSeries(new Uint8Array(await response.arrayBuffer()));
    const text = await server.post('/api/winnow/series/read', { series, ...range });
    expect(
      read.map((one) => ({
        ...one,
        steps: [...one.steps],
        values: [...one.values].map((value) => (Number.isNaN(value) ? 'NaN' : value)),
        timestamps: [...one.timestamps],
      })),
    ).toEqual(text.body['series']);
  });

  test('are asked for by the client, and a broken request is refused with a sentence', async () => {
    const server = openServer();
    const runId = addRun(server.store) as RunId;
    log(server.store, runId, [{ value: 1 }, { value: 2 }]);
    const port = await listenOnPort(server);
    const client = createClient({ trackingUri: `http://127.0.0.1:${port}`, token: TOKEN });
    // The gate of the test knows its own port only.
    if (port !== PORT) {
      await expect(client.readSeries({ series: [], pixels: 10 })).rejects.toThrow();
    }
    const { status } = await server.post(`/api/winnow/${SERIES_PATH}`, {
      series: [{ runId: 'x' }],
      pixels: 0,
    });
    expect(status).toBe(400);
  });

  test('of an older store are thinned first, while others log', async () => {
    const server = openServer();
    const runId = addRun(server.store) as RunId;
    for (let from = 0; from < 90_000; from += 30_000) {
      log(
        server.store,
        runId,
        Array.from({ length: 30_000 }, (_, i) => ({ value: from + i, step: from + i })),
      );
    }
    const { status, body } = await server.post('/api/winnow/series/read', {
      series: [{ runId, metric: 'loss' }],
      pixels: 100,
    });
    expect(status).toBe(200);
    expect(body['series']).toMatchObject([{ count: 90_000 }]);
  });
});
