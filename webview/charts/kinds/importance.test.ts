import { describe, expect, it } from 'vitest';
import { plotColumn } from '../plot/columns';
import { metric, param } from '../plot/fixtures';
import { importance, prepare } from './importance';

describe('the chart of importance', () => {
  const value = plotColumn(metric('val_accuracy'), [0.9, 'NaN', 0.8]);

  it('counts runs with the metric and draws the largest shares', () => {
    const shares = [0.6, 0.3, 0.001].map((share, index) => ({
      params: [`p${index}`] as const,
      share,
      low: 0,
      high: 1,
    }));
    const chart = prepare(
      value,
      [],
      { shares, runCount: 20, treeCount: 64, explained: 0.9, noise: null },
      true,
    );
    expect(chart).toMatchObject({ runCount: 2, names: ['p0', 'p1'] });
  });

  it('asks for all params that differ', () => {
    const info = { runCount: 3, differs: true, isNumeric: true, min: 0, max: 1 };
    const known = [
      { column: param('lr'), ...info },
      { column: param('same'), ...info, differs: false },
      { column: metric('val_accuracy'), ...info },
    ];
    const spec = importance.propose('i', known, null);
    const board = { x: { kind: 'step' }, smoothing: 0, joinSeeds: false, ignoreOutliers: false } as const;
    expect(spec && importance.wants(spec, board, known).columns?.columns).toEqual([
      metric('val_accuracy'),
      param('lr'),
    ]);
  });
});
