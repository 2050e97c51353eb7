import type { ConfigurationFact } from '../model/experimentFacts';
import type { Goal } from '../model/goal';
import type { ExperimentId, RunId } from '../model/run';
import type { SavedView, ViewDefinition } from '../model/savedView';
import type { Column, ColumnInfo, RunColumns, TableQuery, TableWindow } from '../model/table';
import type { ChartFilesHost } from './chartFiles';
import type { ChangedMetrics, PageSeries } from './pages';
import type { ArtifactEntry } from './runPageSchemas';

/**
 * What the window and an experiment's page say to each other; see pages.ts for how. The page holds no runs as truth:
 * it asks for the stretch of the table that is on the screen and for the points that its charts draw.
 */

/** A run with its value of the goal. */
export interface GoalRun {
  readonly runId: RunId;
  readonly name: string;
  readonly slot: number | null;
  /** The best value by the goal; null when it has none. */
  readonly value: number | null;
}

/** A saved view; one that is shared is written in winnow.yaml and is changed there. */
export interface PageView extends SavedView {
  readonly shared?: boolean | undefined;
}

/** How the page looked last, for this experiment. */
export interface RememberedPage {
  readonly definition: ViewDefinition;
  /** The saved view that was open; null: none. */
  readonly view: string | null;
  /** The share of the page's width that the table has, 0.2 to 0.8; null: as at first. */
  readonly split: number | null;
}

/** What the page is about. */
export interface ExperimentView {
  readonly folder: string;
  readonly experimentId: ExperimentId;
  readonly title: string;
  /** The scripts of its newest runs, such as `train.py`; '' when none is known. */
  readonly script: string;
  readonly goal: Goal | null;
  readonly runCount: number;
  readonly runningCount: number;
  readonly best: GoalRun | null;
  readonly champion: GoalRun | null;
  /** The best other configuration beside the champion's; null without a champion or another configuration. */
  readonly difference: ConfigurationFact | null;
  /** The runs that are on in charts with their colours: see RunColours. Also those of other experiments. */
  readonly slots: readonly (readonly [runId: RunId, slot: number])[];
  /** Those of winnow.yaml, which are marked as shared, stand behind the others. */
  readonly views: readonly PageView[];
  /** A sentence when something could not be read; what is known is shown all the same. */
  readonly problem: string | null;
}

/** What changed in the store, by name: the page asks for what it shows. */
export interface ExperimentChange {
  /** Runs that began, ended or changed. */
  readonly runs: readonly RunId[];
  readonly metrics: readonly ChangedMetrics[];
  /** Anything may have changed. */
  readonly everything: boolean;
}

/** What the window calls on an experiment's page. */
export interface ExperimentPage {
  show(view: ExperimentView): Promise<void>;
  changed(change: ExperimentChange): Promise<void>;
  /** The runs that are on are others. */
  recoloured(request: { readonly slots: ExperimentView['slots'] }): Promise<void>;
  /** Something could not be read now; what is shown was true a moment ago. Null takes it back. */
  trouble(request: { readonly problem: string | null }): Promise<void>;
}

/** Something to do with runs that the window has a command for; each asks or confirms by itself where it must. */
export const TABLE_ACTIONS = [
  'rename',
  'delete',
  'stop',
  'retry',
  'runAgain',
  'runAgainWith',
  'promote',
  'showOutput',
  'compare',
  'compareCode',
  'showInTree',
  'copyCommand',
] as const;
export type TableAction = (typeof TABLE_ACTIONS)[number];

/** What an experiment's page calls on the window. */
export interface ExperimentHost extends ChartFilesHost {
  /** The page is there: what should it show, and how did it look last? Null: it is new. */
  ready(request: Record<string, never>): Promise<{
    readonly view: ExperimentView;
    readonly remembered: RememberedPage | null;
  }>;
  readTable(request: {
    readonly query: TableQuery;
    readonly columns: readonly Column[];
    readonly from: number;
    /** At most 500. */
    readonly count: number;
  }): Promise<TableWindow>;
  listColumns(request: { readonly filter: string; readonly includeArchived: boolean }): Promise<{
    readonly columns: readonly ColumnInfo[];
  }>;
  /** The most frequent values of a column that contain a text, for completion. */
  listValues(request: {
    readonly column: Column;
    readonly containing: string;
    readonly limit: number;
  }): Promise<{ readonly values: readonly { readonly text: string; readonly runCount: number }[] }>;
  /** Where a run stands in the table; null when it is not in it. */
  findRow(request: { readonly query: TableQuery; readonly runId: RunId }): Promise<{
    readonly index: number | null;
  }>;
  /** The ids of all runs of the table, in its order, at most `limit`. */
  listRunIds(request: { readonly query: TableQuery; readonly limit: number }): Promise<{
    readonly runIds: readonly RunId[];
  }>;
  /** Columns of the runs of the table, or of the runs named, for charts. At most `limit`, the first of the order. */
  readColumns(request: {
    readonly query: TableQuery;
    readonly runIds: readonly RunId[] | null;
    readonly columns: readonly Column[];
    readonly limit: number;
  }): Promise<RunColumns>;
  /** Points for lines: one call for all charts on the screen. */
  readSeries(request: {
    readonly series: readonly { readonly runId: RunId; readonly metric: string }[];
    readonly pixels: number;
    readonly fromStep?: number | undefined;
    readonly toStep?: number | undefined;
  }): Promise<readonly PageSeries[]>;
  /** One folder of a run's artifacts; '' is the top. At most `limit` entries (500 when absent, 10,000 at most). */
  listArtifacts(request: {
    readonly runId: RunId;
    readonly folder: string;
    readonly limit?: number;
  }): Promise<{
    readonly entries: readonly ArtifactEntry[];
    readonly hasMore: boolean;
  }>;
  /** The bytes of an artifact, at most 8 MB; null when it is larger or not there. */
  readArtifact(request: { readonly runId: RunId; readonly path: string }): Promise<{
    readonly bytes: Uint8Array | null;
    readonly sizeBytes: number;
  }>;
  /** Turns runs on or off in charts; `recoloured` follows. */
  setOn(request: { readonly runIds: readonly RunId[]; readonly on: boolean }): Promise<void>;
  setStar(request: { readonly runIds: readonly RunId[]; readonly starred: boolean }): Promise<void>;
  setArchived(request: { readonly runIds: readonly RunId[]; readonly archived: boolean }): Promise<void>;
  /** Asks for a tag and its value in the window, and sets it on all. */
  editTags(request: { readonly runIds: readonly RunId[] }): Promise<void>;
  openRun(request: { readonly runId: RunId; readonly beside: boolean }): Promise<void>;
  act(request: { readonly action: TableAction; readonly runIds: readonly RunId[] }): Promise<void>;
  /** Runs the experiment's script by its form. */
  run(request: Record<string, never>): Promise<void>;
  /** Asks in the window what the experiment is about. */
  setGoal(request: Record<string, never>): Promise<void>;
  /** Keeps a view under its name, in place of one of that name. */
  saveView(request: SavedView): Promise<{ readonly views: readonly PageView[] }>;
  renameView(request: { readonly name: string; readonly to: string }): Promise<{
    readonly views: readonly PageView[];
  }>;
  deleteView(request: { readonly name: string }): Promise<{ readonly views: readonly PageView[] }>;
  /** Asks in the window for a name; null when the person gave none. */
  askName(request: { readonly title: string; readonly value: string }): Promise<string | null>;
  /** Writes the views into winnow.yaml, in an editor where the person sees and saves them. */
  shareViews(request: Record<string, never>): Promise<void>;
  /** All runs of the table, or those named, as a file that the person chooses a place for. */
  exportRuns(request: {
    readonly format: 'csv' | 'json' | 'markdown';
    readonly query: TableQuery;
    readonly runIds: readonly RunId[] | null;
    readonly columns: readonly Column[];
    /** 'clipboard' copies instead. */
    readonly to: 'file' | 'clipboard';
  }): Promise<void>;
  copy(request: { readonly text: string }): Promise<void>;
  /** What the page looks like now, kept for the next time it is opened. */
  remember(request: RememberedPage): Promise<void>;
}
