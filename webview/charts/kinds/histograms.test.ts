import { describe, expect, it } from 'vitest';
import { medianOf, ridgesOf } from './histograms';

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
});
