import type { Goal } from '../../model/goal';
import { formatAgo, formatColumn, formatCount } from '../../model/format';
import { type Run, type RunId, isOver } from '../../model/run';
import type { Series } from '../../model/series';
import { chartLink, escapeMarkdown, paragraphs, picture, runLink, table } from '../markdown';
import { PLOT_WIDTH, drawPicture } from '../picture';
import type { MetricUsage } from '../usage';
import type { HoverFeature, HoverRequest } from './feature';

/** On a metric's name: its best and its last value, their curves, and how many runs have it. */
export const metricHover: HoverFeature = {
  kind: 'metric',
  async show(usage, request, signal) {
    const known = await usage.metricUsage(request.symbol.name, signal);
    if (known === null) return null;
    const runIds = [...new Set([known.best?.run.runId, known.last.run.runId])].filter(
      (id) => id !== undefined,
    );
    const experimentId = (known.best ?? known.last).run.experimentId;
    const [series, goal] = await Promise.all([
      optional(usage.series(runIds, known.metric, PLOT_WIDTH, signal)),
      known.isGoal ? optional(usage.goalOf(experimentId, signal)) : null,
    ]);
    return write(known, series ?? [], goal?.metric === known.metric ? goal : null, request);
  },
};

/** The picture and the target are extras: without them the hover still says the rest. */
async function optional<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch {
    /* The server went away or took too long between two questions. */
    return null;
  }
}

function write(
  known: MetricUsage,
  series: readonly Series[],
  goal: Goal | null,
  { folder, theme, now }: HoverRequest,
): string {
  const { metric, best, last } = known;
  const svg = drawPicture(pictureOf(known, series, goal?.target ?? null), theme);
  const [bestText = '', lastText = ''] = formatColumn([best?.value, last.value]);
  const bestRow = best === null ? ['Best', '–', '', ''] : row('Best', `**${bestText}**`, best, folder, now);
  return paragraphs([
    `**${escapeMarkdown(metric)}** ${headingOf(known, goal)}`,
    svg === null ? null : picture(`${metric}: ${best === null ? 'no number yet' : `best ${bestText}`}`, svg),
    table(
      ['left', 'right', 'left', 'left'],
      ['', '', '', ''],
      [bestRow, row('Last', lastText, last, folder, now), ['Runs', formatCount(known.runCount), '', '']],
    ),
    [
      chartLink(folder, best === null ? [last.run] : [best.run, last.run], metric),
      runLink(folder, (best ?? last).run, best === null ? 'Open Last Run' : 'Open Best Run'),
    ].join(' | '),
  ]);
}

/** "goal: maximize, target 0.98", or only the direction in which the best was looked for. */
function headingOf(known: MetricUsage, goal: Goal | null): string {
  if (!known.isGoal) return known.direction;
  const direction = goal?.direction ?? known.direction;
  const target = goal?.target ?? null;
  return `goal: ${direction}${target === null ? '' : `, target ${typed(target)}`}`;
}

/** A target is a number that a person wrote: 0.98 stays 0.98. */
function typed(target: number): string {
  return String(target).replaceAll('-', '−');
}

function row(
  head: string,
  value: string,
  { run, step }: { readonly run: Run; readonly step: number },
  folder: string,
  now: number,
): readonly string[] {
  return [head, value, runLink(folder, run), `step ${formatCount(step)}, ${whenOf(run, now)}`];
}

function whenOf(run: Run, now: number): string {
  return isOver(run.state) ? formatAgo(run.endedAt ?? run.startedAt ?? run.createdAt, now) : run.state;
}

function pictureOf(known: MetricUsage, series: readonly Series[], target: number | null) {
  const curveOf = (runId: RunId, label: string, colour: 'first' | 'second') => {
    const found = series.find((one) => one.runId === runId);
    const points = found?.steps.map((x, index) => ({ x, y: found.values[index] ?? NaN })) ?? [];
    return { label, colour, shape: 'line' as const, points };
  };
  const bestId = known.best?.run.runId;
  const lastId = known.last.run.runId;
  const curves =
    bestId === undefined
      ? [curveOf(lastId, 'last', 'second')]
      : bestId === lastId
        ? [curveOf(bestId, 'best', 'first')]
        : [curveOf(bestId, 'best', 'first'), curveOf(lastId, 'last', 'second')];
  const steps = curves.flatMap((curve) => curve.points.map(({ x }) => x));
  const [from, to] = [Math.min(...steps), Math.max(...steps)];
  const ticks =
    steps.length === 0
      ? []
      : from === to
        ? [{ x: from, label: `step ${formatCount(from)}` }]
        : [
            { x: from, label: `step ${formatCount(from)}` },
            { x: to, label: formatCount(to) },
          ];
  return { curves, target, ticks };
}
