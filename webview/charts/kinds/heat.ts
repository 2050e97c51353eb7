import { Chart } from 'chart.js';
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix';
import type { HeatSpec } from '../../../src/model/chartSpec';
import { formatColumn, formatCount, formatNumber } from '../../../src/model/format';
import { defaultDirection } from '../../../src/model/goal';
import { isSeed } from '../../../src/model/noise';
import { columnTitle, columnWord } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import {
  type PreparedContour,
  contourConfig,
  contourRows,
  contourSpots,
  contourSummary,
  describeContour,
  noContourSentence,
  paintContour,
  prepareContour,
} from '../heat/contour';
import { LEGEND, drawLegend } from '../heat/legend';
import type { ChartInput, ChartKind } from '../kind';
import { optionsOf } from '../plot/axis';
import { type Bins, binsOf } from '../plot/bins';
import {
  type PlotRows,
  candidates,
  frameOf,
  isGoal,
  plotColumn,
  rowsOf,
  wantsColumns,
} from '../plot/columns';
import { type Plot, PlotView } from '../plot/plotView';
import { colourAt, isNearer, rampOf } from '../plot/ramp';
import { type Span, spanOf } from '../plot/scale';

Chart.register(MatrixController, MatrixElement);

/** Two params and a metric as colour: its mean in cells, where params with many values are cut into bins, or a contour. */
export const heat: ChartKind<HeatSpec> = {
  kind: 'heat',
  label: t('Heat Map of Two Params'),
  icon: 'table',
  title,
  wants: (spec) => wantsColumns(spec, [spec.x, spec.y, spec.value]),
  propose(id, columns, goal) {
    const found = candidates(columns, goal);
    const [x, y] = found.params.filter(({ column }) => !isSeed(column.name)).map(({ column }) => column);
    if (found.goal === null || x === undefined || y === undefined) return null;
    return { ...frameOf(id), kind: 'heat', x, y, value: found.goal };
  },
  create: (services) => new PlotView(makePlot(), services),
};

function title(spec: HeatSpec): string {
  return `${columnTitle(spec.x)} × ${columnTitle(spec.y)}`;
}

export interface HeatCell {
  readonly x: number;
  readonly y: number;
  readonly count: number;
  readonly mean: number;
  /** Of the sample, n − 1; null: one run. */
  readonly deviation: number | null;
  /** From the worst to the best cell: 0 to 1. */
  readonly share: number;
}

export interface PreparedHeat {
  readonly rows: PlotRows;
  readonly x: Bins;
  readonly y: Bins;
  readonly cells: readonly HeatCell[];
  readonly span: Span;
  readonly isLess: boolean;
  readonly runCount: number;
}

export function prepare(input: ChartInput<HeatSpec>): PreparedHeat {
  const { spec, goal } = input;
  const rows = rowsOf(input, [spec.x, spec.y, spec.value]);
  const x = binsOf(rows.columns[0] ?? plotColumn(spec.x, []));
  const y = binsOf(rows.columns[1] ?? plotColumn(spec.y, []));
  const values = rows.columns[2]?.numbers ?? new Float64Array();
  const groups = new Map<number, number[]>();
  for (let row = 0; row < values.length; row += 1) {
    const [i, j] = [x.of[row] ?? -1, y.of[row] ?? -1];
    if (i < 0 || j < 0 || Number.isNaN(values[row] ?? NaN)) continue;
    const key = j * x.names.length + i;
    const found = groups.get(key);
    if (found === undefined) groups.set(key, [values[row] ?? 0]);
    else found.push(values[row] ?? 0);
  }
  const isLess =
    spec.value.kind === 'metric' &&
    (isGoal(spec.value, goal)
      ? goal?.direction === 'minimize'
      : defaultDirection(spec.value.name) === 'minimize');
  const means = [...groups].map(([key, all]) => ({
    key,
    all,
    mean: all.reduce((sum, one) => sum + one, 0) / all.length,
  }));
  const span = spanOf(means.map(({ mean }) => mean)) ?? { min: 0, max: 1 };
  const cells = means.map(({ key, all, mean }) => {
    const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const share = span.max > span.min ? (mean - span.min) / (span.max - span.min) : 0.5;
    return {
      x: key % x.names.length,
      y: Math.floor(key / x.names.length),
      count: all.length,
      mean,
      deviation: all.length > 1 ? Math.sqrt(squares / (all.length - 1)) : null,
      share: isLess ? 1 - share : share,
    };
  });
  return { rows, x, y, cells, span, isLess, runCount: means.reduce((sum, { all }) => sum + all.length, 0) };
}

interface PreparedLook {
  readonly cells: PreparedHeat;
  /** Null: cells are drawn. */
  readonly contour: PreparedContour | null;
  readonly isWanted: boolean;
}

/** One of the two looks. What is pointed at are runs in one and cells in the other. */
function makePlot(): Plot<HeatSpec, PreparedLook> {
  let pointing: Plot<HeatSpec, PreparedLook>['pointing'] = 'cell';
  return {
    title,
    get pointing() {
      return pointing;
    },
    prepare(input) {
      const cells = prepare(input);
      const isWanted = input.spec.look === 'contour';
      const contour = isWanted ? prepareContour(cells.rows, cells.isLess) : null;
      pointing = contour === null ? 'cell' : 'both';
      return { cells, contour, isWanted };
    },
    missing: ({ cells }) => cellsPlot.missing(cells),
    config: ({ cells, contour }, theme) =>
      contour === null ? cellsPlot.config(cells, theme) : contourConfig(contour, theme),
    paint({ cells, contour }, chart, theme) {
      if (contour === null) cellsPlot.paint?.(cells, chart, theme);
      else paintContour(contour, chart, theme);
    },
    spots: ({ cells, contour }) => (contour === null ? cellsPlot.spots(cells) : contourSpots(contour)),
    summary: ({ cells, contour }) => (contour === null ? cellsPlot.summary(cells) : contourSummary(contour)),
    description: ({ cells, contour }) =>
      contour === null ? cellsPlot.description(cells) : describeContour(contour),
    rows: ({ cells, contour }) => (contour === null ? cellsPlot.rows(cells) : contourRows(contour)),
    note: ({ contour, isWanted }) => (isWanted && contour === null ? noContourSentence() : null),
    onKey(key, spec, services) {
      if (key !== 'c') return false;
      services.change({ look: spec.look === 'contour' ? 'cells' : 'contour' });
      return true;
    },
  };
}

const cellsPlot: Plot<HeatSpec, PreparedHeat> = {
  title,
  prepare,
  pointing: 'cell',
  missing(prepared) {
    const value = prepared.rows.columns[2];
    if (prepared.rows.runs.length === 0) return t('No run of the table is here yet.');
    return prepared.cells.length > 0 ? null : t('No run has both params and {0}.', value?.title ?? '');
  },
  config(prepared, theme) {
    const { x, y, cells } = prepared;
    const ramp = rampOf(theme);
    const options = optionsOf(
      {
        title: x.title,
        span: { min: -0.5, max: x.names.length - 0.5 },
        isLogarithmic: false,
        names: x.names,
        hasGrid: false,
      },
      {
        title: y.title,
        span: { min: -0.5, max: y.names.length - 0.5 },
        isLogarithmic: false,
        names: y.names,
        hasGrid: false,
      },
      theme,
    );
    return {
      type: 'matrix',
      data: {
        datasets: [
          {
            data: cells.map((cell) => ({ x: cell.x, y: cell.y, v: cell.mean })),
            backgroundColor: cells.map(({ share }) => colourAt(ramp, share)),
            borderWidth: theme.isHighContrast ? 1 : 0,
            borderColor: theme.foreground,
            width: ({ chart }) =>
              chart.chartArea ? (chart.chartArea.right - chart.chartArea.left) / x.names.length - 1 : 0,
            height: ({ chart }) =>
              chart.chartArea ? (chart.chartArea.bottom - chart.chartArea.top) / y.names.length - 1 : 0,
          },
        ],
      },
      options: {
        ...options,
        layout: { padding: { top: LEGEND, right: 12 } },
        scales: { ...options.scales, y: { ...options.scales?.y, reverse: false } },
      },
    };
  },
  paint(prepared, chart, theme) {
    const { ctx, chartArea: area, scales } = chart;
    const { x, y } = scales;
    if (!x || !y) return;
    const ramp = rampOf(theme);
    ctx.save();
    ctx.font = `11px ${theme.fontFamily}`;
    ctx.textBaseline = 'middle';
    const width = (area.right - area.left) / prepared.x.names.length;
    const height = (area.bottom - area.top) / prepared.y.names.length;
    const means = formatColumn(prepared.cells.map(({ mean }) => mean));
    if (width >= 44 && height >= 18) {
      ctx.textAlign = 'center';
      for (const [index, cell] of prepared.cells.entries()) {
        const back = colourAt(ramp, cell.share);
        ctx.fillStyle = isNearer(back, theme.background, theme.foreground)
          ? theme.foreground
          : theme.background;
        const at = y.getPixelForValue(cell.y);
        const hasTwo = height >= 34 && width >= 86;
        ctx.fillText(means[index] ?? '', x.getPixelForValue(cell.x), hasTwo ? at - 7 : at);
        if (hasTwo) ctx.fillText(cellNote(cell), x.getPixelForValue(cell.x), at + 7);
      }
    }
    ctx.restore();
    drawLegend(chart, ramp, prepared.span, prepared.isLess, theme);
  },
  spots: (prepared) =>
    [...prepared.cells]
      .sort((a, b) => a.y - b.y || a.x - b.x)
      .map((cell) => ({
        at: { x: cell.x, y: cell.y },
        runId: null,
        tell: () => ({
          name: `${prepared.x.title} ${prepared.x.names[cell.x] ?? ''}, ${prepared.y.title} ${prepared.y.names[cell.y] ?? ''}`,
          facts: [
            [
              prepared.rows.columns[2]?.title ?? '',
              cell.deviation === null
                ? formatNumber(cell.mean)
                : formatColumn([cell.mean, cell.deviation], cell.deviation).join(' ± '),
            ],
            [t('runs'), formatCount(cell.count)],
          ],
        }),
      })),
  summary: (prepared) =>
    t('mean of {0}, {1} runs', prepared.rows.columns[2]?.title ?? '', formatCount(prepared.runCount)),
  description(prepared) {
    const best = [...prepared.cells].sort((a, b) => b.share - a.share)[0];
    const columns = prepared.rows.columns.map(({ column }) => columnWord(column));
    if (best === undefined) return '';
    return t(
      '{0} over {1} and {2}, {3} cells. Best mean {4} at {5} and {6}, {7} runs',
      columns[2] ?? '',
      columns[0] ?? '',
      columns[1] ?? '',
      prepared.cells.length,
      formatNumber(best.mean),
      prepared.x.names[best.x] ?? '',
      prepared.y.names[best.y] ?? '',
      best.count,
    );
  },
  rows: (prepared) => [
    [prepared.x.title, prepared.y.title, t('mean'), t('deviation'), t('runs')],
    ...prepared.cells.map((cell) => [
      prepared.x.names[cell.x] ?? '',
      prepared.y.names[cell.y] ?? '',
      cell.mean,
      cell.deviation ?? '',
      cell.count,
    ]),
  ],
};

/** What stands under a cell's mean: how far its runs lie apart, and how many they are. */
function cellNote({ deviation, count }: HeatCell): string {
  return deviation === null ? t('1 run') : `± ${formatColumn([deviation])[0] ?? ''}, ${count}`;
}
