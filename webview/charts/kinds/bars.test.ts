import { describe, expect, it } from 'vitest';
import type { BarsSpec } from '../../../src/model/chartSpec';
import { frameOf } from '../plot/columns';
import { idOf, inputOf, metric, param } from '../plot/fixtures';
import { prepare } from './bars';

const spec: BarsSpec = { ...frameOf('b'), kind: 'bars', column: metric('val_accuracy') };

describe('bars of runs', () => {
  it('stand in order, the best first, with what the champion has', () => {
    const chart = prepare(
      inputOf(spec, [[spec.column, [0.8, 'NaN', 0.95, null, 0.9]]], { championId: idOf(4) }),
    );
    expect(chart.bars.map(({ name }) => name)).toEqual(['r2', 'r4', 'r0']);
    expect(chart).toMatchObject({ champion: 0.9, target: 0.9 });
  });

  it('begin with the least when less is better, and at zero when that shows all', () => {
    const loss = { ...spec, column: metric('val_loss') };
    const chart = prepare(inputOf(loss, [[loss.column, [0.5, 0.1]]]));
    expect(chart.bars.map(({ value }) => value)).toEqual([0.1, 0.5]);
    expect(chart.span.min).toBe(0);
    expect(chart.target).toBeNull();
  });

  it('join runs that differ in their seeds only', () => {
    const columns = [
      [spec.column, [0.9, 0.92, 0.7]],
      [param('lr'), ['1', '1', '2']],
      [param('seed'), ['0', '1', '0']],
    ] as const;
    const chart = prepare(inputOf(spec, columns));
    expect(chart.bars).toHaveLength(2);
    expect(chart.bars[0]).toMatchObject({
      count: 2,
      value: expect.closeTo(0.91),
      deviation: expect.closeTo(0.01414, 4),
    });
    expect(chart.bars[1]?.deviation).toBeNull();
  });
});
