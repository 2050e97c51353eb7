import type { FormRun, FormValues } from '../../src/api/paramsPage';
import { type Direction, isBetter } from '../../src/model/goal';
import type { ParamSpec } from '../../src/model/param';
import { differing, distance, isSeed, meanOf, valueIn } from './likeness';

/** What runs before say about the values of the form. */
export type Known =
  /** One configuration (its seeds apart) that nobody tried: the runs nearest to it, nearest first. */
  | { readonly kind: 'new'; readonly nearest: readonly NearRun[] }
  | {
      readonly kind: 'tried';
      /** How often, runs without a value of the goal included. */
      readonly times: number;
      /** Of the runs that have a value; null when none has. */
      readonly goal: { readonly mean: number; readonly sd: number | null; readonly count: number } | null;
      /** The best first. */
      readonly runs: readonly FormRun[];
    }
  /** Several configurations. */
  | {
      readonly kind: 'several';
      readonly count: number;
      readonly tried: number;
      readonly best: FormRun | null;
    };

export interface NearRun {
  readonly run: FormRun;
  /** In what it differs: `lr 0.01`. */
  readonly differs: readonly string[];
}

const NEAREST = 3; // More than that nobody compares in a sentence.
const MOST_COMPARISONS = 200_000; // Configurations × runs; what is beyond is compared with the newest runs only.

/**
 * Compares the configurations of the form with the runs before.
 * @param configurations the values of each run to start
 */
export function prepareKnown(
  specs: readonly ParamSpec[],
  configurations: readonly FormValues[],
  runs: readonly FormRun[],
  direction: Direction,
): Known {
  const different = withoutRepetitions(specs, configurations);
  const [only] = different;
  if (different.length === 1 && only !== undefined) return ofOne(specs, only, runs, direction);
  const compared = runs.slice(0, Math.max(1, Math.floor(MOST_COMPARISONS / Math.max(1, different.length))));
  const like = different.map((values) =>
    compared.filter((run) => differing(specs, values, run).length === 0),
  );
  return {
    kind: 'several',
    count: different.length,
    tried: like.filter((some) => some.length > 0).length,
    best: bestFirst(like.flat(), direction)[0] ?? null,
  };
}

function ofOne(
  specs: readonly ParamSpec[],
  values: FormValues,
  runs: readonly FormRun[],
  direction: Direction,
): Known {
  const compared = runs.map((run) => ({ run, different: differing(specs, values, run) }));
  const like = compared.filter(({ different }) => different.length === 0).map(({ run }) => run);
  if (like.length > 0) {
    const goals = like.flatMap(({ goal }) => (goal === null ? [] : [goal]));
    return {
      kind: 'tried',
      times: like.length,
      goal: goals.length === 0 ? null : { ...meanOf(goals), count: goals.length },
      runs: bestFirst(like, direction),
    };
  }
  const near = compared
    .filter(({ run }) => run.goal !== null)
    .map(({ run, different }) => ({
      run,
      far: distance(different, values, run),
      differs: different.map((spec) => `${spec.name} ${valueIn(run, spec)}`),
    }))
    .sort((a, b) => a.far - b.far || (isBetter(a.run.goal ?? NaN, b.run.goal ?? NaN, direction) ? -1 : 1));
  const nearest = new Map<string, NearRun>();
  for (const { run, differs } of near) {
    const key = differs.join('\n');
    if (!nearest.has(key)) nearest.set(key, { run, differs });
    if (nearest.size === NEAREST) break;
  }
  return { kind: 'new', nearest: [...nearest.values()] };
}

/** Configurations that differ in their seeds only are one. */
function withoutRepetitions(
  specs: readonly ParamSpec[],
  configurations: readonly FormValues[],
): readonly FormValues[] {
  const names = specs.filter((spec) => !isSeed(spec)).map(({ name }) => name);
  const seen = new Map(configurations.map((values) => [JSON.stringify(names.map((n) => values[n])), values]));
  return [...seen.values()];
}

function bestFirst(runs: readonly FormRun[], direction: Direction): readonly FormRun[] {
  return [...runs].sort((a, b) =>
    a.goal === b.goal ? 0 : isBetter(a.goal ?? NaN, b.goal ?? NaN, direction) ? -1 : 1,
  );
}
