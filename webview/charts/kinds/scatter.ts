import { Chart, ScatterController } from 'chart.js';
import type { ScatterSpec } from '../../../src/model/chartSpec';
import { formatCount } from '../../../src/model/format';
import { rankCorrelation } from '../../../src/model/rankCorrelation';
import { columnTitle, columnWord } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import type { ChartInput, ChartKind } from '../kind';
import { type Along, alongColumn } from '../plot/along';
import { optionsOf } from '../plot/axis';
import { clausesOf } from '../plot/clauses';
import {
  type PlotRows,
  candidates,
  frameOf,
  isGoal,
  rowsOf,
  valueRows,
  wantsColumns,
  runsWord,
} from '../plot/columns';
import { type PointGroup, drawLevel, drawPoints, groupPoints } from '../plot/points';
import { type Plot, PlotView } from '../plot/plotView';
import { isBetterLogarithmic, spanOf } from '../plot/scale';
import { spotsOf } from '../plot/spots';

Chart.register(ScatterController);

/** A run is a point over two columns, its size a third. A rectangle narrows the table. */
export const scatter: ChartKind<ScatterSpec> = {
  kind: 'scatter',
  label: t('Scatter'),
  icon: 'graph-scatter',
  title,
  wants: (spec) => wantsColumns(spec, columnsOf(spec)),
  propose(id, columns, goal) {
    const found = candidates(columns, goal);
    const x =
      found.params.find(({ isNumeric }) => isNumeric)?.column ?? found.metrics[0] ?? found.params[0]?.column;
    if (found.goal === null || x === undefined) return null;
    const info = columns.find(({ column }) => column === x);
    return {
      ...frameOf(id),
      kind: 'scatter',
      x,
      y: found.goal,
      size: null,
      logarithmicX: (info?.min ?? 0) > 0 && (info?.max ?? 0) / (info?.min ?? 1) >= 8,
      logarithmicY: false,
    };
  },
  create: (services) => new PlotView(plot, services),
};

function title(spec: ScatterSpec): string {
  return t('{0} over {1}', columnTitle(spec.y), columnTitle(spec.x));
}

function columnsOf(spec: ScatterSpec) {
  return spec.size === null ? [spec.x, spec.y] : [spec.x, spec.y, spec.size];
}

export interface PreparedScatter {
  readonly rows: PlotRows;
  readonly x: Along;
  readonly y: Along;
  /** Radius of each point in pixels; null: all alike. */
  readonly radii: Float64Array | null;
  readonly groups: readonly PointGroup[];
  /** Runs that have a place on both axes. */
  readonly drawn: number;
  /** Such as "rank correlation −0.62"; null: it cannot be told. */
  readonly trend: string | null;
  readonly target: number | null;
}

const [LEAST_RADIUS, MOST_RADIUS] = [2.5, 14];

export function prepare(input: ChartInput<ScatterSpec>): PreparedScatter {
  const { spec, goal } = input;
  const rows = rowsOf(input, columnsOf(spec));
  const [columnX, columnY, size] = rows.columns;
  const x = alongColumn(columnX ?? EMPTY(spec.x), spec.logarithmicX);
  const y = alongColumn(columnY ?? EMPTY(spec.y), spec.logarithmicY);
  const groups = groupPoints(rows.runs, x.positions, y.positions);
  const correlation = x.names === null && y.names === null ? rankCorrelation(x.positions, y.positions) : null;
  return {
    rows,
    x,
    y,
    radii: size === undefined ? null : radiiOf(size.numbers),
    groups,
    drawn: groups.reduce((sum, { indexes }) => sum + indexes.length, 0),
    trend:
      correlation === null
        ? null
        : correlation.low > 0 || correlation.high < 0
          ? t('rank correlation {0}', correlation.value.toFixed(2).replace('-', '−'))
          : t('no trend beyond chance'),
    target: isGoal(spec.y, goal) ? (goal?.target ?? null) : null,
  };
}

function EMPTY(column: ScatterSpec['x']) {
  return { column, title: columnTitle(column), cells: [], numbers: new Float64Array(), isNumeric: true };
}

/** The area of a bubble goes by the value; the least is still seen. */
function radiiOf(values: Float64Array): Float64Array {
  const span = spanOf(values);
  if (span === null) return values.map(() => LEAST_RADIUS);
  const isLogarithmic = isBetterLogarithmic(values);
  const at = (value: number) => (isLogarithmic ? Math.log(value) : value);
  const [min, max] = [at(span.min), at(span.max)];
  return values.map((value) => {
    if (!Number.isFinite(value)) return LEAST_RADIUS;
    const share = max > min ? (at(value) - min) / (max - min) : 0.5;
    return Math.sqrt(LEAST_RADIUS ** 2 + share * (MOST_RADIUS ** 2 - LEAST_RADIUS ** 2));
  });
}

const plot: Plot<ScatterSpec, PreparedScatter> = {
  title,
  prepare,
  pointing: 'both',
  missing(prepared) {
    if (prepared.rows.runs.length === 0) return t('No run of the table is here yet.');
    const [x, y] = prepared.rows.columns;
    if (prepared.drawn > 0 || !x || !y) return null;
    return t('No run has both {0} and {1}.', x.title, y.title);
  },
  config: (prepared, theme) => ({
    type: 'scatter',
    data: { datasets: [] },
    options: optionsOf(prepared.x.axis, prepared.y.axis, theme),
  }),
  paint(prepared, chart, theme) {
    drawPoints(chart, prepared.groups, prepared.x.positions, prepared.y.positions, prepared.radii, theme);
    if (prepared.target !== null)
      drawLevel(
        chart,
        'y',
        prepared.target,
        t('target {0}', String(prepared.target)),
        theme.passed,
        [4, 4],
        theme,
      );
  },
  spots: (prepared) => spotsOf(prepared.groups, prepared.rows, prepared.x.positions, prepared.y.positions),
  summary: (prepared) =>
    [runsWord(prepared.drawn), ...(prepared.trend === null ? [] : [prepared.trend])].join(', '),
  description(prepared) {
    const [x, y, size] = prepared.rows.columns;
    if (!x || !y) return '';
    const words = t(
      '{0} over {1}, {2} runs',
      columnWord(y.column),
      columnWord(x.column),
      formatCount(prepared.drawn),
    );
    return [
      words,
      ...(size ? [t('size is {0}', columnWord(size.column))] : []),
      ...(prepared.trend === null ? [] : [prepared.trend]),
    ].join(', ');
  },
  rows: (prepared) => valueRows(prepared.rows),
  clauses(prepared, area) {
    const [x, y] = prepared.rows.columns;
    if (!x || !y) return [];
    return [
      ...clausesOf(x.column, prepared.x.names, area.x, prepared.x.positions),
      ...clausesOf(y.column, prepared.y.names, area.y, prepared.y.positions),
    ];
  },
  note: (prepared) => {
    const left = prepared.rows.runs.length - prepared.drawn;
    if (left === 0) return null;
    return left === 1
      ? t('1 run has no place on these axes.')
      : t('{0} runs have no place on these axes.', formatCount(left));
  },
  onKey(key, spec, services) {
    if (key !== 'l' && key !== 'L') return false;
    services.change(
      key === 'l' ? { logarithmicX: !spec.logarithmicX } : { logarithmicY: !spec.logarithmicY },
    );
    return true;
  },
};
