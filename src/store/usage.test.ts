import { expect, test } from 'vitest';
import { allAtOnce } from '../base/slices';
import { addRun, log, openTemporary } from './testing';

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
  expect(allAtOnce(store.metricUsage('loss'))).toMatchObject({
    runCount: count - 1,
    best: { value: 0, run: { name: 'r0' } },
    last: { value: count - 2, run: { name: `r${count - 2}` } },
  });
  expect(store.listExperiments(false)).toMatchObject([{ runCount: count, runningCount: count }]);
});

test('of one experiment only its runs count, and the earliest of equals is the best', () => {
  const store = openTemporary();
  const digits = store.write('full', () => store.createExperiment('digits'));
  const value = (experimentId: string, name: string, lr: string, loss: number | null) => {
    const runId = addRun(store, { experimentId, name, startedAt: Date.now() });
    store.write('full', () => store.logParams(store.runHead(runId), [{ key: 'lr', value: lr }]));
    if (loss !== null) log(store, runId, [{ name: 'loss', value: loss }]);
    return runId;
  };
  value(digits, 'first', '0.1', 0.5);
  value(digits, 'second', '0.2', 0.5);
  value(digits, 'without', '0.2', null);
  value(digits, 'broken', '0.3', NaN);
  value('0', 'other', '0.2', 0.1);
  expect(allAtOnce(store.metricUsage('loss', 'digits'))).toMatchObject({
    runCount: 3,
    best: { run: { name: 'first' }, value: 0.5 },
  });
  expect(allAtOnce(store.paramUsage('lr', 'digits'))?.values).toEqual([
    { value: '0.2', runCount: 2, bestGoal: 0.5 },
    { value: '0.1', runCount: 1, bestGoal: 0.5 },
    { value: '0.3', runCount: 1, bestGoal: null },
  ]);
  expect(allAtOnce(store.paramUsage('lr'))).toMatchObject({ runCount: 5, best: { value: '0.2' } });
  expect(allAtOnce(store.metricUsage('loss', 'nobody'))).toBeNull();
});

test('follows what is logged, changed and deleted since it was asked for last', () => {
  const store = openTemporary();
  const first = addRun(store, { name: 'first', startedAt: 1 });
  log(store, first, [{ name: 'loss', value: 0.5 }]);
  expect(allAtOnce(store.metricUsage('loss'))).toMatchObject({ runCount: 1, best: { value: 0.5 } });
  log(store, first, [{ name: 'loss', value: 0.4, step: 1 }]);
  const second = addRun(store, { name: 'second', startedAt: 2 });
  log(store, second, [{ name: 'loss', value: 0.9 }]);
  expect(allAtOnce(store.metricUsage('loss'))).toMatchObject({
    runCount: 2,
    best: { value: 0.4, step: 1 },
    last: { run: { name: 'second' }, value: 0.9 },
  });
  store.write('full', () => store.deleteRuns([first]));
  expect(allAtOnce(store.metricUsage('loss'))).toMatchObject({ runCount: 1, best: { value: 0.9 } });
});
