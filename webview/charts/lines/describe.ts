import { formatNumber } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import { formatStep } from '../ticks';
import { axisLabel } from './axis';
import type { Best, PreparedLines } from './types';

/** What stands beside the title: how many runs, what was done to their lines, and the best of them. */
export function summaryOf(chart: PreparedLines): string {
  const words = [runsOf(chart)];
  const bands = chart.lines.filter(({ band }) => band !== null);
  if (bands.length > 0) {
    const kinds = new Set(bands.map(({ band }) => band?.kind));
    words.push(
      kinds.has('interval')
        ? t('mean and 95 % band over seeds')
        : t('mean with lowest and highest of the seeds'),
    );
  }
  if (chart.logarithmicY) words.push(t('log'));
  if (chart.smoothing > 0) words.push(t('smoothed'));
  if (chart.best !== null && chart.smoothing === 0 && bands.length === 0)
    words.push(bestIn(chart, chart.best));
  if (chart.withoutX > 0) words.push(t('{0} without {1}', chart.withoutX, axisLabel(chart.axis)));
  return words.join(', ');
}

function runsOf(chart: PreparedLines): string {
  const shown = chart.lines.reduce((sum, { runCount }) => sum + runCount, 0);
  if (shown < chart.runCount) return t('{0} of {1} runs', shown, chart.runCount);
  return shown === 1 ? t('1 run') : t('{0} runs', shown);
}

/** How many seeds lie behind the means: "3 seeds each", "2 to 5 seeds"; '' without means. */
export function seedsOf(chart: PreparedLines): string {
  const counts = chart.lines.flatMap(({ band, runCount }) => (band === null ? [] : [runCount]));
  if (counts.length === 0) return '';
  const [min, max] = [Math.min(...counts), Math.max(...counts)];
  return min === max ? t('{0} seeds each', min) : t('{0} to {1} seeds', min, max);
}

/** One value is the best of the goal's metric only; of others nobody said which way is better. */
function bestIn(chart: PreparedLines, best: Best): string {
  const value = formatNumber(best.value);
  if (chart.isGoal) return t('best {0} {1}', value, best.run.name);
  return chart.direction === 'minimize'
    ? t('lowest {0} {1}', value, best.run.name)
    : t('highest {0} {1}', value, best.run.name);
}

/** A chart in one line of text, for those who do not see it. */
export function describeLines(chart: PreparedLines): string {
  const { best } = chart;
  if (best === null) return t('{0}, no points yet', chart.metric);
  const range =
    chart.y === null ? '' : ` ${t('From {0} to {1}.', formatNumber(chart.y.min), formatNumber(chart.y.max))}`;
  return (
    t(
      '{0} over {1}, {2}, {3} at step {4}, {5}. Arrow keys read the values.',
      chart.metric,
      axisLabel(chart.axis),
      runsOf(chart),
      bestIn(chart, best),
      formatStep(best.step),
      trendOf(chart),
    ) + range
  );
}

/** Where the best run's line goes in its last third. */
function trendOf(chart: PreparedLines): string {
  const id = chart.best?.run.runId;
  const line = chart.lines.find(({ runIds }) => runIds.some((runId) => runId === id));
  const values = (line?.curve.smooth ?? line?.curve.y ?? new Float64Array()).filter(Number.isFinite);
  const from = values[Math.floor((values.length * 2) / 3)];
  const to = values.at(-1);
  if (from === undefined || to === undefined || values.length < 3) return t('steady');
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) [min, max] = [Math.min(min, value), Math.max(max, value)];
  if (Math.abs(to - from) <= (max - min) * 0.01) return t('steady');
  return to > from ? t('rising') : t('falling');
}
