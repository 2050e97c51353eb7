import type { ThemeKind } from '../api/language';
import { formatColumn } from '../model/format';

/** A line of a picture, or its dots alone. */
export interface Curve {
  readonly label: string;
  readonly colour: 'first' | 'second';
  readonly shape: 'line' | 'dots';
  /** Ordered by x. A point whose y is not finite breaks the line. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Picture {
  readonly curves: readonly Curve[];
  /** A dashed line, when it is near enough to the values to be seen beside them. */
  readonly target: number | null;
  /** Ticks of the x axis. */
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

export const PLOT_WIDTH = 220;
const PLOT_HEIGHT = 56;
const LEFT = 52; // Room for "−3.142e−4".
const RIGHT = 44; // Room for "target".
const TOP = 10;
const BOTTOM = 20;
const WIDTH = LEFT + PLOT_WIDTH + RIGHT;
const HEIGHT = TOP + PLOT_HEIGHT + BOTTOM;
const LINE_HEIGHT = 12;

interface Palette {
  readonly first: string;
  readonly second: string;
  readonly text: string;
  readonly grid: string;
  readonly target: string;
}

/** A picture in a hover has no theme variables: the run colours 1 and 2 and the editor's greys, by kind. */
const PALETTES: Readonly<Record<ThemeKind, Palette>> = {
  dark: { first: '#4EA3F3', second: '#BD681B', text: '#9D9D9D', grid: '#454545', target: '#9D9D9D' },
  light: { first: '#004177', second: '#AD4010', text: '#616161', grid: '#C8C8C8', target: '#616161' },
  'high-contrast': {
    first: '#FFFFFF',
    second: '#FFFFFF',
    text: '#FFFFFF',
    grid: '#FFFFFF',
    target: '#FFFFFF',
  },
  'high-contrast-light': {
    first: '#000000',
    second: '#000000',
    text: '#000000',
    grid: '#000000',
    target: '#000000',
  },
};

/**
 * Draws curves as an SVG of about 320 × 90 px with the smallest and largest value at the y axis. Null when
 * there is nothing to draw: no finite value at all.
 */
export function drawPicture({ curves, target, ticks }: Picture, theme: ThemeKind): string | null {
  const palette = PALETTES[theme];
  const points = curves.flatMap((curve) => curve.points).filter(({ y }) => Number.isFinite(y));
  if (points.length === 0) return null;
  const [low, high] = rangeOf(points.map(({ y }) => y));
  const shownTarget = target !== null && isNear(target, low, high) ? target : null;
  const [bottom, top] = widened(rangeOf(shownTarget === null ? [low, high] : [low, high, shownTarget]));
  const [first, last] = widened(rangeOf([...points.map(({ x }) => x), ...ticks.map(({ x }) => x)]));
  // Lines reach the edges; dots keep a little away from the numbers of the axis.
  const margin = curves.some(({ shape }) => shape === 'dots') ? (last - first) * 0.05 : 0;
  const [left, right] = [first - margin, last + margin];
  const toX = (x: number) => round(LEFT + ((x - left) / (right - left)) * PLOT_WIDTH);
  const toY = (y: number) => round(TOP + PLOT_HEIGHT - ((y - bottom) / (top - bottom)) * PLOT_HEIGHT);

  const marks = low === high ? [low] : [high, low];
  const markTexts = formatColumn(marks);
  const parts = marks.flatMap((mark, index) => [
    `<line x1="${LEFT}" x2="${LEFT + PLOT_WIDTH}" y1="${toY(mark)}" y2="${toY(mark)}" stroke="${palette.grid}" stroke-width="1" opacity="${theme.startsWith('high') ? 1 : 0.6}"/>`,
    label(LEFT - 6, toY(mark) + 4, markTexts[index] ?? '', palette.text, 'end'),
  ]);
  for (const { x, label: text } of ticks) {
    const side = ticks.length === 1 ? 'middle' : x === left ? 'start' : x === right ? 'end' : 'middle';
    parts.push(label(toX(x), HEIGHT - 4, text, palette.text, side));
  }
  if (shownTarget !== null) {
    parts.push(
      `<line x1="${LEFT}" x2="${LEFT + PLOT_WIDTH}" y1="${toY(shownTarget)}" y2="${toY(shownTarget)}" stroke="${palette.target}" stroke-width="1" stroke-dasharray="4 3"/>`,
    );
  }
  // The first curve is drawn last, over the others.
  for (const curve of [...curves].reverse()) {
    const colour = palette[curve.colour];
    const dash = curve.colour === 'second' && theme.startsWith('high') ? ' stroke-dasharray="3 2"' : '';
    parts.push(...marksOf(curve, colour, dash, toX, toY));
  }
  const ends = curves.flatMap((curve) => {
    const end = curve.shape === 'line' ? curve.points.findLast(({ y }) => Number.isFinite(y)) : undefined;
    return end === undefined ? [] : [{ y: toY(end.y), text: curve.label, colour: palette[curve.colour] }];
  });
  if (shownTarget !== null) ends.push({ y: toY(shownTarget), text: 'target', colour: palette.target });
  for (const { y, text, colour } of spreadOut(ends)) {
    parts.push(label(LEFT + PLOT_WIDTH + 8, y + 4, text, colour, 'start'));
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
    `font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="11">${parts.join('')}</svg>`
  );
}

type Scale = (value: number) => number;

function marksOf(curve: Curve, colour: string, dash: string, toX: Scale, toY: Scale): readonly string[] {
  const at = ({ x, y }: { x: number; y: number }) => `${toX(x)} ${toY(y)}`;
  const dot = (point: { x: number; y: number }) =>
    `<circle cx="${toX(point.x)}" cy="${toY(point.y)}" r="3" fill="${colour}"/>`;
  if (curve.shape === 'dots') return curve.points.filter(({ y }) => Number.isFinite(y)).map(dot);
  let path = '';
  let isOpen = false;
  for (const point of curve.points) {
    const isThere = Number.isFinite(point.y);
    if (isThere) path += `${isOpen ? 'L' : 'M'}${at(point)}`;
    isOpen = isThere;
  }
  const end = curve.points.findLast(({ y }) => Number.isFinite(y));
  return end === undefined
    ? []
    : [`<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"${dash}/>`, dot(end)];
}

function label(
  x: number,
  y: number,
  text: string,
  colour: string,
  anchor: 'start' | 'middle' | 'end',
): string {
  return `<text x="${x}" y="${y}" fill="${colour}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

/** Moves labels that would cover each other apart, and keeps them inside of the picture. */
function spreadOut<T extends { readonly y: number }>(labels: readonly T[]): readonly T[] {
  let free = TOP;
  const downwards = [...labels]
    .sort((a, b) => a.y - b.y)
    .map((item) => {
      const y = Math.max(item.y, free);
      free = y + LINE_HEIGHT;
      return { ...item, y };
    });
  const tooLow = Math.max(0, free - LINE_HEIGHT - (TOP + PLOT_HEIGHT));
  return downwards.map((item) => ({ ...item, y: item.y - tooLow }));
}

function isNear(target: number, low: number, high: number): boolean {
  const span = high - low || Math.abs(high) || 1;
  return target >= low - span && target <= high + span;
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** A range of a single value has no width: it gets one, with the value in the middle. */
function widened([low, high]: readonly [number, number]): readonly [number, number] {
  if (low !== high) return [low, high];
  const half = Math.abs(low) / 2 || 0.5;
  return [low - half, high + half];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
