import { describe, expect, it } from 'vitest';
import type { PageSeries } from '../../../src/api/pages';
import { aRun, aSeries } from '../fixtures';
import { describeLines, summaryOf } from './describe';
import { chartOf } from './fixtures';
import { nearestX, nextX, readingsAt, zoomedBy } from './readings';
import { rowsOf } from './rows';

const otter = aRun({ name: 'brisk-otter', slot: 1 });
const stoat = aRun({ name: 'keen-stoat', slot: 10, state: 'running' });
const xs = (chart: ReturnType<typeof chartOf>, line = 0) => [...(chart.lines[line]?.curve.x ?? [])];
const ys = (chart: ReturnType<typeof chartOf>, line = 0) => [...(chart.lines[line]?.curve.y ?? [])];
const as = (metric: string, series: PageSeries): PageSeries => ({ ...series, metric });

describe('the lines of a chart', () => {
  it('have a point a step', () => {
    const chart = chartOf([[otter, aSeries(otter, [3, 2, 1])]]);
    expect(xs(chart)).toEqual([1, 2, 3]);
    expect(ys(chart)).toEqual([3, 2, 1]);
    expect(chart.x).toEqual({ min: 1, max: 3 });
  });

  it('have a gap where a value is not finite, and a dot for a point between gaps', () => {
    const many = Array.from({ length: 40 }, (_, index) => (index === 10 || index === 12 ? NaN : index));
    const chart = chartOf([[otter, aSeries(otter, [...many, Infinity])]]);
    expect(ys(chart)[40]).toBeNaN();
    expect(chart.lines[0]?.marks).toEqual([{ x: 12, y: 11, kind: 'alone' }]);
    expect(chart.y?.max).toBeLessThan(50);
  });

  it('are none when every value is odd, and the chart says so', () => {
    const chart = chartOf([[otter, aSeries(otter, [NaN, Infinity, -Infinity])]]);
    expect(chart.y).toBeNull();
    expect(chart.best).toBeNull();
    expect(describeLines(chart)).toBe('loss, no points yet');
  });

  it('have room around a single point', () => {
    const chart = chartOf([[otter, aSeries(otter, [0.5])]]);
    expect(chart.lines[0]?.marks.map(({ kind }) => kind)).toEqual(['alone']);
    expect(chart.x?.min).toBeLessThan(1);
    expect(chart.y?.max).toBeGreaterThan(0.5);
  });

  it('leave out what a logarithmic axis cannot show, and count it', () => {
    const chart = chartOf([[otter, aSeries(otter, [1, 0, -1, 10])]], { logarithmicY: true });
    expect(chart.notOnLogScale).toBe(2);
    expect(ys(chart)).toEqual([1, NaN, NaN, 10]);
    expect(chart.y).toEqual({ min: 1, max: 10 });
  });

  it('count relative time from the start of their run, in a unit that fits', () => {
    const seconds = chartOf([[otter, aSeries(otter, [3, 2])]], { axis: { kind: 'relative' } });
    expect(seconds.unit.name).toBe('s');
    expect(xs(seconds)).toEqual([1, 2]);
    const long = aSeries(
      otter,
      Array.from({ length: 240 }, () => 1),
    );
    expect(chartOf([[otter, long]], { axis: { kind: 'relative' } }).unit.name).toBe('min');
  });

  it('lie over epochs that were logged at the same steps, and over steps when no run has epochs', () => {
    const loss = aSeries(otter, [4, 3, 2, 1], [10, 20, 30, 40]);
    const epochs = as('epoch', aSeries(otter, [1, 2], [10, 30]));
    expect(xs(chartOf([[otter, loss, epochs]], { axis: { kind: 'epoch' } }))).toEqual([1, 1.5, 2, 2]);
    const without = chartOf([[otter, loss]], { axis: { kind: 'epoch' } });
    expect(without.axis).toEqual({ kind: 'step' });
    expect(xs(without)).toEqual([10, 20, 30, 40]);
  });

  it('leave out runs that lack the metric along the axis, and say how many', () => {
    const chart = chartOf(
      [
        [otter, aSeries(otter, [1, 2]), as('tokens', aSeries(otter, [100, 200]))],
        [stoat, aSeries(stoat, [1, 2])],
      ],
      { axis: { kind: 'metric', name: 'tokens' } },
    );
    expect(chart.lines.map(({ name }) => name)).toEqual(['brisk-otter']);
    expect(summaryOf(chart)).toContain('1 without tokens');
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
        [stoat, aSeries(stoat, [1])],
      ],
      { emphasised: stoat.runId },
    );
    expect(chart.lines.map(({ weight }) => weight)).toEqual(['faint', 'strong']);
  });

  it('are the same object while their points and settings are the same', () => {
    const series = aSeries(otter, [1, 2, 3]);
    const before = chartOf([[otter, series]], { smoothing: 0.5 }).lines[0]?.curve;
    expect(chartOf([[otter, series]], { smoothing: 0.5 }).lines[0]?.curve).toBe(before);
    expect(chartOf([[otter, series]], { smoothing: 0.6 }).lines[0]?.curve).not.toBe(before);
  });

  it('leave outliers out of the scale, not out of the line', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index === 50 ? 1e6 : index / 100));
    const chart = chartOf([[otter, aSeries(otter, values)]], { ignoreOutliers: true });
    expect(chart.y?.max).toBeLessThan(2);
    expect(Math.max(...ys(chart))).toBe(1e6);
  });

  it('are as high as the part that is looked at', () => {
    const chart = chartOf([[otter, aSeries(otter, [100, 3, 2, 1])]], {
      zoom: { x: { min: 2, max: 4 }, y: null },
    });
    expect(chart.y?.max).toBeLessThan(4);
    expect(chart.whole?.x).toEqual({ min: 1, max: 4 });
  });

  it('show more points of the part that is zoomed into', () => {
    const whole = { ...aSeries(otter, [9, 1], [1, 100]), count: 100 };
    const part = aSeries(otter, [5, 4, 3], [50, 51, 52]);
    const chart = chartOf([[otter, whole]], {
      zoom: { x: { min: 50, max: 52 }, y: null },
      details: new Map([[otter.runId, new Map([['loss', part]])]]),
    });
    expect(xs(chart)).toEqual([50, 51, 52]);
  });
});

describe('the cross-hair', () => {
  const chart = chartOf([
    [otter, aSeries(otter, [3, 2, 1])],
    [stoat, aSeries(stoat, [1, 9], [1, 1001])],
  ]);

  it('goes from point to point of any line', () => {
    expect(nextX(chart, null, 1)).toBe(1);
    expect(nextX(chart, 1, 1)).toBe(2);
    expect(nextX(chart, 3, 1)).toBe(1001);
    expect(nextX(chart, 1001, 1)).toBe(1001);
    expect(nearestX(chart, 400)).toBe(3);
  });

  it('reads what each line says there, the best first', () => {
    expect(readingsAt(chart, 2).map(({ line, value }) => [line.name, value])).toEqual([
      ['keen-stoat', 1],
      ['brisk-otter', 2],
    ]);
    expect(readingsAt(chart, 1001).map(({ line }) => line.name)).toEqual(['keen-stoat']);
  });

  it('is what zooming by keys goes around', () => {
    const zoom = zoomedBy(chart, 101, 0.5);
    expect(zoom?.x).toEqual({ min: 51, max: 551 });
    expect(zoomedBy(chart, null, 2)).toBeNull();
  });
});

describe('the table of a chart', () => {
  it('has a row a step and a column a line', () => {
    const chart = chartOf([
      [otter, aSeries(otter, [3, 2])],
      [stoat, aSeries(stoat, [9], [2])],
    ]);
    expect(rowsOf(chart)).toEqual([
      ['step', 'brisk-otter', 'keen-stoat'],
      [1, 3, ''],
      [2, 2, 9],
    ]);
  });
});
