import { formatDuration } from '../../../src/model/format';
import { columnTitle } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import { type PlotColumn, cellText } from './columns';
import type { PlotAxis } from './axis';
import { padded, spanOf } from './scale';

/** A column as an axis, and where each run stands on it: NaN for those that have no place. */
export interface Along {
  readonly positions: Float64Array;
  readonly axis: PlotAxis;
  /** The texts of an axis of names, by position; null: the axis has numbers. */
  readonly names: readonly string[] | null;
}

const MAX_NAMES = 24; // More names than that are read nowhere; the most frequent stay.

/** A column along an axis: numbers where all are numbers, else one place for each text. */
export function alongColumn(column: PlotColumn, isLogarithmic: boolean): Along {
  if (!column.isNumeric && column.cells.some((cell) => cell !== null)) return alongNames(column);
  const { numbers } = column;
  const canBeLog = isLogarithmic && numbers.some((value) => value > 0);
  const positions = canBeLog ? numbers.map((value) => (value > 0 ? value : NaN)) : numbers;
  const span = spanOf(positions) ?? { min: 0, max: 1 };
  return {
    positions,
    names: null,
    axis: {
      title: canBeLog ? t('{0} (log)', columnTitle(column.column)) : columnTitle(column.column),
      span: padded(span, canBeLog),
      isLogarithmic: canBeLog,
      ...wordsOf(column),
    },
  };
}

function alongNames(column: PlotColumn): Along {
  const counts = new Map<string, number>();
  for (const cell of column.cells) {
    if (cell !== null) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1);
  }
  const names = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MAX_NAMES)
    .map(([name]) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const places = new Map(names.map((name, index) => [name, index]));
  return {
    positions: Float64Array.from(column.cells, (cell) =>
      cell === null ? NaN : (places.get(String(cell)) ?? NaN),
    ),
    names,
    axis: {
      title: columnTitle(column.column),
      span: { min: -0.5, max: names.length - 0.5 },
      isLogarithmic: false,
      names,
    },
  };
}

/** Durations and instants read as such on axes, too. */
function wordsOf({ column }: PlotColumn): { words?: (value: number) => string } {
  if (column.kind !== 'attribute') return {};
  if (column.name === 'duration')
    return {
      words: (ms) => (ms % 1000 !== 0 && ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms)),
    };
  if (column.name === 'started' || column.name === 'ended')
    return { words: (value) => cellText(column, value) };
  return {};
}
