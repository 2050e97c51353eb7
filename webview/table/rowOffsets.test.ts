import { describe, expect, it } from 'vitest';
import { RowOffsets } from './rowOffsets';

describe('where rows lie', () => {
  it('follows from the groups above them, which are a little higher', () => {
    const offsets = new RowOffsets();
    offsets.set(10, [0, 4]);
    expect(offsets.height).toBe(10 * 22 + 2 * 2);
    expect([0, 1, 4, 5].map((index) => offsets.topOf(index))).toEqual([0, 24, 90, 114]);
  });

  it('is found again from any height, with groups or without', () => {
    const offsets = new RowOffsets();
    offsets.set(
      100_000,
      Array.from({ length: 20_000 }, (_, n) => n * 5),
    );
    for (let index = 0; index < 100_000; index += 997) {
      const top = offsets.topOf(index);
      expect(offsets.indexAt(top)).toBe(index);
      expect(offsets.indexAt(offsets.topOf(index + 1) - 1)).toBe(index);
    }
    expect(offsets.indexAt(1e9)).toBe(99_999);
    expect(offsets.indexAt(-5)).toBe(0);
  });
});
