import type { ParallelSpec } from '../../../src/model/chartSpec';
import { formatCount } from '../../../src/model/format';
import { columnWord } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import type { ChartInput, ChartServices, ChartView } from '../kind';
import { runsWord, valueRows } from '../plot/columns';
import { paintPicture } from '../plot/picture';
import { isSameButEmphasis, part, sized } from '../plot/plotView';
import { toldOf } from '../plot/spots';
import { Tooltip } from '../plot/tooltip';
import { type Brush, type Brushes, type Grip, brushClauses, dragged, gripAt, withinBrushes } from './brush';
import { type Frame, drawAxes, drawLines, frameOf, linesOf, traceRun, yOfRun } from './draw';
import { type PreparedParallel, prepare } from './prepare';
import { hasSvg, svgOf } from './svg';

const REACH = 12; // Pixels beside an axis that are still it.
const EDGE = 5; // Pixels around the end of a brush.
const NEAR = 9; // Pixels around a line.
const MIN_DRAG = 4;
const STEP = 0.05; // Of an axis, for one press of an arrow key.
const TELL_EVERY_MS = 150; // As long as a filter of the table takes.
const DRAWN_WHILE_MOVING = 1_500; // Lines that a frame has time for.

type Drag =
  | {
      readonly kind: 'brush';
      readonly axis: number;
      readonly grip: Grip;
      readonly from: number;
      readonly before: Brush | undefined;
      hasMoved: boolean;
    }
  | { readonly kind: 'axis'; readonly axis: number; readonly from: number; x: number };

/**
 * Parallel coordinates on three canvases: all lines are drawn once, those within the brushes over them, and axes, brushes
 * and what is pointed at on top. So a brush that moves redraws the second one only.
 */
export class ParallelView implements ChartView<ParallelSpec> {
  readonly element = part('div', 'plot-chart');
  private readonly body = part('div', 'plot-body');
  private readonly all = document.createElement('canvas');
  private readonly within = document.createElement('canvas');
  private readonly top = document.createElement('canvas');
  private readonly empty = part('p', 'plot-empty dim');
  private readonly spoken = part('div', 'visually-hidden');
  private readonly tooltip = new Tooltip();
  private readonly resized = new ResizeObserver(() => this.draw());
  private input: ChartInput<ParallelSpec> | null = null;
  private chart: PreparedParallel | null = null;
  private frame: Frame | null = null;
  private brushes: Brushes = new Map();
  private inside: Uint8Array | null = null;
  private drag: Drag | null = null;
  private focused = -1;
  private hovered = -1;
  private toldAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly services: ChartServices,
    private readonly titleOf: (spec: ParallelSpec) => string,
  ) {
    this.body.tabIndex = 0;
    this.body.setAttribute('role', 'img');
    this.spoken.setAttribute('role', 'status');
    this.body.append(this.all, this.within, this.top, this.tooltip.element);
    this.element.append(this.body, this.empty, this.spoken);
    this.body.addEventListener('pointerdown', (event) => this.pressed(event));
    this.body.addEventListener('pointermove', (event) => this.moved(event));
    this.body.addEventListener('pointerup', (event) => this.released(event));
    this.body.addEventListener('pointercancel', () => this.dropDrag());
    this.body.addEventListener('pointerleave', () => this.hover(-1, 0, 0));
    this.body.addEventListener('blur', () => {
      this.focused = -1;
      this.drawTop();
    });
    this.resized.observe(this.body);
  }

  update(input: ChartInput<ParallelSpec>): void {
    const before = this.input;
    this.input = input;
    const isSame =
      before !== null && isSameButEmphasis(before, input) && before.bestRunId === input.bestRunId;
    if (isSame) {
      this.drawTop();
      return;
    }
    this.chart = prepare(input);
    // A brush on an axis that is gone narrows nothing any more.
    const keys = new Set(this.chart.axes.map(({ key }) => key));
    if ([...this.brushes.keys()].some((key) => !keys.has(key))) {
      this.setBrushes(new Map([...this.brushes].filter(([key]) => keys.has(key))));
    }
    this.hovered = -1;
    const missing = input.columns === null ? '' : this.missing(this.chart);
    this.empty.hidden = missing === null;
    this.empty.textContent = missing ?? '';
    this.body.hidden = missing !== null;
    this.draw();
    this.body.setAttribute('aria-label', this.description);
  }

  get summary(): string {
    if (this.chart === null || this.input?.columns === null) return '';
    const axes = this.chart.axes.filter(({ key }) => this.brushes.has(key));
    const total = formatCount(this.chart.rows.runs.length);
    if (axes.length === 0) return runsWord(this.chart.rows.runs.length);
    const names = axes.map(({ title }) => title).join(', ');
    return t('brush on {0}: {1} of {2} runs', names, formatCount(this.count), total);
  }

  get description(): string {
    if (this.chart === null) return '';
    const axes = this.chart.axes.map(({ column }) => columnWord(column)).join('; ');
    return t('Parallel coordinates over {0}. {1}', axes, this.summary);
  }

  table(): readonly (readonly (string | number)[])[] {
    if (this.chart === null) return [];
    const [head = [], ...rows] = valueRows(this.chart.rows);
    const { inside } = this;
    if (inside === null) return [head, ...rows];
    return [
      [...head, t('in the brush')],
      ...rows.map((row, run) => [...row, inside[run] === 1 ? t('yes') : t('no')]),
    ];
  }

  toPng(): Promise<Uint8Array> {
    const { input, frame } = this;
    if (input === null || frame === null) return Promise.reject(new Error('Nothing is drawn yet.'));
    return paintPicture(frame, input.theme, input.spec.title ?? this.titleOf(input.spec), (ctx) => {
      for (const layer of [this.all, this.within, this.top])
        ctx.drawImage(layer, 0, 0, frame.width, frame.height);
    });
  }

  get hasSvg(): boolean {
    return this.chart !== null && this.frame !== null && hasSvg(this.chart);
  }

  toSvg(): string | null {
    const { input, frame, chart } = this;
    if (input === null || frame === null || chart === null) return null;
    return svgOf(chart, frame, this.inside, input.theme, input.spec.title ?? this.titleOf(input.spec));
  }

  onKey(event: KeyboardEvent): boolean {
    const { chart } = this;
    if (chart === null || event.ctrlKey || event.metaKey || event.altKey || chart.axes.length === 0)
      return false;
    const axis = chart.axes[this.focused];
    switch (event.key) {
      case 'ArrowRight':
      case 'ArrowLeft': {
        const by = event.key === 'ArrowRight' ? 1 : -1;
        if (event.shiftKey && axis !== undefined) this.move(this.focused, this.focused + by);
        this.focused = Math.min(chart.axes.length - 1, Math.max(0, this.focused < 0 ? 0 : this.focused + by));
        this.say();
        this.drawTop();
        return true;
      }
      case 'ArrowUp':
      case 'ArrowDown': {
        if (axis === undefined) return false;
        const by = event.key === 'ArrowUp' ? STEP : -STEP;
        const brush = this.brushes.get(axis.key) ?? { low: 0.5, high: 1 };
        const place = (brush.low + brush.high) / 2;
        const next = !this.brushes.has(axis.key)
          ? brush
          : event.shiftKey
            ? dragged(brush, 'low', brush.low, Math.min(brush.high - STEP, Math.max(0, brush.low + by)))
            : dragged(brush, 'whole', place, place + by);
        this.setBrushes(new Map(this.brushes).set(axis.key, next));
        this.say();
        return true;
      }
      case 'Enter': {
        if (this.hovered < 0) return false;
        this.open(this.hovered);
        return true;
      }
      case 'Delete':
      case 'Backspace':
        if (axis === undefined || !this.brushes.has(axis.key)) return false;
        this.clear(axis.key);
        return true;
      case 'Escape':
        if (this.drag !== null) this.dropDrag();
        else if (this.brushes.size === 0) return false;
        else this.setBrushes(new Map());
        return true;
      default:
        return false;
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.resized.disconnect();
    this.element.remove();
  }

  private missing(chart: PreparedParallel): string | null {
    if (chart.rows.runs.length === 0) return t('No run of the table is here yet.');
    if (chart.axes.length < 2) return t('Choose at least two columns.');
    return chart.drawn === 0 ? t('No run has values of two of these columns.') : null;
  }

  private get count(): number {
    return this.inside === null
      ? (this.chart?.rows.runs.length ?? 0)
      : this.inside.reduce((sum, one) => sum + one, 0);
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.body;
    if (this.chart === null || this.input === null || width === 0 || height === 0) return;
    this.frame = frameOf(this.chart, width, height);
    this.inside = withinBrushes(this.chart, this.brushes);
    const ctx = sized(this.all, width, height);
    if (ctx === null) return;
    drawLines(ctx, this.chart, this.frame, linesOf(this.chart, null, this.input.theme).back);
    this.drawWithin();
    this.drawTop();
  }

  /** While a brush moves only as many lines as a frame has time for; all of them as soon as it rests. */
  private drawWithin(isMoving = false): void {
    const { chart, frame, input } = this;
    if (chart === null || frame === null || input === null) return;
    const ctx = sized(this.within, frame.width, frame.height);
    if (ctx === null) return;
    const every = isMoving ? Math.max(1, Math.ceil(this.count / DRAWN_WHILE_MOVING)) : 1;
    drawLines(ctx, chart, frame, linesOf(chart, this.inside, input.theme).front, every);
  }

  private drawTop(): void {
    const { chart, frame, input } = this;
    if (chart === null || frame === null || input === null) return;
    const ctx = sized(this.top, frame.width, frame.height);
    if (ctx === null) return;
    const pointed =
      this.hovered >= 0 ? this.hovered : chart.rows.runs.findIndex(({ runId }) => runId === input.emphasised);
    const shown =
      pointed >= 0
        ? pointed
        : chart.rows.runs.findIndex(({ runId, slot }) => runId === input.bestRunId && slot !== null);
    const run = chart.rows.runs[shown];
    if (run !== undefined && (this.inside === null || this.inside[shown] === 1 || pointed >= 0)) {
      ctx.strokeStyle =
        run.slot === null
          ? input.theme.foreground
          : (input.theme.runs[((run.slot - 1) % 8) + 1] ?? input.theme.foreground);
      ctx.lineWidth = 3;
      ctx.beginPath();
      traceRun(ctx, chart, frame, shown, chart.drawn > DRAWN_WHILE_MOVING);
      ctx.stroke();
    }
    drawAxes(ctx, chart, frame, input.theme, {
      brushes: this.brushes,
      focused: this.focused,
      moved: this.drag?.kind === 'axis' ? { index: this.drag.axis, x: this.drag.x } : null,
    });
  }

  private pressed(event: PointerEvent): void {
    const place = this.placeOf(event);
    const axis = this.axisAt(place.x);
    if (event.button !== 0 || axis < 0 || this.frame === null) return;
    this.body.setPointerCapture(event.pointerId);
    this.hover(-1, 0, 0);
    if (place.y < this.frame.top - 6) {
      this.drag = { kind: 'axis', axis, from: place.x, x: this.frame.xs[axis] ?? place.x };
      return;
    }
    const before = this.brushes.get(this.chart?.axes[axis]?.key ?? '');
    const at = this.shareAt(place.y);
    const near = EDGE / Math.max(1, this.frame.bottom - this.frame.top);
    this.drag = {
      kind: 'brush',
      axis,
      grip: gripAt(before, at, near),
      from: place.y,
      before,
      hasMoved: false,
    };
  }

  private moved(event: PointerEvent): void {
    const place = this.placeOf(event);
    const { drag, frame, chart } = this;
    if (frame === null || chart === null) return;
    if (drag === null) {
      this.body.style.cursor = this.cursorAt(place);
      this.hover(this.axisAt(place.x) >= 0 && place.y < frame.top ? -1 : this.runAt(place), place.x, place.y);
      return;
    }
    if (drag.kind === 'axis') {
      drag.x = place.x;
      this.drawTop();
      return;
    }
    if (!drag.hasMoved && Math.abs(place.y - drag.from) < MIN_DRAG) return;
    drag.hasMoved = true;
    const key = chart.axes[drag.axis]?.key;
    if (key === undefined) return;
    const brush = dragged(drag.before, drag.grip, this.shareAt(drag.from), this.shareAt(place.y));
    this.setBrushes(new Map(this.brushes).set(key, brush), true);
  }

  private released(event: PointerEvent): void {
    const { drag, chart } = this;
    const place = this.placeOf(event);
    this.drag = null;
    if (chart === null) return;
    if (drag === null) {
      const run = this.runAt(place);
      if (run >= 0) this.open(run);
      return;
    }
    if (drag.kind === 'axis') {
      this.move(drag.axis, this.nearestAxis(place.x));
      this.drawTop();
      return;
    }
    const key = chart.axes[drag.axis]?.key ?? '';
    if (drag.hasMoved) this.setBrushes(this.brushes);
    else if (drag.before !== undefined) this.clear(key);
  }

  private dropDrag(): void {
    const { drag } = this;
    this.drag = null;
    if (drag?.kind !== 'brush') return this.drawTop();
    const key = this.chart?.axes[drag.axis]?.key ?? '';
    const brushes = new Map(this.brushes);
    if (drag.before === undefined) brushes.delete(key);
    else brushes.set(key, drag.before);
    this.setBrushes(brushes);
  }

  clearBrush(): void {
    this.setBrushes(new Map());
  }

  private clear(key: string): void {
    this.setBrushes(new Map([...this.brushes].filter(([other]) => other !== key)));
  }

  private setBrushes(brushes: Brushes, isMoving = false): void {
    this.brushes = brushes;
    if (this.chart === null || this.input === null) return;
    this.inside = withinBrushes(this.chart, brushes);
    this.drawWithin(isMoving);
    this.drawTop();
    this.body.setAttribute('aria-label', this.description);
    clearTimeout(this.timer);
    const wait = isMoving ? Math.max(0, this.toldAt + TELL_EVERY_MS - Date.now()) : 0;
    if (wait === 0) this.tellTable();
    else this.timer = setTimeout(() => this.tellTable(), wait);
  }

  private tellTable(): void {
    if (this.chart === null || this.input === null) return;
    this.toldAt = Date.now();
    this.services.setBrush(this.input.spec.id, brushClauses(this.chart, this.brushes));
    // The line beside the title counts the runs within.
    this.services.invalidate();
  }

  private move(from: number, to: number): void {
    const columns = [...(this.input?.spec.columns ?? [])];
    const [column] = columns.splice(from, 1);
    if (column === undefined || to === from || to < 0 || to > columns.length) return;
    columns.splice(to, 0, column);
    this.services.change({ columns });
  }

  private open(run: number): void {
    const runId = this.chart?.rows.runs[run]?.runId;
    if (runId !== undefined) this.services.openRun(runId);
  }

  private hover(run: number, x: number, y: number): void {
    const isOther = run !== this.hovered;
    this.hovered = run;
    if (isOther) {
      this.services.emphasise(this.chart?.rows.runs[run]?.runId ?? null);
      this.drawTop();
    }
    if (run < 0 || this.chart === null) this.tooltip.hide();
    else this.tooltip.show(toldOf(this.chart.rows, run), x, y);
  }

  private say(): void {
    const axis = this.chart?.axes[this.focused];
    if (axis !== undefined) this.spoken.textContent = `${columnWord(axis.column)}. ${this.summary}`;
  }

  /** The run whose line is under the pointer; of those outside of brushes none. */
  private runAt({ x, y }: { readonly x: number; readonly y: number }): number {
    const { chart, frame } = this;
    if (chart === null || frame === null || y < frame.top - 4 || y > frame.bottom + 4) return -1;
    let [nearest, least] = [-1, NEAR];
    for (let run = 0; run < chart.rows.runs.length; run += 1) {
      if (this.inside !== null && this.inside[run] === 0) continue;
      const distance = Math.abs(yOfRun(chart, frame, run, x) - y);
      if (distance < least) [nearest, least] = [run, distance];
    }
    return nearest;
  }

  private cursorAt(place: { readonly x: number; readonly y: number }): string {
    const axis = this.axisAt(place.x);
    if (axis < 0 || this.frame === null) return this.runAt(place) >= 0 ? 'pointer' : '';
    if (place.y < this.frame.top - 6) return 'grab';
    const near = EDGE / Math.max(1, this.frame.bottom - this.frame.top);
    const grip = gripAt(this.brushes.get(this.chart?.axes[axis]?.key ?? ''), this.shareAt(place.y), near);
    return { low: 'ns-resize', high: 'ns-resize', whole: 'move', new: 'crosshair' }[grip];
  }

  private axisAt(x: number): number {
    const nearest = this.nearestAxis(x);
    return Math.abs((this.frame?.xs[nearest] ?? Infinity) - x) <= REACH ? nearest : -1;
  }

  private nearestAxis(x: number): number {
    const xs = this.frame?.xs ?? [];
    return xs.reduce(
      (best, at, index) => (Math.abs(at - x) < Math.abs((xs[best] ?? Infinity) - x) ? index : best),
      0,
    );
  }

  private shareAt(y: number): number {
    const { top, bottom } = this.frame ?? { top: 0, bottom: 1 };
    return Math.min(1, Math.max(0, (bottom - y) / (bottom - top)));
  }

  private placeOf(event: PointerEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.body.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
