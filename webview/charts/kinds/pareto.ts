import { Chart, ScatterController } from 'chart.js';
import type { ParetoSpec } from '../../../src/model/chartSpec';
import { formatCount } from '../../../src/model/format';
import { defaultDirection } from '../../../src/model/goal';
import { paretoFront } from '../../../src/model/pareto';
import type { Column } from '../../../src/model/table';
import { columnTitle, columnWord } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import type { ChartInput, ChartKind } from '../kind';
import { type Along, alongColumn } from '../plot/along';
import { optionsOf } from '../plot/axis';
import { clausesOf } from '../plot/clauses';
import {
  type PlotRows,
  candidates,
  cellText,
  frameOf,
  plotColumn,
  rowsOf,
  valueRows,
  wantsColumns,
} from '../plot/columns';
import { type Plot, PlotView } from '../plot/plotView';
import { type PointGroup, drawPoints, groupPoints } from '../plot/points';
import { isBetterLogarithmic } from '../plot/scale';
import { spotsOf } from '../plot/spots';

Chart.register(ScatterController);

/** Two goals against each other: the runs that none other beats in both are joined, all others are grey. */
export const pareto: ChartKind<ParetoSpec> = {
  kind: 'pareto',
  label: t('Pareto Front'),
  icon: 'graph-line',
  title,
  wants: (spec) => wantsColumns(spec, [spec.x, spec.y]),
  propose(id, columns, goal) {
    const found = candidates(columns, goal);
    if (found.goal === null) return null;
    // What a good value costs is the question most often asked.
    const duration = columns.find(({ column }) => column.kind === 'attribute' && column.name === 'duration');
    const x: Column | undefined =
      duration?.column ?? found.metrics.find((column) => column.kind === 'metric');
    if (x === undefined) return null;
    return {
      ...frameOf(id),
      kind: 'pareto',
      x,
      y: found.goal,
      maximizeX: isMore(x),
      maximizeY: goal === null ? isMore(found.goal) : goal.direction === 'maximize',
    };
  },
  create: (services) => new PlotView(plot, services),
};

/** Less of time, cost and energy is better; of metrics their names tell. */
function isMore(column: Column): boolean {
  return column.kind === 'metric' && defaultDirection(column.name) === 'maximize';
}

function title(spec: ParetoSpec): string {
  return t('{0} against {1}', columnTitle(spec.y), columnTitle(spec.x));
}

export interface PreparedPareto {
  readonly rows: PlotRows;
  readonly x: Along;
  readonly y: Along;
  readonly groups: readonly PointGroup[];
  /** Rows on the front, from the best x on. */
  readonly front: readonly number[];
  readonly maximizeX: boolean;
  readonly maximizeY: boolean;
  readonly drawn: number;
}

export function prepare(input: ChartInput<ParetoSpec>): PreparedPareto {
  const { spec } = input;
  const rows = rowsOf(input, [spec.x, spec.y]);
  const columnX = rows.columns[0] ?? plotColumn(spec.x, []);
  const columnY = rows.columns[1] ?? plotColumn(spec.y, []);
  const x = alongColumn({ ...columnX, isNumeric: true }, isBetterLogarithmic(columnX.numbers));
  const y = alongColumn({ ...columnY, isNumeric: true }, isBetterLogarithmic(columnY.numbers));
  const front = paretoFront(x.positions, y.positions, spec);
  const onFront = new Set(front);
  // Runs that others beat step back, whatever colour they have elsewhere.
  const runs = rows.runs.map((run, row) => (onFront.has(row) ? run : { ...run, slot: null }));
  const groups = groupPoints(runs, x.positions, y.positions);
  return {
    rows,
    x,
    y,
    groups,
    front,
    maximizeX: spec.maximizeX,
    maximizeY: spec.maximizeY,
    drawn: groups.reduce((sum, { indexes }) => sum + indexes.length, 0),
  };
}

const plot: Plot<ParetoSpec, PreparedPareto> = {
  title,
  prepare,
  pointing: 'both',
  missing(prepared) {
    const [x, y] = prepared.rows.columns;
    if (prepared.rows.runs.length === 0) return t('No run of the table is here yet.');
    return prepared.drawn > 0 || !x || !y
      ? null
      : t('No run has numbers for both {0} and {1}.', x.title, y.title);
  },
  config(prepared, theme) {
    const arrow = (isMore: boolean) => (isMore ? '↑' : '↓');
    return {
      type: 'scatter',
      data: { datasets: [] },
      options: optionsOf(
        { ...prepared.x.axis, title: `${prepared.x.axis.title} ${prepared.maximizeX ? '→' : '←'}` },
        { ...prepared.y.axis, title: `${prepared.y.axis.title} ${arrow(prepared.maximizeY)}` },
        theme,
      ),
    };
  },
  paintBehind(prepared, { ctx, scales, chartArea: area }, theme) {
    const { x, y } = scales;
    if (!x || !y || prepared.front.length === 0) return;
    ctx.save();
    ctx.beginPath();
    let last: { readonly x: number; readonly y: number } | null = null;
    for (const row of prepared.front) {
      const at = {
        x: x.getPixelForValue(prepared.x.positions[row] ?? NaN),
        y: y.getPixelForValue(prepared.y.positions[row] ?? NaN),
      };
      // Between two runs of the front nothing better than the worse of both is known: a step, not a slope.
      if (last === null) {
        ctx.moveTo(at.x, prepared.maximizeY ? area.bottom : area.top);
        ctx.lineTo(at.x, at.y);
      } else {
        ctx.lineTo(at.x, last.y);
        ctx.lineTo(at.x, at.y);
      }
      last = at;
    }
    if (last !== null) ctx.lineTo(prepared.maximizeX ? area.left : area.right, last.y);
    ctx.strokeStyle = theme.accent;
    ctx.lineWidth = 1.5;
    ctx.stroke();
    ctx.restore();
  },
  paint(prepared, chart, theme) {
    drawPoints(chart, prepared.groups, prepared.x.positions, prepared.y.positions, null, theme);
    const { ctx, scales } = chart;
    for (const row of prepared.front) {
      if (!scales.x || !scales.y || prepared.rows.runs[row]?.slot !== null) continue;
      ctx.beginPath();
      ctx.arc(
        scales.x.getPixelForValue(prepared.x.positions[row] ?? NaN),
        scales.y.getPixelForValue(prepared.y.positions[row] ?? NaN),
        4,
        0,
        2 * Math.PI,
      );
      ctx.fillStyle = theme.accent;
      ctx.fill();
    }
  },
  spots: (prepared) => spotsOf(prepared.groups, prepared.rows, prepared.x.positions, prepared.y.positions),
  summary: (prepared) =>
    t('{0} of {1} runs on the front', formatCount(prepared.front.length), formatCount(prepared.drawn)),
  description(prepared) {
    const [x, y] = prepared.rows.columns;
    if (!x || !y) return '';
    const way = (isMore: boolean) => (isMore ? t('more is better') : t('less is better'));
    const listed = prepared.front
      .slice(0, 20)
      .map((row) => {
        const values = [y, x].map(({ column, cells }) => cellText(column, cells[row] ?? null)).join(', ');
        return `${prepared.rows.runs[row]?.name ?? ''} (${values})`;
      })
      .join('; ');
    return t(
      '{0} ({1}) against {2} ({3}). On the front: {4}',
      columnWord(y.column),
      way(prepared.maximizeY),
      columnWord(x.column),
      way(prepared.maximizeX),
      listed,
    );
  },
  rows(prepared) {
    const front = new Set(prepared.front);
    const [head = [], ...rows] = valueRows(prepared.rows);
    return [
      [...head, t('on the front')],
      ...rows.map((row, at) => [...row, front.has(at) ? t('yes') : t('no')]),
    ];
  },
  clauses(prepared, area) {
    const [x, y] = prepared.rows.columns;
    if (!x || !y) return [];
    return [
      ...clausesOf(x.column, null, area.x, prepared.x.positions),
      ...clausesOf(y.column, null, area.y, prepared.y.positions),
    ];
  },
};
