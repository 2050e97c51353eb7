import type { MetricSummary, Run } from './run';

export type Direction = 'maximize' | 'minimize';

/** What an experiment is about. */
export interface Goal {
  readonly metric: string;
  readonly direction: Direction;
  readonly target: number | null;
}

/** The metrics' names that mean "less is better" when they occur in a name. */
const MINIMIZED = /loss|error|rmse|mae|mse|perplexity/i;

export function defaultDirection(metric: string): Direction {
  return MINIMIZED.test(metric) ? 'minimize' : 'maximize';
}

/**
 * The goal of an experiment that names none: the first that exists of val_accuracy, val_*, accuracy, loss.
 * System metrics never are a goal.
 */
export function defaultGoal(metricNames: Iterable<string>): Goal | null {
  const names = [...metricNames].filter((name) => !name.startsWith('system/')).sort();
  const metric =
    names.find((name) => name === 'val_accuracy') ??
    names.find((name) => name.startsWith('val_')) ??
    names.find((name) => name === 'accuracy') ??
    names.find((name) => name === 'loss') ??
    null;
  return metric === null ? null : { metric, direction: defaultDirection(metric), target: null };
}

/** The best value that a metric reached, and the step at which it did. NaN when it never had a number. */
export function bestOf(summary: MetricSummary, direction: Direction): { value: number; step: number } {
  return direction === 'maximize'
    ? { value: summary.max, step: summary.maxStep }
    : { value: summary.min, step: summary.minStep };
}

/** Whether `a` is strictly better than `b`; a number is better than NaN. */
export function isBetter(a: number, b: number, direction: Direction): boolean {
  if (Number.isNaN(a)) return false;
  if (Number.isNaN(b)) return true;
  return direction === 'maximize' ? a > b : a < b;
}

/** The run with the best value of the goal's metric; of equals the earliest created. Deleted runs never win. */
export function bestRun(runs: Iterable<Run>, goal: Goal): Run | null {
  let best: { run: Run; value: number } | null = null;
  for (const run of runs) {
    const summary = run.metrics[goal.metric];
    if (summary === undefined || run.deleted) continue;
    const { value } = bestOf(summary, goal.direction);
    if (Number.isNaN(value)) continue;
    const wins =
      best === null ||
      isBetter(value, best.value, goal.direction) ||
      (value === best.value && run.createdAt < best.run.createdAt);
    if (wins) best = { run, value };
  }
  return best?.run ?? null;
}
