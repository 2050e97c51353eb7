import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store';
import { addRun, log, openTemporary } from '../testing';

let store: Store;

beforeEach(() => {
  store = openTemporary();
  add('low', { loss: 0.1, 'val loss': 1 }, { lr: '0.1', opt: 'Adam' }, { team: 'a' }, 1);
  add('high', { loss: 0.9 }, { lr: '0.2', opt: 'SGD' }, { 'mlflow.user': 'eve' }, 2);
  add('nan', { loss: Number.NaN }, { lr: '0.1' }, {}, 3);
  add('none', {}, {}, {}, 4);
});

function add(
  name: string,
  metrics: Record<string, number>,
  params: Record<string, string>,
  tags: Record<string, string>,
  startedAt: number,
): void {
  const runId = addRun(store, { name, startedAt, tags });
  for (const [key, value] of Object.entries(metrics)) log(store, runId, [{ name: key, value }]);
  store.write('full', () =>
    store.logParams(
      store.runHead(runId),
      Object.entries(params).map(([key, value]) => ({ key, value })),
    ),
  );
}

function found(filter: string, orderBy: string[] = ['start_time ASC']): string[] {
  const keys = store.searchRunKeys({ filter, orderBy, lifecycle: 'active', limit: 100, offset: 0 });
  return store.readRuns(keys).map(({ name }) => name);
}

describe('a filter', () => {
  test.each([
    ['metrics.loss < 0.5', ['low']],
    ['metrics.loss >= 0.1 AND metrics.loss < 1', ['low', 'high']],
    ['metrics.loss != 0.1', ['high']],
    ['metrics."val loss" = 1', ['low']],
    ['metric.`val loss` > -1e3', ['low']],
    ["params.lr = '0.1'", ['low', 'nan']],
    ['params.lr = "0.1" and metrics.loss <= 0.1', ['low']],
    ["params.lr != '0.1'", ['high']],
    ["params.opt LIKE 'A%'", ['low']],
    ["params.opt LIKE 'a%'", []],
    ["params.opt ILIKE 'a_am'", ['low']],
    ['params.opt IS NULL', ['nan', 'none']],
    ['params.opt IS NOT NULL', ['low', 'high']],
    ["tags.mlflow.user = 'eve'", ['high']],
    ["tag.team = 'a'", ['low']],
    ["attributes.run_name ILIKE 'N%'", ['nan', 'none']],
    ["run_name = 'low'", ['low']],
    ["status = 'RUNNING'", ['low', 'high', 'nan', 'none']],
    ['start_time > 2', ['nan', 'none']],
    ["attributes.run_id IN ('x', 'y')", []],
    ['', ['low', 'high', 'nan', 'none']],
  ])('%s', (filter, names) => {
    expect(found(filter)).toEqual(names);
  });

  test.each([
    'metrics.loss < 0.5 OR metrics.loss > 1',
    "metrics.loss = '0.5'",
    'params.lr = 0.1',
    "status IN ('RUNNING')",
    'metrics.loss <',
    "params.lr = 'unclosed",
    'NOT (metrics.loss < 1)',
    'nonsense.loss < 1',
    "' OR 1=1 --",
    'attributes.none = 1',
    'metrics.loss ! 3',
    "params.lr > '0.1'",
  ])('that makes no sense is refused, not guessed: %s', (filter) => {
    expect(() => found(filter)).toThrow(expect.objectContaining({ name: 'UserError', code: 'invalid' }));
  });

  test('binds what it is given', () => {
    expect(found("params.lr = '0.1'' OR 1=1 --'".replace("''", "\\'"))).toEqual([]);
    expect(store.integrity()).toBe('ok');
  });
});

describe('an order', () => {
  test('has NaN after numbers and missing ones last, in both directions', () => {
    expect(found('', ['metrics.loss ASC'])).toEqual(['low', 'high', 'nan', 'none']);
    expect(found('', ['metrics.loss DESC'])).toEqual(['high', 'low', 'nan', 'none']);
  });

  test('is newest first when none is asked for, and by name, param and tag when it is', () => {
    expect(found('', [])).toEqual(['none', 'nan', 'high', 'low']);
    expect(found('', ['params.lr desc', 'attributes.start_time'])).toEqual(['high', 'low', 'nan', 'none']);
    expect(found('', ['`Run Name` DESC'.replaceAll('`', '')])).toEqual(['none', 'nan', 'low', 'high']);
  });

  test('with a field twice is refused', () => {
    expect(() => found('', ['metrics.loss', 'metrics.loss DESC'])).toThrow(/duplicate/);
  });
});

test('of a deleted run nothing is found, until it is restored', () => {
  const [low] = store.readRuns(
    store.searchRunKeys({ filter: "run_name = 'low'", lifecycle: 'active', limit: 1, offset: 0 }),
  );
  store.write('full', () => store.deleteRuns([low!.runId]));
  expect(found("run_name = 'low'")).toEqual([]);
  store.write('full', () => store.restoreRuns([low!.runId]));
  expect(found("run_name = 'low'")).toEqual(['low']);
});
