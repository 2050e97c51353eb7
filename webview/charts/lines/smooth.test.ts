import { describe, expect, it } from 'vitest';
import { meanDistance, smooth } from './smooth';

const line = (...values: readonly number[]) => Float64Array.from(values);

describe('smoothing', () => {
  it('is the moving average that TensorBoard draws when points lie evenly', () => {
    const values = [1, 0, 4, 2];
    // last = last · w + (1 − w) · y, divided by 1 − wⁿ.
    let last = 0;
    const expected = values.map((value, index) => {
      last = last * 0.6 + 0.4 * value;
      return last / (1 - 0.6 ** (index + 1));
    });
    const smoothed = smooth(line(10, 20, 30, 40), line(...values), 0.6, 10);
    smoothed.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 12));
  });

  it('begins at the first value, not at zero', () => {
    expect(smooth(line(1, 2), line(5, 5), 0.99, 1)).toEqual(line(5, 5));
  });

  it('keeps gaps and goes on behind them', () => {
    const smoothed = smooth(line(1, 2, 3, 4), line(1, NaN, Infinity, 3), 0.5, 1);
    expect(smoothed[1]).toBeNaN();
    expect(smoothed[2]).toBeNaN();
    expect(smoothed[3]).toBeGreaterThan(2);
  });

  it('leans less on what is far away', () => {
    const near = smooth(line(0, 1), line(0, 1), 0.9, 1)[1] ?? NaN;
    const far = smooth(line(0, 50), line(0, 1), 0.9, 1)[1] ?? NaN;
    expect(far).toBeGreaterThan(near);
  });

  it('takes steps that do not move as one place', () => {
    expect([...smooth(line(1, 1, 1), line(0, 3, 6), 0.5, 1)]).toEqual([0, 1.5, 3]);
    expect(meanDistance(line(1, 1))).toBe(1);
  });
});
