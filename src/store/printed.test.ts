import { expect, test } from 'vitest';
import type { Store } from './store';
import { addRun, log, openTemporary } from './testing';

function print(
  store: Store,
  runId: string,
  name: string,
  values: readonly number[],
  rule = 'keras',
  from = 0,
) {
  const points = values.map((value, i) => ({ name, value, step: from + i, timestamp: 5_000 + from + i }));
  store.write('normal', () =>
    store.logPrinted(store.runHead(runId), [
      { name, rule, line: `${name}: ${values[0]}`, offset: 7, points },
    ]),
  );
}

const metrics = (store: Store, runId: string) => store.getRun(runId)?.metrics ?? {};

test('printed values are a metric, and the line that gave it is known', () => {
  const store = openTemporary();
  const runId = addRun(store);
  print(store, runId, 'loss', [3, 2]);
  print(store, runId, 'loss', [1], 'keras', 2);
  expect(metrics(store, runId)['loss']).toMatchObject({ count: 3, last: 1, min: 1, max: 3 });
  expect(store.printedMetrics(runId)).toEqual([
    { name: 'loss', rule: 'keras', line: 'loss: 3', offset: 7, count: 3, dropped: null },
  ]);
});

test('values of one metric may come in several parts at once', () => {
  const store = openTemporary();
  const runId = addRun(store);
  const part = (step: number) => ({
    ...{ name: 'loss', rule: 'keras', line: 'loss: 1', offset: 0 },
    points: [{ name: 'loss', value: step, step, timestamp: 5_000 }],
  });
  store.write('normal', () => store.logPrinted(store.runHead(runId), [part(0), part(1), part(2)]));
  store.write('normal', () => store.sweepPrinted(store.runHead(runId)));
  expect(metrics(store, runId)['loss']).toMatchObject({ count: 3 });
});

test('a metric that the script logs itself wins, whichever comes first and however it is written', () => {
  const store = openTemporary();
  const runId = addRun(store);
  print(store, runId, 'loss', [3, 2]);
  log(store, runId, [{ value: 0.5 }, { value: 0.25 }]);
  print(store, runId, 'loss', [1], 'keras', 2);
  expect(metrics(store, runId)['loss']).toMatchObject({ count: 2, last: 0.25, max: 0.5, lastStep: 1 });
  log(store, runId, [{ name: 'val_acc', value: 1 }]);
  print(store, runId, 'Val Acc', [5]);
  expect(Object.keys(metrics(store, runId)).sort()).toEqual(['loss', 'val_acc']);
  expect(store.printedMetrics(runId).map(({ dropped }) => dropped)).toEqual(['logged', 'logged']);
});

test('a metric that is logged after the last line was printed wins at the end of the run', () => {
  const store = openTemporary();
  const runId = addRun(store);
  print(store, runId, 'loss', [3, 2]);
  log(store, runId, [{ value: 0.5 }]);
  store.write('normal', () => store.sweepPrinted(store.runHead(runId)));
  expect(metrics(store, runId)['loss']).toMatchObject({ count: 1, last: 0.5 });
});

test('a name that only repeats a param is no metric; one that changes is', () => {
  const store = openTemporary();
  const runId = addRun(store);
  store.write('full', () =>
    store.logParams(store.runHead(runId), [
      { key: 'lr', value: '0.1' },
      { key: 'gamma', value: '1' },
    ]),
  );
  print(store, runId, 'lr', [0.1, 0.1], 'pairs');
  print(store, runId, 'gamma', [1, 0.5], 'pairs');
  store.write('normal', () => store.sweepPrinted(store.runHead(runId)));
  expect(Object.keys(metrics(store, runId))).toEqual(['gamma']);
});

test('a muted metric goes and stays away, and does not come back by what is printed later', () => {
  const store = openTemporary();
  const runId = addRun(store);
  print(store, runId, 'val_loss', [3]);
  store.write('normal', () => store.dropPrinted(store.runHead(runId), 'val_loss', 'muted'));
  print(store, runId, 'val_loss', [2], 'keras', 1);
  expect(metrics(store, runId)).toEqual({});
  expect(store.listExperiments(false)[0]?.goal ?? null).toBeNull();
});

test('decisions are kept once, for the folder or for an experiment', () => {
  const store = openTemporary();
  const rule = { kind: 'muteMetric', metric: 'loss' } as const;
  const first = store.write('full', () => store.addPrintedRule(rule, null));
  expect(store.write('full', () => store.addPrintedRule(rule, null))).toBe(first);
  store.write('full', () => store.addPrintedRule(rule, '0'));
  expect(store.printedRules('0')).toHaveLength(2);
  expect(store.printedRules('1')).toEqual([{ ruleId: first, rule, experimentId: null }]);
  store.write('full', () => store.removePrintedRule(first));
  expect(store.printedRules('1')).toEqual([]);
});
