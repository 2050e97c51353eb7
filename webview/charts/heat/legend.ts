import type { Chart } from 'chart.js';
import { formatColumn } from '../../../src/model/format';
import { colourAt } from '../plot/ramp';
import type { Span } from '../plot/scale';
import type { Theme } from '../theme';

/** Pixels that the legend needs above the axes. */
export const LEGEND = 34;
const [WIDTH, HEIGHT] = [96, 8];

/** Which value each colour stands for, above the chart. */
export function drawLegend(
  { ctx, chartArea: area }: Chart,
  ramp: readonly string[],
  span: Span,
  isLess: boolean,
  theme: Theme,
): void {
  ctx.save();
  ctx.font = `11px ${theme.fontFamily}`;
  ctx.textBaseline = 'middle';
  const top = area.top - LEGEND + 12;
  const left = area.left + 52;
  for (let pixel = 0; pixel < WIDTH; pixel += 1) {
    const share = pixel / (WIDTH - 1);
    ctx.fillStyle = colourAt(ramp, isLess ? 1 - share : share);
    ctx.fillRect(left + pixel, top, 1, HEIGHT);
  }
  const [low = '', high = ''] = formatColumn([span.min, span.max]);
  ctx.fillStyle = theme.description;
  ctx.textAlign = 'right';
  ctx.fillText(low, left - 6, top + HEIGHT / 2);
  ctx.textAlign = 'left';
  ctx.fillText(high, left + WIDTH + 6, top + HEIGHT / 2);
  ctx.restore();
}
