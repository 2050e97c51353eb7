import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store';
import { addRun, log, openTemporary } from '../testing';

let store: Store;

beforeEach(() => {
  store = openTemporary();
  add('low', { loss: 0.1, 'val loss': 1 }, { lr: '0.1', opt: 'Adam' }, { team: 'a' }, 1);
  add('high', { loss: 0.9 }, { lr: '0.2', opt: 'SGD' }, { 'mlflow.user': 'eve' }, 2);
  add('nan', { loss: Number.NaN }, { lr: '0.1' }, {}, 3);
  add('none', {}, {}, { note: "it's", path: 'C:\\', glob: '[a]*?z' }, 4);
  const [low, high, , none] = store.searchRunKeys({
    orderBy: ['start_time'],
    lifecycle: 'all',
    limit: 9,
    offset: 0,
  });
  const runIds = store.readRuns([low, high, none].map(Number)).map(({ runId }) => runId);
  log(
    store,
    String(runIds[2]),
    [5, 9, 1, 4].map((value) => ({ name: 'curve', value })),
  );
  store.write('full', () =>
    store.logInputs(store.runHead(String(runIds[1])), [
      { dataset: { name: 'cifar', digest: 'd1' }, tags: [{ key: 'mlflow.data.context', value: 'train' }] },
      { dataset: { name: 'other', digest: 'd2' }, tags: [] },
    ]),
  );
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
    ['metrics.loss>-0.5 and metrics.loss<.5', ['low']],
    ['metrics.loss >= 1e-1 AND', ['low', 'high']],
    ['and metrics.loss <> 0.1', ['high']],
    ["metrics.'val loss' == 1", ['low']],
    ['`metrics`.loss > 0', ['low', 'high']],
    ['metrics.`val loss` < 5 anD start_time = 1', ['low']],
    ["params.opt IS NOT NULL and tags.team = 'a'", ['low']],
    ['params.`opt` is  null', ['nan', 'none']],
    ["tags.`mlflow.user` = 'eve'", ['high']],
    ["tags.note = 'it''s'", ['none']],
    ['tags.note = "it\'s"', ['none']],
    ["tags.note LIKE 'i_%s'", ['none']],
    ["tags.path = 'C:\\'", ['none']],
    ["tags.path LIKE 'C:\\%'", ['none']],
    ["tags.glob LIKE '[a]*?%'", ['none']],
    ["tags.glob LIKE 'a%'", []],
    ["attributes.`Run Name` = 'low'", ['low']],
    ["run.status ILIKE 'runn%'", ['low', 'high', 'nan', 'none']],
    ["status != 'RUNNING'", []],
    ["attr.artifact_uri LIKE 'mlflow-artifacts:/0/%'", ['low', 'high', 'nan', 'none']],
    ['Created >= 2.5', ['nan', 'none']],
    ['end_time > 0', []],
    ['run_id NOT IN (\'x\', "y",)', ['low', 'high', 'nan', 'none']],
    ["dataset.name = 'cifar' AND datasets.context ILIKE 'TRAIN'", ['high']],
    ["dataset.digest NOT IN ('d1')", ['high']],
    ["dataset.name != 'cifar'", ['high']],
    ['max.curve > 8', ['none']],
    ['min.curve < 2 and last.curve = 4 and first.curve = 5', ['none']],
    ['metrics.curve.max = 9', ['none']],
    ['metrics.`curve`.min = 1', ['none']],
    ['best.curve = 9', ['none']],
    ['best.loss < 0.5', ['low']],
    ['max.loss != 0.1', ['high']],
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
    'max.loss IS NULL',
    'params.`lr`.max > 3',
    'metrics.`loss`.median > 3',
    "run_id IN ('x' 'y')",
    "run_id IN ('x'",
    "params.lr = '0.1' params.opt = 'SGD'",
  ])('that makes no sense is refused, not guessed: %s', (filter) => {
    expect(() => found(filter)).toThrow(expect.objectContaining({ name: 'UserError', code: 'invalid' }));
  });

  test.each([
    ['metric.acc >= 0.94; metrics.rmse < 1', 'Search filter contained multiple expression'],
    ['m.acc >= 0.94', "Invalid entity type 'm'"],
    ['acc >= 0.94', "Invalid attribute key 'acc' specified"],
    ["attribute.lifecycle_stage = 'ACTIVE'", 'Invalid attribute key'],
    ["metrics.A > 0.1 OR params.B = 'LR'", "Invalid clause(s) in filter string: 'OR"],
    ["metrics.A > 0.1 AND (params.B = 'LR')", 'Invalid clause(s) in filter string'],
    ['`metrics.A > 0.1', 'Invalid clause(s) in filter string'],
    ['attribute.status = true', 'Invalid clause(s) in filter string'],
    ["dataset.status = 'true'", "Invalid dataset key 'status' specified"],
    ["metric.model = 'LR'", 'Expected numeric value type for metric'],
    ['metrics.acc != metrics.acc', 'Expected numeric value type for metric'],
    ['params.acc = 5', 'Expected a quoted string value for param'],
    ['attribute.status = 1', 'Expected a quoted string value for attributes'],
    ["start_time = '1'", 'Expected numeric value type for numeric attribute: start_time'],
    ['1.0 > metrics.acc', "Expected 'Identifier' found"],
    ['params.acc = LR', 'value is either not quoted or unidentified quote types'],
    ["params.'acc = LR", 'Invalid clause(s) in filter string'],
    ['tags.acc = "LR\'', 'Invalid clause(s) in filter string'],
    ["tags.acc = = 'LR'", 'Invalid clause(s) in filter string'],
    ['metric.acc !=', 'Invalid clause(s) in filter string'],
    ["params.abc ~ 'x'", 'Invalid comparator'],
    ['attributes.start_time LIKE 1234', 'Invalid comparator'],
    ["datasets.name > 'x'", 'Invalid comparator'],
    ["status IN ('FINISHED')", "Only ['run_id'] attributes support comparison with a list"],
    ['run_id IN ()', 'expected a non-empty list of string values, but got empty list'],
    ['run_id IN (1)', 'but got different type in list'],
  ])('is refused with the words of MLflow: %s', (filter, words) => {
    const column = /\(column \d+\)$/;
    expect(() => found(filter)).toThrow(words);
    expect(() => found(filter)).toThrow(column);
  });

  test('takes metrics.loss.min for the metric of that name where there is one, and for the least loss elsewhere', () => {
    expect(found('metrics.loss.min < 0.5')).toEqual(['low']);
    add('named', { 'loss.min': 7 }, {}, {}, 5);
    expect(found('metrics.loss.min < 0.5')).toEqual([]);
    expect(found('metrics.loss.min = 7')).toEqual(['named']);
    expect(found('metrics.`loss`.min < 0.5')).toEqual(['low']);
  });

  test('takes best by the goal of the experiment when that is the metric', () => {
    store.write('full', () => store.setGoal('0', { metric: 'loss', direction: 'maximize', target: null }));
    const twice = addRun(store, { name: 'twice', startedAt: 6 });
    log(store, twice, [{ value: 0.2 }, { value: 0.8 }, { value: 0.3 }]);
    expect(found('best.loss > 0.7')).toEqual(['high', 'twice']);
    store.write('full', () => store.setGoal('0', null));
    expect(found('best.loss > 0.7')).toEqual(['high']);
    expect(found('best.loss < 0.25')).toEqual(['low', 'twice']);
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
    expect(() => found('', ['metrics.loss', 'metrics.loss DESC'])).toThrow(
      /`order_by` contains duplicate fields/,
    );
    expect(() => found('', ['start_time', 'attributes.Created desc'])).toThrow(/duplicate/);
    expect(() => found('', ['metrics.loss', 'last.`loss`'])).toThrow(/duplicate/);
    expect(found('', ['metrics.loss', 'max.loss'])).toEqual(['low', 'high', 'nan', 'none']);
  });

  test.each([
    ['metrics.loss foo', 'Invalid ordering key in order_by clause'],
    ['metrics.loss ASC DESC', "Invalid order_by clause 'metrics.loss ASC DESC'. Could not be parsed."],
    ['nosuch', "Invalid attribute key 'nosuch' specified"],
    ['dataset.name', "Invalid identifier type 'dataset'"],
    ['metrics.', 'Invalid clause(s) in order_by clause'],
  ])('that makes no sense is refused: %s', (order, words) => {
    expect(() => found('', [order])).toThrow(words);
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
