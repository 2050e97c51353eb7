import { formatColumn, formatNumber } from '../../../src/model/format';
import type { PlotColumn } from './columns';
import { isBetterLogarithmic, spanOf } from './scale';

/** A column cut into cells of an axis. */
export interface Bins {
  readonly title: string;
  readonly names: readonly string[];
  /** Which cell each run lies in; −1: in none. */
  readonly of: Int16Array;
}

const MOST_VALUES = 14; // Different values that each get a cell.
const BINS = 10;
const MOST_NAMES = 20;

/** Each value is a cell while they are few; more numbers are cut evenly, by powers when they spread that way. */
export function binsOf(column: PlotColumn): Bins {
  const texts = new Map<string, number>();
  for (const cell of column.cells)
    if (cell !== null) texts.set(String(cell), (texts.get(String(cell)) ?? 0) + 1);
  const distinct = new Set(column.numbers.filter((value) => !Number.isNaN(value)));
  if (!column.isNumeric) {
    const names = [...texts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_NAMES)
      .map(([name]) => name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const places = new Map(names.map((name, index) => [name, index]));
    return {
      title: column.title,
      names,
      of: Int16Array.from(column.cells, (cell) => (cell === null ? -1 : (places.get(String(cell)) ?? -1))),
    };
  }
  if (distinct.size <= MOST_VALUES) {
    const values = [...distinct].sort((a, b) => a - b);
    const places = new Map(values.map((value, index) => [value, index]));
    return {
      title: column.title,
      names: values.map((value) => (Number.isInteger(value) ? formatNumber(value) : String(value))),
      of: Int16Array.from(column.numbers, (value) => places.get(value) ?? -1),
    };
  }
  const isLogarithmic = isBetterLogarithmic(column.numbers);
  const to = (value: number) => (isLogarithmic ? Math.log(value) : value);
  const span = spanOf(column.numbers) ?? { min: 0, max: 1 };
  const [low, high] = [to(span.min), to(span.max)];
  const middle = (bin: number) => {
    const at = low + ((bin + 0.5) / BINS) * (high - low);
    return isLogarithmic ? Math.exp(at) : at;
  };
  const middles = Array.from({ length: BINS }, (_, bin) => middle(bin));
  return {
    title: isLogarithmic ? `${column.title} (log)` : column.title,
    // A cell is named by its middle.
    names: isLogarithmic
      ? middles.map((value) => formatNumber(Number(value.toPrecision(2))))
      : formatColumn(middles),
    of: Int16Array.from(column.numbers, (value) =>
      Number.isNaN(value) ? -1 : Math.min(BINS - 1, Math.floor(((to(value) - low) / (high - low)) * BINS)),
    ),
  };
}
