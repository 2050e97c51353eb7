import { describe, expect, test } from 'vitest';
import { addRun, log, openTemporary } from './testing';

describe('points', () => {
  test('come back exactly: 64 bits, NaN and the infinities', () => {
    const store = openTemporary();
    const runId = addRun(store);
    const step = 2n ** 62n + 1n;
    const values = [0.1 + 0.2, 5e-324, -1.7976931348623157e308, Infinity, -Infinity, Number.NaN];
    log(
      store,
      runId,
      values.map((value, i) => ({ value, step: step + BigInt(i), timestamp: 2n ** 63n - 10n + BigInt(i) })),
    );
    const points = store.history(runId, 'loss', 100, { offset: 0 });
    expect(points.map(([, , value, isNaN]) => (Number(isNaN) === 1 ? Number.NaN : value))).toEqual(values);
    expect(points.map(([at]) => at)).toEqual(values.map((_, i) => step + BigInt(i)));
    expect(points[0]?.[1]).toBe(2n ** 63n - 10n);
  });

  test('that are sent twice are one, NaN too', () => {
    const store = openTemporary();
    const runId = addRun(store);
    const twice = [{ value: 1 }, { value: Number.NaN }, { value: Infinity }];
    log(store, runId, twice);
    log(store, runId, twice);
    expect(store.history(runId, 'loss', 100, { offset: 0 })).toHaveLength(3);
    expect(store.getRun(runId)?.metrics['loss']?.count).toBe(3);
  });

  test('of one step with another value or time are kept', () => {
    const store = openTemporary();
    const runId = addRun(store);
    log(store, runId, [
      { value: 1, step: 0, timestamp: 1 },
      { value: 2, step: 0, timestamp: 1 },
      { value: 1, step: 0, timestamp: 2 },
    ]);
    expect(store.history(runId, 'loss', 100, { offset: 0 })).toHaveLength(3);
  });
});

describe('a summary', () => {
  test('knows last, first, least and greatest with their steps, in whatever order points come', () => {
    const store = openTemporary();
    const points = [5, 3, 9, 1, 9, 4].map((value, step) => ({ value, step }));
    const orders = [points, [...points].reverse(), [2, 5, 0, 3, 1, 4].flatMap((i) => points[i] ?? [])];
    for (const order of orders) {
      const runId = addRun(store);
      for (const { value, step } of order) log(store, runId, [{ value, step, timestamp: step }]);
      expect(store.getRun(runId)?.metrics['loss']).toEqual({
        last: 4,
        lastStep: 5,
        first: 5,
        firstStep: 0,
        min: 1,
        minStep: 3,
        max: 9,
        maxStep: 2,
        count: 6,
      });
    }
  });

  test('takes the greatest of (step, time, value) as the last, as MLflow does', () => {
    const store = openTemporary();
    const runId = addRun(store);
    log(store, runId, [
      { value: 7, step: 3, timestamp: 10 },
      { value: 8, step: 3, timestamp: 10 },
      { value: 1, step: 3, timestamp: 9 },
    ]);
    expect(store.getRun(runId)?.metrics['loss']).toMatchObject({ last: 8, lastStep: 3 });
  });

  test('has NaN as last only, and no extremes while there is no number', () => {
    const store = openTemporary();
    const runId = addRun(store);
    log(store, runId, [{ value: Number.NaN, step: 0 }]);
    expect(store.getRun(runId)?.metrics['loss']).toMatchObject({
      last: Number.NaN,
      min: Number.NaN,
      count: 1,
    });
    log(store, runId, [{ value: 2, step: 1 }]);
    log(store, runId, [{ value: Number.NaN, step: 2 }]);
    expect(store.getRun(runId)?.metrics['loss']).toMatchObject({
      last: Number.NaN,
      min: 2,
      max: 2,
      count: 3,
    });
  });
});

describe('a series', () => {
  test('keeps the least and the greatest of every column, and the count of all', () => {
    const store = openTemporary();
    const runId = addRun(store);
    log(
      store,
      runId,
      Array.from({ length: 10_000 }, (_, step) => ({
        value: step === 5000 ? 1e6 : Math.sin(step / 100),
        step,
      })),
    );
    const series = store.readSeries({ runId, metric: 'loss', pixels: 100 });
    expect(series.count).toBe(10_000);
    expect(series.steps.length).toBeLessThanOrEqual(200);
    expect(Math.max(...series.values)).toBe(1e6);
    expect([...series.steps].sort((a, b) => a - b)).toEqual(series.steps);
    expect(store.readSeries({ runId, metric: 'loss', pixels: 100, fromStep: 10, toStep: 12 }).steps).toEqual([
      10, 11, 12,
    ]);
  });

  test('of a metric that a run has not is empty', () => {
    const store = openTemporary();
    expect(store.readSeries({ runId: addRun(store), metric: 'none', pixels: 10 })).toMatchObject({
      count: 0,
      steps: [],
    });
  });
});
