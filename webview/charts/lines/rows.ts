import { t } from '../../ui/l10n';
import { axisLabel } from './axis';
import type { PreparedLines } from './types';

/** The chart as rows: a row a place on the x axis, a column a line; smoothed values and bands have columns beside. */
export function rowsOf(chart: PreparedLines): readonly (readonly (string | number)[])[] {
  const columns = chart.lines.flatMap(({ name, curve, band }) => [
    { name, x: curve.x, values: curve.values },
    ...(curve.smooth === null ? [] : [{ name: t('{0}, smoothed', name), x: curve.x, values: curve.smooth }]),
    ...(band === null
      ? []
      : [
          { name: t('{0}, low', name), x: curve.x, values: band.low },
          { name: t('{0}, high', name), x: curve.x, values: band.high },
        ]),
  ]);
  // Of a place that has two values the last counts.
  const maps = columns.map(({ x, values }) => {
    const map = new Map<number, number>();
    x.forEach((at, index) => map.set(at, values[index] ?? NaN));
    return map;
  });
  const places = new Set<number>();
  for (const { curve } of chart.lines) for (const x of curve.x) if (Number.isFinite(x)) places.add(x);
  const xs = Float64Array.from(places).sort();
  const isTime = chart.axis.kind === 'time';
  return [
    [axisLabel(chart.axis), ...columns.map(({ name }) => name)],
    ...Array.from(xs, (x) => [
      isTime ? new Date(x).toISOString() : x,
      ...maps.map((map) => map.get(x) ?? ''),
    ]),
  ];
}
