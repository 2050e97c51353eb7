import { describe, expect, test } from 'vitest';
import { openDatabase } from '../database';
import { createJournal } from '../journal';
import { type Point, metricStore } from '../metrics';
import { runStore } from '../runs';
import { seriesStore } from '../series';
import { type Block, type PointKey, blockOfPoint, isBefore, joinedBlocks } from './block';
import { BEFORE_ALL, BEHIND_ALL, type Bound, beforeStep, behindStep, blockRows } from './blockRows';
import { levelFor, stretchOf, thinned, thinnedPoints } from './stretch';

function openMetric() {
  const { db } = openDatabase({ database: ':memory:' });
  const journal = createJournal(db);
  const runs = runStore(db, journal, { artifacts: '' });
  const metrics = metricStore(db, journal);
  const runId = runs.createRun({ experimentId: '0', name: 'r', state: 'running', startedAt: 1 });
  const rows = blockRows(db);
  return {
    runId,
    rows,
    series: seriesStore(db),
    close: () => db.close(),
    log: (points: readonly Omit<Point, 'name'>[]) =>
      metrics.logMetrics(
        runs.runHead(runId),
        points.map((point) => ({ name: 'loss', ...point })),
      ),
    raw: () => rows.points(1, BEFORE_ALL, BEHIND_ALL, Number.MAX_SAFE_INTEGER),
    blockCount: () => rows.countBlocks(1, 0, BEFORE_ALL, BEHIND_ALL, Number.MAX_SAFE_INTEGER),
    stretch: (after: Bound, before: Bound, pixels: number) =>
      stretchOf(rows, 1, after, before, levelFor(rows, 1, after, before, pixels)),
    sql: db,
  };
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

/** Blocks must stand for the points one after the other, each as they are. */
function expectExact(blocks: readonly Block[], points: readonly PointKey[]): void {
  let at = 0;
  const wrong: unknown[] = [];
  for (const block of blocks) {
    const [first, ...rest] = points.slice(at, at + block.count).map(blockOfPoint);
    const wanted = first === undefined ? undefined : rest.reduce(joinedBlocks, first);
    if (inspect(block) !== inspect(wanted)) wrong.push({ block, wanted });
    at += block.count;
  }
  expect(wrong).toEqual([]);
  expect(at).toBe(points.length);
}

/** In one text, with NaN, infinities and minus zero: many thousand blocks are compared. */
function inspect(block: Block | undefined): string {
  if (block === undefined) return '';
  const { first, last, count, low, high, nan } = block;
  const mark = (one: object | null) => (one === null ? '-' : Object.values(one).join(' '));
  return [...first, ...last, count, mark(low), mark(high), mark(nan)].join();
}

/** What a metric's points may look like, in the order in which they are logged. */
const SHAPES: Record<string, (i: number, random: () => number) => Omit<Point, 'name'>> = {
  'in order': (i, random) => ({ step: i, timestamp: 1_000 + i, value: random() }),
  'without steps': (i, random) => ({ step: 0, timestamp: 1_000 + i, value: random() }),
  'at one moment': (i) => ({ step: 0, timestamp: 1, value: i }),
  backwards: (i, random) => ({ step: 100_000 - i, timestamp: i, value: random() }),
  'late now and then': (i, random) => ({
    step: random() < 0.1 ? Math.floor(random() * i) : i,
    timestamp: 1_000 + i,
    value: Math.floor(random() * 20),
  }),
  'of several attempts': (i, random) => ({ step: i % 3_000, timestamp: i, value: random() }),
  'with gaps and infinities': (i, random) => ({
    step: i,
    timestamp: i,
    value: random() < 0.02 ? Number.NaN : random() < 0.01 ? -Infinity : random() < 0.01 ? Infinity : 0,
  }),
  'in any order': (i, random) => ({
    step: Math.floor(random() * 5_000),
    timestamp: i % 7,
    value: Math.floor(random() * 9),
  }),
};

describe('points thinned beside the raw ones', () => {
  test.each(Object.keys(SHAPES))('are exact for points %s', (shape) => {
    const random = seeded(shape.length);
    const metric = openMetric();
    const make = SHAPES[shape];
    const total = 7_000;
    for (let i = 0; i < total;) {
      const count = Math.min(total - i, random() < 0.5 ? 1 : Math.floor(random() * 1_000));
      metric.log(
        Array.from({ length: count }, (_, n) => make?.(i + n, random) ?? { step: 0, timestamp: 0, value: 0 }),
      );
      i += count;
    }
    const points = metric.raw();
    if (points.length > 6_000) expect(metric.blockCount()).toBeGreaterThan(50);
    for (const pixels of [1, 50, 400, 3_000]) {
      expectExact(metric.stretch(BEFORE_ALL, BEHIND_ALL, pixels), points);
      for (let round = 0; round < 3; round++) {
        const [a = 0, b = 0] = [random(), random()].map(
          (part) => points[Math.floor(part * points.length)]?.[0],
        );
        const [from, to] = [Math.min(a, b) - random(), Math.max(a, b) + random()];
        const stretch = metric.stretch(beforeStep(from), behindStep(to), pixels);
        expectExact(
          stretch,
          points.filter(([step]) => step >= from && step <= to),
        );
        const columns = thinned(stretch, pixels);
        expect(columns.reduce((sum, { count }) => sum + count, 0)).toBe(
          stretch.reduce((sum, { count }) => sum + count, 0),
        );
        expect(columns.length).toBeLessThanOrEqual(2 * pixels + 2);
      }
    }
    // However they came, no block is much larger than the others of its level.
    const sizes = metric.rows.blocks(1, 0, BEFORE_ALL, BEHIND_ALL, 1e9).map(({ count }) => count);
    expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(4 * 16);
    metric.close();
  });

  test('are not made for short series', () => {
    const metric = openMetric();
    metric.log(Array.from({ length: 4_000 }, (_, i) => ({ step: i, timestamp: i, value: i })));
    expect(metric.blockCount()).toBe(0);
    metric.close();
  });

  test('of an older store are made when somebody looks, bit by bit', () => {
    const metric = openMetric();
    metric.log(Array.from({ length: 100_000 }, (_, i) => ({ step: i, timestamp: i, value: Math.sin(i) })));
    metric.sql.exec('DELETE FROM point_blocks');
    expect(metric.series.needsThinning(metric.runId, 'loss')).toBe(true);
    let turns = 1;
    while (metric.series.thinPoints(metric.runId, 'loss')) turns++;
    expect(turns).toBeGreaterThan(5);
    expect(metric.series.needsThinning(metric.runId, 'loss')).toBe(false);
    expectExact(metric.stretch(BEFORE_ALL, BEHIND_ALL, 100), metric.raw());
    metric.close();
  });

  test('keep the order of what is drawn, and say how many points there are', () => {
    const metric = openMetric();
    metric.log(
      Array.from({ length: 20_000 }, (_, i) => ({ step: i, timestamp: i, value: i === 7_777 ? 9 : i % 2 })),
    );
    const drawn = metric.series.readSeries({ runId: metric.runId, metric: 'loss', pixels: 300 });
    expect(drawn.count).toBe(20_000);
    expect(drawn.steps).toEqual(drawn.steps.toSorted((a, b) => a - b));
    expect(drawn.steps.length).toBeLessThan(700);
    expect(drawn.values[drawn.steps.indexOf(7_777)]).toBe(9);
    metric.close();
  });

  test('are as those that are thinned from the points themselves', () => {
    const points: PointKey[] = Array.from({ length: 1_000 }, (_, i) => [
      i,
      i,
      i % 37 === 0 ? 0 : (i * 7919) % 100,
      i % 37 === 0 ? 1 : 0,
    ]);
    for (const pixels of [1, 3, 40, 400, 900]) {
      const drawn = thinned(points.map(blockOfPoint), pixels).flatMap(({ low, high, nan }) =>
        [low?.step, high?.step, nan?.step].filter((step) => step !== undefined),
      );
      expect(new Set(thinnedPoints(points, pixels))).toEqual(new Set(drawn));
    }
  });

  test('are in the order of points', () => {
    expect(isBefore([1, 2, 3, 0], [1, 2, 3, 1])).toBe(true);
    expect(isBefore([1, 2, 3, 0], [1, 2, 3, 0])).toBe(false);
    expect(isBefore([2, 0, 0, 0], [1, 9, 9, 1])).toBe(false);
  });
});
