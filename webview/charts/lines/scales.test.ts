import { expect, test } from 'vitest';
import { formatTick } from '../ticks';
import { distanceOf } from './scales';

const labels = (values: readonly number[]) => {
  const ticks = values.map((value) => ({ value }));
  return values.map((value, index) => formatTick(value, distanceOf(ticks, index)));
};

test.each([
  [[0.5], ['0.5']],
  [[5], ['5']],
  [[0], ['0']],
  [[], []],
  [
    [0.5, 1],
    ['0.5', '1.0'],
  ],
  [
    [0.2, 0.25, 0.3],
    ['0.20', '0.25', '0.30'],
  ],
  // The outer two are the ends of the data.
  [
    [0.137, 0.2, 0.4, 0.6, 0.777],
    ['0.1', '0.2', '0.4', '0.6', '0.8'],
  ],
])('however few ticks there are, no two of them say the same: %j', (values, expected) => {
  expect(labels(values)).toEqual(expected);
});
