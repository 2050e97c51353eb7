import type { ParallelSpec } from '../../../src/model/chartSpec';
import { defaultDirection } from '../../../src/model/goal';
import { formatColumn } from '../../../src/model/format';
import { type Column, columnKey } from '../../../src/model/table';
import type { ChartInput } from '../kind';
import { type PlotColumn, type PlotRows, cellText, isGoal, rowsOf } from '../plot/columns';
import { isBetterLogarithmic, linearTicks, logTicks, spanOf, tickLabels } from '../plot/scale';

/** An axis of parallel coordinates. Places are shares of its height: 0 is its lower end, 1 its upper end. */
export interface ParallelAxis {
  readonly key: string;
  readonly column: Column;
  readonly title: string;
  readonly isLogarithmic: boolean;
  /** The texts of a categorical axis, from its lower end; null: it has numbers. */
  readonly names: readonly string[] | null;
  /** Of each run; NaN where it has no place. */
  readonly places: Float32Array;
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
  /** The value at a place; of a categorical axis the (fractional) index of its text. */
  valueAt(place: number): number;
  /** What brushes compare with: numbers, or indexes of texts. */
  readonly values: Float64Array;
}

export interface PreparedParallel {
  readonly rows: PlotRows;
  readonly axes: readonly ParallelAxis[];
  /** How good each run is by the goal's axis (or the last one), from 0 to 1; NaN: not known. */
  readonly shares: Float32Array;
  /** Runs with a place on two axes or more: those that are a line. */
  readonly drawn: number;
}

const MAX_NAMES = 20;
const TICKS = 4;
const SHORT = 6; // Characters that fit beside an axis.

export function prepare(input: ChartInput<ParallelSpec>): PreparedParallel {
  const rows = rowsOf(input, input.spec.columns);
  const { goal } = input;
  const axes = rows.columns.map((column) => {
    const { column: what } = column;
    const isLess =
      what.kind === 'metric' &&
      (isGoal(what, goal) ? goal?.direction === 'minimize' : defaultDirection(what.name) === 'minimize');
    return axisOf(column, isLess);
  });
  const lead = axes.find(({ column }) => isGoal(column, goal)) ?? axes.at(-1);
  let drawn = 0;
  for (let run = 0; run < rows.runs.length; run += 1) {
    let there = 0;
    for (const { places } of axes) if (!Number.isNaN(places[run] ?? NaN)) there += 1;
    if (there > 1) drawn += 1;
  }
  return { rows, axes, shares: lead?.places ?? new Float32Array(), drawn };
}

/** An axis with what is better at its upper end. */
export function axisOf(column: PlotColumn, isLessBetter: boolean): ParallelAxis {
  const isText = !column.isNumeric && column.cells.some((cell) => cell !== null);
  return isText ? namesAxis(column) : numbersAxis(column, isLessBetter);
}

function numbersAxis(column: PlotColumn, isFlipped: boolean): ParallelAxis {
  const { numbers } = column;
  const isLogarithmic = isBetterLogarithmic(numbers);
  const span = spanOf(numbers) ?? { min: 0, max: 1 };
  const to = (value: number) => (isLogarithmic ? Math.log(value) : value);
  const from = (value: number) => (isLogarithmic ? Math.exp(value) : value);
  const [low, high] = [to(span.min), to(span.max)];
  const turned = (share: number) => (isFlipped ? 1 - share : share);
  const place = (value: number) => {
    if (Number.isNaN(value)) return NaN;
    return turned(high > low ? (to(value) - low) / (high - low) : 0.5);
  };
  const few = distinctOf(numbers, TICKS + 1);
  const ticks = few ?? (isLogarithmic ? logTicks(span, TICKS + 1) : linearTicks(span, TICKS));
  const labels =
    column.column.kind === 'attribute'
      ? ticks.map((tick) => cellText(column.column, tick))
      : few === null
        ? tickLabels(ticks, isLogarithmic)
        : few.every((value) => String(value).length <= SHORT)
          ? few.map((value) => String(value).replace('-', '−'))
          : formatColumn(few);
  return {
    key: columnKey(column.column),
    column: column.column,
    title: column.title,
    isLogarithmic,
    names: null,
    places: Float32Array.from(numbers, place),
    ticks: ticks.map((tick, index) => ({ place: place(tick), label: labels[index] ?? '' })),
    valueAt: (at) => from(low + turned(at) * (high - low)),
    values: numbers,
  };
}

function namesAxis(column: PlotColumn): ParallelAxis {
  const counts = new Map<string, number>();
  for (const cell of column.cells)
    if (cell !== null) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1);
  const names = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MAX_NAMES)
    .map(([name]) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const indexes = new Map(names.map((name, index) => [name, index]));
  const last = Math.max(1, names.length - 1);
  // Room beyond the outer names, so that a brush can be drawn around them.
  const place = (index: number) => (names.length === 1 ? 0.5 : 0.04 + (0.92 * index) / last);
  const values = Float64Array.from(column.cells, (cell) =>
    cell === null ? NaN : (indexes.get(String(cell)) ?? NaN),
  );
  return {
    key: columnKey(column.column),
    column: column.column,
    title: column.title,
    isLogarithmic: false,
    names,
    places: Float32Array.from(values, place),
    ticks: names.map((label, index) => ({ place: place(index), label })),
    valueAt: (at) => (names.length === 1 ? (at - 0.5) * 2 : ((at - 0.04) / 0.92) * last),
    values,
  };
}

/** The different values when there are few: then each is a tick. */
function distinctOf(values: Float64Array, most: number): readonly number[] | null {
  const found = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    found.add(value);
    if (found.size > most) return null;
  }
  return found.size === 0 ? [] : [...found].sort((a, b) => a - b);
}
