import { describe, expect, it } from 'vitest';
import { medianOf, ridgesOf, riseOf } from './histograms';

describe('histograms over steps', () => {
  it('have the median within its bin', () => {
    expect(medianOf({ step: 0, edges: [0, 1, 2], counts: [1, 3] })).toBeCloseTo(1 + 1 / 3);
    expect(medianOf({ step: 0, edges: [0, 1], counts: [0] })).toBeNaN();
  });

  it('draw at most 24 steps, the first and the last among them', () => {
    const all = Array.from({ length: 500 }, (_, step) => ({ step, edges: [0, 1], counts: [1] }));
    const shown = ridgesOf(all).map(({ step }) => step);
    expect([shown.length, shown[0], shown.at(-1)]).toEqual([24, 0, 499]);
  });

  it('draw the ridge at the back within the panel, however few or many there are', () => {
    const size = { width: 300, height: 200 };
    for (const count of [1, 2, 4, 24]) {
      // It stands at its own rise below the upper edge, and the one in front above the axis.
      expect(riseOf(size, count)).toBeGreaterThan(0.2 * size.height);
      expect(riseOf(size, count) + 2).toBeLessThanOrEqual(size.height - 16);
    }
  });
});
