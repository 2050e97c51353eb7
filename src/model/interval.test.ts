import { describe, expect, it } from 'vitest';
import { differenceOfMeans, verdictOf } from './interval';

describe('the difference of two means', () => {
  it("has Welch's interval, with the degrees of freedom rounded down", () => {
    // s₁²/n₁ = 2.5 / 5 and s₂²/n₂ = 0.652 / 5: ν = 5.95, and t(0.975, 5) = 2.571.
    const found = differenceOfMeans([1, 2, 3, 4, 5], [1.1, 2.1, 1.6, 0.9, 2.9]);
    const variances = 0.5 + 0.652 / 5;
    expect(found?.difference).toBeCloseTo(3 - 1.72, 12);
    expect(found?.interval?.high).toBeCloseTo(1.28 + 2.571 * Math.sqrt(variances), 6);
    expect(found?.interval?.low).toBeCloseTo(1.28 - 2.571 * Math.sqrt(variances), 6);
  });

  it('has no interval with a single value on one side', () => {
    expect(differenceOfMeans([1], [1, 2])).toEqual({ difference: -0.5, interval: null });
  });

  it('leaves out what is no number, and is null without any', () => {
    expect(differenceOfMeans([1, NaN, Infinity, 3], [2])?.difference).toBe(0);
    expect(differenceOfMeans([NaN], [2])).toBeNull();
  });

  it('is exact when seeds change nothing', () => {
    expect(differenceOfMeans([2, 2], [1, 1])?.interval).toEqual({ low: 1, high: 1 });
  });

  it('is said to be better or worse only when zero lies outside', () => {
    expect(verdictOf({ low: 0.1, high: 0.2 }, 'maximize')).toBe('better');
    expect(verdictOf({ low: 0.1, high: 0.2 }, 'minimize')).toBe('worse');
    expect(verdictOf({ low: -0.2, high: -0.1 }, 'minimize')).toBe('better');
    expect(verdictOf({ low: -0.1, high: 0.2 }, 'maximize')).toBe('within');
    expect(verdictOf(null, 'maximize')).toBe('unknown');
  });
});
