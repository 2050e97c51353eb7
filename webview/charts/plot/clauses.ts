import { clauseFor } from '../../../src/model/filterText';
import type { Column } from '../../../src/model/table';

/**
 * A part of an axis in the search language. The ends are rounded to as few digits as keep the same runs in and out, so
 * that a person can read them; an end that leaves no run out is not said at all.
 */
export function clausesOf(
  column: Column,
  names: readonly string[] | null,
  [low, high]: readonly [number, number],
  values: ArrayLike<number>,
): readonly string[] {
  if (names !== null) return nameClauses(column, names, low, high);
  let [below, least, most, above] = [-Infinity, Infinity, -Infinity, Infinity];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    if (value < low) below = Math.max(below, value);
    else if (value > high) above = Math.min(above, value);
    else if (value >= low && value <= high) [least, most] = [Math.min(least, value), Math.max(most, value)];
  }
  // Nothing is within: what was asked for is said as it is.
  if (least > most)
    return [
      clauseFor(
        column,
        '>=',
        shortest(low, () => true),
      ),
      clauseFor(
        column,
        '<=',
        shortest(high, () => true),
      ),
    ];
  const made: string[] = [];
  if (below > -Infinity) {
    made.push(
      clauseFor(
        column,
        '>=',
        shortest(low, (value) => value > below && value <= least),
      ),
    );
  }
  if (above < Infinity) {
    made.push(
      clauseFor(
        column,
        '<=',
        shortest(high, (value) => value >= most && value < above),
      ),
    );
  }
  // A brush over all leaves out those that have no value.
  return made.length > 0 ? made : [clauseFor(column, '>=', least)];
}

function nameClauses(column: Column, names: readonly string[], low: number, high: number): readonly string[] {
  const within = names.filter((_, index) => index >= low && index <= high);
  if (within.length === names.length) return [];
  if (within.length === 0) return [clauseFor(column, '=', '')];
  const clauses = within.map((name) => clauseFor(column, '=', name));
  return clauses.length === 1 ? clauses : [`(${clauses.join(' or ')})`];
}

/** The number near `wanted` with the fewest digits that says the same. */
function shortest(wanted: number, isSame: (value: number) => boolean): number {
  for (let digits = 2; digits < 15; digits += 1) {
    const rounded = Number(wanted.toPrecision(digits));
    if (isSame(rounded)) return rounded;
  }
  return wanted;
}
