import { describe, expect, it } from 'vitest';
import type { ScatterSpec } from '../../../src/model/chartSpec';
import { frameOf } from '../plot/columns';
import { inputOf, metric, param } from '../plot/fixtures';
import { prepare, scatter } from './scatter';

const spec: ScatterSpec = {
  ...frameOf('s'),
  kind: 'scatter',
  x: param('lr'),
  y: metric('val_accuracy'),
  size: null,
  logarithmicX: true,
  logarithmicY: false,
};

describe('a scatter of runs', () => {
  it('draws runs that have both numbers, those that are on over the others', () => {
    const chart = prepare(
      inputOf(
        spec,
        [
          [spec.x, ['0.1', '0.01', null, '0']],
          [spec.y, [0.9, 'NaN', 0.8, 0.7]],
        ],
        { on: [0] },
      ),
    );
    expect(chart.drawn).toBe(1); // No logarithm of 0, no place for NaN, none without a value.
    expect(chart.groups[0]).toMatchObject({ colour: 1, shape: 'circle' });
  });

  it('gives an axis of texts one place each', () => {
    const named = { ...spec, x: param('opt') };
    const chart = prepare(
      inputOf(named, [
        [named.x, ['sgd', 'adam', 'sgd']],
        [spec.y, [1, 2, 3]],
      ]),
    );
    expect([...chart.x.positions]).toEqual([1, 0, 1]);
    expect(chart.trend).toBeNull();
  });

  it('tells a trend only with enough runs', () => {
    const runs = Array.from({ length: 12 }, (_, index) => index + 1);
    const columns = [
      [spec.x, runs.map(String)],
      [spec.y, runs],
    ] as const;
    expect(prepare(inputOf(spec, columns)).trend).toBe('rank correlation 1.00');
    expect(
      prepare(
        inputOf(spec, [
          [spec.x, ['1', '2']],
          [spec.y, [1, 2]],
        ]),
      ).trend,
    ).toBeNull();
  });

  it('sizes bubbles by a third column', () => {
    const sized = { ...spec, size: metric('params') };
    const chart = prepare(
      inputOf(sized, [
        [spec.x, ['1', '2', '3']],
        [spec.y, [1, 2, 3]],
        [sized.size, [1, null, 9]],
      ]),
    );
    expect(chart.radii?.[0]).toBeLessThan(chart.radii?.[2] ?? 0);
  });

  it('is proposed only for an experiment that has metrics', () => {
    expect(scatter.propose('s', [], null)).toBeNull();
  });
});
