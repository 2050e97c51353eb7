import { t } from '../../ui/l10n';
import { xmlText } from '../plot/xmlText';
import type { Theme } from '../theme';
import { type Frame, linesOf, traceRun, yAt } from './draw';
import type { PreparedParallel } from './prepare';

const MOST_LINES = 2_000; // A larger file opens nowhere; the picture is there for it.
const HEAD = 28;

/** Whether it has lines, and not too many. */
export function hasSvg({ drawn }: PreparedParallel): boolean {
  return drawn > 0 && drawn <= MOST_LINES;
}

/** Parallel coordinates as an SVG document; null when it has too many lines for one. */
export function svgOf(
  chart: PreparedParallel,
  frame: Frame,
  within: Uint8Array | null,
  theme: Theme,
  title: string,
): string | null {
  if (!hasSvg(chart)) return null;
  const { back, front } = linesOf(chart, within, theme);
  const paths = [...back, ...front].flatMap(({ runs, colour, width }) =>
    runs.map((run) => {
      const d: string[] = [];
      traceRun(
        {
          moveTo: (x, y) => d.push(`M${n(x)} ${n(y)}`),
          lineTo: (x, y) => d.push(`L${n(x)} ${n(y)}`),
          bezierCurveTo: (...at) => d.push(`C${at.map(n).join(' ')}`),
        },
        chart,
        frame,
        run,
        false,
      );
      return `<path d="${d.join('')}" stroke="${escaped(colour)}" stroke-width="${width}"><title>${escaped(chart.rows.runs[run]?.name ?? '')}</title></path>`;
    }),
  );
  const axes = chart.axes.flatMap((axis, index) => {
    const x = frame.xs[index] ?? 0;
    const isLast = index === chart.axes.length - 1;
    return [
      `<line x1="${n(x)}" x2="${n(x)}" y1="${n(frame.top)}" y2="${n(frame.bottom)}" stroke="${escaped(theme.description)}"/>`,
      ...axis.ticks.map(({ place, label }) =>
        text(
          isLast ? x + 8 : x - 6,
          yAt(frame, place) + 4,
          label,
          theme.description,
          isLast ? 'start' : 'end',
        ),
      ),
      text(x, 14, axis.isLogarithmic ? t('{0} (log)', axis.title) : axis.title, theme.foreground, 'middle'),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(frame.width)}" height="${n(frame.height + HEAD)}" font-family="${escaped(theme.fontFamily)}" font-size="11">`,
    `<rect width="100%" height="100%" fill="${escaped(theme.background)}"/>`,
    `<text x="8" y="18" font-size="12" font-weight="600" fill="${escaped(theme.foreground)}">${escaped(title)}</text>`,
    `<g transform="translate(0 ${HEAD})"><g fill="none">`,
    ...paths,
    '</g>',
    ...axes,
    '</g></svg>',
  ].join('\n');
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
