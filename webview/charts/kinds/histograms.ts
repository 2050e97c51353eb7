import type { HistogramsSpec } from '../../../src/model/chartSpec';
import { formatCount, formatNumber } from '../../../src/model/format';
import { type StepHistogram, readHistogram, readHistograms } from '../../../src/model/loggedHistograms';
import { stepIn } from '../../../src/model/loggedImage';
import { t } from '../../ui/l10n';
import { styleOf } from '../../ui/runStyle';
import { type Panels, PanelsView, type Size } from '../artifacts/panelsView';
import { type Artifacts, endings, filesAtTop, readFolder, readText } from '../artifacts/reader';
import type { ChartKind } from '../kind';
import { frameOf, runsWord } from '../plot/columns';
import { linearTicks, tickLabels } from '../plot/scale';
import { type Theme, withAlpha } from '../theme';
import { formatStep } from '../ticks';

/** How a distribution moves over steps: a ridge for each, the first at the back. */
export const histograms: ChartKind<HistogramsSpec> = {
  kind: 'histograms',
  label: t('Histograms over Steps'),
  icon: 'pulse',
  title,
  wants: () => ({ series: [], columns: null }),
  propose: (id, columns) =>
    columns.length === 0
      ? null
      : { ...frameOf(id, 2), height: TALL, kind: 'histograms', path: 'histograms.json' },
  create: (services) => new PanelsView(panels, services),
};

function title(spec: HistogramsSpec): string {
  return t('Histograms {0}', spec.path);
}

const TALL = 340; // Pixels: two rows of panels.
const MOST_RIDGES = 24; // More lie so close that none is seen; evenly chosen, first and last among them.

const panels: Panels<HistogramsSpec, readonly StepHistogram[]> = {
  title,
  isVector: () => true,
  async read(artifacts, run, path) {
    const file = await readText(artifacts, run.runId, endings(path, ['json', 'csv']));
    if (file === null) return readEachStep(artifacts, run.runId, path.replace(/\.\w+$/, ''));
    const found = readHistograms(file.path, file.text);
    if (found.length === 0) throw new Error(t('{0} holds no histograms by step.', file.path));
    return found;
  },
  missing: (spec) =>
    t(
      'No run that is on has {0}: a list of {"step": …, "counts": […], "bin_edges": […]}, as JSON or CSV.',
      spec.path,
    ),
  async offer(artifacts, { runId }) {
    const top = await readFolder(artifacts, runId, '');
    const folders = (top?.entries ?? []).filter(({ isFolder }) => isFolder).map(({ name }) => name);
    return [...(await filesAtTop(artifacts, runId, /\.(json|csv)$/i)), ...folders];
  },
  caption: (value) => (value.length === 1 ? t('1 step') : t('{0} steps', formatCount(value.length))),
  paint: (ctx, { run, value }, size, theme) =>
    drawRidges(ctx, value, size, theme, theme.runs[styleOf(run.slot).colour] ?? theme.accent),
  tell({ run, value }, size, _x, y) {
    const shown = ridgesOf(value);
    const first = top(size, shown.length);
    const share = (y - first) / Math.max(1, bottom(size) - first);
    const one = shown[Math.round(share * (shown.length - 1))];
    if (one === undefined) return null;
    return {
      name: run.name,
      slot: run.slot,
      facts: [
        ['step', formatStep(one.step)],
        [t('values'), formatCount(one.counts.reduce((sum, count) => sum + count, 0))],
        [t('median'), formatNumber(Number(medianOf(one).toPrecision(4)))],
      ],
    };
  },
  summary: (all) => runsWord(all.length),
  description(spec, all) {
    const parts = all.map(({ run, value }) => {
      const [first, last] = [value[0], value.at(-1)];
      if (first === undefined || last === undefined) return run.name;
      return t(
        '{0}: median {1} at step {2}, {3} at step {4}',
        run.name,
        formatNumber(Number(medianOf(first).toPrecision(3))),
        formatStep(first.step),
        formatNumber(Number(medianOf(last).toPrecision(3))),
        formatStep(last.step),
      );
    });
    return t('Histograms over steps from {0}. {1}', spec.path, parts.join('; '));
  },
  rows: (all) => [
    ['run', 'step', t('from'), t('to'), t('count')],
    ...all.flatMap(({ run, value }) =>
      value.flatMap(({ step, edges, counts }) =>
        counts.map((count, bin) => [run.name, step, edges[bin] ?? '', edges[bin + 1] ?? '', count]),
      ),
    ),
  ],
};

/** A folder with a file for each step; of more than can be drawn as ridges some, first and last among them. */
async function readEachStep(
  artifacts: Artifacts,
  runId: Parameters<Artifacts['listArtifacts']>[0]['runId'],
  folder: string,
): Promise<readonly StepHistogram[] | null> {
  const listed = await readFolder(artifacts, runId, folder);
  const named = (listed?.entries ?? [])
    .flatMap(({ name, isFolder }) => {
      const step = isFolder || !/\.json$/i.test(name) ? null : stepIn(name);
      return step === null ? [] : [{ name, step }];
    })
    .sort((a, b) => a.step - b.step);
  const found: StepHistogram[] = [];
  for (const { name, step } of spread(named)) {
    const file = await readText(artifacts, runId, [`${folder}/${name}`]);
    const made = file === null ? null : readHistogram(file.path, file.text, step);
    if (made !== null) found.push(made);
  }
  if (named.length > 0 && found.length === 0) throw new Error(t('{0} holds no histograms by step.', folder));
  return found.length === 0 ? null : found.sort((a, b) => a.step - b.step);
}

/** Where half of the values lie below, evenly spread within a bin. */
export function medianOf({ edges, counts }: StepHistogram): number {
  const half = counts.reduce((sum, count) => sum + count, 0) / 2;
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    const [left, right] = [edges[bin] ?? NaN, edges[bin + 1] ?? NaN];
    if (below + count >= half && count > 0) return left + ((half - below) / count) * (right - left);
    below += count;
  }
  return NaN;
}

export function ridgesOf(all: readonly StepHistogram[]): readonly StepHistogram[] {
  return spread(all);
}

function spread<One>(all: readonly One[]): readonly One[] {
  if (all.length <= MOST_RIDGES) return all;
  const at = (index: number) => all[Math.round((index * (all.length - 1)) / (MOST_RIDGES - 1))];
  return Array.from({ length: MOST_RIDGES }, (_, index) => at(index)).flatMap((one) =>
    one === undefined ? [] : [one],
  );
}

const [RIGHT, AXIS] = [34, 16];
const LEAST_RISE = 0.22; // Of the height: ridges that lie close still show their shape.
const OVERLAP = 1.6; // Of the room between two ridges.
const bottom = (size: Size) => size.height - AXIS - 3;

/** How high the highest ridge rises: the one at the back still has all of its room. */
export function riseOf(size: Size, count: number): number {
  const room = bottom(size) - 2;
  return Math.max(LEAST_RISE * size.height, (OVERLAP * room) / (Math.max(1, count) - 1 + OVERLAP));
}

/** Where the ridge at the back stands. */
const top = (size: Size, count: number) => riseOf(size, count) + 2;

function drawRidges(
  ctx: CanvasRenderingContext2D,
  all: readonly StepHistogram[],
  size: Size,
  theme: Theme,
  colour: string,
): void {
  const shown = ridgesOf(all);
  const span = {
    min: Math.min(...shown.map(({ edges }) => edges[0] ?? Infinity)),
    max: Math.max(...shown.map(({ edges }) => edges.at(-1) ?? -Infinity)),
  };
  // Bins may differ in width: heights are densities, so that areas can be compared.
  const densities = shown.map(({ edges, counts }) => {
    const total = Math.max(
      1e-12,
      counts.reduce((sum, count) => sum + count, 0),
    );
    return counts.map(
      (count, bin) => count / total / Math.max(1e-12, (edges[bin + 1] ?? 0) - (edges[bin] ?? 0)),
    );
  });
  const most = Math.max(1e-12, ...densities.map((one) => Math.max(...one)));
  const x = (value: number) => ((value - span.min) / (span.max - span.min)) * (size.width - RIGHT);
  const rise = riseOf(size, shown.length);
  const first = top(size, shown.length);
  ctx.font = `11px ${theme.fontFamily}`;
  ctx.textBaseline = 'middle';
  const everyLabel = Math.max(1, Math.ceil((shown.length * 13) / (bottom(size) - first)));
  for (const [index, { step, edges }] of shown.entries()) {
    const base =
      shown.length === 1 ? bottom(size) : first + ((bottom(size) - first) * index) / (shown.length - 1);
    ctx.beginPath();
    ctx.moveTo(x(edges[0] ?? 0), base);
    for (const [bin, density] of (densities[index] ?? []).entries()) {
      const y = base - (density / most) * rise;
      ctx.lineTo(x(edges[bin] ?? 0), y);
      ctx.lineTo(x(edges[bin + 1] ?? 0), y);
    }
    ctx.lineTo(x(edges.at(-1) ?? 0), base);
    ctx.fillStyle = theme.background;
    ctx.fill();
    if (!theme.isHighContrast) {
      const age = shown.length === 1 ? 1 : index / (shown.length - 1);
      ctx.fillStyle = withAlpha(colour, 0.12 + 0.4 * age);
      ctx.fill();
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.stroke();
    if (index % everyLabel !== 0 && index !== shown.length - 1) continue;
    ctx.textAlign = 'left';
    ctx.fillStyle = theme.description;
    ctx.fillText(formatStep(step), size.width - RIGHT + 5, base);
  }
  const ticks = linearTicks(span, Math.max(3, Math.floor(size.width / 50)));
  const labels = tickLabels(ticks, false);
  ctx.textAlign = 'center';
  for (const [index, tick] of ticks.entries()) {
    ctx.fillStyle = theme.description;
    ctx.fillText(
      labels[index] ?? '',
      Math.min(size.width - RIGHT - 8, Math.max(10, x(tick))),
      size.height - 7,
    );
  }
}
