import type { FormRun } from '../../src/api/paramsPage';
import type { ParamSpec } from '../../src/model/param';
import { type ParamAxis, axisOf, shareOf } from './axis';

/** What was tried of a param, for a strip of dots: one a run, its height the goal's value. */
export type Tried =
  | { readonly kind: 'none' }
  | { readonly kind: 'only'; readonly value: string }
  | {
      readonly kind: 'several';
      readonly axis: ParamAxis;
      /** An SVG path of one dot a run, in a box of STRIP. */
      readonly path: string;
      /** In words, for those who do not see it: each value with its runs and its best. */
      readonly values: readonly TriedValue[];
    };

export interface TriedValue {
  readonly value: string;
  readonly count: number;
  readonly highest: number | null;
  readonly lowest: number | null;
}

/** The box of a strip in pixels, with room for a dot at its edges. */
export const STRIP = { width: 150, height: 26, inset: 5 } as const;

const MOST_DOTS = 300; // More make one blot; each run of many stands for its neighbours.

/** The range of the goal's values that strips show: a few runs that went wrong do not press the others flat. */
export function goalRange(runs: readonly FormRun[]): { readonly min: number; readonly max: number } | null {
  const goals = runs.flatMap(({ goal }) => (goal === null ? [] : [goal])).sort((a, b) => a - b);
  const quantile = (share: number) => goals[Math.round(share * (goals.length - 1))];
  const [min, max] = [quantile(goals.length < 20 ? 0 : 0.05), quantile(1)];
  return min === undefined || max === undefined ? null : { min, max };
}

/** Each run's value of the param against its goal. It does not depend on what is typed, so it is made once. */
export function prepareTried(
  spec: ParamSpec,
  runs: readonly FormRun[],
  range: { readonly min: number; readonly max: number } | null,
): Tried {
  const used = runs.filter((run) => run.values[spec.name] !== undefined);
  const axis = axisOf(
    spec,
    used.map((run) => run.values[spec.name] ?? ''),
  );
  const [only] = axis.values;
  if (only === undefined) return { kind: 'none' };
  if (axis.values.length === 1) return { kind: 'only', value: only };
  const drawn = range === null ? [] : used.filter((run) => run.goal !== null);
  const every = Math.max(1, Math.ceil(drawn.length / MOST_DOTS));
  const counts = new Map<number, number>();
  const dots = drawn
    .filter((_, index) => index % every === 0)
    .flatMap((run) => {
      const at = axis.at(run.values[spec.name] ?? '');
      if (at === null || run.goal === null || range === null) return [];
      const count = counts.get(at) ?? 0;
      counts.set(at, count + 1);
      const span = range.max - range.min;
      const share = span === 0 ? 0.5 : Math.min(1, Math.max(0, (run.goal - range.min) / span));
      // Runs with one value stand side by side, so that all of them are seen.
      const aside = [0, -2.5, 2.5, -5, 5][count % 5] ?? 0;
      const x = placeOf(shareOf(axis, at)) + aside;
      const y = STRIP.height - 3 - share * (STRIP.height - 7);
      return [`M${x.toFixed(1)} ${y.toFixed(1)}h0`];
    });
  return { kind: 'several', axis, path: dots.join(''), values: valuesOf(spec, axis, used) };
}

/** Where a share of the axis lies in the strip, in pixels. */
export function placeOf(share: number): number {
  return STRIP.inset + share * (STRIP.width - 2 * STRIP.inset);
}

function valuesOf(spec: ParamSpec, axis: ParamAxis, runs: readonly FormRun[]): readonly TriedValue[] {
  const byPlace = new Map<number | null, FormRun[]>();
  for (const run of runs) {
    const at = axis.at(run.values[spec.name] ?? '');
    byPlace.set(at, [...(byPlace.get(at) ?? []), run]);
  }
  return axis.values.map((value) => {
    const some = byPlace.get(axis.at(value)) ?? [];
    const goals = some.flatMap(({ goal }) => (goal === null ? [] : [goal]));
    return {
      value,
      count: some.length,
      highest: goals.length === 0 ? null : Math.max(...goals),
      lowest: goals.length === 0 ? null : Math.min(...goals),
    };
  });
}
