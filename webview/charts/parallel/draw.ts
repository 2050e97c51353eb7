import { fitted } from '../plot/axis';
import { colourAt, rampOf } from '../plot/ramp';
import { styleOf } from '../../ui/runStyle';
import { t } from '../../ui/l10n';
import { type Theme, withAlpha } from '../theme';
import type { Brushes } from './brush';
import type { PreparedParallel } from './prepare';

/** Where the axes stand, in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly bottom: number;
  /** One for each axis. */
  readonly xs: readonly number[];
}

const [TOP, BOTTOM, SIDE] = [26, 10, 46] as const;
const BEND = 0.42; // Of the distance between axes: lines leave and reach them level.
const STRAIGHT_FROM = 2_000; // More lines than that are a cloud: bends cost time and show nothing.
const SHADES = 10;

export function frameOf(chart: PreparedParallel, width: number, height: number): Frame {
  const count = chart.axes.length;
  const room = Math.max(1, width - 2 * SIDE);
  return {
    width,
    height,
    top: TOP,
    bottom: Math.max(TOP + 1, height - BOTTOM),
    xs: chart.axes.map((_, index) => (count === 1 ? width / 2 : SIDE + (room * index) / (count - 1))),
  };
}

export function yAt(frame: Frame, place: number): number {
  return frame.bottom - place * (frame.bottom - frame.top);
}

/** A stretch of canvas or of an SVG's path. */
interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
}

/** The line of one run; it has a gap where the run has no value. */
export function traceRun(
  pen: Pen,
  chart: PreparedParallel,
  frame: Frame,
  run: number,
  isStraight: boolean,
): void {
  let [x0, y0] = [NaN, NaN];
  for (const [index, { places }] of chart.axes.entries()) {
    const place = places[run] ?? NaN;
    const x = frame.xs[index] ?? NaN;
    const y = Number.isNaN(place) ? NaN : yAt(frame, place);
    if (!Number.isNaN(y)) {
      if (Number.isNaN(y0)) pen.moveTo(x, y);
      else if (isStraight) pen.lineTo(x, y);
      else {
        const bend = (x - x0) * BEND;
        pen.bezierCurveTo(x0 + bend, y0, x - bend, y, x, y);
      }
    }
    [x0, y0] = [x, y];
  }
}

/** The height of a run's line at a place between two axes; NaN where it has none. */
export function yOfRun(chart: PreparedParallel, frame: Frame, run: number, x: number): number {
  const next = frame.xs.findIndex((at) => at >= x);
  const right = next < 0 ? frame.xs.length - 1 : next;
  const left = Math.max(0, right - 1);
  const a = chart.axes[left]?.places[run] ?? NaN;
  const b = chart.axes[right]?.places[run] ?? NaN;
  const [xa, xb] = [frame.xs[left] ?? 0, frame.xs[right] ?? 1];
  if (xb <= xa) return yAt(frame, b);
  const share = Math.min(1, Math.max(0, (x - xa) / (xb - xa)));
  // A cubic between level ends is near enough to the drawn curve for pointing at it.
  const eased = chart.drawn > STRAIGHT_FROM ? share : share * share * (3 - 2 * share);
  return yAt(frame, a + (b - a) * eased);
}

/** Which lines are drawn and how strongly. */
export interface Lines {
  readonly runs: readonly number[];
  readonly colour: string;
  readonly width: number;
}

/**
 * All lines by their look, from the back to the front: those outside of brushes are grey; the others go from faint to
 * strong by the goal; runs that are on have their own colour.
 */
export function linesOf(
  chart: PreparedParallel,
  within: Uint8Array | null,
  theme: Theme,
): { readonly back: readonly Lines[]; readonly front: readonly Lines[] } {
  const ramp = rampOf(theme);
  const crowd = Math.max(0.05, Math.min(1, 220 / Math.max(1, chart.drawn)));
  const grey: number[] = [];
  const shades = Array.from({ length: SHADES }, (): number[] => []);
  const own = new Map<number, number[]>();
  for (const [run, { slot }] of chart.rows.runs.entries()) {
    grey.push(run);
    if (within !== null && within[run] === 0) continue;
    const { colour } = styleOf(slot);
    if (colour > 0) own.set(colour, [...(own.get(colour) ?? []), run]);
    else {
      const share = chart.shares[run] ?? NaN;
      const shade = Number.isNaN(share) ? 0 : Math.min(SHADES - 1, Math.floor(share * SHADES));
      shades[shade]?.push(run);
    }
  }
  const low = theme.isHighContrast ? 0.5 : 0.3;
  return {
    back: [{ runs: grey, colour: withAlpha(theme.description, 0.28 * crowd + 0.03), width: 1 }],
    front: [
      ...shades.map((runs, shade) => ({
        runs,
        colour: withAlpha(
          colourAt(ramp, low + ((1 - low) * 0.8 * (shade + 0.5)) / SHADES),
          Math.max(0.08, 0.8 * crowd),
        ),
        width: 1,
      })),
      ...[...own].map(([colour, runs]) => ({
        runs,
        colour: theme.runs[colour] ?? theme.foreground,
        width: 1.75,
      })),
    ],
  };
}

export function drawLines(
  ctx: CanvasRenderingContext2D,
  chart: PreparedParallel,
  frame: Frame,
  lines: readonly Lines[],
  /** Draws every n-th line only, for what is redrawn while a brush moves. */
  every = 1,
): void {
  const isStraight = chart.drawn > STRAIGHT_FROM;
  ctx.lineJoin = 'round';
  for (const { runs, colour, width } of lines) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    // Short paths: a stroke of ten thousand lines at once costs far more than ten thousand strokes of few.
    for (let from = 0; from < runs.length; from += 16 * every) {
      ctx.beginPath();
      for (let at = from; at < Math.min(runs.length, from + 16 * every); at += every)
        traceRun(ctx, chart, frame, runs[at] ?? 0, isStraight);
      ctx.stroke();
    }
  }
}

export interface AxesState {
  readonly brushes: Brushes;
  /** The axis that the keyboard is at; −1: none. */
  readonly focused: number;
  /** An axis that is being dragged, and where it is. */
  readonly moved: { readonly index: number; readonly x: number } | null;
}

/** Axes, their words and brushes. */
export function drawAxes(
  ctx: CanvasRenderingContext2D,
  chart: PreparedParallel,
  frame: Frame,
  theme: Theme,
  state: AxesState,
): void {
  ctx.textBaseline = 'middle';
  const gap = (frame.xs[1] ?? frame.width) - (frame.xs[0] ?? 0);
  for (const [index, axis] of chart.axes.entries()) {
    const x = state.moved?.index === index ? state.moved.x : (frame.xs[index] ?? 0);
    const isLast = index === chart.axes.length - 1 && chart.axes.length > 1;
    const brush = state.brushes.get(axis.key);
    ctx.strokeStyle = index === state.focused ? theme.focus : withAlpha(theme.foreground, 0.45);
    ctx.lineWidth = index === state.focused ? 2 : 1;
    ctx.beginPath();
    ctx.moveTo(Math.round(x) + 0.5, frame.top);
    ctx.lineTo(Math.round(x) + 0.5, frame.bottom);
    ctx.stroke();
    if (brush !== undefined) {
      const [top, bottom] = [yAt(frame, brush.high), yAt(frame, brush.low)];
      ctx.fillStyle = withAlpha(theme.focus, theme.isHighContrast ? 0 : 0.4);
      ctx.fillRect(x - 6, top, 13, bottom - top);
      ctx.strokeStyle = theme.focus;
      ctx.lineWidth = theme.isHighContrast ? 2 : 1;
      ctx.strokeRect(Math.round(x) - 6.5, Math.round(top) + 0.5, 14, Math.round(bottom - top));
    }
    ctx.font = `11px ${theme.fontFamily}`;
    ctx.textAlign = isLast ? 'left' : 'right';
    for (const { place, label } of spaced(axis.ticks, frame)) {
      const y = yAt(frame, place);
      // Names may be cut, numbers never.
      const words =
        axis.names === null
          ? label
          : fitted(label, Math.max(4, Math.floor(Math.min(gap * 0.5, SIDE * 2) / 6)));
      const at = isLast ? x + 8 : x - 6;
      halo(ctx, words, at, y, theme);
      ctx.fillStyle = theme.description;
      ctx.fillText(words, at, y);
    }
    ctx.fillStyle = theme.foreground;
    const isFirst = index === 0 && chart.axes.length > 1;
    ctx.textAlign = isFirst ? 'left' : isLast ? 'right' : 'center';
    const title = axis.isLogarithmic ? t('{0} (log)', axis.title) : axis.title;
    const at = isFirst ? Math.max(4, x - SIDE + 8) : isLast ? Math.min(frame.width - 4, x + SIDE - 8) : x;
    ctx.fillText(fitted(title, Math.max(6, Math.floor(gap / 6.4))), at, 10);
  }
}

/** Ticks that do not touch each other. */
function spaced(ticks: PreparedParallel['axes'][number]['ticks'], frame: Frame) {
  let last = Infinity;
  return [...ticks]
    .sort((a, b) => a.place - b.place)
    .filter(({ place }) => {
      const y = yAt(frame, place);
      if (last - y < 12) return false;
      last = y;
      return true;
    });
}

/** Words stay readable over lines. */
function halo(ctx: CanvasRenderingContext2D, words: string, x: number, y: number, theme: Theme): void {
  ctx.strokeStyle = withAlpha(theme.background, 0.85);
  ctx.lineWidth = 3;
  ctx.strokeText(words, x, y);
}
