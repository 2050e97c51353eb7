import type { ExperimentId, RunId, RunState } from './run';

/** What of a metric a column shows. `best` goes by the experiment's goal, else by the metric's name. */
export const METRIC_FACETS = ['last', 'best', 'min', 'max', 'first', 'count', 'lastStep'] as const;
export type MetricFacet = (typeof METRIC_FACETS)[number];

/**
 * What a run has beside params, metrics and tags. `duration` is in milliseconds, instants are epoch milliseconds,
 * `cost` is in the currency of winnow.yaml, `energy` in watt-hours; `data` are the names of its datasets, `dirty` is
 * 'yes' or 'no'.
 */
export const ATTRIBUTES = [
  'state',
  'started',
  'ended',
  'duration',
  'cost',
  'energy',
  'branch',
  'commit',
  'dirty',
  'data',
  'user',
  'script',
  'note',
] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** A column of the runs table. The run's name is no column of these: it always stands first. */
export type Column =
  | { readonly kind: 'metric'; readonly name: string; readonly of: MetricFacet }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'tag'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: Attribute };

/** One text for each column, for maps and sets. Names may hold anything, so it is JSON. */
export function columnKey(column: Column): string {
  return column.kind === 'metric'
    ? JSON.stringify([column.kind, column.name, column.of])
    : JSON.stringify([column.kind, column.name]);
}

/** What can be sorted by: a column, or the run's name. */
export type SortColumn = Column | { readonly kind: 'name' };

export interface SortKey {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** What can be grouped by. */
export type GroupColumn = Exclude<Column, { readonly kind: 'metric' }>;

/** Which runs the table has and in which order; it says nothing of columns and of what is scrolled to. */
export interface TableQuery {
  readonly experimentIds: readonly ExperimentId[];
  /** In the search language; '' is all. */
  readonly filter: string;
  /** The first key counts most. Empty: newest first. */
  readonly sort: readonly SortKey[];
  readonly groupBy: GroupColumn | null;
  /** The groups that show no runs, by their value ('' for runs that have none). */
  readonly folded: readonly string[];
  /** Whether runs that were archived are among them. */
  readonly includeArchived: boolean;
}

/**
 * A value of a run. Null: it has none. Of metrics NaN and the infinities are the texts 'NaN', 'Infinity' and
 * '-Infinity', since JSON has none.
 */
export type Cell = number | string | null;

/** A run as a row of the table. Instants are epoch milliseconds. */
export interface TableRun {
  readonly kind: 'run';
  readonly runId: RunId;
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly state: RunState;
  /** A sentence when the state alone does not explain itself. */
  readonly reason: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  readonly hasRunner: boolean;
  readonly childCount: number;
  readonly starred: boolean;
  readonly archived: boolean;
  readonly hasNote: boolean;
  /** In the order of the columns asked for. */
  readonly cells: readonly Cell[];
}

/** What a group's runs have in a column. */
export type GroupCell =
  /** A number in at least one run: mean and standard deviation (of the sample, n − 1) over the finite ones. */
  | {
      readonly kind: 'numbers';
      readonly mean: number;
      /** Null with fewer than two. */
      readonly deviation: number | null;
      readonly min: number;
      readonly max: number;
      readonly count: number;
    }
  /** All runs that have the column have this text. */
  | { readonly kind: 'same'; readonly text: string }
  /** They differ, or none has one. */
  | { readonly kind: 'none' };

export interface TableGroup {
  readonly kind: 'group';
  /** The value that its runs share; '' when they have none. */
  readonly value: string;
  readonly runCount: number;
  readonly isFolded: boolean;
  /** How many different values of params whose names say that they are seeds: 0 when there are none. */
  readonly seedCount: number;
  readonly cells: readonly GroupCell[];
}

export type TableRow = TableRun | TableGroup;

/** A stretch of the table. */
export interface TableWindow {
  /** The index of the first of `rows`. */
  readonly from: number;
  readonly rows: readonly TableRow[];
  /** Rows there are: runs of groups that are not folded, and the groups. */
  readonly rowCount: number;
  /** Runs that fulfil the filter, and all runs of the experiments. */
  readonly runCount: number;
  readonly allCount: number;
  /** The number of the feed that this is true for. */
  readonly seq: number;
}

/** What is known of a column over the runs that fulfil a filter. A metric comes once, as `of: 'last'`. */
export interface ColumnInfo {
  readonly column: Column;
  /** In how many runs it is. */
  readonly runCount: number;
  /** Whether two of the runs differ in it; one that only some runs have differs. */
  readonly differs: boolean;
  /** Whether every value is a number (of a param: is written as one). */
  readonly isNumeric: boolean;
  /** Over the finite numbers; null without any. */
  readonly min: number | null;
  readonly max: number | null;
}

/** Columns of many runs, one array each, for charts. */
export interface RunColumns {
  readonly runIds: readonly RunId[];
  readonly names: readonly string[];
  readonly states: readonly RunState[];
  /** In the order of the columns asked for, each as long as `runIds`. */
  readonly cells: readonly (readonly Cell[])[];
  /** Runs that fulfil the filter: more than are here when there were too many. */
  readonly runCount: number;
}
