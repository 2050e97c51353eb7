import type { Goal } from '../../src/model/goal';
import { defaultDirection } from '../../src/model/goal';
import { type SortColumn, type SortKey, columnKey } from '../../src/model/table';

/**
 * The order after a click on a heading: first its natural direction, then the other, then none. With `adds` the other
 * keys stay and a new one comes last.
 */
export function sortAfterClick(
  sort: readonly SortKey[],
  column: SortColumn,
  adds: boolean,
  goal: Goal | null,
): readonly SortKey[] {
  const known = sort.find((key) => isSameColumn(key.column, column));
  const natural = isDescendingFirst(column, goal);
  const next: SortKey | null =
    known === undefined
      ? { column, descending: natural }
      : known.descending === natural
        ? { column, descending: !natural }
        : null;
  if (!adds) return next === null ? [] : [next];
  if (known === undefined) return next === null ? sort : [...sort, next];
  return sort.flatMap((key) => (key === known ? (next === null ? [] : [next]) : [key]));
}

/** Metrics begin with their better end, times with the newest, all else with the least. */
function isDescendingFirst(column: SortColumn, goal: Goal | null): boolean {
  if (column.kind === 'metric') {
    if (column.of === 'count' || column.of === 'lastStep') return true;
    const direction = goal?.metric === column.name ? goal.direction : defaultDirection(column.name);
    return direction === 'maximize';
  }
  return column.kind === 'attribute' && (column.name === 'started' || column.name === 'ended');
}

export function isSameColumn(a: SortColumn, b: SortColumn): boolean {
  if (a.kind === 'name' || b.kind === 'name') return a.kind === b.kind;
  return columnKey(a) === columnKey(b);
}
