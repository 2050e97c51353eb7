import './lines.css';
import { Chart, LineController, LineElement, LinearScale, LogarithmicScale, PointElement } from 'chart.js';
import { html, nothing, render } from 'lit';
import { formatNumber } from '../../../src/model/format';
import type { RunId } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import type { Theme } from '../theme';
import { axisKey } from './axis';
import { describeLines } from './describe';
import { linesPlugin } from './draw';
import { legendOf } from './legend';
import { projectionOf } from './path';
import { pictureOf } from './picture';
import { prepare } from './prepare';
import { nearestX, nextX, readingsAt, zoomedBy } from './readings';
import { scalesOf } from './scales';
import { type Axes, svgOf } from './svg';
import { place, placeOf, tooltipOf } from './tooltip';
import type { LinesInput, PreparedLines, Range, Zoom } from './types';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** What a drawing of lines asks of the chart that it is in. */
export interface LinesHost {
  emphasise(runId: RunId | null): void;
  openRun(runId: RunId): void;
  cursorMoved(x: number | null, axis: string): void;
  /** Looks at a part; null: at all of it. */
  zoom(zoom: Zoom | null): void;
  toggleLogarithmic(): void;
}

const MIN_DRAG = 6; // Pixels; less is a click with an unsteady hand.
const MIN_HEIGHT = 16; // A rectangle that is flatter is a part of the x axis.
const ZOOM_STEP = 1.6;

/**
 * A drawing of lines with its legend, cross-hair and keys. Zooming is its own: it needs no second library of gestures,
 * goes by rectangle and by keys, and what it asks for is read again with more points.
 */
export class LinesView {
  readonly element = part('div', 'line-chart');
  prepared: PreparedLines | null = null;
  private theme: Theme | null = null;
  private chart: Chart<'line'> | null = null;
  private cursor: number | null = null;
  private follows = false;
  private dragFrom: { readonly x: number; readonly y: number } | null = null;
  private readonly legend = part('div', 'lines-legend');
  private readonly note = part('div', 'note');
  private readonly plot = part('div', 'plot');
  private readonly canvas = document.createElement('canvas');
  private readonly overlay = part('div', 'overlay');
  private readonly spoken = part('div', 'visually-hidden');

  constructor(
    private readonly host: LinesHost,
    /** Without one where the page names its runs for all charts at once. */
    private readonly hasLegend = true,
  ) {
    this.plot.tabIndex = 0;
    this.plot.setAttribute('role', 'img');
    this.overlay.setAttribute('aria-hidden', 'true');
    this.spoken.setAttribute('role', 'status');
    this.plot.append(this.canvas, this.overlay);
    this.element.append(this.legend, this.note, this.plot, this.spoken);
    this.plot.addEventListener('pointerdown', (event) => this.startDrag(event));
    this.plot.addEventListener('pointerup', (event) => this.endDrag(event));
    this.plot.addEventListener('pointercancel', () => this.dropDrag());
    this.plot.addEventListener('dblclick', () => this.host.zoom(null));
    this.plot.addEventListener('pointermove', (event) => this.follow(event));
    this.plot.addEventListener('pointerleave', () => this.moveCursor(null));
    this.plot.addEventListener('blur', () => this.moveCursor(null));
  }

  /** Draws at once. Lines whose points are the same are not computed again. */
  update(input: LinesInput, theme: Theme): PreparedLines {
    const chart = prepare(input);
    this.prepared = chart;
    this.theme = theme;
    this.legend.hidden = !this.hasLegend || chart.lines.length === 0;
    if (this.hasLegend) render(legendOf(chart, this.host), this.legend);
    this.renderNote(chart);
    // Axes without a line would show a scale that nobody chose.
    this.plot.classList.toggle('blank', chart.x === null || chart.y === null);
    this.plot.setAttribute('aria-label', describeLines(chart));
    this.draw(chart, theme);
    this.renderCursor();
    return chart;
  }

  private draw(chart: PreparedLines, theme: Theme): void {
    const options = scalesOf(chart, theme);
    if (this.chart === null) {
      this.chart = new Chart<'line'>(this.canvas, {
        type: 'line',
        data: { datasets: [] },
        options,
        plugins: [
          linesPlugin(() =>
            this.prepared === null || this.theme === null
              ? null
              : { chart: this.prepared, theme: this.theme },
          ),
        ],
      });
      return;
    }
    this.chart.options = options;
    this.chart.update('none');
  }

  private renderNote(chart: PreparedLines): void {
    const hidden = chart.notOnLogScale;
    // A page of cards zooms all of them at once, and says so once.
    const isZoomed = chart.isZoomed && this.hasLegend;
    this.note.hidden = hidden === 0 && !isZoomed;
    render(
      html`${
        hidden === 0
          ? nothing
          : html`<span class="dim">
              ${
                hidden === 1
                  ? t('1 value at or below zero is not on a logarithmic axis.')
                  : t('{0} values at or below zero are not on a logarithmic axis.', hidden)
              }
            </span>`
      }${
        isZoomed
          ? html`<button class="link" @click=${() => this.host.zoom(null)}>
              ${t('Show All of It (0)')}
            </button>`
          : nothing
      }`,
      this.note,
    );
  }

  /** A picture on the page's background. */
  toPng(title: string): Promise<Uint8Array> {
    if (this.theme === null) return Promise.reject(new Error('Nothing is drawn yet.'));
    return pictureOf(this.canvas, this.prepared, this.theme, title);
  }

  get hasSvg(): boolean {
    return this.chart !== null && this.prepared !== null;
  }

  /** Null before anything is drawn. */
  toSvg(title: string): string | null {
    const scales = this.chart?.scales;
    if (!scales?.x || !scales.y || this.chart === null || this.prepared === null || this.theme === null)
      return null;
    const ticks = (all: readonly { value: number; label?: string | string[] }[]) =>
      all.flatMap(({ value, label }) =>
        label === undefined || label === '' ? [] : [{ value, label: String(label) }],
      );
    const axes: Axes = {
      width: this.chart.width,
      height: this.chart.height,
      area: this.chart.chartArea,
      x: ticks(scales.x.ticks),
      y: ticks(scales.y.ticks),
    };
    return svgOf(this.prepared, axes, this.theme, title);
  }

  /** Keys while the chart has the focus. True: it was taken. */
  onKey(event: KeyboardEvent): boolean {
    const chart = this.prepared;
    if (event.ctrlKey || event.metaKey || event.altKey || chart === null) return false;
    if (event.target instanceof HTMLElement && event.target !== this.plot) return false;
    switch (event.key) {
      case 'ArrowLeft':
        this.moveCursor(nextX(chart, this.cursor, -1), true);
        return true;
      case 'ArrowRight':
        this.moveCursor(nextX(chart, this.cursor, 1), true);
        return true;
      case 'Home':
        this.moveCursor(nextX(chart, null, 1), true);
        return true;
      case 'End':
        this.moveCursor(nextX(chart, null, -1), true);
        return true;
      case '+':
      case '=':
        this.host.zoom(zoomedBy(chart, this.cursor, 1 / ZOOM_STEP));
        return true;
      case '-':
        this.host.zoom(zoomedBy(chart, this.cursor, ZOOM_STEP));
        return true;
      case '0':
        this.moveCursor(null);
        this.host.zoom(null);
        return true;
      case 'Escape':
        if (this.cursor === null) return false;
        this.moveCursor(null);
        return true;
      case 'l':
      case 'L':
        this.host.toggleLogarithmic();
        return true;
      default:
        return false;
    }
  }

  /** Shows the cross-hair of another chart. */
  followCursor(x: number | null): void {
    if (x === this.cursor && this.follows) return;
    this.cursor = x;
    this.follows = true;
    this.renderCursor();
  }

  focus(): void {
    this.plot.focus({ preventScroll: true });
  }

  dispose(): void {
    this.chart?.destroy();
    this.chart = null;
    this.element.remove();
  }

  private follow(event: PointerEvent): void {
    const scale = this.chart?.scales.x;
    if (scale === undefined || this.prepared === null) return;
    if (this.dragFrom !== null) {
      this.showSelection(this.dragFrom, this.positionOf(event));
      return;
    }
    const value = scale.getValueForPixel(this.positionOf(event).x);
    if (value !== undefined) this.moveCursor(nearestX(this.prepared, value));
  }

  private positionOf(event: PointerEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.plot.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  private startDrag(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.dragFrom = this.positionOf(event);
    this.plot.setPointerCapture(event.pointerId);
  }

  private dropDrag(): void {
    this.dragFrom = null;
    this.renderCursor();
  }

  private endDrag(event: PointerEvent): void {
    const from = this.dragFrom;
    this.dropDrag();
    const scales = this.chart?.scales;
    if (from === null || !scales?.x || !scales.y) return;
    const to = this.positionOf(event);
    const isWide = Math.abs(to.x - from.x) >= MIN_DRAG;
    const isHigh = Math.abs(to.y - from.y) >= MIN_HEIGHT;
    if (!isWide && !isHigh) return;
    const x = isWide ? between(scales.x, from.x, to.x) : { min: scales.x.min, max: scales.x.max };
    this.host.zoom({ x, y: isHigh ? between(scales.y, from.y, to.y) : null });
  }

  private moveCursor(x: number | null, speak = false): void {
    if (x === this.cursor) return;
    this.cursor = x;
    this.follows = false;
    this.renderCursor();
    const chart = this.prepared;
    if (chart === null) return;
    this.host.cursorMoved(x, axisKey(chart.axis));
    if (!speak || x === null) return;
    const values = readingsAt(chart, x).map(({ line, y, value }) =>
      chart.smoothing > 0
        ? t('{0} {1}, raw {2}', line.name, formatNumber(y), formatNumber(value))
        : `${line.name} ${formatNumber(value)}`,
    );
    this.spoken.textContent = `${placeOf(chart, x)}: ${values.join(', ')}`;
  }

  private showSelection(from: { x: number; y: number }, to: { x: number; y: number }): void {
    const area = this.chart?.chartArea;
    if (area === undefined) return;
    const isHigh = Math.abs(to.y - from.y) >= MIN_HEIGHT;
    const left = Math.max(area.left, Math.min(from.x, to.x));
    const right = Math.min(area.right, Math.max(from.x, to.x));
    const top = isHigh ? Math.max(area.top, Math.min(from.y, to.y)) : area.top;
    const bottom = isHigh ? Math.min(area.bottom, Math.max(from.y, to.y)) : area.bottom;
    render(
      html`<div
        class="selection"
        .style=${`left:${left}px;top:${top}px;width:${Math.max(0, right - left)}px;height:${Math.max(0, bottom - top)}px`}
      ></div>`,
      this.overlay,
    );
  }

  /** The cross-hair is not drawn on the canvas: moving it costs no redraw. */
  private renderCursor(): void {
    const [chart, x, plotted] = [this.prepared, this.cursor, this.chart];
    const range = chart?.x ?? null;
    const height = chart?.y ?? null;
    if (chart === null || plotted === null || x === null || range === null || height === null) {
      render(nothing, this.overlay);
      return;
    }
    if (x < range.min || x > range.max) {
      render(nothing, this.overlay);
      return;
    }
    const area = plotted.chartArea;
    const to = projectionOf(area, range, height, { x: chart.logarithmicX, y: chart.logarithmicY });
    const left = Math.round(to.x(x));
    const readings = readingsAt(chart, x);
    const dots = readings.filter(({ y }) => y >= height.min && y <= height.max);
    render(
      html`<div
          class="cross-hair"
          .style=${`left:${left}px;top:${area.top}px;height:${area.bottom - area.top}px`}
        ></div>
        ${dots.map(
          (reading) =>
            html`<div
              class="cursor-dot colour${reading.line.colour}"
              .style=${`transform:translate(${to.x(reading.x)}px, ${to.y(reading.y)}px)`}
            ></div>`,
        )}
        ${this.follows ? nothing : tooltipOf(chart, readings, x)}`,
      this.overlay,
    );
    const tooltip = this.overlay.querySelector<HTMLElement>('.tooltip');
    if (tooltip !== null) place(tooltip, left, this.plot);
  }
}

/** A part of an axis that was marked, no further than the axis goes. */
function between(
  scale: { readonly min: number; readonly max: number; getValueForPixel(pixel: number): number | undefined },
  a: number,
  b: number,
): Range {
  const values = [scale.getValueForPixel(a) ?? scale.min, scale.getValueForPixel(b) ?? scale.max];
  const [min, max] = [Math.max(scale.min, Math.min(...values)), Math.min(scale.max, Math.max(...values))];
  return min < max ? { min, max } : { min: scale.min, max: scale.max };
}

function part(name: 'div', className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
