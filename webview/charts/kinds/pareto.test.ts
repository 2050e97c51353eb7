import { describe, expect, it } from 'vitest';
import type { ParetoSpec } from '../../../src/model/chartSpec';
import { frameOf } from '../plot/columns';
import { inputOf, metric } from '../plot/fixtures';
import { prepare } from './pareto';

const spec: ParetoSpec = {
  ...frameOf('p'),
  kind: 'pareto',
  x: metric('cost'),
  y: metric('val_accuracy'),
  maximizeX: false,
  maximizeY: true,
};

describe('the chart of two goals', () => {
  it('keeps the colour of runs on the front and greys those that are beaten', () => {
    const chart = prepare(
      inputOf(
        spec,
        [
          [spec.x, [1, 2, 3]],
          [spec.y, [0.9, 0.8, 0.95]],
        ],
        { on: [0, 1] },
      ),
    );
    expect(chart.front).toEqual([0, 2]);
    const colours = chart.groups.map(({ colour, indexes }) => [colour, ...indexes]);
    expect(colours).toEqual([
      [0, 1, 2],
      [1, 0],
    ]);
  });

  it('has no front of runs without numbers', () => {
    const chart = prepare(
      inputOf(spec, [
        [spec.x, [null, 'NaN']],
        [spec.y, [1, 2]],
      ]),
    );
    expect(chart.front).toEqual([]);
    expect(chart.drawn).toBe(0);
  });
});
