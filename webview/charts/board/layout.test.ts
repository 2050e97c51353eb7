import { describe, expect, it } from 'vitest';
import type { ColumnInfo } from '../../../src/model/table';
import { chartKinds } from '../index';
import { linesOf } from '../kinds/lines';
import { csvOf, fileName } from './files';
import { metricsWith } from '../metricNames';
import { layOutBoard, moved } from './layout';

const metric = (name: string): ColumnInfo => ({
  column: { kind: 'metric', name, of: 'last' },
  runCount: 9,
  differs: true,
  isNumeric: true,
  min: 0,
  max: 1,
});
const goal = { metric: 'val_accuracy', direction: 'maximize', target: 0.98 } as const;
const metricsOf = (names: readonly string[]) =>
  layOutBoard(null, names.map(metric), goal, chartKinds).charts.flatMap((spec) =>
    spec.kind === 'lines' ? [spec.metric] : [],
  );

describe('a new board', () => {
  it('begins with the goal, wide, and the loss that goes with it', () => {
    const layout = layOutBoard(
      null,
      ['loss', 'lr', 'val_accuracy', 'val_loss'].map(metric),
      goal,
      chartKinds,
    );
    expect(layout.charts[0]).toMatchObject({ metric: 'val_accuracy', span: 2 });
    expect(metricsOf(['loss', 'lr', 'val_accuracy', 'val_loss'])).toEqual([
      'val_accuracy',
      'val_loss',
      'loss',
      'lr',
    ]);
  });

  it('makes a few charts of ten thousand metrics and lists the rest', () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `layer.${n}`);
    const layout = layOutBoard(null, [...names, 'val_accuracy', 'system/cpu'].map(metric), goal, chartKinds);
    expect(layout.charts.length).toBeLessThan(12);
    expect(layout.further.length).toBeGreaterThan(9_900);
    expect(layout.further[0]).toBe('layer.6');
    expect(layout.system).toEqual(['system/cpu']);
    expect(metricsWith(layout.further, 'LAYER 77 9')).toContain('layer.779');
  });

  it('is empty without metrics', () => {
    expect(layOutBoard(null, [], goal, chartKinds)).toEqual({ charts: [], further: [], system: [] });
  });
});

describe('the charts of a view', () => {
  const charts = [linesOf('a', 'x'), linesOf('b', 'y', { pinned: true }), linesOf('c', 'z')];

  it('have the pinned ones first', () => {
    expect(layOutBoard(charts, [], null, chartKinds).charts.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });

  it('move before another one, or to the end', () => {
    const ids = (all: typeof charts | readonly { id: string }[]) => all.map(({ id }) => id);
    expect(ids(moved(charts, 'c', 'a'))).toEqual(['c', 'a', 'b']);
    expect(ids(moved(charts, 'a', null))).toEqual(['b', 'c', 'a']);
    expect(moved(charts, 'a', 'gone')).toBe(charts);
  });
});

describe('a saved file', () => {
  it('quotes what CSV needs quoted and lets no text be a formula', () => {
    expect(
      csvOf([
        ['step', 'a,"b"', '=1+1'],
        [1, NaN, ''],
      ]),
    ).toBe(`step,"a,""b""",'=1+1\r\n1,NaN,\r\n`);
  });

  it('has a name that every file system takes', () => {
    expect(fileName('../val/loss <b>', 'png')).toBe('val-loss-b.png');
    expect(fileName('🦊', 'csv')).toBe('chart.csv');
  });
});
