import { describe, expect, it } from 'vitest';
import { rankCorrelation } from './rankCorrelation';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the correlation of ranks', () => {
  it('is 1 for what only rises, however bent, and −1 for what only falls', () => {
    const xs = upTo(20);
    expect(rankCorrelation(xs, xs.map(Math.exp))?.value).toBeCloseTo(1);
    expect(
      rankCorrelation(
        xs,
        xs.map((x) => -(x ** 3)),
      )?.value,
    ).toBeCloseTo(-1);
  });

  it('gives ties their mean rank', () => {
    // scipy.stats.spearmanr of the same numbers.
    const xs = [1, 2, 2, 3, 4, 4, 4, 5, 6, 7];
    const ys = [2, 1, 3, 3, 5, 4, 6, 5, 8, 7];
    expect(rankCorrelation(xs, ys)?.value).toBeCloseTo(0.91335, 4);
  });

  it('has an interval that holds zero for what has nothing to do with each other', () => {
    let seed = 5;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const found = rankCorrelation(upTo(200).map(random), upTo(200).map(random));
    expect(found?.low).toBeLessThan(0);
    expect(found?.high).toBeGreaterThan(0);
  });

  it('is not told from few pairs, or from what does not vary', () => {
    expect(rankCorrelation(upTo(9), upTo(9))).toBeNull();
    expect(
      rankCorrelation(
        upTo(20),
        upTo(20).map(() => 1),
      ),
    ).toBeNull();
    expect(
      rankCorrelation(
        upTo(20),
        upTo(20).map(() => NaN),
      ),
    ).toBeNull();
  });
});
