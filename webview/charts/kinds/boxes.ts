import { BoxAndWiskers, BoxPlotController, Violin, ViolinController } from '@sgratzl/chartjs-chart-boxplot';
import { Chart } from 'chart.js';
import type { BoxesSpec } from '../../../src/model/chartSpec';
import { formatColumn, formatCount } from '../../../src/model/format';
import { isSeed } from '../../../src/model/noise';
import { columnTitle, columnWord } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import { styleOf } from '../../ui/runStyle';
import type { ChartInput, ChartKind } from '../kind';
import { optionsOf } from '../plot/axis';
import {
  type PlotRows,
  candidates,
  frameOf,
  isGoal,
  plotColumn,
  rowsOf,
  valueRows,
  wantsColumns,
  runsWord,
} from '../plot/columns';
import { type Plot, PlotView } from '../plot/plotView';
import { drawLevel } from '../plot/points';
import { type Span, padded, spanOf } from '../plot/scale';
import { toldOf } from '../plot/spots';
import { withAlpha } from '../theme';

Chart.register(BoxPlotController, BoxAndWiskers, ViolinController, Violin);

const MOST_BOXES = 16;
const FEW = 400; // Runs whose points are drawn, too.
const FEWEST_FOR_BOX = 5; // Quartiles of fewer are the points themselves.

/** How a metric lies for each value of a param: boxes, or violins, with the runs themselves while they are few. */
export const boxes: ChartKind<BoxesSpec> = {
  kind: 'boxes',
  label: t('Boxes by a Param'),
  icon: 'symbol-ruler',
  title,
  wants: (spec) => wantsColumns(spec, [spec.by, spec.value]),
  propose(id, columns, goal) {
    const found = candidates(columns, goal);
    const by = found.params.find(({ column }) => !isSeed(column.name)) ?? found.params[0];
    if (found.goal === null || by === undefined) return null;
    return { ...frameOf(id), kind: 'boxes', by: by.column, value: found.goal, violin: false };
  },
  create: (services) => new PlotView(plot, services),
};

function title(spec: BoxesSpec): string {
  return t('{0} by {1}', columnTitle(spec.value), columnTitle(spec.by));
}

export interface Box {
  readonly name: string;
  readonly rows: readonly number[];
  readonly values: readonly number[];
  /** Quartiles by linear interpolation (type 7 of Hyndman and Fan 1996), as numpy and R have them. */
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export interface PreparedBoxes {
  readonly rows: PlotRows;
  readonly boxes: readonly Box[];
  /** Groups that are not drawn. */
  readonly left: number;
  readonly span: Span;
  readonly hasPoints: boolean;
  readonly isViolin: boolean;
  readonly target: number | null;
}

export function prepare(input: ChartInput<BoxesSpec>): PreparedBoxes {
  const { spec, goal } = input;
  const rows = rowsOf(input, [spec.by, spec.value]);
  const by = rows.columns[0] ?? plotColumn(spec.by, []);
  const value = rows.columns[1] ?? plotColumn(spec.value, []);
  const groups = groupsOf(by.numbers, by.cells, by.isNumeric, value.numbers);
  const boxes = groups.slice(0, MOST_BOXES).map(({ name, rows: members }) => {
    const values = members.map((row) => value.numbers[row] ?? 0);
    const sorted = [...values].sort((a, b) => a - b);
    return {
      name,
      rows: members,
      values,
      low: quantile(sorted, 0.25),
      median: quantile(sorted, 0.5),
      high: quantile(sorted, 0.75),
    };
  });
  const count = boxes.reduce((sum, box) => sum + box.rows.length, 0);
  return {
    rows,
    boxes,
    left: groups.length - boxes.length,
    span: padded(spanOf(boxes.flatMap(({ values }) => values)) ?? { min: 0, max: 1 }, false, 0.06),
    hasPoints: count <= FEW,
    isViolin: spec.violin && boxes.some(({ values }) => values.length >= FEWEST_FOR_BOX),
    target: isGoal(spec.value, goal) ? (goal?.target ?? null) : null,
  };
}

/** The runs by their value of the param; many different numbers become eight groups of as many runs each. */
function groupsOf(
  numbers: Float64Array,
  cells: readonly (string | number | null)[],
  isNumeric: boolean,
  values: Float64Array,
): readonly { readonly name: string; readonly rows: readonly number[] }[] {
  const known = cells.flatMap((cell, row) =>
    cell === null || Number.isNaN(values[row] ?? NaN) ? [] : [row],
  );
  const distinct = new Set(known.map((row) => String(cells[row])));
  if (isNumeric && distinct.size > MOST_BOXES) {
    const sorted = known
      .filter((row) => !Number.isNaN(numbers[row] ?? NaN))
      .sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
    const size = Math.ceil(sorted.length / 8);
    return Array.from({ length: 8 }, (_, index) => sorted.slice(index * size, (index + 1) * size))
      .filter(({ length }) => length > 0)
      .map((rows) => {
        const ends = formatColumn([numbers[rows[0] ?? 0], numbers[rows.at(-1) ?? 0]]);
        return { name: ends.join('–'), rows };
      });
  }
  const groups = new Map<string, number[]>();
  for (const row of known) {
    const name = String(cells[row]);
    const found = groups.get(name);
    if (found === undefined) groups.set(name, [row]);
    else found.push(row);
  }
  const named = [...groups].map(([name, rows]) => ({ name, rows }));
  return named.length > MOST_BOXES
    ? named.sort((a, b) => b.rows.length - a.rows.length)
    : named
        .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || 0)
        .sort((a, b) => (isNumeric ? Number(a.name) - Number(b.name) : 0));
}

function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return below + (above - below) * (at - Math.floor(at));
}

const plot: Plot<BoxesSpec, PreparedBoxes> = {
  title,
  prepare,
  pointing: 'both',
  missing(prepared) {
    const [by, value] = prepared.rows.columns;
    if (prepared.rows.runs.length === 0) return t('No run of the table is here yet.');
    return prepared.boxes.length > 0 || !by || !value
      ? null
      : t('No run has both {0} and {1}.', value.title, by.title);
  },
  config(prepared, theme) {
    const { boxes, isViolin } = prepared;
    const style = {
      borderColor: theme.foreground,
      borderWidth: 1,
      backgroundColor: withAlpha(theme.accent, theme.isHighContrast ? 0 : 0.28),
      outlierRadius: 0,
      itemRadius: 0,
      meanRadius: 0,
    };
    // A box of a few values would pretend to know their distribution.
    const data = boxes.map(({ values }) => (values.length >= FEWEST_FOR_BOX ? [...values] : []));
    const names = boxes.map(({ name }) => name);
    const options = optionsOf(
      {
        title: prepared.rows.columns[0]?.title ?? '',
        span: { min: -0.5, max: boxes.length - 0.5 },
        isLogarithmic: false,
        names,
        hasGrid: false,
      },
      { title: '', span: prepared.span, isLogarithmic: false },
      theme,
    );
    const labelled = { ...options, parsing: undefined, normalized: false };
    const scales = {
      ...options.scales,
      x: {
        ...options.scales?.x,
        type: 'category' as const,
        labels: names,
        min: undefined,
        max: undefined,
        afterBuildTicks: undefined,
        ticks: {
          ...options.scales?.x?.ticks,
          callback: (_: unknown, index: number) => names[index] ?? '',
          autoSkip: true,
        },
        offset: true,
      },
    };
    return isViolin
      ? {
          type: 'violin',
          data: { labels: names, datasets: [{ data, ...style, maxBarThickness: 64 }] },
          options: { ...labelled, scales },
        }
      : {
          type: 'boxplot',
          data: {
            labels: names,
            datasets: [
              { data, ...style, maxBarThickness: 36, minStats: 'whiskerMin', maxStats: 'whiskerMax' },
            ],
          },
          options: { ...labelled, scales },
        };
  },
  paint(prepared, chart, theme) {
    const { ctx, scales } = chart;
    if (!scales.x || !scales.y) return;
    drawLevel(
      chart,
      'y',
      prepared.target,
      t('target {0}', String(prepared.target)),
      theme.passed,
      [4, 4],
      theme,
    );
    if (!prepared.hasPoints) return;
    ctx.save();
    for (const isFront of [false, true]) {
      for (const [index, box] of prepared.boxes.entries()) {
        for (const [at, row] of box.rows.entries()) {
          const { colour } = styleOf(prepared.rows.runs[row]?.slot ?? null);
          if (colour > 0 !== isFront) continue;
          const x = scales.x.getPixelForValue(index) + jitter(at) * 9;
          const y = scales.y.getPixelForValue(box.values[at] ?? NaN);
          ctx.beginPath();
          ctx.arc(x, y, isFront ? 3.5 : 2, 0, 2 * Math.PI);
          ctx.fillStyle = theme.runs[colour] ?? theme.foreground;
          ctx.fill();
        }
      }
    }
    ctx.restore();
  },
  spots: (prepared) =>
    prepared.hasPoints
      ? prepared.boxes.flatMap((box, index) =>
          box.rows.map((row, at) => ({
            at: { x: index, y: box.values[at] ?? NaN },
            runId: prepared.rows.runs[row]?.runId ?? null,
            tell: () => toldOf(prepared.rows, row),
          })),
        )
      : prepared.boxes.map((box, index) => ({
          at: { x: index, y: box.median },
          runId: null,
          tell: () => {
            const [median = '', low = '', high = ''] = formatColumn([box.median, box.low, box.high]);
            return {
              name: box.name,
              facts: [
                [t('runs'), formatCount(box.rows.length)],
                [t('median'), median],
                [t('middle half'), t('{0} to {1}', low, high)],
              ],
            };
          },
        })),
  summary: (prepared) => runsWord(prepared.boxes.reduce((sum, { rows }) => sum + rows.length, 0)),
  description(prepared) {
    const [by, value] = prepared.rows.columns;
    if (!by || !value) return '';
    const medians = formatColumn(prepared.boxes.map(({ median }) => median));
    const parts = prepared.boxes.map(({ name, rows }, index) =>
      t('{0}: median {1}, {2} runs', name, medians[index] ?? '', formatCount(rows.length)),
    );
    return t('{0} by {1}. {2}', columnWord(value.column), columnWord(by.column), parts.join('; '));
  },
  rows: (prepared) => valueRows(prepared.rows),
  note: ({ left, boxes }) =>
    left > 0
      ? t('The {0} values that most runs have; {1} more are not drawn.', boxes.length, left)
      : boxes.some(({ values }) => values.length < FEWEST_FOR_BOX)
        ? t('Fewer than {0} runs have no box.', FEWEST_FOR_BOX)
        : null,
};

/** −1 to 1, the same for the same place: points that are equal lie beside each other. */
function jitter(index: number): number {
  return ((index * 0.618034) % 1) * 2 - 1;
}
