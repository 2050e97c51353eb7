import { t } from '../ui/l10n';
import { formatNumber } from '../../src/model/format';
import type { Best, PreparedLines } from './line';
import { formatStep } from './ticks';

/** What stands beside a chart's title: how many runs, and the best of them. */
export function summaryOf(chart: PreparedLines, runCount: number): string {
  const shown = chart.lines.length;
  const runs =
    shown < runCount
      ? t('{0} of {1} runs', shown, runCount)
      : shown === 1
        ? t('1 run')
        : t('{0} runs', shown);
  const { best } = chart;
  return best === null ? runs : `${runs}, ${bestIn(chart, best)}`;
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
export function describeChart(chart: PreparedLines): string {
  const { best } = chart;
  if (best === null) return t('{0}, no points yet', chart.metric);
  return t(
    '{0}, {1} at step {2}, {3}. Arrow keys read the values.',
    chart.metric,
    summaryOf(chart, chart.lines.length),
    formatStep(best.step),
    trendOf(chart),
  );
}

/** Where the best run's line goes in its last third. */
function trendOf(chart: PreparedLines): string {
  const line = chart.lines.find(({ run }) => run.runId === chart.best?.run.runId);
  const values = [...(line?.values ?? [])].filter(Number.isFinite);
  const from = values[Math.floor((values.length * 2) / 3)];
  const to = values.at(-1);
  if (from === undefined || to === undefined || values.length < 3) return t('steady');
  const spread = Math.max(...values) - Math.min(...values);
  if (Math.abs(to - from) <= spread * 0.01) return t('steady');
  return to > from ? t('rising') : t('falling');
}
