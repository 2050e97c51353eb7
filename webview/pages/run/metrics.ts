import type { MetricColumns, PageRun, RunView } from '../../../src/api/runPage';
import { formatColumn, formatNumber } from '../../../src/model/format';
import type { MetricSummary } from '../../../src/model/run';
import { type MetricComparison, compareMetric } from '../../../src/model/runComparison';

/** The summaries of a run's metrics by name, read from the columns when they are asked for. */
export class MetricTable {
  private readonly indexes: ReadonlyMap<string, number>;

  constructor(private readonly columns: MetricColumns) {
    this.indexes = new Map(columns.names.map((name, index) => [name, index]));
  }

  get(name: string): MetricSummary | null {
    const index = this.indexes.get(name);
    if (index === undefined) return null;
    const { columns } = this;
    const at = (column: Float64Array) => column[index] ?? NaN;
    return {
      last: at(columns.last),
      lastStep: at(columns.lastStep),
      min: at(columns.min),
      minStep: at(columns.minStep),
      max: at(columns.max),
      maxStep: at(columns.maxStep),
      first: at(columns.first),
      firstStep: at(columns.firstStep),
      count: at(columns.count),
    };
  }
}

/** A row of the metrics table, as words. */
export interface MetricCells {
  readonly comparison: MetricComparison;
  readonly last: string;
  readonly best: string;
  readonly bestStep: string;
  readonly other: string;
  readonly difference: string;
}

/** One row: its values have one number of decimals, as the README of the interface wants it of a column. */
export function metricCells(
  name: string,
  own: MetricSummary,
  other: MetricSummary | null,
  view: Pick<RunView, 'goal'>,
  noise: ReadonlyMap<string, RunView['noise'][number][1]>,
): MetricCells {
  const comparison = compareMetric(name, own, other, view.goal, noise.get(name) ?? null);
  const { last, best, other: against, difference, verdict } = comparison;
  const [lastText = '', bestText = '', otherText = ''] = formatColumn([last, best?.value ?? null, against]);
  return {
    comparison,
    last: lastText,
    best: bestText,
    bestStep: best === null ? '' : formatNumber(best.step),
    other: other === null ? '–' : otherText,
    difference: difference === null ? '' : differenceText(difference, verdict, lastText),
  };
}

/** `+0.0362 ↑`, `−0.1954 ↓`, `+0.2 ≈`, or `=`. */
function differenceText(difference: number, verdict: MetricComparison['verdict'], like: string): string {
  if (verdict === 'equal') return '=';
  const decimals = /\.(\d+)$/.exec(like)?.[1]?.length ?? 0;
  const fixed = Math.abs(difference).toFixed(decimals);
  // What rounds to nothing is still a difference.
  const size =
    Number(fixed) === 0 || Math.abs(difference) >= 1e6 ? formatNumber(Math.abs(difference)) : fixed;
  const arrow = verdict === 'within' ? '≈' : difference > 0 ? '↑' : '↓';
  return `${difference > 0 ? '+' : '−'}${size} ${arrow}`;
}

/** How a system metric is called and counted: `system/cpu_utilization_percentage` is CPU utilization in %. */
export function systemTitle(metric: string): { readonly title: string; readonly unit: string } {
  const name = metric.replace(/^system\//, '');
  const found =
    /^(.*?)[_ ](percentage|percent|watt_hours|megabytes|mb|gigabytes|gb|watts|celsius|seconds)$/i.exec(name);
  const words = (found?.[1] ?? name).replaceAll(/[_/]+/g, ' ').trim();
  const title = words
    .replace(/^system /, '')
    .replaceAll(/\b(cpu|gpu)\b/g, (word) => word.toUpperCase())
    .replace(/^./, (first) => first.toUpperCase());
  const units: Readonly<Record<string, string>> = {
    percentage: '%',
    percent: '%',
    megabytes: 'MB',
    mb: 'MB',
    gigabytes: 'GB',
    gb: 'GB',
    watt_hours: 'Wh',
    watts: 'W',
    celsius: '°C',
    seconds: 's',
  };
  return { title, unit: units[found?.[2]?.toLowerCase() ?? ''] ?? '' };
}

/** CPU, memory, GPU, what was written and read, network, energy, and the rest: in this order, each by name. */
export function systemMetrics(run: PageRun): readonly string[] {
  const order = [/cpu/, /memory/, /gpu/, /written/, /read/, /network/, /energy/];
  const rank = (name: string) => {
    const found = order.findIndex((word) => word.test(name));
    return found === -1 ? order.length : found;
  };
  return run.metrics.names
    .filter((name) => name.startsWith('system/'))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
