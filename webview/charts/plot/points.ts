import type { Chart } from 'chart.js';
import { styleOf } from '../../ui/runStyle';
import type { Theme } from '../theme';
import type { PlotRun } from './columns';

/** Points that look alike. */
export interface PointGroup {
  /** 0 is grey. */
  readonly colour: number;
  /** Which eight of the colours: their marks differ. */
  readonly shape: 'circle' | 'rect' | 'triangle' | 'cross';
  /** Rows, in their order along x. */
  readonly indexes: Uint32Array;
  readonly step: 'back' | 'front';
}

/** Runs with a place on both axes: those that are off first, so that those that are on lie over them. */
export function groupPoints(
  runs: readonly PlotRun[],
  xs: Float64Array,
  ys: Float64Array,
): readonly PointGroup[] {
  const groups = new Map<string, { group: Omit<PointGroup, 'indexes'>; rows: number[] }>();
  for (const [row, run] of runs.entries()) {
    if (Number.isNaN(xs[row] ?? NaN) || Number.isNaN(ys[row] ?? NaN)) continue;
    const { colour, dash } = styleOf(run.slot);
    const isFailed = run.state === 'failed' || run.state === 'lost';
    const shape = isFailed ? 'cross' : dash === 'solid' ? 'circle' : dash === 'dashed' ? 'rect' : 'triangle';
    const key = `${colour} ${shape}`;
    const found = groups.get(key);
    if (found !== undefined) found.rows.push(row);
    else groups.set(key, { group: { colour, shape, step: colour === 0 ? 'back' : 'front' }, rows: [row] });
  }
  return [...groups.values()]
    .sort((a, b) => a.group.colour - b.group.colour)
    .map(({ group, rows }) => ({
      ...group,
      indexes: Uint32Array.from(rows.sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0))),
    }));
}

const MANY = 2_000; // Points of one colour that are drawn small and without an edge.

/** Draws points within Chart.js' axes: ten thousand in one path, where an element each would take a third of a second. */
export function drawPoints(
  chart: Chart,
  groups: readonly PointGroup[],
  xs: Float64Array,
  ys: Float64Array,
  radii: Float64Array | null,
  theme: Theme,
): void {
  const { ctx, scales, chartArea } = chart;
  if (!scales.x || !scales.y) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(
    chartArea.left - 8,
    chartArea.top - 8,
    chartArea.right - chartArea.left + 16,
    chartArea.bottom - chartArea.top + 16,
  );
  ctx.clip();
  for (const group of groups) {
    const isMany = group.indexes.length > MANY;
    const plain = group.step === 'front' ? 4.5 : isMany ? 1.75 : 3;
    const shape =
      theme.isHighContrast && group.shape === 'circle' ? contrastShape(group.colour) : group.shape;
    ctx.beginPath();
    for (const row of group.indexes) {
      const x = scales.x.getPixelForValue(xs[row] ?? NaN);
      const y = scales.y.getPixelForValue(ys[row] ?? NaN);
      trace(ctx, shape, x, y, radii?.[row] ?? plain);
    }
    const colour = theme.runs[group.colour] ?? theme.foreground;
    if (shape === 'cross') {
      ctx.strokeStyle = colour;
      ctx.lineWidth = 2;
      ctx.stroke();
      continue;
    }
    ctx.fillStyle = colour;
    ctx.globalAlpha = radii === null ? 1 : 0.75;
    ctx.fill();
    ctx.globalAlpha = 1;
    if (isMany) continue;
    // An edge of the page's colour keeps points apart that touch.
    ctx.strokeStyle = theme.background;
    ctx.lineWidth = 1;
    ctx.stroke();
  }
  ctx.restore();
}

type Shape = PointGroup['shape'] | 'diamond' | 'down' | 'bar' | 'flat';

/** In high contrast the shape tells the colours apart. */
function contrastShape(colour: number): Shape {
  const shapes = [
    'circle',
    'circle',
    'rect',
    'triangle',
    'diamond',
    'down',
    'bar',
    'flat',
    'circle',
  ] as const;
  return shapes[colour] ?? 'circle';
}

function trace(ctx: CanvasRenderingContext2D, shape: Shape, x: number, y: number, r: number): void {
  const polygon = (...points: readonly (readonly [number, number])[]) => {
    for (const [index, [dx, dy]] of points.entries()) {
      if (index === 0) ctx.moveTo(x + dx * r, y + dy * r);
      else ctx.lineTo(x + dx * r, y + dy * r);
    }
    ctx.closePath();
  };
  switch (shape) {
    case 'circle':
      ctx.moveTo(x + r, y);
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case 'cross':
      ctx.moveTo(x - r, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r);
      ctx.lineTo(x - r, y + r);
      return;
    case 'rect':
      return polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]);
    case 'triangle':
      return polygon([0, -1.15], [1.1, 0.85], [-1.1, 0.85]);
    case 'down':
      return polygon([0, 1.15], [1.1, -0.85], [-1.1, -0.85]);
    case 'diamond':
      return polygon([0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]);
    case 'bar':
      return polygon([-0.5, -1.2], [0.5, -1.2], [0.5, 1.2], [-0.5, 1.2]);
    case 'flat':
      return polygon([-1.2, -0.5], [1.2, -0.5], [1.2, 0.5], [-1.2, 0.5]);
  }
}

/** A line across the chart at a value, with its words at the end. Nothing when the value is not on the axis. */
export function drawLevel(
  chart: Chart,
  along: 'x' | 'y',
  value: number | null,
  words: string,
  colour: string,
  dash: readonly number[],
  theme: Theme,
  /** On which side of an upright line the words stand. */
  side: 'left' | 'right' = 'right',
): void {
  const { ctx, scales, chartArea: area } = chart;
  const scale = along === 'y' ? scales.y : scales.x;
  if (value === null || !scale || !(value >= scale.min && value <= scale.max)) return;
  const at = Math.round(scale.getPixelForValue(value)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash([...dash]);
  ctx.beginPath();
  if (along === 'y') {
    ctx.moveTo(area.left, at);
    ctx.lineTo(area.right, at);
  } else {
    ctx.moveTo(at, area.top);
    ctx.lineTo(at, area.bottom);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.font = `11px ${theme.fontFamily}`;
  const width = ctx.measureText(words).width;
  const beside = side === 'right' ? Math.min(at - 2, chart.width - width - 2) : Math.max(2, at - width + 2);
  const x = along === 'y' ? area.left + 6 : beside;
  const y = along === 'y' ? (at - area.top > 16 ? at - 4 : at + 12) : area.top - 4;
  ctx.globalAlpha = 0.85;
  ctx.fillStyle = theme.background;
  ctx.fillRect(x - 2, y - 10, width + 4, 13);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour;
  ctx.fillText(words, x, y);
  ctx.restore();
}
