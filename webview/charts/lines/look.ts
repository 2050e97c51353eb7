import { COLOURS, type Dash } from '../../ui/runStyle';
import type { Theme } from '../theme';
import type { Line, PreparedLines } from './types';

const LINE_DASHES: Readonly<Record<Dash, readonly number[]>> = {
  solid: [],
  dashed: [6, 4],
  dotted: [1.5, 3],
};
/** In high contrast the shape tells the colours of one dash apart. */
const CONTRAST_DASHES: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 5],
  [5, 2],
  [4, 6],
  [12, 3, 2, 3, 2, 3],
];

export const WIDTHS = { faint: 1.25, normal: 1.5, strong: 2.25 } as const;

export function dashOf(line: Line, theme: Theme): readonly number[] {
  return theme.isHighContrast && line.dash === 'solid'
    ? (CONTRAST_DASHES[(line.colour + COLOURS - 1) % COLOURS] ?? [])
    : LINE_DASHES[line.dash];
}

export function colourOf(line: Line, theme: Theme): string {
  return (line.weight === 'faint' ? theme.faintRuns : theme.runs)[line.colour] ?? theme.foreground;
}

/** How much is seen of the raw line behind a smoothed one: enough to see it, less the more lines there are. */
export function rawOpacity(chart: PreparedLines): number {
  return chart.lines.length > 12 ? 0.18 : 0.35;
}

/** Grey at the bottom, then colours, the strong line on top. */
export function drawingOrder(lines: readonly Line[]): readonly Line[] {
  const rank = (line: Line) =>
    line.weight === 'strong' ? 2 : line.colour === 0 || line.weight === 'faint' ? 0 : 1;
  return [...lines].sort((a, b) => rank(a) - rank(b));
}
