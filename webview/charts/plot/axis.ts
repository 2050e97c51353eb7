import type { ChartOptions } from 'chart.js';
import type { Theme } from '../theme';
import { type Span, linearTicks, logTicks, tickLabels } from './scale';

/** An axis in plain words. */
export interface PlotAxis {
  readonly title: string;
  readonly span: Span;
  readonly isLogarithmic: boolean;
  /** Names at whole numbers in place of ticks. */
  readonly names?: readonly string[];
  readonly hasGrid?: boolean;
  /** What a value reads, such as a duration; absent: a number. */
  readonly words?: (value: number) => string;
}

const [X_TICKS, X_WORDS, Y_TICKS] = [6, 4, 6];
const NAME_PIXELS = 150; // A longer one is shown whole in the tooltip.

/** Chart.js' options that all charts of values share: axes in the theme's colours, no motion, events of our own. */
export function optionsOf(x: PlotAxis, y: PlotAxis, theme: Theme): ChartOptions {
  return {
    parsing: false,
    normalized: true,
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: 6, right: 12, bottom: 0, left: 0 } },
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
    scales: { x: scaleOf(x, 'x', theme), y: scaleOf(y, 'y', theme) },
  };
}

function scaleOf(
  axis: PlotAxis,
  along: 'x' | 'y',
  theme: Theme,
): NonNullable<ChartOptions['scales']>[string] {
  const font = { size: 11, family: theme.fontFamily };
  const most = along === 'x' ? (axis.words === undefined ? X_TICKS : X_WORDS) : Y_TICKS;
  const { names } = axis;
  const ticks =
    names !== undefined
      ? names.map((_, index) => index)
      : axis.isLogarithmic
        ? logTicks(axis.span, most)
        : linearTicks(axis.span, most);
  const labels = names ?? (axis.words ? ticks.map(axis.words) : tickLabels(ticks, axis.isLogarithmic));
  const byValue = new Map(ticks.map((tick, index) => [tick, labels[index] ?? '']));
  return {
    type: axis.isLogarithmic ? 'logarithmic' : 'linear',
    reverse: along === 'y' && names !== undefined,
    min: axis.span.min,
    max: axis.span.max,
    offset: false,
    border: { display: false },
    grid: { color: theme.gridLine, drawTicks: false, lineWidth: 1, display: axis.hasGrid !== false },
    title: {
      display: axis.title !== '',
      text: axis.title,
      color: theme.description,
      font,
      padding: 2,
    },
    afterBuildTicks: (scale) => {
      scale.ticks = ticks.map((value) => ({ value }));
    },
    afterFit: (scale) => {
      if (along === 'y' && names !== undefined) scale.width = Math.min(scale.width, NAME_PIXELS + 12);
    },
    ticks: {
      color: names === undefined ? theme.description : theme.foreground,
      font,
      padding: 6,
      maxRotation: 0,
      autoSkip: names !== undefined,
      autoSkipPadding: 4,
      callback: (value) => fitted(byValue.get(Number(value)) ?? ''),
    },
  };
}

/** A name as long as an axis has room for, its end and its beginning: both tell runs apart. */
export function fitted(name: string, most = 22): string {
  const plain = name.replace(/\s+/g, ' ');
  const characters = [...plain];
  if (characters.length <= most) return plain;
  const half = Math.floor((most - 1) / 2);
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}
