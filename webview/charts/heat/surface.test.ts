import { describe, expect, it } from 'vitest';
import { GRID, surfaceOf } from './surface';

const numbers = (...values: number[]) => Float64Array.from(values);

describe('a surface between runs', () => {
  it('rises where the runs do', () => {
    const surface = surfaceOf(numbers(0, 0, 1, 1), numbers(0, 1, 0, 1), numbers(0, 0, 1, 1));
    expect(surface?.min).toBeLessThan(0.1);
    expect(surface?.max).toBeGreaterThan(0.9);
    const half = surface?.levels[5];
    // From the middle of the x axis to its end.
    const xs = half?.coordinates.flat(2).map(([x]) => x) ?? [];
    expect(Math.min(...xs)).toBeCloseTo(GRID.width / 2, -1);
    expect(Math.max(...xs)).toBe(GRID.width);
  });

  it('is flat where all runs have the same, and leaves out runs without a value', () => {
    const surface = surfaceOf(numbers(0, 0.5, 1), numbers(0, 0.5, 1), numbers(2, NaN, 2));
    expect(surface?.min).toBeCloseTo(2);
    expect(surface?.max).toBeCloseTo(2);
  });

  it('is none without runs', () => {
    expect(surfaceOf(numbers(0), numbers(0), numbers(NaN))).toBeNull();
  });

  it('stays finite far from all runs', () => {
    const at = numbers(...Array.from({ length: 12 }, (_, index) => index / 1e6));
    const surface = surfaceOf(at, at, at);
    expect(Number.isFinite(surface?.min)).toBe(true);
    expect(Number.isFinite(surface?.max)).toBe(true);
  });
});
