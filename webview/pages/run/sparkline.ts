import { type TemplateResult, html, nothing, svg } from 'lit';
import type { PageSeries } from '../../../src/api/pages';
import { styleOf } from '../../ui/runStyle';

export const SPARK_WIDTH = 92;
const HEIGHT = 18;
const MARGIN = 2.5; // So that the dot at the end is whole.

/** The points of a small line in pixels; what is not finite is a gap. Pure. */
export function sparkPoints(series: PageSeries): readonly (readonly (readonly [number, number])[])[] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of series.values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [];
  const [from, to] = [series.steps[0] ?? 0, series.steps.at(-1) ?? 0];
  const x = (step: number) =>
    to === from ? SPARK_WIDTH / 2 : MARGIN + ((step - from) / (to - from)) * (SPARK_WIDTH - 2 * MARGIN);
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - MARGIN - ((value - low) / (high - low)) * (HEIGHT - 2 * MARGIN);
  const pieces: (readonly [number, number])[][] = [];
  let piece: (readonly [number, number])[] = [];
  series.values.forEach((value, index) => {
    if (Number.isFinite(value)) piece.push([round(x(series.steps[index] ?? 0)), round(y(value))]);
    else if (piece.length > 0) {
      pieces.push(piece);
      piece = [];
    }
  });
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}

/** The trend of a metric, for a row: the table has its numbers in words. */
export function sparkline(
  series: PageSeries | undefined,
  slot: number | null,
): TemplateResult | typeof nothing {
  if (series === undefined) return nothing;
  const pieces = sparkPoints(series);
  const end = pieces.at(-1)?.at(-1);
  const { colour } = styleOf(slot);
  return html`<svg class="spark colour${colour}" width=${SPARK_WIDTH} height=${HEIGHT} aria-hidden="true">
    ${pieces.map(
      (piece) => svg`<polyline points=${piece.map(([x, y]) => `${x},${y}`).join(' ')}></polyline>`,
    )}
    ${end === undefined ? nothing : svg`<circle cx=${end[0]} cy=${end[1]} r="2"></circle>`}
  </svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
