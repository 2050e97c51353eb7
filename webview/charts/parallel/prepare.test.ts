import { describe, expect, it } from 'vitest';
import type { ParallelSpec } from '../../../src/model/chartSpec';
import type { Cell, Column } from '../../../src/model/table';
import { frameOf } from '../plot/columns';
import { inputOf, metric, param } from '../plot/fixtures';
import { brushClauses, dragged, gripAt, withinBrushes } from './brush';
import { prepare } from './prepare';

function prepared(columns: readonly (readonly [Column, readonly Cell[]])[]) {
  const spec: ParallelSpec = {
    ...frameOf('p'),
    kind: 'parallel',
    columns: columns.map(([column]) => column),
  };
  return prepare(inputOf(spec, columns));
}

describe('parallel coordinates', () => {
  it('take a logarithmic axis for what spreads over powers', () => {
    const chart = prepared([
      [param('lr'), ['0.001', '0.01', '0.1']],
      [metric('val_accuracy'), [0.9, 0.95, 0.97]],
    ]);
    expect(chart.axes.map(({ isLogarithmic }) => isLogarithmic)).toEqual([true, false]);
    expect([...(chart.axes[0]?.places ?? [])]).toEqual([0, 0.5, 1].map((place) => expect.closeTo(place, 5)));
  });

  it('have what is better on top', () => {
    const chart = prepared([
      [metric('val_loss'), [0.1, 0.3]],
      [metric('val_accuracy'), [0.9, 0.8]],
    ]);
    expect([...(chart.axes[0]?.places ?? [])]).toEqual([1, 0]);
    expect([...(chart.axes[1]?.places ?? [])]).toEqual([1, 0]);
  });

  it('leave a gap where a run has no number', () => {
    const chart = prepared([
      [param('lr'), ['0.1', null, '0.2']],
      [metric('val_accuracy'), ['NaN', 0.5, 'Infinity']],
    ]);
    expect(chart.drawn).toBe(0);
    expect(chart.axes[0]?.places[1]).toBeNaN();
    expect(chart.axes[1]?.places[2]).toBeNaN();
  });

  it('brush in the search language, in as few digits as say the same', () => {
    const values = [0.91234, 0.95111, 0.97777, 0.98123];
    const chart = prepared([
      [param('opt'), ['adam', 'sgd', 'adam', "it's"]],
      [metric('val_accuracy'), values],
    ]);
    const [opt, accuracy] = chart.axes.map(({ key }) => key);
    const top = new Map([[accuracy ?? '', { low: 0.6, high: 1 }]]);
    expect(brushClauses(chart, top)).toEqual(['metrics.val_accuracy.best >= 0.954']);
    expect([...(withinBrushes(chart, top) ?? [])]).toEqual([0, 0, 1, 1]);
    // adam, it's, sgd from the lower end.
    const one = new Map([[opt ?? '', { low: 0.3, high: 0.7 }]]);
    expect(brushClauses(chart, one)).toEqual(["params.opt = 'it''s'"]);
    expect(brushClauses(chart, new Map())).toEqual([]);
    expect(withinBrushes(chart, new Map())).toBeNull();
  });

  it('brush an axis that has its least value on top', () => {
    const chart = prepared([
      [metric('val_loss'), [0.1, 0.2, 0.3]],
      [metric('val_accuracy'), [0.9, 0.8, 0.7]],
    ]);
    const brushes = new Map([[chart.axes[0]?.key ?? '', { low: 0.4, high: 1 }]]);
    expect(brushClauses(chart, brushes)).toEqual(['metrics.val_loss.best <= 0.22']);
    expect([...(withinBrushes(chart, brushes) ?? [])]).toEqual([1, 1, 0]);
  });

  it('move and resize brushes within their axis', () => {
    const brush = { low: 0.4, high: 0.6 };
    expect(gripAt(brush, 0.5, 0.02)).toBe('whole');
    expect(gripAt(brush, 0.61, 0.02)).toBe('high');
    expect(gripAt(brush, 0.39, 0.02)).toBe('low');
    expect(gripAt(brush, 0.9, 0.02)).toBe('new');
    expect(dragged(brush, 'whole', 0.5, 2)).toEqual({ low: expect.closeTo(0.8), high: expect.closeTo(1) });
    expect(dragged(brush, 'high', 0.6, 0.2)).toEqual({ low: 0.2, high: 0.4 });
    expect(dragged(undefined, 'new', 0.7, 0.2)).toEqual({ low: 0.2, high: 0.7 });
  });
});
