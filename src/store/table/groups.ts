import { readNumber } from '../../model/filter/values';
import type { GroupCell } from '../../model/table';
import { type ColumnData, compareTexts } from './column';

/** Runs that share a value, as a stretch of the table's runs. */
export interface Group {
  /** '' when its runs have none. */
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** The runs of a table in groups, one after the other. */
export interface Grouped {
  readonly keys: Int32Array;
  readonly groups: readonly Group[];
}

/**
 * Puts runs that are in order into groups; within a group they stay in order. The groups come in the order of the
 * first sort key's mean; without one, or when no group has a mean, by their value: numbers, then texts, then none.
 */
export function groupedRuns(
  keys: Int32Array,
  by: ColumnData,
  first: { readonly data: ColumnData; readonly descending: boolean } | null,
): Grouped {
  const members = new Map<string, number[]>();
  const byCode: (number[] | undefined)[] = [];
  const add = (value: string, key: number): number[] => {
    const group = members.get(value) ?? [];
    if (group.length === 0) members.set(value, group);
    group.push(key);
    return group;
  };
  for (const key of keys) {
    // Of texts the code is enough to find the group.
    const code = by.kind === 'texts' ? by.code(key) : -1;
    const known = code < 0 ? undefined : byCode[code];
    if (known !== undefined) known.push(key);
    else {
      const group = add(textIn(by, key) ?? '', key);
      if (code >= 0) byCode[code] = group;
    }
  }
  const ranked = [...members].map(([value, own]) => ({
    value,
    own,
    mean: first === null || first.data === by ? null : meanIn(first.data, own),
  }));
  const hasMean = ranked.some(({ mean }) => mean !== null);
  const descending = first !== null && (hasMean || first.data === by) && first.descending;
  ranked.sort((a, b) => {
    const order = hasMean ? compareNumbers(a.mean, b.mean, descending) : 0;
    return order === 0 ? compareValues(a.value, b.value, !hasMean && descending) : order;
  });
  const order = new Int32Array(keys.length);
  const groups: Group[] = [];
  let from = 0;
  for (const { value, own } of ranked) {
    order.set(own, from);
    groups.push({ value, from, to: from + own.length });
    from += own.length;
  }
  return { keys: order, groups };
}

/** What a group's runs have in a column. */
export function groupCell(data: ColumnData, keys: Int32Array): GroupCell {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  let text: string | null = null;
  let isSame = true;
  const numbers = data.kind === 'texts' ? data.numbers() : null;
  for (const key of keys) {
    if (!data.isThere(key)) continue;
    const number = data.kind === 'numbers' ? data.number(key) : (numbers?.[data.code(key)] ?? Number.NaN);
    if (Number.isFinite(number)) {
      // Welford's way: sums of squares of large numbers would lose the small difference between them.
      count++;
      const before = number - mean;
      mean += before / count;
      squares += before * (number - mean);
      min = Math.min(min, number);
      max = Math.max(max, number);
    } else if (count === 0 && isSame) {
      const own = textIn(data, key) ?? '';
      if (text === null) text = own;
      else if (text !== own) isSame = false;
    }
  }
  if (count > 0) {
    const deviation = count < 2 ? null : Math.sqrt(squares / (count - 1));
    return { kind: 'numbers', mean, deviation, min, max, count };
  }
  return text !== null && isSame ? { kind: 'same', text } : { kind: 'none' };
}

/** How many different seeds the runs of a group have. */
export function seedCountOf(seeds: readonly ColumnData[], keys: Int32Array): number {
  const found = new Set<string>();
  for (const key of keys) {
    const own = seeds.map((data) => textIn(data, key));
    if (own.some((text) => text !== null)) found.add(JSON.stringify(own));
  }
  return found.size;
}

/** A run's value as a text; null when it has none. */
export function textIn(data: ColumnData, key: number): string | null {
  if (!data.isThere(key)) return null;
  return data.kind === 'texts' ? data.text(key) : String(data.number(key));
}

function meanIn(data: ColumnData, keys: readonly number[]): number | null {
  const cell = groupCell(data, Int32Array.from(keys));
  return cell.kind === 'numbers' ? cell.mean : null;
}

function compareNumbers(a: number | null, b: number | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return descending ? b - a : a - b;
}

function compareValues(a: string, b: string, descending: boolean): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  const [left, right] = [readNumber(a), readNumber(b)];
  const sign = descending ? -1 : 1;
  if (left !== null && right !== null) return sign * (left - right) || compareTexts(a, b);
  if (left === null && right === null) return sign * compareTexts(a, b);
  return left === null ? 1 : -1;
}
