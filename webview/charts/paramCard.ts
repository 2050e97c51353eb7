import {
  Chart,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  type Plugin,
  PointElement,
} from 'chart.js';
import { type PreparedParamLines, paramConfig } from './paramLines';
import { t } from '../ui/l10n';
import type { Theme } from './theme';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** The drawing of a goal over a param: lines with their names at their ends, and where the form stands now. */
export class ParamCard {
  readonly canvas = document.createElement('canvas');
  private chart: Chart<'line'> | null = null;
  private shown: { readonly prepared: PreparedParamLines; readonly theme: Theme } | null = null;
  private drawn = '';

  /** Draws it, unless it looks like that already. The canvas must be in the page. */
  update(prepared: PreparedParamLines, theme: Theme): void {
    const key = JSON.stringify([prepared, theme]);
    if (key === this.drawn) return;
    this.drawn = key;
    this.shown = { prepared, theme };
    const { type, data, options } = paramConfig(prepared, theme);
    if (this.chart === null) {
      this.chart = new Chart(this.canvas, {
        type,
        data,
        ...(options === undefined ? {} : { options }),
        plugins: [this.marks()],
      });
      return;
    }
    this.chart.data = data;
    if (options !== undefined) this.chart.options = options;
    this.chart.update('none');
  }

  private marks(): Plugin<'line'> {
    return {
      id: 'winnow-param-marks',
      beforeDatasetsDraw: ({ ctx, chartArea, scales: { x } }) => {
        if (this.shown === null || x === undefined) return;
        const { prepared, theme } = this.shown;
        ctx.save();
        ctx.strokeStyle = theme.runs[1] ?? theme.foreground;
        ctx.lineWidth = 1.5;
        for (const now of prepared.now) {
          const at = Math.round(x.getPixelForValue(now)) + 0.5;
          ctx.beginPath();
          ctx.moveTo(at, chartArea.top);
          ctx.lineTo(at, chartArea.bottom);
          ctx.stroke();
        }
        ctx.restore();
      },
      afterDatasetsDraw: ({ ctx, chartArea, scales: { x, y } }) => {
        if (this.shown === null || x === undefined || y === undefined) return;
        const { prepared, theme } = this.shown;
        ctx.save();
        ctx.font = `11px ${theme.fontFamily}`;
        ctx.textBaseline = 'middle';
        const { target } = prepared;
        if (target !== null && target >= prepared.y.min && target <= prepared.y.max) {
          const at = Math.round(y.getPixelForValue(target)) + 0.5;
          ctx.strokeStyle = theme.passed;
          ctx.setLineDash([4, 4]);
          ctx.beginPath();
          ctx.moveTo(chartArea.left, at);
          ctx.lineTo(chartArea.right, at);
          ctx.stroke();
          ctx.setLineDash([]);
          ctx.fillStyle = theme.passed;
          ctx.fillText(t('target {0}', target), chartArea.left + 4, at - 8);
        }
        for (const { name, colour, at } of spread(namesOf(prepared, (value) => y.getPixelForValue(value)))) {
          ctx.fillStyle = theme.runs[colour] ?? theme.foreground;
          ctx.fillText(name, chartArea.right + 8, at, 76);
        }
        const [now] = prepared.now;
        if (now !== undefined) {
          const left = x.getPixelForValue(now) + 4;
          const { width } = ctx.measureText(prepared.nowText);
          const fits = left + width <= chartArea.right;
          const start = fits ? left : left - 8 - width;
          ctx.globalAlpha = 0.85;
          ctx.fillStyle = theme.background;
          ctx.fillRect(start - 2, chartArea.bottom - 15, width + 4, 14);
          ctx.globalAlpha = 1;
          ctx.fillStyle = theme.foreground;
          ctx.fillText(prepared.nowText, start, chartArea.bottom - 8);
        }
        ctx.restore();
      },
    };
  }
}

interface Name {
  readonly name: string;
  readonly colour: number;
  readonly at: number;
}

function namesOf({ lines }: PreparedParamLines, pixel: (value: number) => number): readonly Name[] {
  return lines.flatMap(({ name, colour, means }) => {
    const last = means.at(-1);
    return name === '' || last === undefined ? [] : [{ name, colour, at: pixel(last.y) }];
  });
}

const LINE_HEIGHT = 14;

/** Names that would lie on each other are moved apart, from the top down. */
function spread(names: readonly Name[]): readonly Name[] {
  let free = -Infinity;
  return [...names]
    .sort((a, b) => a.at - b.at)
    .map((name) => {
      const at = Math.max(name.at, free);
      free = at + LINE_HEIGHT;
      return { ...name, at };
    });
}
