import { mean, sampleVariance } from 'simple-statistics';
import type { Direction } from './goal';
import { tQuantile975 } from './noise';

/** The difference of two means, and where the true one lies 95 times of 100. */
export interface MeanDifference {
  /** The first mean less the second. */
  readonly difference: number;
  /** Null when one of the two has a single value, which tells nothing of its spread. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/**
 * Welch's interval for the difference of two means with unequal variances: d ± t(0.975, ν) · √(s₁²/n₁ + s₂²/n₂), with
 * the degrees of freedom of Welch and Satterthwaite, ν = (a + b)² / (a²/(n₁ − 1) + b²/(n₂ − 1)), a = s₁²/n₁ and
 * b = s₂²/n₂ (B. L. Welch, Biometrika 34, 1947). ν is rounded down, which makes the interval wider, never narrower.
 * Values that are no finite numbers are left out; null when one side has none.
 */
export function differenceOfMeans(
  first: readonly number[],
  second: readonly number[],
): MeanDifference | null {
  const [one, other] = [first.filter(Number.isFinite), second.filter(Number.isFinite)];
  if (one.length === 0 || other.length === 0) return null;
  const difference = mean(one) - mean(other);
  if (one.length < 2 || other.length < 2) return { difference, interval: null };
  const a = sampleVariance(one) / one.length;
  const b = sampleVariance(other) / other.length;
  const freedom = (a + b) ** 2 / (a ** 2 / (one.length - 1) + b ** 2 / (other.length - 1));
  // Without any spread there is nothing to allow for.
  const margin = a + b === 0 ? 0 : tQuantile975(Math.max(1, Math.floor(freedom))) * Math.sqrt(a + b);
  return { difference, interval: { low: difference - margin, high: difference + margin } };
}

/** What an interval allows to be said: a difference is one only when zero lies outside. */
export function verdictOf(
  interval: MeanDifference['interval'],
  direction: Direction,
): 'better' | 'worse' | 'within' | 'unknown' {
  if (interval === null) return 'unknown';
  if (interval.low <= 0 && interval.high >= 0) return 'within';
  return interval.low > 0 === (direction === 'maximize') ? 'better' : 'worse';
}
