import { describe, expect, test } from 'vitest';
import { decodeSeries, encodeSeries } from './seriesFrame';

const series = (metric: string, length: number) => ({
  runId: 'a'.repeat(32),
  metric,
  count: 7 * length,
  steps: Array.from({ length }, (_, i) => i),
  values: Array.from({ length }, (_, i) => [Number.NaN, Infinity, -Infinity, 0.1][i % 4] ?? 0),
  timestamps: Array.from({ length }, (_, i) => 1_764_000_000_000 + i),
});

function joined(frames: readonly Uint8Array[], shift = 0): Uint8Array {
  const whole = new Uint8Array(shift + frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = shift;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole.subarray(shift);
}

describe('frames of series', () => {
  test.each([0, 1, 3, 8])('are read as they were written, wherever they lie (%i)', (shift) => {
    const all = ['loss', 'val loss 🙂 <b>', ''].map((metric, i) => series(metric, i * 5));
    const read = decodeSeries(joined(all.map(encodeSeries), shift));
    expect(
      read.map((one) => ({
        ...one,
        steps: [...one.steps],
        values: [...one.values],
        timestamps: [...one.timestamps],
      })),
    ).toEqual(all);
  });

  test('that were cut off are refused', () => {
    const whole = joined([series('a', 3), series('b', 3)].map(encodeSeries));
    const begin = encodeSeries(series('a', 3)).length;
    expect(decodeSeries(whole.subarray(0, begin))).toHaveLength(1);
    for (const length of [1, 4, 20, begin - 1, begin + 2, begin + 40, whole.length - 8]) {
      expect(() => decodeSeries(whole.subarray(0, length))).toThrow();
    }
  });
});
