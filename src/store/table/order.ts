import type { ColumnData } from './column';
import { sortedPlaces } from './radix';

/** A column to sort by. */
export interface SortData {
  readonly data: ColumnData;
  readonly descending: boolean;
}

/**
 * Runs in order; equals stay as they are. In both directions numbers come first, then NaN, then texts, then runs that
 * have none. A text that is a number counts as one.
 */
export function sortedRuns(keys: Int32Array, sort: readonly SortData[]): Int32Array {
  let order = keys;
  // A stable sort by the last key, then by the one before it, and so on.
  for (const { data, descending } of sort.toReversed()) order = sortedBy(order, data, descending);
  return order;
}

const NUMBER = 0;
const NAN = 1;
const TEXT = 2;
const MISSING = 3;

function sortedBy(keys: Int32Array, data: ColumnData, descending: boolean): Int32Array {
  const { length } = keys;
  const values = new Float64Array(length);
  const ranks = new Uint8Array(length);
  if (data.kind === 'numbers') {
    for (let i = 0; i < length; i++) {
      const key = keys[i] ?? 0;
      const value = data.number(key);
      if (!data.isThere(key)) ranks[i] = MISSING;
      else if (Number.isNaN(value)) ranks[i] = NAN;
      else values[i] = value;
    }
  } else {
    const numbers = data.numbers();
    const order = data.ranks();
    for (let i = 0; i < length; i++) {
      const code = data.code(keys[i] ?? 0);
      const value = numbers[code] ?? Number.NaN;
      if (code === 0) ranks[i] = MISSING;
      else if (Number.isNaN(value)) {
        ranks[i] = TEXT;
        values[i] = order[code] ?? 0;
      } else values[i] = value;
    }
  }
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const rank = ranks[i] ?? NUMBER;
    counts[rank] = (counts[rank] ?? 0) + 1;
  }
  const [numberCount = 0, nanCount = 0, textCount = 0] = counts;
  const next = [0, numberCount, numberCount + nanCount, numberCount + nanCount + textCount];
  const places = sortedPlaces(values, descending);
  const result = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const place = places[i] ?? 0;
    const rank = ranks[place] ?? NUMBER;
    const at = next[rank] ?? 0;
    result[at] = keys[place] ?? 0;
    next[rank] = at + 1;
  }
  return result;
}
