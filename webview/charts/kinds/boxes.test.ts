import { describe, expect, it } from 'vitest';
import type { BoxesSpec } from '../../../src/model/chartSpec';
import { frameOf } from '../plot/columns';
import { inputOf, metric, param } from '../plot/fixtures';
import { prepare } from './boxes';

const spec: BoxesSpec = {
  ...frameOf('b'),
  kind: 'boxes',
  by: param('hidden'),
  value: metric('val_accuracy'),
  violin: false,
};

describe('boxes by a param', () => {
  it('have the quartiles of numpy, by value of the param', () => {
    const chart = prepare(
      inputOf(spec, [
        [spec.by, ['8', '8', '8', '8', '16', null]],
        [spec.value, [1, 2, 3, 4, 5, 6]],
      ]),
    );
    expect(chart.boxes.map(({ name }) => name)).toEqual(['8', '16']);
    expect(chart.boxes[0]).toMatchObject({ low: 1.75, median: 2.5, high: 3.25 });
  });

  it('are eight groups of as many runs when a param has many numbers', () => {
    const values = Array.from({ length: 80 }, (_, index) => index);
    const chart = prepare(
      inputOf(spec, [
        [spec.by, values.map((value) => String(value / 100))],
        [spec.value, values],
      ]),
    );
    expect(chart.boxes.map(({ rows }) => rows.length)).toEqual(Array(8).fill(10));
  });
});
