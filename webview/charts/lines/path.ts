import type { Range } from './types';

/** The part of a drawing that lies between the axes, in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** From values to pixels. */
export interface Projection {
  x(value: number): number;
  y(value: number): number;
}

export function projectionOf(
  area: Area,
  x: Range,
  y: Range,
  logarithmic: { readonly x: boolean; readonly y: boolean },
): Projection {
  return {
    x: scale(x, area.left, area.right, logarithmic.x),
    y: scale(y, area.bottom, area.top, logarithmic.y),
  };
}

function scale(
  { min, max }: Range,
  from: number,
  to: number,
  logarithmic: boolean,
): (value: number) => number {
  if (logarithmic) {
    const [low, high] = [Math.log10(min), Math.log10(max)];
    const factor = (to - from) / (high - low || 1);
    return (value) => from + (Math.log10(value) - low) * factor;
  }
  const factor = (to - from) / (max - min || 1);
  return (value) => from + (value - min) * factor;
}

/** What a path is told to. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/**
 * Draws a line through points, NaN is a gap. Of the points in one column of pixels only the first, the lowest, the
 * highest and the last are drawn: the picture is the same, and no peak is lost.
 */
export function trace(x: Float64Array, y: Float64Array, to: Projection, area: Area, pen: Pen): void {
  const FAR = 4_000; // Pixels beyond the area where what is drawn is not seen, and canvases lose their precision.
  const clamp = (value: number) => Math.min(area.bottom + FAR, Math.max(area.top - FAR, value));
  let isDown = false;
  let column = NaN;
  let [low, high, last, lastX] = [0, 0, 0, 0];
  let count = 0;
  const flush = () => {
    // The first of the column was drawn when it began.
    if (count > 2) {
      pen.lineTo(lastX, low);
      pen.lineTo(lastX, high);
    }
    if (count > 1) pen.lineTo(lastX, last);
    count = 0;
  };
  for (let index = 0; index < x.length; index += 1) {
    const value = y[index] ?? NaN;
    if (Number.isNaN(value)) {
      flush();
      isDown = false;
      column = NaN;
      continue;
    }
    const px = to.x(x[index] ?? NaN);
    const py = clamp(to.y(value));
    // One point beyond each edge is enough for the line to run on.
    if (
      px < area.left &&
      to.x(x[index + 1] ?? NaN) < area.left &&
      to.x(x[index - 1] ?? -Infinity) < area.left
    )
      continue;
    if (
      px > area.right &&
      to.x(x[index - 1] ?? NaN) > area.right &&
      to.x(x[index + 1] ?? Infinity) > area.right
    )
      continue;
    const at = Math.floor(px);
    if (!isDown || at !== column) {
      flush();
      if (isDown) pen.lineTo(px, py);
      else pen.moveTo(px, py);
      isDown = true;
      column = at;
      [low, high, last, lastX] = [py, py, py, px];
      count = 1;
      continue;
    }
    low = Math.min(low, py);
    high = Math.max(high, py);
    last = py;
    lastX = px;
    count += 1;
  }
  flush();
}
