import type { Plugin } from 'chart.js';
import { t } from '../ui/l10n';
import type { Mark, PreparedLines } from './line';
import type { Theme } from './theme';

const DOT = 1.75;
const DOT_ROOM = 20; // Pixels from dot to dot; closer ones make a line a chain.
const END = 3.5;

/** Draws what lines alone do not say: the target, single points, and the end of a run that lives or failed. */
export function marksPlugin(read: () => { chart: PreparedLines; theme: Theme } | null): Plugin<'line'> {
  return {
    id: 'winnow-marks',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const now = read();
      const { x: xScale, y: yScale } = scales;
      if (now === null || xScale === undefined || yScale === undefined) return;
      const { chart, theme } = now;
      ctx.save();
      const faintFirst = [...chart.lines].sort(
        (a, b) => Number(a.weight === 'strong') - Number(b.weight === 'strong'),
      );
      for (const line of faintFirst) {
        const colours = line.weight === 'faint' ? theme.faintRuns : theme.runs;
        ctx.fillStyle = ctx.strokeStyle = colours[line.colour] ?? theme.foreground;
        const [from, to] = [line.points[0], line.points.at(-1)];
        const length = xScale.getPixelForValue(to?.x ?? 0) - xScale.getPixelForValue(from?.x ?? 0);
        const room = line.points.length === 1 ? Infinity : length / (line.points.length - 1);
        for (const mark of line.marks) if (mark.kind !== 'dot' || room >= DOT_ROOM) drawMark(mark);
      }
      if (chart.target !== null) drawTarget(chart.target);
      ctx.restore();

      function drawTarget(target: number): void {
        const y = Math.round(yScale?.getPixelForValue(target) ?? NaN) + 0.5;
        // A target far off the curves must not press them flat: it is drawn only where they are.
        if (!(y >= chartArea.top && y <= chartArea.bottom)) return;
        ctx.strokeStyle = ctx.fillStyle = theme.passed;
        ctx.lineWidth = 1;
        ctx.setLineDash([4, 4]);
        ctx.beginPath();
        ctx.moveTo(chartArea.left, y);
        ctx.lineTo(chartArea.right, y);
        ctx.stroke();
        ctx.setLineDash([]);
        ctx.font = `11px ${theme.fontFamily}`;
        const label = t('target {0}', String(target));
        const above = y - chartArea.top > 16;
        ctx.textBaseline = above ? 'bottom' : 'top';
        const labelY = above ? y - 3 : y + 3;
        const x = chartArea.left + 6;
        // Readable where lines cross it.
        ctx.save();
        ctx.globalAlpha = 0.85;
        ctx.fillStyle = theme.background;
        ctx.fillRect(x - 2, above ? labelY - 12 : labelY - 1, ctx.measureText(label).width + 4, 13);
        ctx.restore();
        ctx.fillText(label, x, labelY);
      }

      function drawMark(mark: Mark): void {
        const x = xScale?.getPixelForValue(mark.x) ?? NaN;
        const y = yScale?.getPixelForValue(mark.y) ?? NaN;
        if (y < chartArea.top - END || y > chartArea.bottom + END) return;
        if (x < chartArea.left - END || x > chartArea.right + END) return;
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
    },
  };
}
