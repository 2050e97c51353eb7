import { xmlText } from '../plot/xmlText';
import type { Theme } from '../theme';
import { t } from '../../ui/l10n';
import { stretches } from './draw';
import { WIDTHS, colourOf, dashOf, drawingOrder, rawOpacity } from './look';
import { type Area, type Projection, projectionOf, trace } from './path';
import type { Line, PreparedLines } from './types';

/** Where Chart.js put the axes, and what their ticks say. */
export interface Axes {
  readonly width: number;
  readonly height: number;
  readonly area: Area;
  readonly x: readonly { readonly value: number; readonly label: string }[];
  readonly y: readonly { readonly value: number; readonly label: string }[];
}

const HEAD = 44; // Pixels for the title and the legend.

/** A chart of lines as an SVG document: axes, lines, bands, target and legend, in the theme's colours. */
export function svgOf(chart: PreparedLines, axes: Axes, theme: Theme, title: string): string | null {
  if (chart.x === null || chart.y === null) return null;
  const { area } = axes;
  const to = projectionOf(area, chart.x, chart.y, { x: chart.logarithmicX, y: chart.logarithmicY });
  const ordered = drawingOrder(chart.lines);
  const { width } = axes;
  const height = axes.height + HEAD;
  const body = [
    ...axes.y.flatMap(({ value, label }) => [
      `<line x1="${n(area.left)}" x2="${n(area.right)}" y1="${n(to.y(value))}" y2="${n(to.y(value))}" stroke="${escaped(theme.gridLine)}"/>`,
      text(area.left - 6, to.y(value) + 4, label, theme.description, 'end'),
    ]),
    ...axes.x.flatMap(({ value, label }) => [
      `<line x1="${n(to.x(value))}" x2="${n(to.x(value))}" y1="${n(area.top)}" y2="${n(area.bottom)}" stroke="${escaped(theme.gridLine)}"/>`,
      text(to.x(value), area.bottom + 16, label, theme.description, 'middle'),
    ]),
    `<g clip-path="url(#area)" fill="none" stroke-linejoin="round">`,
    ...ordered.map((line) => bandPath(line, to, theme)),
    ...(chart.smoothing > 0
      ? ordered.flatMap((line) =>
          line.curve.smooth === null || line.band !== null
            ? []
            : [path(line, line.curve.y, to, area, theme, 1, rawOpacity(chart))],
        )
      : []),
    ...ordered.map((line) =>
      path(line, line.curve.smooth ?? line.curve.y, to, area, theme, WIDTHS[line.weight], 1),
    ),
    '</g>',
    ...targetLine(chart, to, area, theme),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" font-family="${escaped(theme.fontFamily)}" font-size="11">`,
    `<clipPath id="area"><rect x="${n(area.left)}" y="${n(area.top)}" width="${n(area.right - area.left)}" height="${n(area.bottom - area.top)}"/></clipPath>`,
    `<rect width="100%" height="100%" fill="${escaped(theme.background)}"/>`,
    `<text x="${n(area.left)}" y="16" font-size="12" font-weight="600" fill="${escaped(theme.foreground)}">${escaped(title)}</text>`,
    ...legend(chart.lines, area.left, width, theme),
    `<g transform="translate(0 ${HEAD})">`,
    ...body,
    '</g>',
    '</svg>',
  ].join('\n');
}

function legend(lines: readonly Line[], left: number, width: number, theme: Theme): readonly string[] {
  const made: string[] = [];
  let x = left;
  for (const line of lines) {
    const room = 24 + line.name.length * 6.2; // Without a font there is no measure: wide enough for any.
    if (x + room > width && made.length > 0) {
      made.push(text(x, 35, t('and {0} more', lines.length - made.length), theme.description, 'start'));
      break;
    }
    made.push(
      `<g><line x1="${n(x)}" x2="${n(x + 14)}" y1="31" y2="31" stroke="${escaped(colourOf(line, theme))}" stroke-width="2.5" stroke-dasharray="${dashOf(line, theme).join(' ')}"/>${text(x + 18, 35, line.name, theme.foreground, 'start')}</g>`,
    );
    x += room;
  }
  return made;
}

function path(
  line: Line,
  ys: Float64Array,
  to: Projection,
  area: Area,
  theme: Theme,
  width: number,
  opacity: number,
): string {
  const d: string[] = [];
  trace(line.curve.x, ys, to, area, {
    moveTo: (x, y) => d.push(`M${n(x)} ${n(y)}`),
    lineTo: (x, y) => d.push(`L${n(x)} ${n(y)}`),
  });
  const dash = dashOf(line, theme).join(' ');
  return `<path d="${d.join('')}" stroke="${escaped(colourOf(line, theme))}" stroke-width="${width}" stroke-opacity="${opacity}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}><title>${escaped(line.name)}</title></path>`;
}

function bandPath({ band, curve, colour }: Line, to: Projection, theme: Theme): string {
  if (band === null) return '';
  return stretches(band.low)
    .map(([from, end]) => {
      const places = Array.from({ length: end - from }, (_, index) => from + index);
      const at = (ys: Float64Array) => (index: number) =>
        `${n(to.x(curve.x[index] ?? NaN))} ${n(to.y(ys[index] ?? NaN))}`;
      const points = [...places.map(at(band.high)), ...places.reverse().map(at(band.low))];
      return `<path d="M${points.join('L')}Z" fill="${escaped(theme.runs[colour] ?? theme.foreground)}" fill-opacity="0.22" stroke="none"/>`;
    })
    .join('');
}

function targetLine(chart: PreparedLines, to: Projection, area: Area, theme: Theme): readonly string[] {
  if (chart.target === null) return [];
  const y = to.y(chart.target);
  if (!(y >= area.top && y <= area.bottom)) return [];
  return [
    `<line x1="${n(area.left)}" x2="${n(area.right)}" y1="${n(y)}" y2="${n(y)}" stroke="${escaped(theme.passed)}" stroke-dasharray="4 4"/>`,
    text(area.left + 6, y - 4, t('target {0}', String(chart.target)), theme.passed, 'start'),
  ];
}

function text(x: number, y: number, words: string, fill: string, anchor: string): string {
  return `<text x="${n(x)}" y="${n(y)}" fill="${escaped(fill)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(words: string): string {
  return xmlText(words).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
