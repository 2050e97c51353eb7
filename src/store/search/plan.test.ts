import { beforeAll, describe, expect, test } from 'vitest';

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defaultDirection } from '../../model/goal';
import { type Store, openStore } from '../store';
import type { Lifecycle } from './search';

/* Whatever way a search takes, it finds what a plain look at every run finds, in that order, page by page. */

interface Known {
  readonly key: number;
  readonly runId: string;
  readonly experimentId: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly deleted: boolean;
  readonly name: string;
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly params: Readonly<Record<string, string>>;
}

let store: Store;
const runs: Known[] = [];

beforeAll(() => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-plan-'));
  store = openStore({ database: path.join(folder, 'winnow.db'), artifacts: folder });
  const random = seeded(7);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  store.write('normal', () => {
    const experiments = ['0', store.createExperiment('one'), store.createExperiment('two')];
    store.setGoal('1', { metric: 'loss', direction: 'maximize', target: null });
    for (let i = 0; i < 400; i++) {
      const metrics: Record<string, number[]> = {};
      if (random() < 0.8) metrics['loss'] = values();
      if (random() < 0.5) metrics['accuracy'] = values();
      if (random() < 0.02) metrics['rare'] = values();
      const params: Record<string, string> = { lr: pick(['0.1', '0.01', '1e-3']) };
      if (random() < 0.6)
        params['text'] = `${'x'.repeat(pick([0, 3, 62, 63, 64, 65, 100]))}${pick(['', 'a', 'b', 'É', '%'])}`;
      const startedAt = random() < 0.05 ? null : Math.floor(random() * 60);
      const run = {
        experimentId: pick(experiments),
        name: pick(['ant', 'bee', 'cat']) + String(i % 40),
        startedAt,
        metrics,
        params,
        endedAt: random() < 0.3 ? null : Math.floor(random() * 50),
        deleted: random() < 0.1,
      };
      const runId = store.createRun({ ...run, state: startedAt === null ? 'queued' : 'running' });
      const head = store.runHead(runId);
      store.logParams(
        head,
        Object.entries(params).map(([key, value]) => ({ key, value })),
      );
      for (const [name, points] of Object.entries(metrics)) {
        store.logMetrics(
          head,
          points.map((value, step) => ({ name, value, step, timestamp: step })),
        );
      }
      store.updateRun(runId, { endedAt: run.endedAt });
      if (run.deleted) store.deleteRuns([runId]);
      runs.push({ ...run, runId, key: head.runKey });
    }
  });
  return () => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  };

  function values(): number[] {
    const value = () => pick([Number.NaN, Infinity, -Infinity, 0, 0, 0.5, 1, Math.round(random() * 20) / 20]);
    return Array.from({ length: pick([1, 1, 3]) }, value);
  }
});

type Value = number | string | null;

/** The value by which a run is compared: NaN and null (nothing) match nothing and come last. */
function valueOf(run: Known, name: string): Value {
  const [entity, key = ''] = name.split('.');
  const points = run.metrics[key];
  const numbers = (points ?? []).filter((value) => !Number.isNaN(value));
  const orNaN = (value: number | undefined) => (points === undefined ? null : (value ?? Number.NaN));
  const lowest = numbers.length === 0 ? undefined : Math.min(...numbers);
  const greatest = numbers.length === 0 ? undefined : Math.max(...numbers);
  switch (entity) {
    case 'metrics':
      return orNaN(points?.at(-1));
    case 'first':
      return orNaN(points?.[0]);
    case 'min':
      return orNaN(lowest);
    case 'max':
      return orNaN(greatest);
    case 'best': {
      const goal = key === 'loss' && run.experimentId === '1' ? 'maximize' : defaultDirection(key);
      return orNaN(goal === 'maximize' ? greatest : lowest);
    }
    case 'params':
      return run.params[key] ?? null;
    default:
      return (
        {
          start_time: run.startedAt ?? Infinity,
          end_time: run.endedAt,
          run_name: run.name,
          run_id: run.runId,
        }[name] ?? null
      );
  }
}

/** Greater and less as SQLite has it for texts: by their bytes. */
function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) < Number(b) ? -1 : Number(a) > Number(b) ? 1 : 0;
}

function rank(value: Value): number {
  if (value === null) return 2;
  return typeof value === 'number' && Number.isNaN(value) ? 1 : 0;
}

interface Case {
  readonly filter: readonly { text: string; holds: (run: Known) => boolean }[];
  readonly orders: readonly string[];
  readonly experimentIds: readonly string[] | undefined;
  readonly lifecycle: Lifecycle;
}

function expected({ filter, orders, experimentIds, lifecycle }: Case): number[] {
  const found = runs.filter(
    (run) =>
      (experimentIds?.includes(run.experimentId) ?? true) &&
      (lifecycle === 'all' || run.deleted === (lifecycle === 'deleted')) &&
      filter.every(({ holds }) => holds(run)),
  );
  return found
    .sort((a, b) => {
      for (const order of orders) {
        const [name = '', direction] = order.split(' ');
        const [x, y] = [valueOf(a, name), valueOf(b, name)];
        const by = rank(x) - rank(y) || (rank(x) > 0 ? 0 : compare(x, y) * (direction === 'DESC' ? -1 : 1));
        if (by !== 0) return by;
      }
      return compare(b.startedAt ?? Infinity, a.startedAt ?? Infinity) || compare(a.runId, b.runId);
    })
    .map(({ key }) => key);
}

function found({ filter, orders, experimentIds, lifecycle }: Case, limit: number, offset: number): number[] {
  const text = filter.map((clause) => clause.text).join(' AND ');
  return store.searchRunKeys({ filter: text, orderBy: orders, experimentIds, lifecycle, limit, offset });
}

const number = (name: string, operator: string, than: number) => ({
  text: `${name} ${operator} ${than}`,
  holds: (run: Known) => {
    const value = valueOf(run, name);
    if (rank(value) > 0) return false;
    const by = compare(value, than);
    return (
      { '<': by < 0, '<=': by <= 0, '>': by > 0, '>=': by >= 0, '=': by === 0, '!=': by !== 0 }[operator] ??
      false
    );
  },
});
const text = (name: string, operator: string, value: string, holds: (actual: string) => boolean) => ({
  text: `${name} ${operator} '${value}'`,
  holds: (run: Known) => {
    const actual = valueOf(run, name);
    return typeof actual === 'string' && holds(actual);
  },
});
const isThere = (name: string, isNull: boolean) => ({
  text: `${name} IS ${isNull ? '' : 'NOT '}NULL`,
  holds: (run: Known) => (valueOf(run, name) === null) === isNull,
});

const LONG = 'x'.repeat(64);
const CLAUSES = [
  number('metrics.loss', '<', 0.5),
  number('metrics.loss', '>=', 0),
  number('metrics.loss', '!=', 0),
  number('metrics.accuracy', '=', 1),
  number('metrics.rare', '>=', 0),
  number('metrics.none', '>', 0),
  number('min.loss', '<', 0.1),
  number('max.accuracy', '>', 0.9),
  number('first.loss', '<=', 0.5),
  number('best.loss', '>', 0.4),
  number('best.accuracy', '>=', 0.5),
  text('params.lr', '=', '0.1', (value) => value === '0.1'),
  text('params.lr', '!=', '0.1', (value) => value !== '0.1'),
  text('params.text', '=', `${LONG}a`, (value) => value === `${LONG}a`),
  text('params.text', 'LIKE', 'xxx%', (value) => value.startsWith('xxx')),
  text('params.text', 'LIKE', `${LONG}x%b`, (value) => value.startsWith(`${LONG}x`) && value.endsWith('b')),
  isThere('params.text', true),
  isThere('params.text', false),
  number('start_time', '>', 30),
  number('end_time', '<=', 25),
  text('run_name', 'LIKE', 'bee%', (value) => value.startsWith('bee')),
  text('run_name', '=', 'cat7', (value) => value === 'cat7'),
];
const ORDERS = [
  'metrics.loss',
  'metrics.accuracy',
  'metrics.rare',
  'metrics.none',
  'min.loss',
  'max.accuracy',
  'best.loss',
  'best.accuracy',
  'first.loss',
  'params.lr',
  'params.text',
  'params.none',
  'start_time',
  'end_time',
  'run_name',
  'run_id',
];

describe('a search', () => {
  test('finds what a look at every run finds, in that order, page by page', () => {
    const random = seeded(3);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    for (let i = 0; i < 400; i++) {
      const one: Case = {
        filter: Array.from({ length: pick([0, 1, 1, 2, 3]) }, () => pick(CLAUSES)),
        orders: [...new Set(Array.from({ length: pick([0, 1, 1, 2]) }, () => pick(ORDERS)))].map(
          (name) => `${name} ${pick(['ASC', 'DESC'])}`,
        ),
        experimentIds: pick([['1'], ['1'], ['0', '2'], ['0', '1', '2'], undefined, []]),
        lifecycle: pick(['active', 'active', 'deleted', 'all']),
      };
      const all = expected(one);
      const said = JSON.stringify({ ...one, filter: one.filter.map((clause) => clause.text) });
      const size = pick([3, 20, 1000]);
      for (let offset = 0; offset < Math.min(all.length, 3 * size) + 1; offset += size) {
        expect({ said, offset, keys: found(one, size, offset) }).toEqual({
          said,
          offset,
          keys: all.slice(offset, offset + size),
        });
      }
      const deep = Math.max(0, all.length - 5);
      expect({ said, deep, keys: found(one, 10, deep) }).toEqual({ said, deep, keys: all.slice(deep) });
      expect(found(one, 10, all.length + 7)).toEqual([]);
    }
  });

  test('counts what it finds', () => {
    for (const clause of CLAUSES) {
      const one: Case = { filter: [clause], orders: [], experimentIds: ['0', '1'], lifecycle: 'active' };
      const { filter, experimentIds, lifecycle } = one;
      const count = store.countRuns({
        filter: filter[0]?.text,
        experimentIds,
        lifecycle,
        limit: 1,
        offset: 0,
      });
      expect([clause.text, count]).toEqual([clause.text, expected(one).length]);
    }
  });
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
