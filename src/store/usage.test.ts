import { expect, test } from 'vitest';
import { addRun, openTemporary } from './testing';

test.each([
  ['a few', 5],
  ['more runs than are sorted', 2010],
])('of %s, a metric is known in those that are not deleted, and last in the newest', (_, count) => {
  const store = openTemporary();
  store.write('normal', () => {
    for (let i = 0; i < count; i++) {
      const runId = store.createRun({ experimentId: '0', name: `r${i}`, state: 'running', startedAt: i });
      store.logMetrics(store.runHead(runId), [{ name: 'loss', value: i, step: 0, timestamp: 1 }]);
    }
  });
  addRun(store, { name: 'newer, without it', startedAt: count });
  const runs = store.readRuns(
    store.searchRunKeys({ orderBy: ['metrics.loss DESC'], lifecycle: 'active', limit: 2, offset: 0 }),
  );
  store.write('full', () => store.deleteRuns(runs.slice(0, 1).map(({ runId }) => runId)));
  expect(store.metricUsage('loss')).toMatchObject({
    runCount: count - 1,
    best: { value: 0, run: { name: 'r0' } },
    last: { value: count - 2, run: { name: `r${count - 2}` } },
  });
  expect(store.listExperiments(false)).toMatchObject([{ runCount: count, runningCount: count }]);
});
