import { BarElement, Chart } from 'chart.js';
import { BarWithErrorBar, BarWithErrorBarsController } from 'chartjs-chart-error-bars';
import type { BarsSpec, BoardSettings } from '../../../src/model/chartSpec';
import { formatColumn, formatCount, formatNumber } from '../../../src/model/format';
import { defaultDirection } from '../../../src/model/goal';
import { isSeed } from '../../../src/model/noise';
import type { RunId } from '../../../src/model/run';
import type { Column, ColumnInfo } from '../../../src/model/table';
import { columnTitle, columnWord } from '../../table/columnWords';
import { styleOf } from '../../ui/runStyle';
import { t } from '../../ui/l10n';
import type { ChartInput, ChartKind } from '../kind';
import { type PlotAxis, optionsOf } from '../plot/axis';
import {
  type PlotRows,
  candidates,
  cellText,
  frameOf,
  isGoal,
  rowsOf,
  valueRows,
  wantsColumns,
  runsWord,
} from '../plot/columns';
import { type Plot, PlotView } from '../plot/plotView';
import { drawLevel } from '../plot/points';
import { type Span, spanOf } from '../plot/scale';
import { type Theme, withAlpha } from '../theme';

Chart.register(BarWithErrorBarsController, BarWithErrorBar, BarElement);

const MOST_NAMED = 24; // Bars that have room for a name each; more stand side by side without one.
const MOST_PARAMS = 20;

/** One column over the runs, the best first, with the champion's and the target's line. Seeds are joined when the board joins them. */
export const bars: ChartKind<BarsSpec> = {
  kind: 'bars',
  label: t('Bars'),
  icon: 'graph',
  title: (spec) => columnTitle(spec.column),
  wants: (spec, board, known = []) => wantsColumns(spec, [spec.column, ...paramsOf(board, known)]),
  propose(id, columns, goal) {
    const found = candidates(columns, goal);
    return found.goal === null ? null : { ...frameOf(id), kind: 'bars', column: found.goal };
  },
  create: (services) => new PlotView(plot, services),
};

/** What runs are joined by: all params, when one of them is a seed. */
function paramsOf(board: BoardSettings, known: readonly ColumnInfo[]): readonly Column[] {
  const params = known.flatMap(({ column, differs }) => (column.kind === 'param' && differs ? [column] : []));
  return board.joinSeeds && params.some(({ name }) => isSeed(name)) ? params.slice(0, MOST_PARAMS) : [];
}

/** A run, or several that differ in their seeds only. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** The standard deviation over seeds (n − 1); null: one run. */
  readonly deviation: number | null;
  readonly count: number;
  readonly runId: RunId | null;
  readonly slot: number | null;
}

export interface PreparedBars {
  readonly rows: PlotRows;
  readonly bars: readonly Bar[];
  readonly isNamed: boolean;
  readonly span: Span;
  readonly champion: number | null;
  readonly target: number | null;
  readonly joined: number;
}

export function prepare(input: ChartInput<BarsSpec>): PreparedBars {
  const { spec, goal, championId } = input;
  const rows = rowsOf(input, input.wanted ?? [spec.column]);
  const [column, ...params] = rows.columns;
  const isLess =
    spec.column.kind === 'metric'
      ? isGoal(spec.column, goal)
        ? goal?.direction === 'minimize'
        : defaultDirection(spec.column.name) === 'minimize'
      : false;
  const sign = isLess ? 1 : -1;
  const groups = new Map<string, number[]>();
  for (const [row, value] of (column?.numbers ?? new Float64Array()).entries()) {
    if (Number.isNaN(value)) continue;
    const key =
      params.length === 0
        ? String(row)
        : JSON.stringify(params.map(({ title, cells }) => (isSeed(title) ? null : (cells[row] ?? null))));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const bars = [...groups.values()]
    .map((members) => barOf(members, rows, sign))
    .sort((a, b) => sign * (a.value - b.value));
  const target = isGoal(spec.column, goal) ? (goal?.target ?? null) : null;
  const championRow = championId === null ? -1 : rows.runs.findIndex(({ runId }) => runId === championId);
  const champion = column?.numbers[championRow];
  const ends = bars.flatMap(({ value, deviation }) => [value - (deviation ?? 0), value + (deviation ?? 0)]);
  return {
    rows,
    bars,
    isNamed: bars.length <= MOST_NAMED,
    span: barSpan(spanOf([...ends, ...(target === null ? [] : [target])]) ?? { min: 0, max: 1 }),
    champion: champion === undefined || Number.isNaN(champion) ? null : champion,
    target,
    joined: bars.filter(({ count }) => count > 1).length,
  };
}

function barOf(members: readonly number[], rows: PlotRows, sign: number): Bar {
  const numbers = rows.columns[0]?.numbers ?? new Float64Array();
  const best = [...members].sort((a, b) => sign * ((numbers[a] ?? 0) - (numbers[b] ?? 0)))[0] ?? 0;
  const mean = members.reduce((sum, row) => sum + (numbers[row] ?? 0), 0) / members.length;
  const squares = members.reduce((sum, row) => sum + ((numbers[row] ?? 0) - mean) ** 2, 0);
  const run = rows.runs[best];
  const name = run?.name ?? '';
  return {
    name: members.length === 1 ? name : t('{0} and {1} more', name, members.length - 1),
    value: mean,
    deviation: members.length === 1 ? null : Math.sqrt(squares / (members.length - 1)),
    count: members.length,
    runId: run?.runId ?? null,
    slot: members.map((row) => rows.runs[row]?.slot ?? null).find((slot) => slot !== null) ?? null,
  };
}

/** Bars begin at zero while that does not press their differences flat; else at a round number below the least. */
function barSpan({ min, max }: Span): Span {
  if (min >= 0 && min <= max * 0.6) return { min: 0, max: max * 1.04 || 1 };
  if (max <= 0 && max >= min * 0.6) return { min: min * 1.04, max: 0 };
  if (min < 0 && max > 0) return { min: min * 1.06, max: max * 1.06 };
  const room = max > min ? (max - min) * 0.12 : Math.abs(max) * 0.1 || 1;
  return { min: min - room, max: max + room / 2 };
}

const plot: Plot<BarsSpec, PreparedBars> = {
  title: (spec) => columnTitle(spec.column),
  prepare,
  pointing: 'y',
  missing(prepared) {
    if (prepared.rows.runs.length === 0) return t('No run of the table is here yet.');
    return prepared.bars.length > 0
      ? null
      : t('No run has a number for {0}.', prepared.rows.columns[0]?.title ?? '');
  },
  config(prepared, theme) {
    const { bars, isNamed, span } = prepared;
    const values: PlotAxis = { title: '', span, isLogarithmic: false };
    const places: PlotAxis = {
      title: '',
      span: { min: -0.6, max: bars.length - 0.4 },
      isLogarithmic: false,
      hasGrid: false,
      names: isNamed ? bars.map(({ name }) => name) : [],
    };
    return {
      type: 'barWithErrorBars',
      data: {
        datasets: [
          {
            data: bars.map(({ value, deviation }, index) => ({
              x: value,
              y: index,
              ...(deviation === null ? {} : { xMin: value - deviation, xMax: value + deviation }),
            })),
            base: Math.max(span.min, Math.min(0, span.max)),
            backgroundColor: bars.map(({ slot }) => barColour(slot, theme)),
            ...(isNamed ? { barThickness: 9 } : { barPercentage: 1, categoryPercentage: 1 }),
            errorBarColor: theme.foreground,
            errorBarWhiskerColor: theme.foreground,
            errorBarLineWidth: 1,
            errorBarWhiskerLineWidth: 1,
            errorBarWhiskerSize: 6,
            errorBarWhiskerRatio: 0,
            grouped: false,
          },
        ],
      },
      options: {
        ...optionsOf(values, places, theme),
        indexAxis: 'y',
        layout: { padding: { top: 14, right: 12 } },
      },
    };
  },
  paint({ champion, target }, chart, theme) {
    const isBelow = champion !== null && target !== null && champion < target;
    drawLevel(chart, 'x', champion, t('champion'), theme.champion, [], theme, isBelow ? 'left' : 'right');
    const words = target === null ? '' : t('target {0}', String(target));
    drawLevel(chart, 'x', target, words, theme.passed, [4, 4], theme, isBelow ? 'right' : 'left');
  },
  spots: ({ bars, rows }) =>
    bars.map(({ name, value, deviation, count, runId, slot }, index) => ({
      at: { x: value, y: index },
      runId,
      tell: () => ({
        name,
        slot,
        facts: [
          [
            columnWord(rows.columns[0]?.column ?? { kind: 'param', name: '' }),
            deviation === null
              ? cellText(rows.columns[0]?.column ?? { kind: 'param', name: '' }, value)
              : formatColumn([value, deviation], deviation).join(' ± '),
          ],
          ...(count > 1 ? [[t('seeds'), String(count)] as const] : []),
          [t('place'), t('{0} of {1}', formatCount(index + 1), formatCount(bars.length))],
        ],
      }),
    })),
  summary({ bars, span, joined }) {
    const runs = runsWord(bars.reduce((sum, { count }) => sum + count, 0));
    const words = joined > 0 ? t('{0}, mean ± deviation over seeds', runs) : runs;
    // Bars that do not begin at zero say so.
    return span.min > 0 || span.max < 0
      ? t('{0}, from {1} to {2}', words, formatNumber(span.min), formatNumber(span.max))
      : words;
  },
  description({ bars, rows }) {
    const [first, last] = [bars[0], bars.at(-1)];
    const title = rows.columns[0]?.title ?? '';
    if (first === undefined || last === undefined) return title;
    return t(
      '{0}, {1} bars, from {2} {3} to {4} {5}',
      title,
      formatCount(bars.length),
      formatNumber(first.value),
      first.name,
      formatNumber(last.value),
      last.name,
    );
  },
  rows({ bars, rows, joined }) {
    if (joined === 0) return valueRows({ ...rows, columns: rows.columns.slice(0, 1) });
    return [
      ['run', rows.columns[0]?.title ?? '', t('deviation'), t('runs')],
      ...bars.map(({ name, value, deviation, count }) => [name, value, deviation ?? '', count]),
    ];
  },
};

function barColour(slot: number | null, theme: Theme): string {
  const { colour } = styleOf(slot);
  return colour === 0 ? withAlpha(theme.description, 0.45) : (theme.runs[colour] ?? theme.foreground);
}
