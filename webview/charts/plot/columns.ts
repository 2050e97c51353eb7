import type { ChartSpec } from '../../../src/model/chartSpec';
import { formatAgo, formatCount, formatDuration, formatNumber } from '../../../src/model/format';
import type { RunId, RunState } from '../../../src/model/run';
import type { Cell, Column, ColumnInfo } from '../../../src/model/table';
import { columnTitle, columnWord } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import type { ChartInput, Wants } from '../kind';

/** A run as a mark of a chart. */
export interface PlotRun {
  readonly runId: RunId;
  readonly name: string;
  readonly state: RunState;
  /** See ChartRun; null: it is off, and grey. */
  readonly slot: number | null;
}

/** What runs have in one column, one of each for each run. */
export interface PlotColumn {
  readonly column: Column;
  readonly title: string;
  readonly cells: readonly Cell[];
  /** NaN for what is missing, no number, or not finite. */
  readonly numbers: Float64Array;
  /** Whether all that is there is written as numbers. */
  readonly isNumeric: boolean;
}

export interface PlotRows {
  readonly runs: readonly PlotRun[];
  /** In the order asked for. */
  readonly columns: readonly PlotColumn[];
  /** Runs of the table: more than are here when there were too many to read. */
  readonly runCount: number;
}

/** The runs and their columns, with the colours of those that are on. */
export function rowsOf(input: ChartInput, columns: readonly Column[]): PlotRows {
  const read = input.columns;
  if (read === null) return { runs: [], columns: [], runCount: 0 };
  const slots = new Map(input.runs.map(({ runId, slot }) => [runId, slot]));
  const runs = read.runIds.map((runId, index) => ({
    runId,
    name: read.names[index] ?? runId,
    state: read.states[index] ?? 'finished',
    slot: slots.get(runId) ?? null,
  }));
  return {
    runs,
    columns: columns.map((column, index) => plotColumn(column, read.cells[index] ?? [])),
    runCount: read.runCount,
  };
}

export function plotColumn(column: Column, cells: readonly Cell[]): PlotColumn {
  const numbers = Float64Array.from(cells, numberOf);
  const isNumeric = cells.some((cell) => cell !== null) && cells.every(isNumberOrMissing);
  return { column, title: columnTitle(column), cells, numbers, isNumeric };
}

const NOT_FINITE: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', 'inf', '-inf', 'nan']);

/** The number of a cell; NaN when it has none that an axis can show. */
export function numberOf(cell: Cell): number {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : NaN;
  if (
    cell === null ||
    cell.trim() === '' ||
    !/^[-+\d.]/.test(cell.trim()) ||
    /^[-+]?0[xbo]/i.test(cell.trim())
  )
    return NaN;
  const number = Number(cell);
  return Number.isFinite(number) ? number : NaN;
}

function isNumberOrMissing(cell: Cell): boolean {
  return cell === null || NOT_FINITE.has(cell) || !Number.isNaN(numberOf(cell));
}

/** A value as it is read: with its unit, and – when it is missing. */
export function cellText(column: Column, cell: Cell, now = Date.now()): string {
  if (cell === null || cell === '') return '–';
  const number = numberOf(cell);
  if (Number.isNaN(number)) return String(cell).replace(/^(-?)Infinity$/, (_, minus) => (minus ? '−∞' : '∞'));
  if (column.kind === 'attribute') {
    if (column.name === 'duration') return formatDuration(number);
    if (column.name === 'started' || column.name === 'ended') return formatAgo(number, now);
  }
  return typeof cell === 'string' ? cell : formatNumber(number);
}

/** What is wanted of the runs of the table, or of a chart's own. */
export function wantsColumns(spec: ChartSpec, columns: readonly Column[]): Wants {
  return { series: [], columns: { of: spec.runs === null ? 'table' : 'on', columns } };
}

/** Columns that a chart may begin with: the goal's, then metrics and params that differ, the fullest first. */
export function candidates(
  columns: readonly ColumnInfo[],
  goal: { readonly metric: string } | null,
): {
  readonly goal: Column | null;
  readonly metrics: readonly Column[];
  readonly params: readonly ColumnInfo[];
} {
  const metrics = columns.filter(
    ({ column }) =>
      column.kind === 'metric' && !column.name.startsWith('system/') && column.name !== goal?.metric,
  );
  const hasGoal = columns.some(({ column }) => column.kind === 'metric' && column.name === goal?.metric);
  const params = columns
    .filter(({ column, differs }) => column.kind === 'param' && differs)
    .sort((a, b) => Number(b.isNumeric) - Number(a.isNumeric) || b.runCount - a.runCount);
  const first = metrics[0]?.column ?? null;
  return {
    goal: hasGoal && goal !== null ? { kind: 'metric', name: goal.metric, of: 'best' } : first,
    metrics: metrics.map(({ column }) => column).filter((column) => hasGoal || column !== first),
    params,
  };
}

/** Whether a column is the goal's. */
export function isGoal(column: Column, goal: { readonly metric: string } | null): boolean {
  return column.kind === 'metric' && column.name === goal?.metric;
}

/** The header of a table of a chart's values. */
export function headOf(columns: readonly PlotColumn[]): readonly string[] {
  return ['run', ...columns.map(({ column }) => columnWord(column))];
}

/** The rows of runs and their columns, for Show as Table and CSV. */
export function valueRows(rows: PlotRows): readonly (readonly (string | number)[])[] {
  return [
    headOf(rows.columns),
    ...rows.runs.map(({ name }, index) => [name, ...rows.columns.map(({ cells }) => cells[index] ?? '')]),
  ];
}

/** How many runs, in words. */
export function runsWord(count: number): string {
  return count === 1 ? t('1 run') : t('{0} runs', formatCount(count));
}

/** What every new chart has in common. */
export function frameOf(id: string, span: 1 | 2 | 3 = 1) {
  return { id, title: null, span, height: null, pinned: false, runs: null } as const;
}
