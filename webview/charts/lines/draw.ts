import type { Plugin } from 'chart.js';
import { t } from '../../ui/l10n';
import type { Theme } from '../theme';
import { WIDTHS, colourOf, dashOf, drawingOrder, rawOpacity } from './look';
import { type Area, type Projection, projectionOf, trace } from './path';
import type { Line, Mark, PreparedLines } from './types';

const DOT = 1.75;
const DOT_ROOM = 20; // Pixels from dot to dot; closer ones make a line a chain.
const END = 3.5;
const MANY_POINTS = 200;

/**
 * Draws lines from typed arrays between the axes that Chart.js made. Its own line elements are an object a point: fifty
 * runs of a chart would be 30 MB of them, made anew with each zoom.
 */
export function linesPlugin(read: () => { chart: PreparedLines; theme: Theme } | null): Plugin<'line'> {
  return {
    id: 'winnow-lines',
    afterDatasetsDraw({ ctx, chartArea }) {
      const now = read();
      if (now === null) return;
      drawLines(ctx, chartArea, now.chart, now.theme);
    },
  };
}

function drawLines(ctx: CanvasRenderingContext2D, area: Area, chart: PreparedLines, theme: Theme): void {
  if (chart.x === null || chart.y === null) return;
  const to = projectionOf(area, chart.x, chart.y, { x: chart.logarithmicX, y: chart.logarithmicY });
  const ordered = drawingOrder(chart.lines);
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top - 1, area.right - area.left, area.bottom - area.top + 2);
  ctx.clip();
  for (const line of ordered) drawBand(ctx, line, to, area, theme);
  if (chart.smoothing > 0) {
    ctx.globalAlpha = theme.isHighContrast ? 1 : rawOpacity(chart);
    for (const line of ordered) {
      if (line.curve.smooth === null || line.band !== null) continue;
      strokeLine(ctx, line, line.curve.y, to, area, theme, 1);
    }
    ctx.globalAlpha = 1;
  }
  for (const line of ordered) {
    const ys = line.curve.smooth ?? line.curve.y;
    strokeLine(ctx, line, ys, to, area, theme, WIDTHS[line.weight]);
  }
  ctx.restore();
  ctx.save();
  for (const line of ordered) drawMarks(ctx, line, to, area, theme);
  if (chart.target !== null) drawTarget(ctx, chart.target, to, area, theme);
  ctx.restore();
}

function strokeLine(
  ctx: CanvasRenderingContext2D,
  line: Line,
  ys: Float64Array,
  to: Projection,
  area: Area,
  theme: Theme,
  width: number,
): void {
  ctx.strokeStyle = colourOf(line, theme);
  ctx.lineWidth = width;
  ctx.lineCap = line.dash === 'dotted' ? 'round' : 'butt';
  ctx.setLineDash([...dashOf(line, theme)]);
  // Corners that nobody can see cost most of the drawing of a long line.
  ctx.lineJoin = line.curve.x.length > MANY_POINTS ? 'bevel' : 'round';
  ctx.beginPath();
  trace(line.curve.x, ys, to, area, ctx);
  ctx.stroke();
}

function drawBand(ctx: CanvasRenderingContext2D, line: Line, to: Projection, area: Area, theme: Theme): void {
  const { band, curve } = line;
  if (band === null) return;
  ctx.fillStyle = ctx.strokeStyle = theme.runs[line.colour] ?? theme.foreground;
  ctx.globalAlpha = line.weight === 'faint' ? 0.08 : 0.22;
  for (const [from, end] of stretches(band.low)) {
    ctx.beginPath();
    for (let index = from; index < end; index += 1) {
      ctx.lineTo(to.x(curve.x[index] ?? NaN), to.y(band.high[index] ?? NaN));
    }
    for (let index = end - 1; index >= from; index -= 1) {
      ctx.lineTo(to.x(curve.x[index] ?? NaN), to.y(band.low[index] ?? NaN));
    }
    ctx.closePath();
    if (!theme.isHighContrast) ctx.fill();
  }
  ctx.globalAlpha = 1;
  if (!theme.isHighContrast) return;
  // No fills in high contrast: the band is its edges.
  ctx.lineWidth = 1;
  ctx.setLineDash([1, 3]);
  for (const edge of [band.low, band.high]) {
    ctx.beginPath();
    trace(curve.x, edge, to, area, ctx);
    ctx.stroke();
  }
}

/** From where to where there are numbers; the end is not included. */
export function stretches(values: Float64Array): readonly (readonly [from: number, end: number])[] {
  const found: (readonly [number, number])[] = [];
  let from = -1;
  for (let index = 0; index <= values.length; index += 1) {
    const is = index < values.length && !Number.isNaN(values[index] ?? NaN);
    if (is && from < 0) from = index;
    if (!is && from >= 0) {
      found.push([from, index]);
      from = -1;
    }
  }
  return found;
}

function drawMarks(
  ctx: CanvasRenderingContext2D,
  line: Line,
  to: Projection,
  area: Area,
  theme: Theme,
): void {
  ctx.fillStyle = ctx.strokeStyle = colourOf(line, theme);
  const { x } = line.curve;
  const length = to.x(x.at(-1) ?? 0) - to.x(x[0] ?? 0);
  const room = x.length === 1 ? Infinity : length / (x.length - 1);
  ctx.setLineDash([]);
  for (const mark of line.marks) if (mark.kind !== 'dot' || room >= DOT_ROOM) drawMark(ctx, mark, to, area);
}

function drawMark(ctx: CanvasRenderingContext2D, mark: Mark, to: Projection, area: Area): void {
  const [x, y] = [to.x(mark.x), to.y(mark.y)];
  if (!(y >= area.top - END && y <= area.bottom + END)) return;
  if (!(x >= area.left - END && x <= area.right + END)) return;
  ctx.beginPath();
  switch (mark.kind) {
    case 'dot':
    case 'alone':
      ctx.arc(x, y, DOT, 0, 2 * Math.PI);
      ctx.fill();
      break;
    case 'live':
      ctx.arc(x, y, END, 0, 2 * Math.PI);
      ctx.fill();
      break;
    case 'failed':
      ctx.lineWidth = 2;
      ctx.moveTo(x - END, y - END);
      ctx.lineTo(x + END, y + END);
      ctx.moveTo(x + END, y - END);
      ctx.lineTo(x - END, y + END);
      ctx.stroke();
      break;
  }
}

function drawTarget(
  ctx: CanvasRenderingContext2D,
  target: number,
  to: Projection,
  area: Area,
  theme: Theme,
): void {
  const y = Math.round(to.y(target)) + 0.5;
  // A target far off the curves must not press them flat: it is drawn only where they are.
  if (!(y >= area.top && y <= area.bottom)) return;
  ctx.strokeStyle = theme.passed;
  ctx.lineWidth = 1;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(area.left, y);
  ctx.lineTo(area.right, y);
  ctx.stroke();
  ctx.font = `11px ${theme.fontFamily}`;
  const label = t('target {0}', String(target));
  const above = y - area.top > 16;
  ctx.textBaseline = above ? 'bottom' : 'top';
  const labelY = above ? y - 3 : y + 3;
  const x = area.left + 6;
  // Readable where lines cross it.
  ctx.save();
  ctx.globalAlpha = 0.85;
  ctx.fillStyle = theme.background;
  ctx.fillRect(x - 2, above ? labelY - 12 : labelY - 1, ctx.measureText(label).width + 4, 13);
  ctx.restore();
  ctx.fillStyle = theme.passed;
  ctx.fillText(label, x, labelY);
}
