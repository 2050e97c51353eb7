import { describe, expect, it } from 'vitest';
import { formatTick } from './ticks';

describe('a tick', () => {
  it.each([
    [0.98, 0.02, '0.98'],
    [1, 0.02, '1.00'],
    [0, 0.02, '0'],
    [0.25, 0.25, '0.25'],
    [15, 5, '15'],
    [2000, 500, '2,000'],
    [-2, 1, '−2'],
    [0.30000000000000004, 0.1, '0.3'],
    [0.00002, 0.00001, '2e−5'],
  ])('at %d, %d apart, reads %s', (value, distance, text) => expect(formatTick(value, distance)).toBe(text));
});
