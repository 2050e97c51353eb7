import { describe, expect, test } from 'vitest';
import { allAtOnce } from '../../base/slices';
import { TAGS, type ExperimentId, type RunState } from '../../model/run';
import type { Column, SortKey, TableQuery } from '../../model/table';
import type { Store } from '../store';
import { addRun, log, openTemporary } from '../testing';
import { naiveTable } from './naive';

const QUERY: TableQuery = {
  experimentIds: ['0' as ExperimentId],
  filter: '',
  sort: [],
  groupBy: null,
  folded: [],
  includeArchived: false,
};

/** Numbers in [0, 1) that are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const COLUMNS: readonly Column[] = [
  { kind: 'metric', name: 'loss', of: 'best' },
  { kind: 'metric', name: 'acc', of: 'last' },
  { kind: 'metric', name: 'acc', of: 'min' },
  { kind: 'metric', name: 'acc', of: 'max' },
  { kind: 'metric', name: 'acc', of: 'first' },
  { kind: 'metric', name: 'acc', of: 'count' },
  { kind: 'metric', name: 'acc', of: 'lastStep' },
  { kind: 'metric', name: 'loss.min', of: 'last' },
  { kind: 'param', name: 'lr' },
  { kind: 'param', name: 'opt' },
  { kind: 'param', name: 'seed' },
  { kind: 'tag', name: 'team' },
  { kind: 'attribute', name: 'state' },
  { kind: 'attribute', name: 'started' },
  { kind: 'attribute', name: 'duration' },
  { kind: 'attribute', name: 'cost' },
  { kind: 'attribute', name: 'dirty' },
  { kind: 'attribute', name: 'user' },
  { kind: 'attribute', name: 'note' },
];

const FILTERS = [
  '',
  'params.lr <= 0.01',
  "params.lr = '0.1'",
  'params.lr != 0.1',
  'metrics.acc > 0.5 and not params.opt = adam',
  'metrics.loss.best < 0.4 or state = failed',
  'metrics.loss.min > 0.2',
  'metrics.acc = NaN',
  'metrics.acc.count > 1',
  'metrics.nothing > 0',
  'otter (starred or not tags.team IS NULL)',
  "tags.team LIKE 'v%' or tags.team ILIKE '%AU%'",
  "params.opt IN ('adam', 'sgd') and seed",
  'not (metrics.acc < 0.5)',
  'duration > 1s',
  'started > 1970-01-01T00:00:01.020Z',
  'archived',
  'note ~ good or dirty = yes',
  'cost >= 2',
  "status = 'KILLED'",
];

function fill(store: Store, random: () => number, count: number): string[] {
  const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];
  const states: readonly RunState[] = ['finished', 'failed', 'stopped', 'running', 'queued'];
  return Array.from({ length: count }, (_, i) => {
    const runId = addRun(store, {
      name: `${pick(['brisk', 'calm']) ?? ''}-${pick(['otter', 'heron']) ?? ''}-${i}`,
      state: pick(states) ?? 'finished',
      startedAt: random() < 0.1 ? null : 1_000 + Math.floor(random() * 50),
      userId: pick(['', 'ann', 'bob']) ?? '',
      experimentId: random() < 0.8 ? '0' : '1',
    });
    change(store, random, runId);
    return runId;
  });
}

/** Something happens to a run. */
function change(store: Store, random: () => number, runId: string): void {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const number = () => pick([Number((random() * 2).toFixed(2)), Number.NaN, Infinity, -Infinity, 0, -0, 0.5]);
  store.write('normal', () => {
    const run = store.runHead(runId);
    const missing = (key: string) => store.getRun(runId)?.params[key] === undefined;
    const params = [
      { key: 'lr', value: pick(['0.1', '0.01', '1e-3', 'auto', '9', '10', 'x'.repeat(70)]) },
      { key: 'opt', value: pick(['adam', 'sgd', 'lamb']) },
      { key: 'seed', value: pick(['1', '2', '3']) },
    ].filter(({ key }) => random() < 0.6 && missing(key));
    store.logParams(run, params);
    if (random() < 0.5) store.setTags(run, [{ key: 'team', value: pick(['vision', 'audio', '']) }]);
    if (random() < 0.2) store.setTags(run, [{ key: TAGS.starred, value: 'true' }]);
    if (random() < 0.1) store.setTags(run, [{ key: TAGS.archived, value: 'true' }]);
    if (random() < 0.3) store.setTags(run, [{ key: TAGS.note, value: pick(['good', 'Good one', 'bad']) }]);
    if (random() < 0.3) store.setTags(run, [{ key: TAGS.cost, value: pick(['1.5', '3', '']) }]);
    if (random() < 0.3) store.setTags(run, [{ key: TAGS.gitDirty, value: pick(['true', 'False']) }]);
    if (random() < 0.5) store.updateRun(runId, { endedAt: 1_000 + Math.floor(random() * 5_000) });
  });
  for (const name of ['loss', 'acc', 'loss.min', 's/x']) {
    if (random() < 0.6) {
      log(
        store,
        runId,
        Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) => ({ name, value: number(), step: i })),
      );
    }
  }
}

function queries(random: () => number): TableQuery[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const sortColumns = [...COLUMNS, { kind: 'name' } as const];
  return Array.from({ length: 20 }, (_, i) => {
    const sort: SortKey[] = Array.from({ length: Math.floor(random() * 3) }, () => ({
      column: pick(sortColumns),
      descending: random() < 0.5,
    }));
    const by = pick(COLUMNS);
    return {
      ...QUERY,
      experimentIds: (random() < 0.3 ? ['0', '1'] : ['0']) as ExperimentId[],
      filter: FILTERS[i % FILTERS.length] ?? '',
      sort,
      groupBy: random() < 0.5 || by.kind === 'metric' ? null : by,
      folded: random() < 0.5 ? [] : ['adam', '0.1', '', 'finished'],
      includeArchived: random() < 0.5,
    };
  });
}

/** Sums of floats differ in their last digits by the order of their terms. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'number' ? Number((Math.abs(one) < 1e-12 ? 0 : one).toPrecision(9)) : one,
    ),
  );
}

describe('the table', () => {
  test.each([1, 2])('is the same as without any shortcut, also while runs change (%i)', (seed) => {
    const random = seeded(seed);
    const store = openTemporary();
    store.write('normal', () => store.createExperiment('other'));
    store.write('normal', () => store.setGoal('1', { metric: 'loss', direction: 'maximize', target: null }));
    const ids = fill(store, random, 60);
    const naive = naiveTable(store);
    for (let round = 0; round < 3; round++) {
      for (const query of queries(random)) {
        const from = Math.floor(random() * 20);
        const count = Math.floor(random() * 30);
        const shown = allAtOnce(store.readTable(query, COLUMNS, from, count));
        expect(rounded(shown), JSON.stringify(query)).toEqual(
          rounded(allAtOnce(naive.readTable(query, COLUMNS, from, count))),
        );
        const runId = ids[Math.floor(random() * ids.length)] ?? '';
        expect(allAtOnce(store.findRow(query, runId))).toBe(allAtOnce(naive.findRow(query, runId)));
        expect(allAtOnce(store.listRunIds(query, 1_000))).toEqual(allAtOnce(naive.listRunIds(query, 1_000)));
        expect(allAtOnce(store.readColumns(query, null, COLUMNS, 50))).toEqual(
          allAtOnce(naive.readColumns(query, null, COLUMNS, 50)),
        );
        expect(allAtOnce(store.listColumns(query)), query.filter).toEqual(
          allAtOnce(naive.listColumns(query)),
        );
        expect(
          allAtOnce(store.listValues(query.experimentIds, COLUMNS[9 + (round % 3)] as Column, 'a', 5)),
        ).toEqual(
          allAtOnce(naive.listValues(query.experimentIds, COLUMNS[9 + (round % 3)] as Column, 'a', 5)),
        );
      }
      fill(store, random, 3).forEach((id) => void ids.push(id));
      for (let i = 0; i < 5; i++) change(store, random, ids[Math.floor(random() * ids.length)] ?? '');
      store.write('normal', () => store.deleteRuns([ids[round] ?? '']));
      // A live sort is steady for two seconds: the next round begins with a table that was never asked for.
      for (const id of [ids[20], ids[21]]) {
        store.write('normal', () =>
          store.setTags(store.runHead(id ?? ''), [{ key: 'round', value: String(round) }]),
        );
      }
    }
  });
});

describe('a live table', () => {
  const LOSS: Column = { kind: 'metric', name: 'loss', of: 'last' };
  const query: TableQuery = { ...QUERY, sort: [{ column: LOSS, descending: false }] };

  function openLive() {
    const store = openTemporary();
    const ids = [0.1, 0.2, 0.3].map((value, i) => {
      const runId = addRun(store, { name: `run-${i}`, startedAt: i });
      log(store, runId, [{ value }]);
      return runId;
    });
    return { store, ids, order: () => allAtOnce(store.listRunIds(query, 10)) };
  }

  test('shows new values at once and keeps its order for a moment', () => {
    const { store, ids, order } = openLive();
    expect(order()).toEqual(ids);
    log(store, ids[0] ?? '', [{ value: 0.9, step: 5 }]);
    expect(order()).toEqual(ids);
    const { rows } = allAtOnce(store.readTable(query, [LOSS], 0, 1));
    expect(rows).toMatchObject([{ runId: ids[0], cells: [0.9] }]);
    // Another question is answered as things are now.
    const turned = { ...query, sort: [{ column: LOSS, descending: true }] };
    expect(allAtOnce(store.listRunIds(turned, 10))[0]).toBe(ids[0]);
  });

  test('has new runs at once, and never one that was deleted or archived', () => {
    const { store, ids, order } = openLive();
    expect(order()).toEqual(ids);
    const added = addRun(store, { startedAt: 9 });
    expect(order()).toEqual([...ids, added]);
    store.write('normal', () => store.deleteRuns([ids[1] ?? '']));
    expect(order()).toEqual([ids[0], ids[2], added]);
    store.write('normal', () =>
      store.setTags(store.runHead(ids[2] ?? ''), [{ key: TAGS.archived, value: 'true' }]),
    );
    expect(order()).toEqual([ids[0], added]);
    store.write('normal', () => {
      store.startPurge([ids[1] ?? '']);
      store.purgeRun(ids[1] ?? '');
    });
    expect(order()).toEqual([ids[0], added]);
  });

  test('answers several questions that are asked at the same time', () => {
    const { store, ids } = openLive();
    const questions = [query, QUERY, query, { ...query, filter: 'metrics.loss > 0.15' }].map((one) =>
      store.listRunIds(one, 10),
    );
    const answers: (readonly string[])[] = [];
    for (let open = questions.length; open > 0;) {
      for (const [i, work] of questions.entries()) {
        if (answers[i] !== undefined) continue;
        const step = work.next();
        if (step.done !== true) continue;
        answers[i] = step.value;
        open--;
      }
    }
    expect(answers).toEqual([ids, ids.toReversed(), ids, ids.slice(1)]);
  });
});
