import { describe, expect, it } from 'vitest';
import { type Importances, type ImportanceParam, importances } from './importance';

let state = 1;
const random = () => (state = (state * 16807) % 2147483647) / 2147483647;

function computed(params: readonly ImportanceParam[], metric: readonly number[]): Importances | null {
  const work = importances(params, metric);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

function grid(count: number, names: readonly string[]): readonly ImportanceParam[] {
  state = 7;
  return names.map((name) => ({
    name,
    cells: Array.from({ length: count }, () => Number(random().toFixed(4))),
  }));
}
const at = (param: ImportanceParam | undefined, run: number) => Number(param?.cells[run]);
const shareOf = (found: Importances | null, ...params: readonly string[]) =>
  found?.shares.find(
    (one) => one.params.join() === params.join() || [...one.params].reverse().join() === params.join(),
  )?.share ?? NaN;

describe('the importance of params', () => {
  it('is the share of the variance that each part of a sum has', () => {
    const params = grid(400, ['a', 'b', 'c']);
    // Uniform: variances are 1/12 · (4², 2², 0²), so 0.8 and 0.2.
    const metric = Array.from({ length: 400 }, (_, run) => 4 * at(params[0], run) + 2 * at(params[1], run));
    const found = computed(params, metric);
    expect(shareOf(found, 'a')).toBeCloseTo(0.8, 1);
    expect(shareOf(found, 'b')).toBeCloseTo(0.2, 1);
    expect(shareOf(found, 'c')).toBeLessThan(0.02);
    expect(found?.explained).toBeGreaterThan(0.9);
    expect(found?.shares[0]?.params).toEqual(['a']);
  });

  it('is that of the pair when two only matter together', () => {
    const params = grid(600, ['a', 'b', 'c']);
    const metric = Array.from({ length: 600 }, (_, run) =>
      Number(at(params[0], run) > 0.5 !== at(params[1], run) > 0.5),
    );
    const found = computed(params, metric);
    expect(shareOf(found, 'a', 'b')).toBeGreaterThan(0.7);
    expect(shareOf(found, 'a')).toBeLessThan(0.15);
  });

  it('has an interval around its share', () => {
    const params = grid(60, ['a', 'b']);
    const metric = Array.from({ length: 60 }, (_, run) => at(params[0], run) + at(params[1], run));
    for (const { low, share, high } of computed(params, metric)?.shares ?? []) {
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
    }
  });

  it('explains nothing of what no param has to do with', () => {
    const params = grid(200, ['a', 'b']);
    const found = computed(
      params,
      Array.from({ length: 200 }, () => random()),
    );
    expect(found?.explained).toBeLessThan(0.1);
  });

  it('takes texts and params that only some runs have', () => {
    const cells = Array.from({ length: 80 }, (_, run) => ['adam', 'sgd', null][run % 3] ?? null);
    const found = computed(
      [{ name: 'optimizer', cells }],
      cells.map((cell) => (cell === 'sgd' ? 0.5 : cell === null ? 0.7 : 0.9)),
    );
    expect(shareOf(found, 'optimizer')).toBeCloseTo(1, 2);
  });

  it('knows what seeds alone do', () => {
    state = 3;
    const lr = Array.from({ length: 60 }, (_, run) => (run % 3) / 10);
    const seeds = Array.from({ length: 60 }, (_, run) => Math.floor(run / 3));
    const metric = lr.map((value) => value + (random() - 0.5) * 0.1);
    const found = computed(
      [
        { name: 'lr', cells: lr },
        { name: 'seed', cells: seeds },
      ],
      metric,
    );
    expect(found?.noise).toBeGreaterThan(0.05);
    expect(found?.noise).toBeLessThan(0.2);
    expect(computed([{ name: 'lr', cells: lr }], metric)?.noise).toBeNull();
  });

  it('is the same each time', () => {
    const params = grid(50, ['a', 'b']);
    const metric = Array.from({ length: 50 }, (_, run) => at(params[0], run));
    expect(computed(params, metric)).toEqual(computed(params, metric));
  });

  it('is not told from few runs, from a metric that never varies, or without numbers', () => {
    const params = grid(40, ['a']);
    expect(computed(params, [1, 2, 3])).toBeNull();
    expect(
      computed(
        params,
        Array.from({ length: 40 }, () => 1),
      ),
    ).toBeNull();
    expect(
      computed(
        params,
        Array.from({ length: 40 }, () => NaN),
      ),
    ).toBeNull();
    expect(
      computed([{ name: 'a', cells: Array.from({ length: 40 }, () => 1) }], params[0]!.cells.map(Number)),
    ).toBeNull();
  });
});
