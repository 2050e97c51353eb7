import { Chart, LineController, LineElement, LinearScale, LogarithmicScale, PointElement } from 'chart.js';
import { html, nothing, render } from 'lit';
import type { PageSeries } from '../../src/api/pages';
import { formatColumn, formatDuration, formatNumber } from '../../src/model/format';
import type { RunId } from '../../src/model/run';
import { t } from '../ui/l10n';
import { runMark } from '../ui/runMark';
import {
  type LineDataset,
  type LineInput,
  type Point,
  type PreparedLines,
  type Reading,
  config,
  datasetOf,
  nearestX,
  nextX,
  type Range,
  prepare,
  readingsAt,
  zoomed,
} from './line';
import { describeChart, summaryOf } from './describe';
import { marksPlugin } from './marks';
import { tableOf } from './table';
import { formatStep } from './ticks';
import type { Theme } from './theme';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** What a card shows of the page's state; its points come by `setSeries`. */
export type CardInput = Omit<LineInput, 'series' | 'metric' | 'details'> & {
  readonly theme: Theme;
  readonly asTable: boolean;
  /** Instead of the metric's name. */
  readonly title?: string;
  /** Instead of how many runs there are and the best of them. */
  readonly summary?: string;
  /** A small chart, without buttons. */
  readonly isPlain?: boolean;
};

/** What a card asks of the page. */
export interface CardHost {
  toggleLogarithmic(metric: string): void;
  toggleTable(metric: string): void;
  tryAgain(metric: string): void;
  /** The card must be drawn with the next frame. */
  invalidate(card: ChartCard): void;
  drawn(chart: PreparedLines): void;
  /** The cross-hair went to x, or away: other charts follow without their values. */
  cursorMoved(from: ChartCard, x: number | null): void;
  /** Looks at a part of the x axis, in all charts; null: at all of it. */
  zoom(range: Range | null): void;
}

const MIN_DRAG = 6; // Pixels; less is a click with an unsteady hand.
const ZOOM_STEP = 1.6;
const MAX_TOOLTIP_ROWS = 16; // What fits beside a chart without covering the page.

/** The chart of one metric: title, drawing, cross-hair, table, and what went wrong. */
export class ChartCard {
  readonly element = document.createElement('section');
  readonly series = new Map<RunId, PageSeries>();
  private readonly details = new Map<RunId, PageSeries>();
  isVisible = false;
  /** The sentence of the last failure; what is drawn stays. */
  problem: string | null = null;
  private input: CardInput | null = null;
  private prepared: PreparedLines | null = null;
  private chart: Chart<'line', Point[]> | null = null;
  private readonly datasets = new Map<RunId, LineDataset>();
  private cursor: number | null = null;
  private follows = false;
  /** Where the pointer went down, in pixels of the plot, while a part of the axis is being marked. */
  private dragFrom: number | null = null;

  private readonly head = document.createElement('header');
  private readonly body = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private readonly overlay = document.createElement('div');
  private readonly table = document.createElement('div');
  private readonly note = document.createElement('div');
  private readonly spoken = document.createElement('div');

  constructor(
    readonly metric: string,
    private readonly host: CardHost,
  ) {
    this.element.className = 'card';
    this.head.className = 'card-head';
    this.body.className = 'plot';
    this.body.tabIndex = 0;
    this.body.setAttribute('role', 'img');
    this.overlay.className = 'overlay';
    this.overlay.setAttribute('aria-hidden', 'true');
    this.table.className = 'table-holder';
    this.note.className = 'note';
    this.spoken.className = 'visually-hidden';
    this.spoken.setAttribute('role', 'status');
    this.body.append(this.canvas, this.overlay);
    this.element.append(this.head, this.note, this.body, this.table, this.spoken);
    this.body.addEventListener('pointerdown', (event) => this.startDrag(event));
    this.body.addEventListener('pointerup', (event) => this.endDrag(event));
    this.body.addEventListener('pointercancel', () => (this.dragFrom = null));
    this.body.addEventListener('dblclick', () => this.host.zoom(null));
    this.body.addEventListener('pointermove', (event) => this.follow(event.clientX));
    this.body.addEventListener('pointerleave', () => this.moveCursor(null));
    this.body.addEventListener('blur', () => this.moveCursor(null));
    this.body.addEventListener('keydown', (event) => this.onKey(event));
  }

  get width(): number {
    return this.body.clientWidth || this.element.clientWidth;
  }

  /** The best value over the runs that are shown, or null before there are points. */
  get summary(): PreparedLines | null {
    return this.prepared;
  }

  update(input: CardInput): void {
    this.input = input;
    this.host.invalidate(this);
  }

  setSeries(series: PageSeries): void {
    this.series.set(series.runId, series);
    this.host.invalidate(this);
  }

  /** Points of the part that is zoomed into. */
  setDetails(series: PageSeries): void {
    // A line may cross the part without a point in it: then the whole line says more than nothing.
    if (series.steps.length === 0) return;
    this.details.set(series.runId, series);
    this.host.invalidate(this);
  }

  clearDetails(): void {
    this.details.clear();
  }

  setProblem(problem: string | null): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.host.invalidate(this);
  }

  /** Draws what is known now. Called by the page, at most once a frame, and only for what is on the screen. */
  draw(): void {
    const input = this.input;
    if (input === null) return;
    const chart = prepare({ ...input, metric: this.metric, series: this.series, details: this.details });
    this.prepared = chart;
    this.renderHead(chart, input);
    this.renderNote(chart);
    this.body.hidden = input.asTable;
    this.table.hidden = !input.asTable;
    // Filtered out: only its values are needed, for the page's head.
    if (!this.element.isConnected) return;
    if (input.asTable) {
      render(tableOf(chart), this.table);
    } else {
      render(nothing, this.table);
      this.drawLines(chart, input.theme);
      this.body.setAttribute('aria-label', describeChart(chart));
      this.renderCursor();
    }
    this.host.drawn(chart);
  }

  dispose(): void {
    this.chart?.destroy();
    this.chart = null;
    this.element.remove();
  }

  private drawLines(chart: PreparedLines, theme: Theme): void {
    // Axes without a line would show a scale that nobody chose.
    this.body.classList.toggle('blank', chart.x === null && chart.drawn === 0);
    const datasets = chart.lines.map((line) => {
      const known = this.datasets.get(line.run.runId);
      const fresh = datasetOf(line, theme);
      if (known === undefined) {
        this.datasets.set(line.run.runId, fresh);
        return fresh;
      }
      return Object.assign(known, fresh);
    });
    const { options } = config(chart, theme);
    if (this.chart === null) {
      this.chart = new Chart<'line', Point[]>(this.canvas, {
        type: 'line',
        data: { datasets },
        ...(options === undefined ? {} : { options }),
        plugins: [
          marksPlugin(() =>
            this.prepared === null || this.input === null
              ? null
              : { chart: this.prepared, theme: this.input.theme },
          ),
        ],
      });
      return;
    }
    this.chart.data.datasets = datasets;
    if (options !== undefined) this.chart.options = options;
    this.chart.update('none');
  }

  private renderHead(chart: PreparedLines, input: CardInput): void {
    render(
      html`<h3 title=${this.metric}>${input.title ?? this.metric}</h3>
        <span class="dim">${input.summary ?? summaryOf(chart, input.runs.length)}</span>
        <span class="card-actions" ?hidden=${input.isPlain === true}>
          <button
            class="icon"
            aria-pressed=${input.logarithmic}
            title=${t('Logarithmic Axis (L)')}
            @click=${() => this.host.toggleLogarithmic(this.metric)}
          >
            ${t('log')}
          </button>
          <button
            class="icon codicon ${input.asTable ? 'codicon-graph-line' : 'codicon-table'}"
            title=${input.asTable ? t('Show as Chart') : t('Show as Table')}
            aria-label=${
              input.asTable ? t('Show {0} as Chart', this.metric) : t('Show {0} as Table', this.metric)
            }
            @click=${() => this.host.toggleTable(this.metric)}
          ></button>
        </span>`,
      this.head,
    );
  }

  private renderNote(chart: PreparedLines): void {
    const hiddenByLog =
      chart.notOnLogScale === 0
        ? nothing
        : html`<span class="dim"
            >${t('{0} values at or below zero are not on a logarithmic axis.', chart.notOnLogScale)}</span
          >`;
    const problem =
      this.problem === null
        ? nothing
        : html`<span class="error"
              ><i class="codicon codicon-error" aria-hidden="true"></i> ${this.problem}</span
            >
            <button class="link" @click=${() => this.host.tryAgain(this.metric)}>${t('Try Again')}</button>`;
    render(html`${problem}${hiddenByLog}`, this.note);
    this.note.hidden = problem === nothing && hiddenByLog === nothing;
  }

  private follow(clientX: number): void {
    const scale = this.chart?.scales.x;
    if (scale === undefined || this.prepared === null) return;
    const value = scale.getValueForPixel(clientX - this.canvas.getBoundingClientRect().left);
    if (value !== undefined) this.moveCursor(nearestX(this.prepared, value));
  }

  private startDrag(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.dragFrom = event.clientX - this.body.getBoundingClientRect().left;
    this.body.setPointerCapture(event.pointerId);
  }

  private endDrag(event: PointerEvent): void {
    const from = this.dragFrom;
    this.dragFrom = null;
    const scale = this.chart?.scales.x;
    const to = event.clientX - this.body.getBoundingClientRect().left;
    if (from === null || scale === undefined || Math.abs(to - from) < MIN_DRAG) return;
    const [a, b] = [scale.getValueForPixel(Math.min(from, to)), scale.getValueForPixel(Math.max(from, to))];
    if (a !== undefined && b !== undefined) {
      this.host.zoom({ min: Math.max(a, scale.min), max: Math.min(b, scale.max) });
    }
  }

  private zoomBy(factor: number): void {
    const whole = this.prepared?.whole;
    if (!whole || this.prepared === null) return;
    this.host.zoom(zoomed(this.prepared, this.cursor, factor, whole));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.prepared === null) return;
    switch (event.key) {
      case 'ArrowLeft':
        this.moveCursor(nextX(this.prepared, this.cursor, -1), true);
        break;
      case 'ArrowRight':
        this.moveCursor(nextX(this.prepared, this.cursor, 1), true);
        break;
      case 'Home':
        this.moveCursor(nextX(this.prepared, null, 1), true);
        break;
      case 'End':
        this.moveCursor(nextX(this.prepared, null, -1), true);
        break;
      case '+':
        this.zoomBy(1 / ZOOM_STEP);
        break;
      case '-':
        this.zoomBy(ZOOM_STEP);
        break;
      case '0':
        this.moveCursor(null);
        this.host.zoom(null);
        break;
      case 'Escape':
        this.moveCursor(null);
        break;
      case 'l':
      case 'L':
        this.host.toggleLogarithmic(this.metric);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private moveCursor(x: number | null, speak = false): void {
    if (x === this.cursor) return;
    this.cursor = x;
    this.follows = false;
    this.renderCursor();
    this.host.cursorMoved(this, x);
    if (!speak || x === null || this.prepared === null) return;
    const readings = readingsAt(this.prepared, x);
    const values = readings.map(({ line, value }) => `${line.run.name} ${formatNumber(value)}`);
    this.spoken.textContent = `${this.titleOf(x)}: ${values.join(', ')}`;
  }

  /** Shows the cross-hair of another chart. */
  followCursor(x: number | null): void {
    if (x === this.cursor && this.follows) return;
    this.cursor = x;
    this.follows = true;
    this.renderCursor();
  }

  /** The cross-hair is not drawn on the canvas: moving it costs no redraw. */
  private renderCursor(): void {
    const { chart, prepared, cursor } = this;
    const [xScale, yScale] = [chart?.scales.x, chart?.scales.y];
    if (!chart || prepared === null || cursor === null || xScale === undefined || yScale === undefined) {
      render(nothing, this.overlay);
      return;
    }
    if (prepared.x !== null && (cursor < prepared.x.min || cursor > prepared.x.max)) {
      render(nothing, this.overlay);
      return;
    }
    const readings = readingsAt(prepared, cursor);
    const left = xScale.getPixelForValue(cursor);
    const { top, bottom } = chart.chartArea;
    const dots = readings.filter(
      ({ point }) => point.y >= (yScale.min ?? -Infinity) && point.y <= (yScale.max ?? Infinity),
    );
    render(
      html`${this.dragFrom === null ? nothing : html`<div class="selection"></div>`}
        <div class="cross-hair"></div>
        ${dots.map(({ line }) => html`<i class="cursor-dot colour${line.colour}"></i>`)}
        ${this.follows ? nothing : this.tooltip(readings, cursor)}`,
      this.overlay,
    );
    // Positions are set by script: the page's policy allows no style in markup.
    const selection = this.overlay.querySelector<HTMLElement>('.selection');
    if (selection !== null && this.dragFrom !== null) {
      selection.style.transform = `translate(${Math.min(this.dragFrom, left)}px, ${top}px)`;
      selection.style.width = `${Math.abs(left - this.dragFrom)}px`;
      selection.style.height = `${bottom - top}px`;
    }
    const crossHair = this.overlay.querySelector<HTMLElement>('.cross-hair');
    if (crossHair !== null) {
      crossHair.style.transform = `translate(${Math.round(left)}px, ${top}px)`;
      crossHair.style.height = `${bottom - top}px`;
    }
    this.overlay.querySelectorAll<HTMLElement>('.cursor-dot').forEach((dot, index) => {
      const point = dots[index]?.point;
      if (point === undefined) return;
      const x = xScale.getPixelForValue(point.x);
      dot.style.transform = `translate(${x}px, ${yScale.getPixelForValue(point.y)}px)`;
    });
    const tooltip = this.overlay.querySelector<HTMLElement>('.tooltip');
    if (tooltip !== null) place(tooltip, left, this.body);
  }

  private tooltip(readings: readonly Reading[], x: number) {
    const values = formatColumn(readings.map((reading) => reading.value));
    const rows = readings.slice(0, MAX_TOOLTIP_ROWS);
    const rest = readings.length - rows.length;
    return html`<div class="tooltip" role="tooltip">
      <div class="tooltip-title">${this.titleOf(x)}</div>
      <table>
        ${rows.map(
          ({ line, step, point }, index) =>
            html`<tr class=${line.weight === 'strong' ? 'strong' : ''}>
              <td>${runMark(line.run.slot)}</td>
              <td>${line.run.name}</td>
              <td class="number">${values[index]}</td>
              ${point.x === x ? nothing : html`<td class="dim">${t('step {0}', formatStep(step))}</td>`}
            </tr>`,
        )}
      </table>
      ${rest > 0 ? html`<div class="dim">${t('and {0} more', rest)}</div>` : nothing}
    </div>`;
  }

  private titleOf(x: number): string {
    const chart = this.prepared;
    return chart?.axis === 'time'
      ? t('after {0}', formatDuration(x * chart.unit.seconds * 1000))
      : t('step {0}', formatStep(x));
  }
}

/** Beside the cross-hair, on the side with more room, never out of the window. */
function place(tooltip: HTMLElement, left: number, body: HTMLElement): void {
  const GAP = 10;
  const { width, height } = tooltip.getBoundingClientRect();
  const frame = body.getBoundingClientRect();
  const roomRight = window.innerWidth - frame.left - left - GAP;
  const x = roomRight >= width + 4 || roomRight >= frame.left + left ? left + GAP : left - GAP - width;
  const wanted = 34;
  const y = Math.max(4 - frame.top, Math.min(wanted, window.innerHeight - frame.top - height - 4));
  tooltip.style.transform = `translate(${Math.round(Math.max(4 - frame.left, x))}px, ${Math.round(y)}px)`;
}
