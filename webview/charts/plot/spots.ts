import { columnWord } from '../../table/columnWords';
import { type PlotRows, cellText } from './columns';
import type { Spot } from './plotView';
import type { PointGroup } from './points';
import type { Told } from './tooltip';

/** What can be pointed at: every point, from left to right. */
export function spotsOf(
  groups: readonly PointGroup[],
  rows: PlotRows,
  xs: Float64Array,
  ys: Float64Array,
): readonly Spot[] {
  return groups
    .flatMap(({ indexes }) => Array.from(indexes))
    .sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0))
    .map((row) => ({
      at: { x: xs[row] ?? NaN, y: ys[row] ?? NaN },
      runId: rows.runs[row]?.runId ?? null,
      tell: () => toldOf(rows, row),
    }));
}

/** A run with its values. */
export function toldOf(rows: PlotRows, row: number): Told {
  const run = rows.runs[row];
  return {
    name: run?.name ?? '',
    slot: run?.slot ?? null,
    facts: rows.columns.map(({ column, cells }) => [
      columnWord(column),
      cellText(column, cells[row] ?? null),
    ]),
  };
}
