import type { ChartConfiguration } from 'chart.js';
import { formatColumn } from '../../src/model/format';
import type { Goal } from '../../src/model/goal';
import type { Theme } from './theme';
import { formatTick } from './ticks';

/** One run as the chart needs it: its value of the x param, of the param that makes lines, and its goal. */
export interface ParamPoint {
  /** In the unit of the axis. */
  readonly x: number;
  /** What the line is called: `hidden 32`; empty when there is one line only. */
  readonly line: string;
  readonly y: number;
}

export interface ParamLinesInput {
  readonly points: readonly ParamPoint[];
  readonly axis: 'linear' | 'log' | 'words';
  /** The places on the x axis that have a value, each with its word. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly goal: Goal;
  /** Where the values of the form lie, as far as they have a place. */
  readonly now: readonly number[];
  /** What stands at the mark: `lr 0.005, now`. */
  readonly nowText: string;
}

export interface ParamLine {
  readonly name: string;
  /** 1 to 8, as runs have them; 0 is grey. */
  readonly colour: number;
  /** The mean at each x, in the order of x. */
  readonly means: readonly MeanPoint[];
  readonly dots: readonly { readonly x: number; readonly y: number }[];
}

export interface MeanPoint {
  readonly x: number;
  readonly y: number;
  readonly count: number;
  readonly sd: number | null;
}

export interface PreparedParamLines {
  readonly lines: readonly ParamLine[];
  readonly axis: ParamLinesInput['axis'];
  readonly ticks: ParamLinesInput['ticks'];
  readonly x: { readonly min: number; readonly max: number };
  readonly y: { readonly min: number; readonly max: number };
  readonly target: number | null;
  readonly now: readonly number[];
  readonly nowText: string;
}

const COLOURS = 8;

/** Means and points of the goal over a param, one line a value of another param; null without two points. */
export function prepareParamLines(input: ParamLinesInput): PreparedParamLines | null {
  const points = input.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (points.length < 2) return null;
  const names = [...new Set(points.map(({ line }) => line))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const lines = names.map((name, index) => {
    const dots = points.filter(({ line }) => line === name).map(({ x, y }) => ({ x, y }));
    return { name, colour: index < COLOURS ? index + 1 : 0, dots, means: meansOf(dots) };
  });
  const xs = [...points.map(({ x }) => x), ...input.now];
  const ys = points.map(({ y }) => y).sort((a, b) => a - b);
  // One run that diverged must not press the others flat; its dot is cut off then, its mean is still told.
  const low = ys[Math.floor(ys.length * (ys.length < 20 ? 0 : 0.03))] ?? 0;
  const high = ys[Math.ceil((ys.length - 1) * (ys.length < 20 ? 1 : 0.97))] ?? 1;
  const span = high - low || Math.abs(high) * 0.1 || 1;
  return {
    lines,
    axis: input.axis,
    ticks: input.ticks,
    x: paddedRange(Math.min(...xs), Math.max(...xs), input.axis === 'log'),
    y: { min: low - span * 0.08, max: high + span * 0.08 },
    target: input.goal.target,
    now: input.now,
    nowText: input.nowText,
  };
}

/** The chart as rows of a table: x, line, how many runs, mean and deviation. */
export function paramRows(chart: PreparedParamLines) {
  const text = new Map(chart.ticks.map(({ at, text: word }) => [at, word]));
  const all = chart.lines.flatMap((line) => line.means.map((mean) => ({ line: line.name, ...mean })));
  const means = formatColumn(all.map(({ y }) => y));
  const deviations = formatColumn(all.map(({ sd }) => sd));
  return all.map(({ line, x, count }, index) => ({
    x: text.get(x) ?? String(x),
    line,
    count,
    mean: means[index] ?? '',
    sd: deviations[index] ?? '',
  }));
}

/** What Chart.js draws; labels, target and the mark of now are drawn by the card. */
export function paramConfig(chart: PreparedParamLines, theme: Theme): ChartConfiguration<'line'> {
  const font = { size: 11, family: theme.fontFamily };
  const colourOf = ({ colour }: ParamLine) => theme.runs[colour] ?? theme.foreground;
  const size = chart.y.max - chart.y.min;
  return {
    type: 'line',
    data: {
      datasets: chart.lines.flatMap((line) => [
        {
          data: line.means.map(({ x, y }) => ({ x, y })),
          borderColor: colourOf(line),
          borderWidth: 2,
          pointRadius: 0,
        },
        {
          data: [...line.dots],
          showLine: false,
          backgroundColor: colourOf(line),
          borderWidth: 0,
          pointRadius: 2.5,
        },
      ]),
    },
    options: {
      parsing: false,
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      clip: 4,
      layout: { padding: { top: 6, right: 84, bottom: 0, left: 0 } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: {
          type: chart.axis === 'log' ? 'logarithmic' : 'linear',
          min: chart.x.min,
          max: chart.x.max,
          grid: { display: false },
          border: { display: false },
          afterBuildTicks: (scale) => {
            scale.ticks = chart.ticks.map(({ at }) => ({ value: at }));
          },
          ticks: {
            color: theme.description,
            font,
            padding: 4,
            maxRotation: 0,
            autoSkipPadding: 12,
            callback: (value) => chart.ticks.find(({ at }) => at === Number(value))?.text ?? '',
          },
        },
        y: {
          min: chart.y.min,
          max: chart.y.max,
          grid: { color: theme.gridLine, drawTicks: false, lineWidth: 1 },
          border: { display: false },
          ticks: {
            color: theme.description,
            font,
            padding: 6,
            maxTicksLimit: 5,
            includeBounds: false,
            callback: (value, _index, ticks) => {
              const [first, second] = ticks;
              // A single tick has no neighbour: it gets the decimals that the range needs.
              const distance =
                first === undefined || second === undefined
                  ? 10 ** Math.floor(Math.log10(size))
                  : Math.abs(second.value - first.value);
              return formatTick(Number(value), distance);
            },
          },
        },
      },
    },
  };
}

function meansOf(dots: ParamLine['dots']): readonly MeanPoint[] {
  const groups = new Map<number, number[]>();
  for (const { x, y } of dots) groups.set(x, [...(groups.get(x) ?? []), y]);
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([x, values]) => {
      const y = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - y) ** 2, 0);
      const sd = values.length < 2 ? null : Math.sqrt(squares / (values.length - 1));
      return { x, y, count: values.length, sd };
    });
}

function paddedRange(
  min: number,
  max: number,
  isLog: boolean,
): { readonly min: number; readonly max: number } {
  if (isLog) {
    const factor = (max / min) ** 0.06 || 1;
    return { min: min / factor, max: max * factor };
  }
  const room = (max - min) * 0.06 || 0.5;
  return { min: min - room, max: max + room };
}
