import type { ColumnData } from './column';
import { sortedByNumber } from './radix';

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

const enum Rank {
  number,
  nan,
  text,
  missing,
}

function sortedBy(keys: Int32Array, data: ColumnData, descending: boolean): Int32Array {
  const values = new Float64Array(keys.length);
  const ranks = new Uint8Array(keys.length);
  const counts = [0, 0, 0, 0];
  const note = (i: number, rank: Rank, value: number) => {
    values[i] = value;
    ranks[i] = rank;
    counts[rank] = (counts[rank] ?? 0) + 1;
  };
  if (data.kind === 'numbers') {
    for (const [i, key] of keys.entries()) {
      const value = data.number(key);
      if (!data.isThere(key)) note(i, Rank.missing, 0);
      else if (Number.isNaN(value)) note(i, Rank.nan, 0);
      else note(i, Rank.number, value);
    }
  } else {
    const numbers = data.numbers();
    const order = data.ranks();
    for (const [i, key] of keys.entries()) {
      const code = data.code(key);
      const value = numbers[code] ?? Number.NaN;
      if (code === 0) note(i, Rank.missing, 0);
      else if (Number.isNaN(value)) note(i, Rank.text, order[code] ?? 0);
      else note(i, Rank.number, value);
    }
  }
  // Places within the list instead of keys, so that ranks and values are found again.
  const places = sortedByNumber(Int32Array.from(keys.keys()), values, descending);
  const next = [0, counts[0] ?? 0, (counts[0] ?? 0) + (counts[1] ?? 0), keys.length - (counts[3] ?? 0)];
  const result = new Int32Array(keys.length);
  for (const place of places) {
    const rank = ranks[place] ?? 0;
    const at = next[rank] ?? 0;
    result[at] = keys[place] ?? 0;
    next[rank] = at + 1;
  }
  return result;
}
