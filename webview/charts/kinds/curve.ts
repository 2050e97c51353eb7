import { Chart, ScatterController } from 'chart.js';
import type { ChartRun } from '../../../src/api/pages';
import type { CurveSpec } from '../../../src/model/chartSpec';
import { type LoggedCurve, readCurve } from '../../../src/model/loggedCurve';
import { t } from '../../ui/l10n';
import { styleOf } from '../../ui/runStyle';
import { ArtifactReader, endings, readText } from '../artifacts/reader';
import { withoutSentence } from '../artifacts/withoutSentence';
import { missingSentence } from '../curve/pictures';
import { CurveView } from '../curve/view';
import type { ChartKind, ChartServices } from '../kind';
import { fitted, optionsOf } from '../plot/axis';
import { frameOf, runsWord } from '../plot/columns';
import { type Plot, PlotView } from '../plot/plotView';

Chart.register(ScatterController);

/** ROC or PR curves from a file of each run, over each other, with their areas. */
export const curve: ChartKind<CurveSpec> = {
  kind: 'curve',
  label: t('ROC or PR Curve'),
  icon: 'graph-line',
  title,
  wants: () => ({ series: [], columns: null }),
  propose: (id, columns) =>
    columns.length === 0 ? null : { ...frameOf(id), kind: 'curve', path: 'roc_curve.json', of: 'roc' },
  create(services) {
    const plot = makePlot(services);
    return new CurveView(new PlotView(plot, services), () => plot.hasNone, title, services);
  },
};

function title(spec: CurveSpec): string {
  return spec.of === 'roc' ? t('ROC curve {0}', spec.path) : t('PR curve {0}', spec.path);
}

const MOST_RUNS = 24; // As many as lines that can be told apart.

export interface PreparedCurves {
  readonly spec: CurveSpec;
  readonly lines: readonly { readonly run: ChartRun; readonly curve: LoggedCurve }[];
  readonly isReading: boolean;
  readonly problem: string | null;
  /** Names of the runs that were looked at and have no such file. */
  readonly without: readonly string[];
  readonly runCount: number;
}

/** `hasNone`: all was read, and no run has such a file. */
function makePlot(services: ChartServices): Plot<CurveSpec, PreparedCurves> & { readonly hasNone: boolean } {
  let hasNone = false;
  let of: CurveSpec['of'] = 'roc';
  let reader = newReader();
  function newReader() {
    return new ArtifactReader(
      async (run, path) => {
        const file = await readText(services.artifacts, run.runId, endings(path, ['json', 'csv']));
        if (file === null) return null;
        const found = readCurve(file.path, file.text, of);
        if (found !== null) return found;
        const names = of === 'roc' ? 'fpr, tpr' : 'precision, recall';
        throw new Error(t('{0} has no columns {1}.', file.path, names));
      },
      () => services.invalidate(),
    );
  }
  return {
    title,
    get hasNone() {
      return hasNone;
    },
    withoutColumns: true,
    pointing: 'both',
    version: () => reader.version,
    begin(input) {
      if (input.spec.of !== of) {
        of = input.spec.of;
        reader.dispose();
        reader = newReader();
      }
      reader.look(input.runs.slice(0, MOST_RUNS), input.spec.path);
    },
    end: () => reader.dispose(),
    prepare(input) {
      const found = input.runs.slice(0, MOST_RUNS).map((run) => ({ run, found: reader.of(run.runId) }));
      hasNone = found.length > 0 && found.every((one) => one.found.kind === 'none');
      return {
        spec: input.spec,
        runCount: input.runs.length,
        isReading: found.some((one) => one.found.kind === 'reading'),
        problem:
          found
            .map((one) => (one.found.kind === 'failed' ? `${one.run.name}: ${one.found.problem}` : null))
            .find((one) => one !== null) ?? null,
        without: found.flatMap((one) => (one.found.kind === 'none' ? [one.run.name] : [])),
        lines: found
          .flatMap((one) => (one.found.kind === 'there' ? [{ run: one.run, curve: one.found.value }] : []))
          .sort((a, b) => b.curve.area - a.curve.area),
      };
    },
    missing({ lines, runCount, isReading, problem, spec }) {
      if (lines.length > 0) return null;
      if (runCount === 0) return t('Turn runs on to see what they logged.');
      if (isReading) return '';
      return problem ?? missingSentence(spec);
    },
    note({ problem, without, spec, runCount }) {
      const sentences = [
        ...(problem === null ? [] : [problem]),
        ...(without.length === 0 ? [] : [withoutSentence(without, spec.path)]),
        ...(runCount > MOST_RUNS
          ? [t('The first {0} runs; {1} more are on.', MOST_RUNS, runCount - MOST_RUNS)]
          : []),
      ];
      return sentences.length === 0 ? null : sentences.join(' ');
    },
    config: ({ spec }, theme) => ({
      type: 'scatter',
      data: { datasets: [] },
      options: optionsOf(
        {
          title: spec.of === 'roc' ? t('false positive rate') : t('recall'),
          span: { min: 0, max: 1 },
          isLogarithmic: false,
        },
        {
          title: spec.of === 'roc' ? t('true positive rate') : t('precision'),
          span: { min: 0, max: 1 },
          isLogarithmic: false,
        },
        theme,
      ),
    }),
    paint({ lines, spec }, { ctx, scales, chartArea: area }, theme) {
      const { x, y } = scales;
      if (!x || !y) return;
      ctx.save();
      if (spec.of === 'roc') {
        // What a coin gives.
        ctx.strokeStyle = theme.description;
        ctx.globalAlpha = 0.5;
        ctx.setLineDash([3, 4]);
        ctx.beginPath();
        ctx.moveTo(area.left, area.bottom);
        ctx.lineTo(area.right, area.top);
        ctx.stroke();
        ctx.globalAlpha = 1;
      }
      const base = spec.of === 'pr' ? baseRateOf(lines) : null;
      if (base !== null) {
        // What calling everything positive gives.
        const at = y.getPixelForValue(base);
        ctx.strokeStyle = theme.description;
        ctx.globalAlpha = 0.5;
        ctx.setLineDash([3, 4]);
        ctx.beginPath();
        ctx.moveTo(area.left, at);
        ctx.lineTo(area.right, at);
        ctx.stroke();
        ctx.globalAlpha = 1;
      }
      for (const { run, curve: one } of [...lines].reverse()) {
        const { colour, dash } = styleOf(run.slot);
        ctx.strokeStyle = theme.runs[colour] ?? theme.foreground;
        ctx.lineWidth = one === lines[0]?.curve ? 2.25 : 1.5;
        ctx.setLineDash(
          dash === 'dashed'
            ? [6, 4]
            : dash === 'dotted'
              ? [1.5, 3]
              : theme.isHighContrast && colour > 1
                ? [2 * colour, colour]
                : [],
        );
        ctx.beginPath();
        for (let at = 0; at < one.x.length; at += 1) {
          const [px, py] = [x.getPixelForValue(one.x[at] ?? 0), y.getPixelForValue(one.y[at] ?? 0)];
          if (at === 0) ctx.moveTo(px, py);
          // Precision between two points is no straight line: the curve steps (Davis and Goadrich 2006).
          else if (spec.of === 'pr') {
            ctx.lineTo(x.getPixelForValue(one.x[at - 1] ?? 0), py);
            ctx.lineTo(px, py);
          } else ctx.lineTo(px, py);
        }
        ctx.stroke();
      }
      ctx.setLineDash([]);
      ctx.font = `11px ${theme.fontFamily}`;
      ctx.textAlign = spec.of === 'roc' ? 'right' : 'left';
      const legend = lines.slice(0, 8);
      for (const [index, { run, curve: one }] of legend.entries()) {
        const at = area.bottom - 8 - (legend.length - 1 - index) * 14;
        const edge = spec.of === 'roc' ? area.right - 4 : area.left + 6;
        ctx.fillStyle = theme.runs[styleOf(run.slot).colour] ?? theme.foreground;
        ctx.fillText(`${one.area.toFixed(4)} ${fitted(run.name)}`, edge, at);
      }
      ctx.restore();
    },
    spots: ({ lines, spec }) =>
      lines.flatMap(({ run, curve: one }) =>
        Array.from(one.x, (x, at) => ({
          at: { x, y: one.y[at] ?? NaN },
          runId: run.runId,
          tell: () => ({
            name: run.name,
            slot: run.slot,
            facts: [
              [spec.of === 'roc' ? t('false positive rate') : t('recall'), x.toFixed(4)] as const,
              [
                spec.of === 'roc' ? t('true positive rate') : t('precision'),
                (one.y[at] ?? NaN).toFixed(4),
              ] as const,
              ...(Number.isNaN(one.thresholds[at] ?? NaN)
                ? []
                : [[t('threshold'), String(Number((one.thresholds[at] ?? NaN).toPrecision(4)))] as const]),
              [spec.of === 'roc' ? t('area (AUC)') : t('average precision'), one.area.toFixed(4)] as const,
            ],
          }),
        })),
      ),
    summary: ({ lines, spec }) => {
      const best = lines[0];
      if (best === undefined) return '';
      const word = spec.of === 'roc' ? t('AUC') : t('average precision');
      return `${runsWord(lines.length)}, ${t('best {0} {1}', word, best.curve.area.toFixed(4))}`;
    },
    description: (prepared) =>
      `${title(prepared.spec)}. ${prepared.lines.map(({ run, curve: one }) => `${run.name}: ${one.area.toFixed(4)}`).join('; ')}`,
    rows: ({ lines, spec }) => [
      ['run', ...(spec.of === 'roc' ? ['fpr', 'tpr'] : ['recall', 'precision']), 'threshold', t('area')],
      ...lines.flatMap(({ run, curve: one }) =>
        Array.from(one.x, (x, at) => [run.name, x, one.y[at] ?? '', one.thresholds[at] ?? '', one.area]),
      ),
    ],
  };
}

/** The share of positives that all runs agree on; null: they do not, or the files do not say. */
function baseRateOf(lines: PreparedCurves['lines']): number | null {
  const [first, ...others] = lines.map(({ curve: one }) => one.baseRate);
  return first !== undefined && !Number.isNaN(first) && others.every((one) => Math.abs(one - first) < 1e-6)
    ? first
    : null;
}
