import { describe, expect, it } from 'vitest';
import { barRange, placeIn, roundedNumber, shortNumber } from './barRange';

describe('the range of bars', () => {
  it('has round ends around values and marks', () => {
    expect(barRange([0.9582, 0.9777, 0.9916], [0.9554, 0.98], 'maximize')).toEqual({ low: 0.95, high: 1 });
    expect(barRange([34, 51], [], null)).toEqual({ low: 30, high: 55 });
  });

  it('leaves out a run that went astray, but never a mark', () => {
    const values = [0.1, ...Array.from({ length: 20 }, (_, n) => 0.95 + n / 1000)];
    expect(barRange(values, [], 'maximize')?.low).toBeGreaterThan(0.9);
    expect(barRange(values, [0.5], 'maximize')?.low).toBeLessThanOrEqual(0.5);
    expect(
      barRange([0.02, 0.03, 0.04, 0.05, 0.06, 0.05, 0.04, 0.03, 0.02, 90], [], 'minimize')?.high,
    ).toBeLessThan(1);
  });

  it('is none without two different numbers', () => {
    expect(barRange([], [], null)).toBe(null);
    expect(barRange([3, 3], [null], null)).toBe(null);
    expect(barRange([Number.NaN, Infinity], [], null)).toBe(null);
  });

  it('places values, and those outside at its ends', () => {
    const range = { low: 0, high: 10 };
    expect([5, -1, 20, -Infinity].map((value) => placeIn(range, value))).toEqual([0.5, 0, 1, 0]);
    expect(placeIn(range, Number.NaN)).toBe(null);
  });

  it('is written as short as it can be', () => {
    expect([0.95, 1, -0.5, 0, 1e-5, 250_000].map(shortNumber)).toEqual([
      '.95',
      '1',
      '−.5',
      '0',
      '1e−5',
      '2.5e5',
    ]);
    expect([0.058839, -0.25].map(roundedNumber)).toEqual(['0.05884', '−0.25']);
  });
});
