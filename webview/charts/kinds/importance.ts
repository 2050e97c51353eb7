import { BarElement, Chart } from 'chart.js';
import { BarWithErrorBar, BarWithErrorBarsController } from 'chartjs-chart-error-bars';
import type { ImportanceSpec } from '../../../src/model/chartSpec';
import { formatCount } from '../../../src/model/format';
import { FEWEST_RUNS, type Importance, type Importances, importances } from '../../../src/model/importance';
import type { Column, ColumnInfo } from '../../../src/model/table';
import { columnTitle } from '../../table/columnWords';
import { t } from '../../ui/l10n';
import type { ChartInput, ChartKind, ChartServices } from '../kind';
import { optionsOf } from '../plot/axis';
import { type PlotColumn, candidates, frameOf, rowsOf, wantsColumns, runsWord } from '../plot/columns';
import { type Plot, PlotView } from '../plot/plotView';
import { inSlices } from '../plot/slices';
import { type Theme, withAlpha } from '../theme';

Chart.register(BarWithErrorBarsController, BarWithErrorBar, BarElement);

/** Which params go with a metric, and how sure that is: see model/importance.ts. */
export const importance: ChartKind<ImportanceSpec> = {
  kind: 'importance',
  label: t('Importance of Params'),
  icon: 'list-ordered',
  title,
  wants: (spec, _board, known = []) => wantsColumns(spec, [spec.value, ...paramsOf(known)]),
  propose(id, columns, goal) {
    const found = candidates(columns, goal);
    if (found.goal === null || found.params.length === 0) return null;
    return { ...frameOf(id), kind: 'importance', value: found.goal };
  },
  create: (services) => new PlotView(makePlot(), services),
};

const MOST_PARAMS = 60; // More than a forest of some hundred runs can tell apart.
const MOST_BARS = 6; // What stands beside its name in a chart of the usual height.
const LEAST_SHARE = 0.005; // Smaller bars are not seen.
const LITTLE = 0.2; // Of the variance; below it the shares are of something that is hardly there.

function title(spec: ImportanceSpec): string {
  return t('Importance for {0}', columnTitle(spec.value));
}

function paramsOf(known: readonly ColumnInfo[]): readonly Column[] {
  return known
    .flatMap(({ column, differs }) => (column.kind === 'param' && differs ? [column] : []))
    .slice(0, MOST_PARAMS);
}

export interface PreparedImportance {
  readonly title: string;
  /** Runs that have the metric. */
  readonly runCount: number;
  readonly paramCount: number;
  readonly isKnown: boolean;
  readonly result: Importances | null;
  /** Those that are drawn, the largest first. */
  readonly bars: readonly Importance[];
  readonly names: readonly string[];
  readonly most: number;
}

export function prepare(
  value: PlotColumn,
  params: readonly PlotColumn[],
  result: Importances | null,
  isKnown: boolean,
): PreparedImportance {
  const bars = (result?.shares ?? []).filter(({ share }) => share >= LEAST_SHARE).slice(0, MOST_BARS);
  return {
    title: value.title,
    runCount: value.numbers.reduce((sum, number) => sum + (Number.isNaN(number) ? 0 : 1), 0),
    paramCount: params.length,
    isKnown,
    result,
    bars,
    names: bars.map((bar) => bar.params.join(' × ')),
    most: Math.max(0.2, ...bars.map(({ high }) => high)) * 1.22,
  };
}

function makePlot(): Plot<ImportanceSpec, PreparedImportance> {
  let read: ChartInput['columns'] = null;
  let result: Importances | null = null;
  let isKnown = false;
  let version = 0;
  let running = new AbortController();

  return {
    title,
    pointing: 'y',
    version: () => version,
    begin(input: ChartInput<ImportanceSpec>, services: ChartServices) {
      if (input.columns === read || input.columns === null) return;
      read = input.columns;
      running.abort();
      running = new AbortController();
      const [value, ...params] = columnsOf(input);
      if (value === undefined) return;
      const named = params.map(({ title: name, cells }) => ({ name, cells }));
      inSlices(
        importances(named, value.numbers),
        (found) => {
          // The shares of before stay until there are new ones.
          result = found;
          isKnown = true;
          version += 1;
          services.invalidate();
        },
        running.signal,
      );
    },
    end: () => running.abort(),
    prepare(input) {
      const [value, ...params] = columnsOf(input);
      const empty = {
        column: input.spec.value,
        title: columnTitle(input.spec.value),
        cells: [],
        numbers: new Float64Array(),
        isNumeric: true,
      };
      return prepare(value ?? empty, params, result, isKnown);
    },
    missing(prepared) {
      if (prepared.runCount < FEWEST_RUNS) {
        return t(
          'Importance needs {0} runs with {1} to be told from chance; there are {2}.',
          FEWEST_RUNS,
          prepared.title,
          prepared.runCount,
        );
      }
      if (prepared.paramCount === 0) return t('No param differs between these runs.');
      if (!prepared.isKnown) return '';
      if (prepared.result === null) return t('{0} is the same in all of these runs.', prepared.title);
      return prepared.bars.length === 0 ? t('No param goes with {0}.', prepared.title) : null;
    },
    config(prepared, theme) {
      const { bars, names } = prepared;
      const noise = prepared.result?.noise ?? 0;
      return {
        type: 'barWithErrorBars',
        data: {
          datasets: [
            {
              data: bars.map(({ share, low, high }, index) => ({
                x: share,
                y: index,
                xMin: low,
                xMax: high,
              })),
              backgroundColor: bars.map(({ share, low }) => barColour(share > noise && low > 0, theme)),
              barThickness: 11,
              errorBarColor: withAlpha(theme.foreground, 0.7),
              errorBarWhiskerColor: withAlpha(theme.foreground, 0.7),
              errorBarLineWidth: 1,
              errorBarWhiskerLineWidth: 1,
              errorBarWhiskerSize: 7,
              errorBarWhiskerRatio: 0,
              grouped: false,
            },
          ],
        },
        options: {
          ...optionsOf(
            { title: '', span: { min: 0, max: prepared.most }, isLogarithmic: false },
            {
              title: '',
              span: { min: -0.6, max: names.length - 0.4 },
              isLogarithmic: false,
              names,
              hasGrid: false,
            },
            theme,
          ),
          indexAxis: 'y',
          layout: { padding: { top: noise > 0 ? 16 : 4, right: 12 } },
        },
      };
    },
    paintBehind(prepared, { ctx, scales, chartArea: area }, theme) {
      const noise = prepared.result?.noise ?? null;
      if (noise === null || !scales.x) return;
      const right = Math.min(area.right, scales.x.getPixelForValue(noise));
      ctx.save();
      ctx.fillStyle = withAlpha(theme.foreground, theme.isHighContrast ? 0 : 0.09);
      ctx.fillRect(area.left, area.top, right - area.left, area.bottom - area.top);
      if (theme.isHighContrast) {
        ctx.strokeStyle = theme.foreground;
        ctx.setLineDash([3, 3]);
        ctx.strokeRect(area.left, area.top, right - area.left, area.bottom - area.top);
      }
      ctx.font = `11px ${theme.fontFamily}`;
      ctx.fillStyle = theme.description;
      ctx.fillText(t('seed noise'), area.left + 2, area.top - 5);
      ctx.restore();
    },
    paint({ bars }, { ctx, scales }, theme) {
      const { x, y } = scales;
      if (!x || !y) return;
      ctx.save();
      ctx.font = `11px ${theme.fontFamily}`;
      ctx.fillStyle = theme.description;
      ctx.textBaseline = 'middle';
      for (const [index, { share, high }] of bars.entries())
        ctx.fillText(share.toFixed(2), x.getPixelForValue(high) + 6, y.getPixelForValue(index));
      ctx.restore();
    },
    spots: ({ bars, names, result: found }) =>
      bars.map(({ share, low, high }, index) => ({
        at: { x: share, y: index },
        runId: null,
        tell: () => ({
          name: names[index] ?? '',
          facts: [
            [t('share of the variance'), share.toFixed(3)],
            [t('95 % of the trees'), t('{0} to {1}', low.toFixed(3), high.toFixed(3))],
            ...(found !== null && found.noise !== null
              ? [[t('seeds alone'), found.noise.toFixed(3)] as const]
              : []),
          ],
        }),
      })),
    summary: (prepared) => {
      const words = runsWord(prepared.runCount);
      if (prepared.result === null || prepared.result.explained >= LITTLE) return words;
      return t('{0}, params explain little of it', words);
    },
    description({ bars, names, runCount, title: metric }) {
      const parts = bars.map(({ share, low, high }, index) =>
        t('{0} {1} ({2} to {3})', names[index] ?? '', share.toFixed(2), low.toFixed(2), high.toFixed(2)),
      );
      return t('Importance for {0}, {1} runs: {2}', metric, formatCount(runCount), parts.join('; '));
    },
    rows: (prepared) => [
      [t('param'), t('share of the variance'), t('low'), t('high')],
      ...(prepared.result?.shares ?? []).map(({ params, share, low, high }) => [
        params.join(' × '),
        share,
        low,
        high,
      ]),
    ],
    note: ({ result: found }) =>
      found === null
        ? null
        : t(
            'fANOVA, whiskers: 95 % of {0} trees; explains {1} % of unseen runs',
            found.treeCount,
            Math.max(0, Math.round(found.explained * 100)),
          ),
  };
}

function columnsOf(input: ChartInput<ImportanceSpec>): readonly PlotColumn[] {
  return rowsOf(input, input.wanted ?? [input.spec.value]).columns;
}

function barColour(isTold: boolean, theme: Theme): string {
  return isTold ? theme.accent : withAlpha(theme.accent, 0.4);
}
