import { expect, test } from 'vitest';
import { allAtOnce } from '../base/slices';
import { addRun, log, openTemporary } from './testing';

test('the goal follows from the names of metrics until one is stored, and names the best run', () => {
  const store = openTemporary();
  const experimentId = store.write('full', () => store.createExperiment('digits'));
  const good = addRun(store, { experimentId, name: 'good' });
  const poor = addRun(store, { experimentId, name: 'poor' });
  log(store, good, [{ name: 'loss', value: 0.5 }]);
  log(store, poor, [{ name: 'loss', value: 0.4 }]);
  const listed = () => store.listExperiments(false).find((one) => one.experimentId === experimentId);
  expect(listed()).toMatchObject({
    goal: { metric: 'loss', direction: 'minimize' },
    bestRunId: poor,
    runCount: 2,
  });
  log(store, good, [{ name: 'val_accuracy', value: 0.9 }]);
  log(store, poor, [{ name: 'val_accuracy', value: 0.8 }]);
  expect(listed()).toMatchObject({
    goal: { metric: 'val_accuracy', direction: 'maximize' },
    bestRunId: good,
  });
  store.write('full', () =>
    store.setGoal(experimentId, { metric: 'loss', direction: 'minimize', target: 0.1 }),
  );
  expect(listed()).toMatchObject({ goal: { target: 0.1 }, bestRunId: poor });
  store.write('full', () => store.deleteRuns([poor]));
  expect(listed()).toMatchObject({ bestRunId: good, runCount: 1 });
});

test('the name of an experiment is taken once', () => {
  const store = openTemporary();
  store.write('full', () => store.createExperiment('one'));
  expect(() => store.write('full', () => store.createExperiment('one'))).toThrow(/already exists/);
});

test('what is known of a param is each value with the best that it reached', () => {
  const store = openTemporary();
  const experimentId = store.write('full', () => store.createExperiment('digits'));
  for (const [startedAt, lr, accuracy] of [
    [1, '0.1', 0.8],
    [2, '0.1', 0.9],
    [3, '0.2', 0.95],
  ] as const) {
    const runId = addRun(store, { experimentId, startedAt });
    log(store, runId, [{ name: 'accuracy', value: accuracy }]);
    store.write('full', () => store.logParams(store.runHead(runId), [{ key: 'lr', value: lr }]));
  }
  const usage = allAtOnce(store.paramUsage('lr', 'digits'));
  expect(usage).toMatchObject({ runCount: 3, best: { value: '0.2' }, last: { value: '0.2' } });
  expect(usage?.values).toEqual([
    { value: '0.1', runCount: 2, bestGoal: 0.9 },
    { value: '0.2', runCount: 1, bestGoal: 0.95 },
  ]);
  expect(allAtOnce(store.metricUsage('accuracy'))).toMatchObject({
    isGoal: true,
    runCount: 3,
    best: { value: 0.95 },
  });
  expect(allAtOnce(store.paramUsage('nobody'))).toBeNull();
});

test('a run is found by its id, the start of it, or its name; several are listed', () => {
  const store = openTemporary();
  const runId = addRun(store, { name: 'brisk-heron' });
  expect(store.resolveRun(runId).runId).toBe(runId);
  expect(store.resolveRun(runId.slice(0, 8)).runId).toBe(runId);
  expect(store.resolveRun('brisk-heron').runId).toBe(runId);
  addRun(store, { name: 'brisk-heron' });
  expect(() => store.resolveRun('brisk-heron')).toThrow(/several runs/);
  expect(() => store.resolveRun('zzz')).toThrow(/no run/);
});
