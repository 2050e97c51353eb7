import { type Direction, type Goal, bestOf, defaultDirection } from './goal';
import type { Noise } from './noise';
import type { MetricSummary } from './run';

/** Runs that fit side by side. More columns than this nobody reads, and each is read whole. */
export const MOST_COMPARED = 60;

/** How a metric of a run stands beside the same metric of another run. Pure. */
export interface MetricComparison {
  /** Null when nobody said, and its name does not say, which way is better. */
  readonly direction: Direction | null;
  readonly last: number;
  /** The best value and its step; without a direction null. */
  readonly best: { readonly value: number; readonly step: number } | null;
  /** Of the other run: its best, or its last without a direction; null when it has not this metric. */
  readonly other: number | null;
  /** This run's value less the other's; null when one of them is missing or no number. */
  readonly difference: number | null;
  readonly verdict: Verdict;
}

/**
 * better, worse: beyond what seeds alone do. within: not beyond. equal: no difference at all.
 * unknown: the noise is not known, or nobody said which way is better.
 */
export type Verdict = 'better' | 'worse' | 'within' | 'equal' | 'unknown';

export function compareMetric(
  metric: string,
  own: MetricSummary,
  other: MetricSummary | null,
  goal: Goal | null,
  noise: Noise | null,
): MetricComparison {
  const direction = directionOf(metric, goal);
  const best = direction === null ? null : bestOf(own, direction);
  const compared = best === null || Number.isNaN(best.value) ? own.last : best.value;
  const against = other === null ? null : comparedValue(other, direction);
  const difference = against === null ? NaN : compared - against;
  return {
    direction,
    last: own.last,
    best: best === null || Number.isNaN(best.value) ? null : best,
    other: against,
    difference: Number.isFinite(difference) ? difference : null,
    verdict: verdictOf(difference, direction, noise),
  };
}

/** What of a metric is compared: its best, or its last when it is not known which way is better. */
export function comparedValue(summary: MetricSummary, direction: Direction | null): number {
  const best = direction === null ? NaN : bestOf(summary, direction).value;
  return Number.isNaN(best) ? summary.last : best;
}

const MAXIMIZED =
  /(^|[._\-/ ])(acc|accuracy|f1|fbeta|auc|auroc|auprc|precision|recall|r2|score|map|iou|miou|dice|bleu|rouge|kappa|mcc)([._\-/ @\d]|$)/i;
const MINIMIZED =
  /(^|[._\-/ ])(latency|duration|seconds|wer|cer|fid|logloss|nll|crossentropy|cross_entropy)([._\-/ ]|$)/i;

/** Which way is better: as the goal says, else by the name; null when neither does, as for a learning rate. */
export function directionOf(metric: string, goal: Goal | null): Direction | null {
  if (goal?.metric === metric) return goal.direction;
  if (metric.startsWith('system/')) return null;
  if (defaultDirection(metric) === 'minimize' || MINIMIZED.test(metric)) return 'minimize';
  return MAXIMIZED.test(metric) ? 'maximize' : null;
}

function verdictOf(difference: number, direction: Direction | null, noise: Noise | null): Verdict {
  if (difference === 0) return 'equal';
  if (!Number.isFinite(difference) || noise === null) return 'unknown';
  if (Math.abs(difference) <= noise.threshold) return 'within';
  if (direction === null) return 'unknown';
  return difference > 0 === (direction === 'maximize') ? 'better' : 'worse';
}

/** The order of a run's metrics: the goal, then validation and test, then the others; each by name. System ones are left out. */
export function orderMetrics(names: Iterable<string>, goal: Goal | null): readonly string[] {
  const rank = (name: string) =>
    name === goal?.metric ? 0 : /^(val|valid|validation|eval|test|holdout)[._\-/ ]/i.test(name) ? 1 : 2;
  return [...names]
    .filter((name) => !name.startsWith('system/'))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** The two metrics that are worth a large chart: the goal, and the loss that goes with it. */
export function chartedMetrics(names: readonly string[], goal: Goal | null): readonly string[] {
  const lead = names.find((name) => name === goal?.metric) ?? names[0];
  if (lead === undefined) return [];
  const losses = names.filter((name) => name !== lead && /loss/i.test(name));
  const second = losses.find((name) => /^(val|valid|eval|test)/i.test(name)) ?? losses[0];
  const next = second ?? names.find((name) => name !== lead);
  return next === undefined ? [lead] : [lead, next];
}

/** A param of a run beside the other run's. */
export interface ParamComparison {
  readonly name: string;
  /** Null: this run has it not. */
  readonly own: string | null;
  readonly other: string | null;
  readonly differs: boolean;
}

/** Params with another value first, each part by name. Without another run nothing differs. */
export function compareParams(
  own: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>> | null,
): readonly ParamComparison[] {
  const mine = new Map(Object.entries(own));
  const theirs = new Map(Object.entries(other ?? {}));
  return [...new Set([...mine.keys(), ...theirs.keys()])]
    .map((name) => {
      const [value, otherValue] = [mine.get(name) ?? null, theirs.get(name) ?? null];
      return { name, own: value, other: otherValue, differs: other !== null && !isSame(value, otherValue) };
    })
    .sort((a, b) => Number(b.differs) - Number(a.differs) || (a.name < b.name ? -1 : 1));
}

/** Whether two values of a param are the same: 0.001 and 1e-3 are, written by two clients. */
export function isSame(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.trim() === '' || b.trim() === '') return false;
  return Number(a) === Number(b);
}
