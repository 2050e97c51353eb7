/**
 * What a difference between two runs may be by chance alone, from runs that differ in their seed only. Pure.
 */
export interface Noise {
  /** The pooled standard deviation over seeds. */
  readonly spread: number;
  /** How many runs it was learned from. */
  readonly runCount: number;
  /** Two single runs of the same configuration differ by less than this 95 times of 100. */
  readonly threshold: number;
}

/**
 * The noise of a metric from groups of values: the runs of one group differ in their seed only. Null when no group
 * has two values. The threshold is a prediction interval for the difference of two single runs,
 * t(0.975, df) · s · √2 with the pooled s² = Σ (x − x̄)² / df and df = Σ (n − 1).
 */
export function noiseOf(groups: readonly (readonly number[])[]): Noise | null {
  let squares = 0;
  let freedom = 0;
  let runCount = 0;
  for (const group of groups) {
    const values = group.filter(Number.isFinite);
    if (values.length < 2) continue;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    squares += values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    freedom += values.length - 1;
    runCount += values.length;
  }
  if (freedom === 0) return null;
  const spread = Math.sqrt(squares / freedom);
  return { spread, runCount, threshold: tQuantile975(freedom) * spread * Math.SQRT2 };
}

/** Student's t at 0.975 by degrees of freedom, as tables have it. */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * Student's t at 0.975, by degrees of freedom. Beyond the table the first terms of its expansion around the normal
 * quantile z (Cornish and Fisher).
 */
export function tQuantile975(freedom: number): number {
  const z = 1.959964;
  return T_975[freedom - 1] ?? z + (z ** 3 + z) / (4 * freedom);
}

const SEED_NAME = /(^|[._\-/])(seed|random_seed|random_state|rng_seed|manual_seed)s?$/i;

/** Whether a param's name says that it seeds random numbers. */
export function isSeed(param: string): boolean {
  return SEED_NAME.test(param);
}

/** The params that make a configuration: all but the seeds, as one text to compare by. */
export function configurationOf(params: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.entries(params)
      .filter(([name]) => !isSeed(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The seeds of a run as one text; null when it has none. */
export function seedsOf(params: Readonly<Record<string, string>>): string | null {
  const seeds = Object.entries(params).filter(([name]) => isSeed(name));
  return seeds.length === 0 ? null : JSON.stringify(seeds.sort(([a], [b]) => (a < b ? -1 : 1)));
}
