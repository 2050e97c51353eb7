import type { RunId } from '../../src/model/run';
import type { BoardSettings, ChartKindName, ChartSpec } from '../../src/model/chartSpec';
import type { Goal } from '../../src/model/goal';
import type { Column, ColumnInfo, RunColumns } from '../../src/model/table';
import type { ExperimentHost } from '../../src/api/experimentPage';
import type { ChartRun, PageSeries } from '../../src/api/pages';
import type { Theme } from './theme';

/** What a chart needs read before it can be drawn. The board reads for all charts on the screen at once. */
export interface Wants {
  /** Metrics of the chart's runs, as points over steps. */
  readonly series: readonly string[];
  /** Columns of the runs: of those on (or the chart's own), or of all runs of the table. */
  readonly columns: { readonly of: 'on' | 'table'; readonly columns: readonly Column[] } | null;
  /** Whether it needs the params of its runs, to know which of them differ in their seeds only. */
  readonly params?: boolean;
}

/** Points of a part of the steps, both ends included. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** What a chart is drawn from. Plain data; what could not be read is missing, with a sentence in `problem`. */
export interface ChartInput<Spec extends ChartSpec = ChartSpec> {
  readonly spec: Spec;
  readonly board: BoardSettings;
  readonly goal: Goal | null;
  readonly theme: Theme;
  /** The chart's runs: those on, or its own. */
  readonly runs: readonly ChartRun[];
  /** By run, then by metric. */
  readonly series: ReadonlyMap<RunId, ReadonlyMap<string, PageSeries>>;
  readonly columns: RunColumns | null;
  /** Which columns the cells of `columns` are, in their order. */
  readonly wanted?: readonly Column[];
  /** As `series`, of the part of the steps that `lookAt` named: more of its points than the whole has. */
  readonly details?: ReadonlyMap<RunId, ReadonlyMap<string, PageSeries>>;
  /** By run, for kinds that want them. */
  readonly params?: ReadonlyMap<RunId, Readonly<Record<string, string>>>;
  /** The run that is pointed at anywhere on the page. */
  readonly emphasised: RunId | null;
  readonly championId: RunId | null;
  /** The best run by the goal, whose line is a little thicker. */
  readonly bestRunId?: RunId | null;
}

/** What a chart asks of the page it is on. */
export interface ChartServices {
  /** Draw this chart with the next frame. */
  invalidate(): void;
  /** Points at a run everywhere; null: at none. */
  emphasise(runId: RunId | null): void;
  openRun(runId: RunId): void;
  /** Keeps what a person changed in the chart. */
  change(change: Partial<ChartSpec>): void;
  /** Narrows the table: clauses of the search language that replace those the chart gave before. */
  setBrush(chartId: string, clauses: readonly string[]): void;
  /** The cross-hair of lines went to x, or away. `axis` names what x is: charts of another one do not follow. */
  cursorMoved(x: number | null, axis: string): void;
  /** Reads this part once more, so that more of its points are there; null: the whole is enough. */
  lookAt(steps: StepRange | null): void;
  readonly artifacts: Pick<ExperimentHost, 'listArtifacts' | 'readArtifact'>;
}

/** A chart on the page: what stands between the frame's title line and its lower edge. */
export interface ChartView<Spec extends ChartSpec = ChartSpec> {
  readonly element: HTMLElement;
  /** Takes what it is drawn from; draws at once. Called at most once a frame, and only for what is on the screen. */
  update(input: ChartInput<Spec>): void;
  /** The line beside the title, such as "7 runs, smoothed". */
  readonly summary: string;
  /** The chart in a sentence, for those who do not see it. */
  readonly description: string;
  /** What it shows as rows, for Show as Table and CSV; the first row has the names. */
  table(): readonly (readonly (string | number)[])[];
  /** A picture on the page's background. */
  toPng(): Promise<Uint8Array>;
  /** Whether what is drawn now can be an SVG: pictures cannot, and ten thousand marks open nowhere. */
  readonly hasSvg: boolean;
  /** The chart as an SVG document; null when it cannot be one. */
  toSvg(): string | null;
  /** Keys while the chart has the focus. True: it was taken. */
  onKey?(event: KeyboardEvent): boolean;
  /** Takes a brush that was drawn in it away. */
  clearBrush?(): void;
  /** The cross-hair of another chart. */
  followCursor?(x: number | null, axis: string): void;
  dispose(): void;
}

/**
 * A way to draw runs: a member of the family of charts. One file each in charts/kinds, listed in charts/index.ts; what a
 * kind needs beside it lies in a folder of its own, such as charts/lines.
 */
export interface ChartKind<Spec extends ChartSpec = ChartSpec> {
  readonly kind: ChartKindName;
  /** For the menu "Add Chart", such as "Parallel Coordinates", and a codicon's name. */
  readonly label: string;
  readonly icon: string;
  title(spec: Spec): string;
  /** `known` are the columns that the experiment's runs have. */
  wants(spec: Spec, board: BoardSettings, known?: readonly ColumnInfo[]): Wants;
  /** A chart of this kind for what the experiment has; null when it has nothing for it. `id` is unique. */
  propose(id: string, columns: readonly ColumnInfo[], goal: Goal | null): Spec | null;
  create(services: ChartServices): ChartView<Spec>;
}
