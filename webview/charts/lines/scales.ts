import type { ChartOptions } from 'chart.js';
import type { Theme } from '../theme';
import { formatStep, formatTick } from '../ticks';
import { formatInstant, timeTicks } from './timeTicks';
import type { PreparedLines } from './types';

const MAX_TICKS = 8;
const Y_WIDTH = 46; // Charts above each other share one left edge.

/** Chart.js' options for a chart of lines: its axes. Nothing is computed here but the words of ticks. */
export function scalesOf(chart: PreparedLines, theme: Theme): ChartOptions<'line'> {
  const font = { size: 11, family: theme.fontFamily };
  const grid = { color: theme.gridLine, drawTicks: false, lineWidth: 1 };
  const border = { display: false };
  const isWhole = chart.axis.kind === 'step' || chart.axis.kind === 'epoch';
  return {
    parsing: false,
    normalized: true,
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: 6, right: 8, bottom: 0, left: 0 } },
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
    scales: {
      x: {
        type: chart.logarithmicX ? 'logarithmic' : 'linear',
        ...(chart.x ?? { min: 0, max: 1 }),
        grid,
        border,
        afterBuildTicks: (scale) => {
          if (chart.axis.kind !== 'time' || chart.logarithmicX) return;
          scale.ticks = timeTicks(scale.min, scale.max, MAX_TICKS).map((value) => ({ value }));
        },
        ticks: {
          color: theme.description,
          font,
          padding: 6,
          maxRotation: 0,
          autoSkipPadding: 24,
          maxTicksLimit: MAX_TICKS,
          ...(isWhole && !chart.isZoomed ? { precision: 0 } : { includeBounds: false }),
          callback: (value, index, ticks) => xTick(chart, Number(value), index, ticks),
        },
      },
      y: {
        type: chart.logarithmicY ? 'logarithmic' : 'linear',
        ...(chart.y ?? { min: 0, max: 1 }),
        grid,
        border,
        afterFit: (scale) => {
          scale.width = Math.max(scale.width, Y_WIDTH);
        },
        ticks: {
          color: theme.description,
          font,
          padding: 6,
          maxTicksLimit: 7,
          includeBounds: false,
          callback: (value, index, ticks) =>
            chart.logarithmicY
              ? formatLogTick(Number(value), ticks)
              : formatTick(Number(value), distanceOf(ticks, index)),
        },
      },
    },
  };
}

type Ticks = readonly { readonly value: number }[];

function xTick(chart: PreparedLines, value: number, index: number, ticks: Ticks): string | null {
  if (chart.logarithmicX) return formatLogTick(value, ticks);
  switch (chart.axis.kind) {
    case 'step':
    case 'epoch':
      return formatStep(value);
    case 'relative':
      return `${formatTick(value, distanceOf(ticks, index))} ${chart.unit.name}`;
    case 'time':
      return formatInstant(value, distanceOf(ticks, index));
    case 'metric':
      return formatTick(value, distanceOf(ticks, index));
  }
}

/** The distance between ticks: of the inner ones, since the outer may be the ends of the data. */
export function distanceOf(ticks: Ticks, index: number): number {
  const middle = Math.max(1, Math.min(Math.max(index, 2), ticks.length - 2));
  const [a, b] = [ticks[middle - 1], ticks[middle]];
  if (a === undefined) return 1;
  return b === undefined ? Math.abs(a.value) : Math.abs(b.value - a.value); // One alone says itself.
}

function formatLogTick(value: number, ticks: Ticks): string | null {
  const [first, last] = [ticks[0]?.value ?? 1, ticks.at(-1)?.value ?? 1];
  // Within one power of ten 1, 2 and 5 would be too few.
  if (last / first < 10 && ticks.length <= 10) return formatTick(value, value);
  const mantissa = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
  const wanted = ticks.length > 20 ? [1] : ticks.length > 10 ? [1, 3] : [1, 2, 5];
  return wanted.includes(mantissa) ? formatTick(value, value) : null;
}
