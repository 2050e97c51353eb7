import type { LineAxis, LinesSpec } from '../../../src/model/chartSpec';
import { t } from '../../ui/l10n';
import type { ChartInput, ChartKind, ChartServices, ChartView, StepRange } from '../kind';
import { axisKey, metricOf } from '../lines/axis';
import { describeLines, summaryOf } from '../lines/describe';
import { rowsOf } from '../lines/rows';
import type { LinesInput, PreparedLines, Range, Zoom } from '../lines/types';
import { LinesView } from '../lines/view';

const MARGIN = 0.05; // Of the part that is looked at: lines run on to its edges.

/** Metrics over steps, epochs, time or another metric: a line a run, or a mean with a band over seeds. */
export const lines: ChartKind<LinesSpec> = {
  kind: 'lines',
  label: t('Lines'),
  icon: 'graph-line',
  title: (spec) => spec.metric,
  wants(spec, board) {
    const along = metricOf(spec.x ?? board.x);
    return {
      series: along === null || along === spec.metric ? [spec.metric] : [spec.metric, along],
      columns: null,
      params: spec.joinSeeds ?? board.joinSeeds,
    };
  },
  propose(id, columns, goal) {
    const names = columns.flatMap(({ column }) => (column.kind === 'metric' ? [column.name] : []));
    const metric =
      names.find((name) => name === goal?.metric) ??
      names.find((name) => !name.startsWith('system/')) ??
      names[0];
    return metric === undefined ? null : linesOf(id, metric);
  },
  create: (services) => new LinesChart(services),
};

/** A chart of one metric, everything else as the board says. */
export function linesOf(id: string, metric: string, frame: Partial<LinesSpec> = {}): LinesSpec {
  return {
    kind: 'lines',
    id,
    title: null,
    span: 1,
    height: null,
    pinned: false,
    runs: null,
    metric,
    x: null,
    smoothing: null,
    logarithmicX: false,
    logarithmicY: false,
    ignoreOutliers: null,
    joinSeeds: null,
    ...frame,
  };
}

class LinesChart implements ChartView<LinesSpec> {
  private readonly view: LinesView;
  private input: ChartInput<LinesSpec> | null = null;
  private zoom: Zoom | null = null;
  private zoomedAxis = '';

  constructor(private readonly services: ChartServices) {
    this.view = new LinesView({
      emphasise: (runId) => services.emphasise(runId),
      openRun: (runId) => services.openRun(runId),
      cursorMoved: (x, axis) => services.cursorMoved(x, axis),
      zoom: (zoom) => this.setZoom(zoom),
      toggleLogarithmic: () => services.change({ logarithmicY: this.input?.spec.logarithmicY !== true }),
    });
  }

  get element(): HTMLElement {
    return this.view.element;
  }

  get prepared(): PreparedLines | null {
    return this.view.prepared;
  }

  update(input: ChartInput<LinesSpec>): void {
    this.input = input;
    const axis = axisKey(input.spec.x ?? input.board.x);
    // A part of steps is no part of time.
    if (this.zoom !== null && axis !== this.zoomedAxis) this.setZoom(null);
    this.view.update(linesInput(input, this.zoom), input.theme);
  }

  get summary(): string {
    return this.prepared === null ? '' : summaryOf(this.prepared);
  }

  get description(): string {
    return this.prepared === null ? '' : describeLines(this.prepared);
  }

  table(): readonly (readonly (string | number)[])[] {
    return this.prepared === null ? [] : rowsOf(this.prepared);
  }

  toPng(): Promise<Uint8Array> {
    return this.view.toPng(this.title);
  }

  get hasSvg(): boolean {
    return this.view.hasSvg;
  }

  toSvg(): string | null {
    return this.view.toSvg(this.title);
  }

  onKey(event: KeyboardEvent): boolean {
    return this.view.onKey(event);
  }

  followCursor(x: number | null, axis: string): void {
    if (this.prepared !== null && axisKey(this.prepared.axis) === axis) this.view.followCursor(x);
  }

  dispose(): void {
    this.view.dispose();
  }

  private get title(): string {
    return this.input?.spec.title ?? this.input?.spec.metric ?? '';
  }

  private setZoom(zoom: Zoom | null): void {
    if (zoom === null && this.zoom === null) return;
    this.zoom = zoom;
    this.zoomedAxis = this.input === null ? '' : axisKey(this.input.spec.x ?? this.input.board.x);
    const chart = this.prepared;
    this.services.lookAt(zoom === null || chart === null ? null : stepsIn(chart, zoom.x));
    this.services.invalidate();
  }
}

function linesInput(input: ChartInput<LinesSpec>, zoom: Zoom | null): LinesInput {
  const { spec, board } = input;
  const axis: LineAxis = spec.x ?? board.x;
  return {
    metric: spec.metric,
    runs: input.runs,
    series: input.series,
    details: input.details ?? new Map(),
    axis,
    smoothing: spec.smoothing ?? board.smoothing,
    logarithmicX: spec.logarithmicX,
    logarithmicY: spec.logarithmicY,
    ignoreOutliers: spec.ignoreOutliers ?? board.ignoreOutliers,
    joinSeeds: spec.joinSeeds ?? board.joinSeeds,
    params: input.params ?? new Map(),
    goal: input.goal,
    emphasised: input.emphasised,
    bestRunId: input.bestRunId ?? null,
    championId: input.championId,
    zoom,
  };
}

/** The steps of what is looked at, when some of its points are not drawn; null: all of them are. */
function stepsIn(chart: PreparedLines, x: Range): StepRange | null {
  if (chart.drawn >= chart.count) return null;
  let [from, to] = [Infinity, -Infinity];
  const margin = (x.max - x.min) * MARGIN;
  if (chart.axis.kind === 'step') return { from: Math.floor(x.min - margin), to: Math.ceil(x.max + margin) };
  for (const { curve } of chart.lines) {
    for (let index = 0; index < curve.x.length; index += 1) {
      const at = curve.x[index] ?? NaN;
      if (!(at >= x.min - margin && at <= x.max + margin)) continue;
      // One point on each side: between two thinned points there may be many.
      from = Math.min(from, curve.steps[Math.max(0, index - 1)] ?? Infinity);
      to = Math.max(to, curve.steps[Math.min(curve.steps.length - 1, index + 1)] ?? -Infinity);
    }
  }
  return from <= to ? { from: Math.floor(from), to: Math.ceil(to) } : null;
}
