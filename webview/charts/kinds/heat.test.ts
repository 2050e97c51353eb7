import { describe, expect, it } from 'vitest';
import type { HeatSpec } from '../../../src/model/chartSpec';
import { frameOf } from '../plot/columns';
import { inputOf, metric, param } from '../plot/fixtures';
import { prepare } from './heat';

const spec: HeatSpec = {
  ...frameOf('h'),
  kind: 'heat',
  x: param('lr'),
  y: param('hidden'),
  value: metric('val_accuracy'),
};

describe('a heat map of two params', () => {
  it('says mean, deviation and how many runs of each cell', () => {
    const chart = prepare(
      inputOf(spec, [
        [spec.x, ['0.1', '0.1', '0.2', null]],
        [spec.y, ['8', '8', '16', '8']],
        [spec.value, [0.8, 0.9, 0.7, 1]],
      ]),
    );
    expect(chart.cells).toEqual([
      { x: 0, y: 0, count: 2, mean: expect.closeTo(0.85), deviation: expect.closeTo(0.0707, 3), share: 1 },
      { x: 1, y: 1, count: 1, mean: 0.7, deviation: null, share: 0 },
    ]);
    expect(chart.x.names).toEqual(['0.1', '0.2']);
  });

  it('cuts params with many values by powers when they spread that way', () => {
    const lrs = Array.from({ length: 60 }, (_, index) => 10 ** (-4 + (3 * index) / 59));
    const chart = prepare(
      inputOf(spec, [
        [spec.x, lrs.map(String)],
        [spec.y, lrs.map(() => '8')],
        [spec.value, lrs],
      ]),
    );
    expect(chart.x.title).toBe('lr (log)');
    expect(chart.x.names).toHaveLength(10);
    expect(chart.cells.reduce((sum, { count }) => sum + count, 0)).toBe(60);
  });
});
