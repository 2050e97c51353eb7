import {
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartType,
  type DefaultDataPoint,
  LinearScale,
  LogarithmicScale,
  type Plugin,
} from 'chart.js';
import type { ChartSpec } from '../../../src/model/chartSpec';
import type { RunId } from '../../../src/model/run';
import type { ChartInput, ChartServices, ChartView } from '../kind';
import type { Theme } from '../theme';
import { paintPicture } from './picture';
import './plot.css';
import { chartSvg } from './svgPicture';
import { Tooltip, type Told } from './tooltip';

Chart.register(CategoryScale, LinearScale, LogarithmicScale);

/** A mark that can be pointed at. */
export interface Spot {
  /** Where it stands in the units of the axes, or which of the configuration's data it is. */
  readonly at:
    { readonly x: number; readonly y: number } | { readonly dataset: number; readonly index: number };
  /** The run that it stands for; null: none or several. */
  readonly runId: RunId | null;
  /** Called when it is pointed at: of ten thousand marks few ever are. */
  readonly tell: () => Told;
}

/** A part of a chart in the units of its axes. */
export interface PlotArea {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

/** What a chart of marks is made of: `prepare` makes plain numbers, `config` computes nothing. */
export interface Plot<Spec extends ChartSpec, Prepared> {
  title(spec: Spec): string;
  /** Given: it is not drawn from columns of the runs. */
  readonly withoutColumns?: true;
  /** Called before `prepare`, for what takes long: it changes `version` and invalidates when there is more to see. */
  begin?(input: ChartInput<Spec>, services: ChartServices): void;
  prepare(input: ChartInput<Spec>): Prepared;
  /** Called when the chart is gone. */
  end?(): void;
  /** A sentence in place of the chart; null: there is something to see. */
  missing(prepared: Prepared): string | null;
  config(prepared: Prepared, theme: Theme): ChartConfiguration;
  /** What Chart.js has no element for, behind and over its own. */
  paintBehind?(prepared: Prepared, chart: Chart, theme: Theme): void;
  paint?(prepared: Prepared, chart: Chart, theme: Theme): void;
  /** In the order that the arrow keys go through them. */
  spots(prepared: Prepared): readonly Spot[];
  /** Along which axis the nearest mark is looked for; 'both' only finds what is close. */
  readonly pointing: 'x' | 'y' | 'both' | 'cell';
  summary(prepared: Prepared): string;
  description(prepared: Prepared): string;
  rows(prepared: Prepared): readonly (readonly (string | number)[])[];
  /** Clauses of the search language for a rectangle that was drawn; absent: none can be. */
  clauses?(prepared: Prepared, area: PlotArea): readonly string[];
  /** A line under the chart; null: none. */
  note?(prepared: Prepared): string | null;
  /** Another number than before: something else than the input changed. */
  version?(): number;
  /** Keys that are this kind's alone. True: it was taken. */
  onKey?(key: string, spec: Spec, services: ChartServices): boolean;
}

const NEAR = 22; // Pixels around the pointer.
const MOST_SVG_MARKS = 5_000; // A larger file opens nowhere; the picture is there for it.
const MIN_DRAG = 6; // Less is a click with an unsteady hand.

/** A chart of marks over two axes, drawn by Chart.js; what is pointed at and drawn with the mouse lies over it. */
export class PlotView<Spec extends ChartSpec, Prepared> implements ChartView<Spec> {
  readonly element = part('div', 'plot-chart');
  private readonly body = part('div', 'plot-body');
  private readonly canvas = document.createElement('canvas');
  private readonly overlay = document.createElement('canvas');
  private readonly empty = part('p', 'plot-empty dim');
  private readonly note = part('div', 'plot-note dim small');
  private readonly spoken = part('div', 'visually-hidden');
  private readonly tooltip = new Tooltip();
  private readonly resized = new ResizeObserver(() => this.renderOverlay());
  private readonly painter: Plugin = {
    id: 'plot',
    beforeDatasetsDraw: (chart) => {
      if (this.prepared !== null && this.input !== null)
        this.plot.paintBehind?.(this.prepared, chart, this.input.theme);
    },
    afterDatasetsDraw: (chart) => {
      if (this.prepared !== null && this.input !== null)
        this.plot.paint?.(this.prepared, chart, this.input.theme);
    },
  };
  private chart: Chart | null = null;
  private type = '';
  private version = 0;
  private input: ChartInput<Spec> | null = null;
  private prepared: Prepared | null = null;
  private spots: readonly Spot[] = [];
  private current: Spot | null = null;
  private drag: { readonly from: Place; to: Place } | null = null;
  private area: PlotArea | null = null;

  constructor(
    private readonly plot: Plot<Spec, Prepared>,
    private readonly services: ChartServices,
  ) {
    this.body.tabIndex = 0;
    this.body.setAttribute('role', 'img');
    this.overlay.className = 'plot-overlay';
    this.overlay.setAttribute('aria-hidden', 'true');
    this.spoken.setAttribute('role', 'status');
    this.body.append(this.canvas, this.overlay, this.tooltip.element);
    this.element.append(this.body, this.empty, this.note, this.spoken);
    this.body.addEventListener('pointermove', (event) => this.moved(event));
    this.body.addEventListener('pointerleave', () => this.point(null));
    this.body.addEventListener('pointerdown', (event) => this.pressed(event));
    this.body.addEventListener('pointerup', (event) => this.released(event));
    this.body.addEventListener('pointercancel', () => this.dropDrag());
    this.body.addEventListener('blur', () => this.point(null));
    this.resized.observe(this.body);
  }

  update(input: ChartInput<Spec>): void {
    const before = this.input;
    this.input = input;
    this.plot.begin?.(input, this.services);
    // Another run that is pointed at is a ring over the chart: ten thousand points need not be drawn for it.
    const version = this.plot.version?.() ?? 0;
    const isOther = version !== this.version;
    this.version = version;
    if (before !== null && !isOther && isSameButEmphasis(before, input)) {
      this.renderOverlay();
      return;
    }
    const prepared = this.plot.prepare(input);
    this.prepared = prepared;
    const missing = this.isWaiting ? '' : this.plot.missing(prepared);
    this.empty.textContent = missing ?? '';
    this.empty.hidden = missing === null;
    this.body.hidden = missing !== null;
    const note = missing === null ? (this.plot.note?.(prepared) ?? null) : null;
    this.note.textContent = note ?? '';
    this.note.hidden = note === null;
    this.body.setAttribute('aria-label', this.description);
    this.spots = missing === null ? this.plot.spots(prepared) : [];
    this.current =
      this.current === null ? null : (this.spots.find((spot) => sameSpot(spot, this.current)) ?? null);
    if (missing === null) this.draw(this.plot.config(prepared, input.theme));
    this.renderOverlay();
  }

  get summary(): string {
    return this.prepared === null || this.isWaiting ? '' : this.plot.summary(this.prepared);
  }

  get description(): string {
    return this.prepared === null || this.isWaiting ? '' : this.plot.description(this.prepared);
  }

  table(): readonly (readonly (string | number)[])[] {
    return this.prepared === null ? [] : this.plot.rows(this.prepared);
  }

  toPng(): Promise<Uint8Array> {
    if (this.input === null) return Promise.reject(new Error('Nothing is drawn yet.'));
    const { spec, theme } = this.input;
    const size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    return paintPicture(size, theme, spec.title ?? this.plot.title(spec), (ctx) =>
      ctx.drawImage(this.canvas, 0, 0, size.width, size.height),
    );
  }

  get hasSvg(): boolean {
    return this.chart !== null && !this.body.hidden && this.spots.length <= MOST_SVG_MARKS;
  }

  toSvg(): string | null {
    const { input, prepared } = this;
    if (!this.hasSvg || input === null || prepared === null) return null;
    const { spec, theme } = input;
    const size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    const title = spec.title ?? this.plot.title(spec);
    return chartSvg(size, theme, title, this.plot.config(prepared, theme), [this.painter]);
  }

  clearBrush(): void {
    this.dropDrag();
    this.brush(null);
  }

  onKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || this.input === null) return false;
    const at = this.current === null ? -1 : this.spots.indexOf(this.current);
    switch (event.key) {
      case 'ArrowRight':
      case 'ArrowDown':
        return this.step(at < 0 ? 0 : Math.min(this.spots.length - 1, at + 1));
      case 'ArrowLeft':
      case 'ArrowUp':
        return this.step(at < 0 ? this.spots.length - 1 : Math.max(0, at - 1));
      case 'Home':
        return this.step(0);
      case 'End':
        return this.step(this.spots.length - 1);
      case 'Enter':
        if (this.current === null || this.current.runId === null) return false;
        this.services.openRun(this.current.runId);
        return true;
      case 'Escape':
        return this.leave();
      default:
        return this.input !== null && this.plot.onKey?.(event.key, this.input.spec, this.services) === true;
    }
  }

  dispose(): void {
    this.plot.end?.();
    this.resized.disconnect();
    this.chart?.destroy();
    this.chart = null;
    this.element.remove();
  }

  private get isWaiting(): boolean {
    return this.input?.columns === null && this.plot.withoutColumns !== true;
  }

  private draw(config: ChartConfiguration): void {
    const type = 'type' in config ? config.type : '';
    if (this.chart !== null && this.type === type) {
      this.chart.data = config.data;
      this.chart.options = config.options ?? {};
      this.chart.update('none');
      return;
    }
    this.chart?.destroy();
    this.type = type;
    const plugins: Plugin[] = [this.painter];
    Object.assign(config, { plugins });
    this.chart = new Chart<ChartType, DefaultDataPoint<ChartType>, unknown>(this.canvas, config);
  }

  private step(index: number): boolean {
    this.point(this.spots[index] ?? null, true);
    return true;
  }

  private leave(): boolean {
    if (this.drag !== null || this.area !== null) {
      this.dropDrag();
      this.brush(null);
      return true;
    }
    if (this.current === null) return false;
    this.point(null);
    return true;
  }

  private moved(event: PointerEvent): void {
    const place = this.placeOf(event);
    if (this.drag !== null) {
      this.drag.to = place;
      this.point(null);
      this.renderOverlay();
      return;
    }
    this.point(this.spotAt(place));
  }

  private pressed(event: PointerEvent): void {
    if (event.button !== 0 || this.plot.clauses === undefined) return;
    const place = this.placeOf(event);
    this.drag = { from: place, to: place };
    this.body.setPointerCapture(event.pointerId);
  }

  private released(event: PointerEvent): void {
    const drag = this.drag;
    this.drag = null;
    const place = this.placeOf(event);
    const isClick =
      drag === null ||
      (Math.abs(place.x - drag.from.x) < MIN_DRAG && Math.abs(place.y - drag.from.y) < MIN_DRAG);
    if (!isClick) {
      this.brush(this.areaOf(drag.from, place));
      return;
    }
    const spot = this.spotAt(place);
    if (spot !== null && spot.runId !== null) this.services.openRun(spot.runId);
    else if (this.area !== null) this.brush(null);
    this.renderOverlay();
  }

  private dropDrag(): void {
    this.drag = null;
    this.renderOverlay();
  }

  private brush(area: PlotArea | null): void {
    this.area = area;
    if (this.input !== null && this.prepared !== null && this.plot.clauses !== undefined) {
      this.services.setBrush(this.input.spec.id, area === null ? [] : this.plot.clauses(this.prepared, area));
    }
    this.renderOverlay();
  }

  private point(spot: Spot | null, isSpoken = false): void {
    if (spot === this.current && !isSpoken) return;
    const before = this.current?.runId ?? null;
    this.current = spot;
    if ((spot?.runId ?? null) !== before) this.services.emphasise(spot?.runId ?? null);
    this.renderOverlay();
    const at = spot === null ? null : this.positionOf(spot);
    if (spot === null || at === null) {
      this.tooltip.hide();
      return;
    }
    const told = spot.tell();
    this.tooltip.show(told, at.x, at.y);
    if (isSpoken) {
      const facts = told.facts.map(([label, value]) => `${label} ${value}`).join(', ');
      this.spoken.textContent = `${told.name}: ${facts}`;
    }
  }

  private spotAt({ x, y }: Place): Spot | null {
    const area = this.chart?.chartArea;
    if (area === undefined || x < area.left - NEAR || x > area.right + NEAR || y < area.top - NEAR)
      return null;
    if (y > area.bottom + NEAR) return null;
    let [nearest, least]: [Spot | null, number] = [null, Infinity];
    for (const spot of this.spots) {
      const at = this.positionOf(spot);
      if (at === null) continue;
      const [dx, dy] = [Math.abs(at.x - x), Math.abs(at.y - y)];
      const distance =
        this.plot.pointing === 'x'
          ? dx + dy / 1000
          : this.plot.pointing === 'y'
            ? dy + dx / 1000
            : Math.hypot(dx, dy);
      if (distance < least) [nearest, least] = [spot, distance];
    }
    return this.plot.pointing === 'both' && least > NEAR ? null : nearest;
  }

  private positionOf(spot: Spot): Place | null {
    const { at } = spot;
    if ('dataset' in at) {
      const element = this.chart?.getDatasetMeta(at.dataset).data[at.index];
      return element === undefined || Number.isNaN(element.x) ? null : { x: element.x, y: element.y };
    }
    const scales = this.chart?.scales;
    if (!scales?.x || !scales.y) return null;
    return { x: scales.x.getPixelForValue(at.x), y: scales.y.getPixelForValue(at.y) };
  }

  private placeOf(event: PointerEvent): Place {
    const { left, top } = this.body.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  private areaOf(a: Place, b: Place): PlotArea | null {
    const scales = this.chart?.scales;
    if (!scales?.x || !scales.y) return null;
    const [x, y] = [scales.x, scales.y];
    const values = (one: number | undefined, other: number | undefined): readonly [number, number] => [
      Math.min(one ?? NaN, other ?? NaN),
      Math.max(one ?? NaN, other ?? NaN),
    ];
    return {
      x: values(x.getValueForPixel(a.x), x.getValueForPixel(b.x)),
      y: values(y.getValueForPixel(a.y), y.getValueForPixel(b.y)),
    };
  }

  private renderOverlay(): void {
    const { clientWidth: width, clientHeight: height } = this.body;
    const theme = this.input?.theme;
    const ctx = sized(this.overlay, width, height);
    if (theme === undefined || ctx === null) return;
    const scales = this.chart?.scales;
    if (this.area !== null && scales?.x && scales.y) {
      const [left, right] = this.area.x.map((value) => scales.x?.getPixelForValue(value) ?? 0);
      const [bottom, top] = this.area.y.map((value) => scales.y?.getPixelForValue(value) ?? 0);
      frame(ctx, theme, left ?? 0, top ?? 0, right ?? 0, bottom ?? 0);
    }
    if (this.drag !== null)
      frame(ctx, theme, this.drag.from.x, this.drag.from.y, this.drag.to.x, this.drag.to.y);
    const emphasised = this.input?.emphasised ?? null;
    for (const spot of this.current !== null
      ? [this.current]
      : emphasised === null
        ? []
        : this.spots.filter(({ runId }) => runId === emphasised)) {
      const at = this.positionOf(spot);
      if (at === null || this.plot.pointing === 'y' || this.plot.pointing === 'cell') continue;
      ctx.beginPath();
      ctx.arc(at.x, at.y, 7, 0, 2 * Math.PI);
      ctx.strokeStyle = theme.foreground;
      ctx.lineWidth = 1.5;
      ctx.stroke();
    }
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A canvas in the screen's own pixels, cleared, that is drawn on in CSS pixels. */
export function sized(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = Math.max(1, window.devicePixelRatio);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const ctx = canvas.getContext('2d');
  ctx?.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx?.clearRect(0, 0, width, height);
  return ctx;
}

/** An element with a class. */
export function part<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function frame(
  ctx: CanvasRenderingContext2D,
  theme: Theme,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  ctx.strokeStyle = theme.focus;
  ctx.fillStyle = theme.focus;
  ctx.lineWidth = 1;
  if (!theme.isHighContrast) {
    ctx.globalAlpha = 0.14;
    ctx.fillRect(left, top, right - left, bottom - top);
    ctx.globalAlpha = 1;
  }
  ctx.strokeRect(
    Math.round(left) + 0.5,
    Math.round(top) + 0.5,
    Math.round(right - left),
    Math.round(bottom - top),
  );
}

function sameSpot(a: Spot, b: Spot | null): boolean {
  return b !== null && a.runId === b.runId && JSON.stringify(a.at) === JSON.stringify(b.at);
}

/** Whether two inputs differ at most in the run that is pointed at. */
export function isSameButEmphasis(a: ChartInput, b: ChartInput): boolean {
  return (
    a.spec === b.spec &&
    a.columns === b.columns &&
    a.runs.length === b.runs.length &&
    a.runs.every((run, index) => run === b.runs[index]) &&
    a.goal === b.goal &&
    a.theme === b.theme &&
    a.championId === b.championId &&
    a.board === b.board
  );
}
