import { expect, test } from 'vitest';
import { addRun, log, openTemporary } from './testing';

test('the steps of a long metric are given at places that are evenly spread, its ends among them', () => {
  const store = openTemporary();
  const runId = addRun(store);
  const count = 60_000;
  log(
    store,
    runId,
    Array.from({ length: count }, (_, i) => ({ value: 1, step: i * 3, timestamp: i })),
  );
  const last = (count - 1) * 3;
  const steps = store.loggedSteps(runId, 'loss', { fromStep: -(2n ** 63n), toStep: 2n ** 63n - 1n });
  expect(steps.length).toBeGreaterThan(9_000);
  expect(steps.length).toBeLessThan(11_000);
  expect([steps[0], steps.at(-1)]).toEqual([0, last]);
  expect(steps.every((step) => Number(step) % 3 === 0)).toBe(true);
  const some = store.loggedSteps(runId, 'loss', { fromStep: 10, toStep: 20 });
  expect(some).toEqual([12, 15, 18]);
  expect(store.loggedSteps(runId, 'loss', { fromStep: last + 1, toStep: last + 9 })).toEqual([]);
});
