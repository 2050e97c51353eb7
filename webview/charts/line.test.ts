import { describe, expect, it } from 'vitest';
import type { ChartRun, PageSeries } from '../../src/api/pages';
import { styleOf } from '../ui/runStyle';
import { summaryOf } from './describe';
import { aRun, aSeries } from './fixtures';
import { type LineInput, nearestX, nextX, prepare, readingsAt, zoomed } from './line';
import { stepRows } from './table';

/** The chart of `loss` over runs, each with its points. */
function chartOf(pairs: readonly (readonly [ChartRun, PageSeries])[], input: Partial<LineInput> = {}) {
  return prepare({
    metric: 'loss',
    runs: pairs.map(([run]) => run),
    series: new Map(pairs.map(([run, series]) => [run.runId, series])),
    axis: 'step',
    logarithmic: false,
    ignoreOutliers: false,
    hidden: new Set(),
    emphasised: null,
    bestRunId: null,
    goal: null,
    zoom: null,
    details: new Map(),
    ...input,
  });
}

const otter = aRun({ name: 'brisk-otter', slot: 1 });
const stoat = aRun({ name: 'keen-stoat', slot: 10, state: 'running' });

describe('the lines of a chart', () => {
  it('have a point a step', () => {
    const { lines, x } = chartOf([[otter, aSeries(otter, [3, 2, 1])]]);
    expect(lines[0]?.points).toEqual([
      { x: 1, y: 3 },
      { x: 2, y: 2 },
      { x: 3, y: 1 },
    ]);
    expect(x).toEqual({ min: 1, max: 3 });
  });

  it('have a gap where a value is not finite, and a dot for a point between gaps', () => {
    const many = Array.from({ length: 40 }, (_, index) => (index === 10 || index === 12 ? NaN : index));
    const { lines } = chartOf([[otter, aSeries(otter, [...many, Infinity])]]);
    expect(lines[0]?.points[40]?.y).toBeNaN();
    expect(lines[0]?.marks).toEqual([{ x: 12, y: 11, kind: 'alone' }]);
  });

  it('leave out what a logarithmic axis cannot show, and count it', () => {
    const chart = chartOf([[otter, aSeries(otter, [1, 0, -1, 10])]], { logarithmic: true });
    expect(chart.notOnLogScale).toBe(2);
    expect(chart.lines[0]?.points.map((point) => point.y)).toEqual([1, NaN, NaN, 10]);
  });

  it('count the time from the start of their run, in a unit that fits', () => {
    const seconds = chartOf([[otter, aSeries(otter, [3, 2])]], { axis: 'time' });
    expect(seconds.unit.name).toBe('s');
    expect(seconds.lines[0]?.points.map((point) => point.x)).toEqual([1, 2]);
    const long = aSeries(
      otter,
      Array.from({ length: 240 }, () => 1),
    );
    expect(chartOf([[otter, long]], { axis: 'time' }).unit.name).toBe('min');
  });

  it('end with a dot while the run lives and with a cross when it failed', () => {
    const failed = aRun({ state: 'failed' });
    const many = Array.from({ length: 31 }, (_, index) => index);
    const { lines } = chartOf([
      [stoat, aSeries(stoat, many)],
      [failed, aSeries(failed, many)],
      [otter, aSeries(otter, many)],
    ]);
    expect(lines.map((line) => line.marks.map((mark) => mark.kind))).toEqual([['live'], ['failed'], []]);
  });

  it('step back when another run is pointed at', () => {
    const chart = chartOf(
      [
        [otter, aSeries(otter, [1])],
        [stoat, aSeries(stoat, [2])],
      ],
      { emphasised: otter.runId },
    );
    expect(chart.lines.map((line) => line.weight)).toEqual(['strong', 'faint']);
  });

  it('of hidden runs are not there, and do not count for the best', () => {
    const chart = chartOf(
      [
        [otter, aSeries(otter, [1])],
        [stoat, aSeries(stoat, [2])],
      ],
      { hidden: new Set([otter.runId]) },
    );
    expect(chart.lines.map((line) => line.run.name)).toEqual(['keen-stoat']);
    expect(chart.best?.run.name).toBe('keen-stoat');
    expect(summaryOf(chart, 2)).toBe('1 of 2 runs, lowest 2 keen-stoat');
  });

  it('keep a few wild values out of the scale when asked to', () => {
    const values = Array.from({ length: 100 }, (_, index) => 1 + index / 100);
    const { y } = chartOf([[otter, aSeries(otter, [1e6, ...values])]], { ignoreOutliers: true });
    expect(y?.max).toBeLessThan(2.5);
    const even = Array.from({ length: 30 }, (_, index) => index);
    const whole = chartOf([[otter, aSeries(otter, even)]], { ignoreOutliers: true });
    expect(whole.y).toEqual({ min: 0, max: 29 });
  });
});

describe('the best of a chart', () => {
  it('is the lowest of a loss and the highest by a goal that says so', () => {
    const pairs = [[otter, aSeries(otter, [3, NaN, 1, 2])]] as const;
    expect(chartOf(pairs).best).toMatchObject({ value: 1, step: 3 });
    const goal = { metric: 'loss', direction: 'maximize', target: 2.5 } as const;
    expect(summaryOf(chartOf(pairs, { goal }), 1)).toBe('1 run, best 3 brisk-otter');
    expect(chartOf(pairs, { goal })).toMatchObject({ best: { value: 3, step: 1 }, target: 2.5 });
  });

  it('is nobody when there are only NaN', () => {
    const chart = chartOf([[otter, aSeries(otter, [NaN])]]);
    expect(chart.best).toBeNull();
    expect(summaryOf(chart, 1)).toBe('1 run');
  });
});

describe('the cross-hair', () => {
  const chart = chartOf([
    [otter, aSeries(otter, [3, 2, 1], [1, 5, 9])],
    [stoat, aSeries(stoat, [4, 0.5], [1, 4])],
  ]);

  it('stands on the nearest point', () => {
    expect(nearestX(chart, 4.2)).toBe(4);
    expect(nearestX(chart, 100)).toBe(9);
  });

  it('goes from point to point of any line', () => {
    expect(nextX(chart, null, 1)).toBe(1);
    expect(nextX(chart, 1, 1)).toBe(4);
    expect(nextX(chart, 4, 1)).toBe(5);
    expect(nextX(chart, 9, 1)).toBe(9);
    expect(nextX(chart, 9, -1)).toBe(5);
    expect(nextX(chart, null, -1)).toBe(9);
  });

  it('reads the best first, and nothing of a run that ended before', () => {
    const read = (x: number) => readingsAt(chart, x).map(({ line, value }) => [line.run.name, value]);
    expect(read(4)).toEqual([
      ['keen-stoat', 0.5],
      ['brisk-otter', 2],
    ]);
    expect(read(9)).toEqual([['brisk-otter', 1]]);
  });
});

describe('a zoomed chart', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  const zoom = { min: 41, max: 60 };

  it('shows its part of the axis, and knows the whole and the best of the whole', () => {
    const details = new Map([[otter.runId, aSeries(otter, [60, 50, 40], [41, 50, 60])]]);
    const chart = chartOf([[otter, aSeries(otter, values)]], { zoom, details });
    expect(chart.x).toEqual(zoom);
    expect(chart.whole).toEqual({ min: 1, max: 100 });
    expect(chart.lines[0]?.points).toHaveLength(3);
    expect(chart.best?.value).toBe(1);
  });

  it('keeps the cross-hair in view', () => {
    const chart = chartOf([[otter, aSeries(otter, values)]], { zoom });
    expect(nextX(chart, null, 1)).toBe(41);
    expect(nextX(chart, 60, 1)).toBe(60);
  });

  it('goes nearer around a point, and back until all is seen', () => {
    const chart = chartOf([[otter, aSeries(otter, values)]], { zoom });
    const whole = { min: 1, max: 100 };
    expect(zoomed(chart, 51, 0.5, whole)).toEqual({ min: 46, max: 55.5 });
    expect(zoomed(chart, 51, 100, whole)).toBeNull();
  });
});

describe('the table of a chart', () => {
  it('has a row a step and a column a run', () => {
    const chart = chartOf([
      [otter, aSeries(otter, [3, 2], [1, 2])],
      [stoat, aSeries(stoat, [4], [2])],
    ]);
    expect(stepRows(chart)).toEqual([
      { step: 1, values: [3, undefined] },
      { step: 2, values: [2, 4] },
    ]);
  });
});

describe('a slot', () => {
  it.each([
    [1, 1, 'solid'],
    [8, 8, 'solid'],
    [9, 1, 'dashed'],
    [24, 8, 'dotted'],
    [25, 0, 'solid'],
    [null, 0, 'solid'],
  ])('%s has colour %i, %s', (slot, colour, dash) => expect(styleOf(slot)).toEqual({ colour, dash }));
});
