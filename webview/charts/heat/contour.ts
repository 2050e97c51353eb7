import type { Chart, ChartConfiguration } from 'chart.js';
import { formatCount, formatNumber } from '../../../src/model/format';
import { columnWord } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import { type Along, alongColumn } from '../plot/along';
import { optionsOf } from '../plot/axis';
import { type PlotRows, valueRows } from '../plot/columns';
import type { Spot } from '../plot/plotView';
import { type PointGroup, drawPoints, groupPoints } from '../plot/points';
import { colourAt, rampOf } from '../plot/ramp';
import { isBetterLogarithmic } from '../plot/scale';
import { spotsOf } from '../plot/spots';
import { type Theme, withAlpha } from '../theme';
import { LEGEND, drawLegend } from './legend';
import { GRID, type Surface, surfaceOf } from './surface';

/** A metric as a landscape over two params, with the runs that it was made of. */
export interface PreparedContour {
  readonly rows: PlotRows;
  readonly x: Along;
  readonly y: Along;
  readonly surface: Surface;
  readonly groups: readonly PointGroup[];
  readonly isLess: boolean;
  /** Runs that it was made of. */
  readonly runCount: number;
}

const FEW = 300; // Runs that each get a mark with an edge.
const FEWEST = 6; // Fewer runs say nothing of the places between them.

/** Null: too few runs, or a param that is no number or has one value. */
export function prepareContour(rows: PlotRows, isLess: boolean): PreparedContour | null {
  const [columnX, columnY, value] = rows.columns;
  if (columnX === undefined || columnY === undefined || value === undefined) return null;
  if (!columnX.isNumeric || !columnY.isNumeric) return null;
  const [x, y] = [columnX, columnY].map((column) => alongColumn(column, isBetterLogarithmic(column.numbers)));
  if (x === undefined || y === undefined) return null;
  const has = (row: number) => Number.isFinite(value.numbers[row] ?? NaN);
  const xs = x.positions.map((at, row) => (has(row) ? at : NaN));
  const ys = y.positions.map((at, row) => (has(row) ? at : NaN));
  const groups = groupPoints(rows.runs, xs, ys);
  const shown = groups.flatMap(({ indexes }) => [...indexes]);
  const distinct = (all: Float64Array) => new Set(shown.map((row) => all[row])).size;
  if (shown.length < FEWEST || distinct(xs) < 2 || distinct(ys) < 2) return null;
  const surface = surfaceOf(sharesOf(x, xs), sharesOf(y, ys), value.numbers);
  if (surface === null) return null;
  return {
    rows,
    x: { ...x, positions: xs },
    y: { ...y, positions: ys },
    surface,
    groups,
    isLess,
    runCount: shown.length,
  };
}

/** Said where cells stand in for it. */
export function noContourSentence(): string {
  return t('A contour needs {0} runs with numbers for both params; these are cells.', FEWEST);
}

/** Positions as shares of their axis. */
function sharesOf({ axis }: Along, positions: Float64Array): Float64Array {
  const to = (value: number) => (axis.isLogarithmic ? Math.log(value) : value);
  const [low, high] = [to(axis.span.min), to(axis.span.max)];
  return positions.map((value) => (to(value) - low) / (high - low));
}

export function contourConfig({ x, y }: PreparedContour, theme: Theme): ChartConfiguration {
  return {
    type: 'scatter',
    data: { datasets: [] },
    options: {
      ...optionsOf({ ...x.axis, hasGrid: false }, { ...y.axis, hasGrid: false }, theme),
      layout: { padding: { top: LEGEND, right: 12 } },
    },
  };
}

export function paintContour(prepared: PreparedContour, chart: Chart, theme: Theme): void {
  const { ctx, chartArea: area } = chart;
  const { surface, isLess, x, y, groups } = prepared;
  const ramp = rampOf(theme);
  const scale = {
    x: (area.right - area.left) / GRID.width,
    y: (area.bottom - area.top) / GRID.height,
  };
  const range = surface.max - surface.min;
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  ctx.clip();
  ctx.strokeStyle = theme.isHighContrast ? theme.foreground : withAlpha(theme.background, 0.5);
  ctx.lineWidth = 1;
  for (const [index, level] of surface.levels.entries()) {
    const share = range > 0 ? (level.value - surface.min) / range + 0.5 / surface.levels.length : 0.5;
    ctx.fillStyle = colourAt(ramp, isLess ? 1 - share : share);
    if (index === 0) {
      ctx.fillRect(area.left, area.top, area.right - area.left, area.bottom - area.top);
      continue;
    }
    if (!(range > 0)) break;
    ctx.beginPath();
    for (const ring of level.coordinates.flat()) {
      for (const [at, [column, row]] of ring.entries()) {
        const [px, py] = [area.left + column * scale.x, area.bottom - row * scale.y];
        if (at === 0) ctx.moveTo(px, py);
        else ctx.lineTo(px, py);
      }
      ctx.closePath();
    }
    ctx.fill('evenodd');
    ctx.stroke();
  }
  ctx.restore();
  const isMany = prepared.runCount > FEW;
  if (isMany) paintDots(prepared, chart, theme);
  const marked = isMany ? groups.filter(({ step }) => step === 'front') : groups;
  drawPoints(chart, marked, x.positions, y.positions, null, theme);
  drawLegend(chart, ramp, surface, isLess, theme);
}

/** Where many runs are, those that are off are dots: the landscape stays to be seen. */
function paintDots({ groups, x, y }: PreparedContour, { ctx, scales }: Chart, theme: Theme): void {
  if (!scales.x || !scales.y) return;
  ctx.save();
  ctx.fillStyle = withAlpha(theme.background, 0.6);
  for (const { step, indexes } of groups) {
    if (step === 'front') continue;
    for (const row of indexes) {
      const px = scales.x.getPixelForValue(x.positions[row] ?? NaN);
      const py = scales.y.getPixelForValue(y.positions[row] ?? NaN);
      ctx.fillRect(px - 1, py - 1, 2, 2);
    }
  }
  ctx.restore();
}

export function contourSpots({ groups, rows, x, y }: PreparedContour): readonly Spot[] {
  return spotsOf(groups, rows, x.positions, y.positions);
}

export function contourSummary({ rows, runCount }: PreparedContour): string {
  return t('{0} smoothed over {1} runs', rows.columns[2]?.title ?? '', formatCount(runCount));
}

export function describeContour({ rows, surface, runCount }: PreparedContour): string {
  const [x = '', y = '', value = ''] = rows.columns.map(({ column }) => columnWord(column));
  return t(
    '{0} over {1} and {2}, smoothed over {3} runs, from {4} to {5}',
    value,
    x,
    y,
    formatCount(runCount),
    formatNumber(surface.min),
    formatNumber(surface.max),
  );
}

export function contourRows({ rows }: PreparedContour) {
  return valueRows(rows);
}
