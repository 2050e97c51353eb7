import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../api/client';
import type { FeedEvent } from '../../api/feed';
import { type RunId, TAGS } from '../../model/run';
import { addRun, log } from '../../store/testing';
import { openServer } from '../../tracking/testing';
import { comparisonOf } from './runDrop';
import { hintsAt, valueHints } from './filterHints';
import { groupableParams } from './runGroups';
import { readRunPage } from './runPages';
import { type ExperimentRow, GroupRow, type ListRow, MoreRow, RunRow, RunsModel } from './runsModel';
import { PLAIN_CHOICE, type TreeChoice, createTreeChoices, readChoice } from './treeChoice';

const HOUR = 3_600_000;
const NOON = new Date(2026, 10, 25, 12).getTime();

let model: RunsModel | undefined;
afterEach(() => {
  model?.dispose();
  vi.useRealTimers();
});

/** The real store and routes behind a model, with five runs: accuracies 0.9 0.7 0.8 0.6 and one without. */
function openTree(choice: Partial<TreeChoice> = {}) {
  const server = openServer();
  const { store } = server;
  const client = createClient({ trackingUri: '', token: '' }, async (url, _headers, body) => {
    const answer = await server.ask('POST', url, JSON.parse(body));
    return { status: answer.status, text: await answer.text() };
  });
  const values = [0.9, 0.7, 0.8, 0.6, null];
  const ids = values.map((value, i) => {
    const runId = addRun(store, {
      name: ['otter', 'heron', 'tern', 'lynx', 'stoat'][i] ?? '',
      startedAt: NOON - (4 - i) * 10 * HOUR,
      state: i === 4 ? 'running' : 'finished',
    });
    store.write('normal', () => {
      store.logParams(store.runHead(runId), [{ key: 'lr', value: i < 2 ? '0.1' : '0.02' }]);
      if (i < 4) store.updateRun(runId, { endedAt: NOON - (4 - i) * 10 * HOUR + (i + 1) * 1000 });
    });
    if (value !== null) log(store, runId, [{ name: 'val_accuracy', value }]);
    return runId as RunId;
  });
  const own = new RunsModel(
    '/folder',
    () => Promise.resolve(client),
    (error) => {
      throw error;
    },
    0,
    { ...PLAIN_CHOICE, ...choice },
  );
  model = own;
  const children = async (parent?: ListRow) => {
    const [experiment] = await own.roots();
    return own.children(parent ?? (experiment as ExperimentRow));
  };
  const names = async (parent?: ListRow) =>
    (await children(parent)).map((row) =>
      row instanceof RunRow ? row.run.name : row instanceof GroupRow ? row.group.value : row.kind,
    );
  return { own, store, ids, children, names, client };
}

function told(runIds: readonly string[]): FeedEvent {
  return {
    seq: 1,
    runs: runIds.map((runId) => ({ runId, experimentId: '0' })),
    metrics: [],
    experiments: [],
    promotions: false,
    queue: false,
    reset: false,
  };
}

describe('the order', () => {
  it.each([
    ['newest', ['stoat', 'lynx', 'tern', 'heron', 'otter']],
    ['best', ['otter', 'tern', 'heron', 'lynx', 'stoat']],
    ['name', ['heron', 'lynx', 'otter', 'stoat', 'tern']],
    ['duration', ['lynx', 'tern', 'heron', 'otter', 'stoat']],
  ] as const)('is %s', async (sort, expected) => {
    expect(await openTree({ sort }).names()).toEqual(expected);
  });
});

describe('groups', () => {
  it('by a param have the mean of the goal and the number of runs, and hold their runs', async () => {
    const { children, names } = openTree({ grouping: { kind: 'param', name: 'lr' } });
    const groups = (await children()).filter((row) => row instanceof GroupRow);
    expect(groups.map(({ group }) => [group.value, group.runCount])).toEqual([
      ['0.02', 3],
      ['0.1', 2],
    ]);
    expect(groups[1]?.group.goal?.mean).toBeCloseTo(0.8);
    expect(await names(groups[0])).toEqual(['stoat', 'lynx', 'tern']);
  });

  it('by state hold the runs of that state', async () => {
    const { children, names } = openTree({ grouping: { kind: 'state' }, sort: 'best' });
    const groups = await children();
    const running = groups.find((row) => row instanceof GroupRow && row.group.value === 'running');
    expect(groups).toHaveLength(2);
    expect(await names(running as GroupRow)).toEqual(['stoat']);
  });

  it('by day are the days that runs were started on, the newest first', async () => {
    const { children, names } = openTree({ grouping: { kind: 'day' } });
    const groups = (await children()).filter((row) => row instanceof GroupRow);
    expect(groups.map(({ group }) => [group.value, group.runCount])).toEqual([
      ['2026-11-25', 2],
      ['2026-11-24', 2],
      ['2026-11-23', 1],
    ]);
    expect(await names(groups[1])).toEqual(['tern', 'heron']);
  });

  it('find the group of a run that is looked up', async () => {
    const { own, ids } = openTree({ grouping: { kind: 'param', name: 'lr' } });
    const row = await own.find(ids[3]!);
    expect(row?.parent).toBeInstanceOf(GroupRow);
    expect(row?.parent instanceof GroupRow && row.parent.group.value).toBe('0.02');
  });
});

describe('a filter', () => {
  it('leaves the runs that fulfil it, wherever they stand, and counts them', async () => {
    const { own, names } = openTree({ filter: 'best.val_accuracy > 0.65' });
    expect(await names()).toEqual(['tern', 'heron', 'otter']);
    expect((await own.roots())[0]?.matchCount).toBe(3);
  });

  it('goes together with groups and an order', async () => {
    const { children, names } = openTree({
      filter: 'state = finished',
      sort: 'best',
      grouping: { kind: 'param', name: 'lr' },
    });
    const groups = await children();
    // The group that has the best run comes first.
    expect(await names(groups[0] as GroupRow)).toEqual(['otter', 'heron']);
    expect(await names(groups[1] as GroupRow)).toEqual(['tern', 'lynx']);
  });

  it('takes in runs that come to fulfil it', async () => {
    const { own, store, ids, names } = openTree({ filter: 'best.val_accuracy > 0.65' });
    await names();
    log(store, ids[4]!, [{ name: 'val_accuracy', value: 0.99 }]);
    own.hear(told([ids[4]!]));
    await expect.poll(() => names(), { timeout: 10_000 }).toEqual(['stoat', 'tern', 'heron', 'otter']);
  });
});

describe('archived runs', () => {
  it('are left out until they are asked for, and go at once when they are archived', async () => {
    const { own, store, ids, names } = openTree();
    expect(await names()).toHaveLength(5);
    store.write('normal', () =>
      store.setTags(store.runHead(ids[0]!), [{ key: TAGS.archived, value: 'true' }]),
    );
    own.hear(told([ids[0]!]));
    await expect.poll(() => names()).toEqual(['stoat', 'lynx', 'tern', 'heron']);
    own.choose({ ...PLAIN_CHOICE, showsArchived: true });
    expect(await names()).toHaveLength(5);
    own.choose({ ...PLAIN_CHOICE, grouping: { kind: 'state' } });
    expect(await names((await own.children((await own.roots())[0]!))[0] as GroupRow)).not.toContain('otter');
  });
});

it('another choice takes the place of one that is still being read', async () => {
  const { own, names } = openTree({ sort: 'name' });
  const asked = names();
  own.choose({ ...PLAIN_CHOICE, sort: 'duration' });
  await asked;
  expect(await names()).toEqual(['lynx', 'tern', 'heron', 'otter', 'stoat']);
});

it('children stand under their run unless runs are sorted out otherwise', async () => {
  const { own, store, ids, names } = openTree();
  addRun(store, { name: 'child', startedAt: NOON + 1, parentRunId: ids[0]! });
  expect(await names()).not.toContain('child');
  const otter = await own.find(ids[0]!);
  expect(await names(otter!)).toEqual(['child']);
  own.choose({ ...PLAIN_CHOICE, grouping: { kind: 'none' } });
  expect(await names()).toContain('child');
});

it('more runs than a page has are asked for page by page in any order', async () => {
  const { own, store, children, names } = openTree({ sort: 'duration' });
  for (let i = 0; i < 300; i++) addRun(store, { name: `r${i}`, startedAt: i });
  const more = (await children()).at(-1);
  expect(more).toBeInstanceOf(MoreRow);
  await own.showMore(more as MoreRow);
  expect(new Set(await names()).size).toBe(305);
});

it('of very many runs a page is read without counting them all', async () => {
  const { own, client } = openTree();
  const [row] = await own.roots();
  const list = { experiment: { ...row!.experiment, runCount: 100_000 }, parent: null, clause: null };
  const first = await readRunPage(client, list, PLAIN_CHOICE, 0, 3);
  expect(first.runs.map(({ name }) => name)).toEqual(['stoat', 'lynx', 'tern']);
  expect(first.total).toBeNull();
  const rest = await readRunPage(client, list, PLAIN_CHOICE, 3, 3);
  expect([rest.runs.length, rest.total]).toEqual([2, 5]);
});

describe('a choice', () => {
  it('is kept, and what is odd is as at first', () => {
    const kept = new Map<string, unknown>();
    const memory = {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    };
    const choices = createTreeChoices(memory, () => undefined);
    choices.change({ sort: 'best', grouping: { kind: 'param', name: 'lr' } });
    choices.remember('state = failed');
    choices.remember('a');
    choices.remember('state = failed');
    const again = createTreeChoices(memory, () => undefined);
    expect(again.choice).toEqual({ ...PLAIN_CHOICE, sort: 'best', grouping: { kind: 'param', name: 'lr' } });
    expect(again.filters).toEqual(['state = failed', 'a']);
    expect(readChoice({ sort: 'x', grouping: { kind: 'param' }, filter: 3 })).toEqual(PLAIN_CHOICE);
  });
});

describe('hints for a filter', () => {
  const columns = [
    { kind: 'metric', name: 'val_accuracy', of: 'last' } as const,
    { kind: 'param', name: 'lr' } as const,
  ].map((column) => ({ column, runCount: 1, differs: true, isNumeric: true, min: 0, max: 1 }));
  const texts = (filter: string) => hintsAt(filter, columns).hints.map(({ text }) => text);

  it('are names, operators, values and what joins clauses', () => {
    expect(texts('val')).toEqual(['metrics.val_accuracy.best', 'metrics.val_accuracy']);
    expect(texts('params.lr ')).toContain('!=');
    expect(texts('state = f')).toEqual(['finished', 'failed']);
    expect(texts('state = failed ')).toEqual(['and', 'or']);
    expect(hintsAt('params.lr = ', columns).valuesOf).toEqual({ kind: 'param', name: 'lr' });
  });

  it('write the whole filter', () => {
    expect(hintsAt('state = failed and val', columns).hints[0]?.filter).toBe(
      'state = failed and metrics.val_accuracy.best ',
    );
    expect(valueHints("params.lr = '0", ["0.1's"])[0]?.filter).toBe("params.lr = '0.1''s'");
  });

  it('offer the params that differ to group by, seeds last', () => {
    const param = (name: string, differs: boolean) => ({
      column: { kind: 'param', name } as const,
      differs,
      runCount: 1,
    });
    expect(groupableParams([param('seed', true), param('lr', true), param('epochs', false)])).toEqual([
      'lr',
      'seed',
    ]);
  });
});

it('runs that are dropped on a run are compared with it, and on anything else among themselves', async () => {
  const { children } = openTree();
  const [otter, heron, tern] = (await children()).filter((row) => row instanceof RunRow);
  const link = { folder: { uri: { fsPath: '/folder' } } } as never;
  const ids = (...rows: (RunRow | undefined)[]) => rows.map((row) => row?.runId);
  const compare = (dragged: RunRow[], target?: RunRow) => comparisonOf(dragged, target, () => link)?.runIds;
  expect(compare([heron!, tern!], otter)).toEqual(ids(otter, heron, tern));
  expect(compare([heron!, tern!])).toEqual(ids(heron, tern));
  expect(compare([otter!], otter)).toBeUndefined();
});
