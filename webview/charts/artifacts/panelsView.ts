import { html, render } from 'lit';
import type { ChartRun } from '../../../src/api/pages';
import type { ChartSpec } from '../../../src/model/chartSpec';
import { runMark } from '../../ui/runMark';
import { t } from '../../ui/l10n';
import type { ChartInput, ChartServices, ChartView } from '../kind';
import { paintPicture } from '../plot/picture';
import '../plot/plot.css';
import { part, sized } from '../plot/plotView';
import { paintSvg } from '../plot/svgPicture';
import { type Told, Tooltip } from '../plot/tooltip';
import type { Theme } from '../theme';
import { PathField } from './pathField';
import { type Artifacts, ArtifactReader } from './reader';
import { withoutSentence } from './withoutSentence';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A run with what was read of it. */
export interface Panel<Value> {
  readonly run: ChartRun;
  readonly value: Value;
}

/** A chart that shows something of each run's files, side by side. `at` is the place of its slider. */
export interface Panels<Spec extends ChartSpec & { readonly path: string }, Value> {
  title(spec: Spec): string;
  read(artifacts: Artifacts, run: ChartRun, path: string, changed: () => void): Promise<Value | null>;
  /** Called when what was read is not shown any more. */
  release?(value: Value): void;
  /** Sentence when no run has anything. */
  missing(spec: Spec): string;
  /** The places of a slider over all runs, such as steps; absent or fewer than two: it has none. */
  places?(panels: readonly Panel<Value>[]): readonly number[];
  /** The word of a place, such as "step 100". */
  placeWord?(place: number): string;
  /** Whether `paint` draws lines and texts only, so that it can be an SVG; absent: never. */
  isVector?(value: Value): boolean;
  /** A short text beside a run's name. */
  caption(value: Value, at: number): string;
  paint(ctx: CanvasRenderingContext2D, panel: Panel<Value>, size: Size, theme: Theme, at: number): void;
  tell?(panel: Panel<Value>, size: Size, x: number, y: number, at: number): Told | null;
  summary(panels: readonly Panel<Value>[], at: number): string;
  description(spec: Spec, panels: readonly Panel<Value>[], at: number): string;
  rows(panels: readonly Panel<Value>[]): readonly (readonly (string | number)[])[];
  /** Files of a run that it can show, offered when a person names another one. */
  offer(artifacts: Artifacts, run: ChartRun): Promise<readonly string[]>;
  /** What these runs have and is not shown, in sentences. */
  left?(panels: readonly Panel<Value>[]): readonly string[];
}

const MOST_RUNS = 12; // Smaller panels show nothing; which runs these are is said.
const LEAST_WIDTH = 150;
const MARGIN = 8; // Pixels around the panels of a picture.

/** Panels of runs in a grid, each with its name; a slider above them moves through steps. */
export class PanelsView<
  Spec extends ChartSpec & { readonly path: string },
  Value,
> implements ChartView<Spec> {
  readonly element = part('div', 'plot-chart panels-chart');
  private readonly bar = part('div', 'panels-bar');
  private readonly slider = document.createElement('input');
  private readonly place = part('span', 'number small');
  private readonly field: PathField;
  private readonly hasField: boolean;
  private readonly grid = part('div', 'panels-grid');
  private readonly empty = part('p', 'plot-empty dim');
  private readonly note = part('div', 'plot-note dim small');
  private readonly tooltip = new Tooltip();
  private readonly reader: ArtifactReader<Value>;
  private readonly resized = new ResizeObserver(() => this.draw());
  private input: ChartInput<Spec> | null = null;
  private panels: readonly Panel<Value>[] = [];
  private canvases: readonly HTMLCanvasElement[] = [];
  private places: readonly number[] = [];
  private at = Infinity; // The last one, until a person moves it.

  constructor(
    private readonly kind: Panels<Spec, Value>,
    private readonly services: ChartServices,
    /** False: the chart around it asks for the file. */
    hasField = true,
  ) {
    this.reader = new ArtifactReader(
      (run, path) => kind.read(services.artifacts, run, path, () => this.draw()),
      () => services.invalidate(),
      (value) => kind.release?.(value),
    );
    this.slider.type = 'range';
    this.slider.addEventListener('input', () => this.go(Number(this.slider.value)));
    this.field = new PathField(services.artifacts, {
      changed: (path) => services.change({ path }),
      offer: (artifacts, run) => kind.offer(artifacts, run),
    });
    this.bar.append(this.slider, this.place);
    if (hasField) this.bar.append(this.field.element);
    this.hasField = hasField;
    this.grid.tabIndex = 0;
    this.grid.setAttribute('role', 'group');
    this.element.append(this.bar, this.grid, this.empty, this.note, this.tooltip.element);
    this.resized.observe(this.grid);
    this.grid.addEventListener('pointerleave', () => this.tooltip.hide());
  }

  update(input: ChartInput<Spec>): void {
    this.input = input;
    const runs = input.runs.slice(0, MOST_RUNS);
    this.reader.look(runs, input.spec.path);
    const found = runs.map((run) => ({ run, found: this.reader.of(run.runId) }));
    this.panels = found.flatMap(({ run, found: one }) =>
      one.kind === 'there' ? [{ run, value: one.value }] : [],
    );
    this.places = this.kind.places?.(this.panels) ?? [];
    const problems = found.flatMap(({ run, found: one }) =>
      one.kind === 'failed' ? [`${run.name}: ${one.problem}`] : [],
    );
    const isReading = found.some(({ found: one }) => one.kind === 'reading');
    const isEmpty = this.panels.length === 0;
    this.empty.hidden = !isEmpty;
    this.empty.textContent =
      input.runs.length === 0
        ? t('Turn runs on to see what they logged.')
        : isReading
          ? ''
          : (problems[0] ?? this.kind.missing(input.spec));
    this.grid.hidden = isEmpty;
    const left = input.runs.length - runs.length;
    const without = found.filter(({ found: one }) => one.kind === 'none').map(({ run }) => run.name);
    const notes = [
      ...(isEmpty ? [] : problems),
      ...(isEmpty || without.length === 0 ? [] : [withoutSentence(without, input.spec.path)]),
      ...(this.kind.left?.(this.panels) ?? []),
      ...(left > 0 ? [t('The first {0} runs; {1} more are on.', MOST_RUNS, left)] : []),
    ];
    this.note.textContent = notes.join(' ');
    this.note.hidden = notes.length === 0;
    this.renderFrame();
    this.draw();
  }

  get summary(): string {
    return this.panels.length === 0 ? '' : this.kind.summary(this.panels, this.current);
  }

  get description(): string {
    return this.input === null ? '' : this.kind.description(this.input.spec, this.panels, this.current);
  }

  table(): readonly (readonly (string | number)[])[] {
    return this.kind.rows(this.panels);
  }

  toPng(): Promise<Uint8Array> {
    const { input } = this;
    if (input === null) return Promise.reject(new Error('Nothing is drawn yet.'));
    const title = input.spec.title ?? this.kind.title(input.spec);
    return paintPicture(this.wholeSize(), input.theme, title, (ctx) =>
      this.paintPanels(ctx, (_, { width, height }, canvas) => ctx.drawImage(canvas, 0, 0, width, height)),
    );
  }

  get hasSvg(): boolean {
    const { panels, kind } = this;
    return panels.length > 0 && panels.every(({ value }) => kind.isVector?.(value) === true);
  }

  toSvg(): string | null {
    const { input } = this;
    if (!this.hasSvg || input === null) return null;
    const title = input.spec.title ?? this.kind.title(input.spec);
    return paintSvg(this.wholeSize(), input.theme, title, (ctx) =>
      this.paintPanels(ctx, (panel, size) => this.kind.paint(ctx, panel, size, input.theme, this.current)),
    );
  }

  onKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || this.places.length < 2) return false;
    if (event.target === this.slider) return false; // It has keys of its own.
    const index = this.places.indexOf(this.current);
    switch (event.key) {
      case 'ArrowLeft':
        return this.go(index - 1);
      case 'ArrowRight':
        return this.go(index + 1);
      case 'Home':
        return this.go(0);
      case 'End':
        return this.go(this.places.length - 1);
      default:
        return false;
    }
  }

  dispose(): void {
    this.resized.disconnect();
    this.reader.dispose();
    this.element.remove();
  }

  /** The place that is shown: the one chosen, or the last. */
  private get current(): number {
    return this.places.includes(this.at) ? this.at : (this.places.at(-1) ?? 0);
  }

  private go(index: number): true {
    const bounded = Math.min(this.places.length - 1, Math.max(0, index));
    this.at = bounded === this.places.length - 1 ? Infinity : (this.places[bounded] ?? Infinity);
    this.renderFrame();
    this.draw();
    // The line beside the title names the step.
    this.services.invalidate();
    return true;
  }

  private renderFrame(): void {
    const { places, current } = this;
    const canMove = places.length > 1 && this.panels.length > 0;
    this.bar.hidden = !canMove && (!this.hasField || (this.input?.runs.length ?? 0) === 0);
    this.slider.hidden = !canMove;
    this.place.hidden = !canMove;
    this.field.update(this.input?.spec.path ?? '', this.input?.runs ?? []);
    this.slider.max = String(Math.max(0, places.length - 1));
    this.slider.value = String(places.indexOf(current));
    const word = this.kind.placeWord?.(current) ?? String(current);
    this.slider.setAttribute('aria-label', t('Step'));
    this.slider.setAttribute('aria-valuetext', word);
    this.place.textContent = word;
    this.grid.setAttribute('aria-label', this.description);
    const columns = Math.max(
      1,
      Math.min(this.panels.length, Math.floor(this.grid.clientWidth / LEAST_WIDTH)),
    );
    this.grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    render(
      html`${this.panels.map(
        ({ run, value }) =>
          html`<figure class="panel">
            <figcaption class="small">
              <button
                class="panel-name"
                title=${t('Open {0}', run.name)}
                @click=${() => this.services.openRun(run.runId)}
              >
                ${runMark(run.slot)}<span>${run.name}</span>
              </button>
              <span class="dim number">${this.kind.caption(value, current)}</span>
            </figcaption>
            <canvas role="img" aria-label=${`${run.name}, ${this.kind.caption(value, current)}`}></canvas>
          </figure>`,
      )}`,
      this.grid,
    );
    this.canvases = [...this.grid.querySelectorAll('canvas')];
    for (const [index, canvas] of this.canvases.entries()) {
      canvas.onpointermove = (event) => this.point(event, index);
      canvas.onpointerleave = () => this.tooltip.hide();
    }
  }

  private draw(): void {
    const { input } = this;
    if (input === null) return;
    for (const [index, canvas] of this.canvases.entries()) {
      const panel = this.panels[index];
      const size = { width: canvas.clientWidth, height: canvas.clientHeight };
      if (panel === undefined || size.width === 0 || size.height === 0) continue;
      const ctx = sized(canvas, size.width, size.height);
      if (ctx !== null) this.kind.paint(ctx, panel, size, input.theme, this.current);
    }
  }

  /** All panels, also those that are scrolled out of sight. */
  private wholeSize(): Size {
    return { width: this.grid.clientWidth + 2 * MARGIN, height: this.grid.scrollHeight + MARGIN };
  }

  /** Each panel where it stands, with its run's name above it; (0, 0) is the panel's own corner for `paint`. */
  private paintPanels(
    ctx: CanvasRenderingContext2D,
    paint: (panel: Panel<Value>, size: Size, canvas: HTMLCanvasElement) => void,
  ): void {
    const theme = this.input?.theme;
    const frame = this.grid.getBoundingClientRect();
    for (const [index, canvas] of this.canvases.entries()) {
      const panel = this.panels[index];
      if (panel === undefined || theme === undefined) continue;
      const at = canvas.getBoundingClientRect();
      ctx.save();
      ctx.translate(at.left - frame.left + MARGIN, at.top - frame.top + this.grid.scrollTop);
      ctx.fillStyle = theme.foreground;
      ctx.font = `11px ${theme.fontFamily}`;
      ctx.textAlign = 'left';
      ctx.textBaseline = 'alphabetic';
      ctx.fillText(panel.run.name, 0, -5, at.width);
      paint(panel, { width: at.width, height: at.height }, canvas);
      ctx.restore();
    }
  }

  private point(event: PointerEvent, index: number): void {
    const panel = this.panels[index];
    const canvas = this.canvases[index];
    if (panel === undefined || canvas === undefined || this.kind.tell === undefined) return;
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const told = this.kind.tell(panel, size, event.offsetX, event.offsetY, this.current);
    const frame = this.element.getBoundingClientRect();
    if (told === null) this.tooltip.hide();
    else this.tooltip.show(told, event.clientX - frame.left, event.clientY - frame.top);
  }
}
