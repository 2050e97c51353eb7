import type { FormRun, FormValues } from '../../src/api/paramsPage';
import type { ParamSpec } from '../../src/model/param';
import { differing, isSeed, valueIn } from './likeness';

/** How long runs will take, and what they cost, by runs that were like them. */
export interface Forecast {
  readonly runs: number;
  /** The median of the runs it is known from. */
  readonly eachMs: number;
  /** All of them, on the slots that there are. */
  readonly totalMs: number;
  readonly slots: number;
  /** All of them; null when no run like them has a cost. */
  readonly cost: { readonly amount: number; readonly unit: string } | null;
  /** How many runs it is known from. */
  readonly from: number;
  /** What these have in common with the values: `hidden 32`; empty: all values, or nothing that ever varied. */
  readonly alike: readonly string[];
  /** Whether they had these very values. */
  readonly isSame: boolean;
}

const MOST_LIKE = 20; // The newest: code and machine were other ones long ago.

/** Finished runs of the script that differ from the values in as few params as possible; null when none finished. */
export function prepareForecast(
  specs: readonly ParamSpec[],
  first: FormValues,
  count: number,
  runs: readonly FormRun[],
  slots: number,
): Forecast | null {
  const finished = runs.filter((run) => run.state === 'finished' && run.durationMs !== null);
  const ofScript = finished.filter((run) => run.isOfScript);
  const candidates = (ofScript.length > 0 ? ofScript : finished).map((run) => ({
    run,
    different: differing(specs, first, run),
  }));
  const least = Math.min(...candidates.map(({ different }) => different.length));
  const like = candidates.filter(({ different }) => different.length === least).slice(0, MOST_LIKE);
  if (like.length === 0) return null;
  const eachMs = median(like.map(({ run }) => run.durationMs ?? 0));
  const costs = like.flatMap(({ run }) => costOf(run.cost) ?? []);
  const unit = costs[0]?.unit;
  const sameUnit = costs.filter((cost) => cost.unit === unit);
  const differs = new Set(like.flatMap(({ different }) => different.map(({ name }) => name)));
  return {
    runs: count,
    eachMs,
    totalMs: eachMs * Math.ceil(count / Math.max(1, slots)),
    slots: Math.max(1, slots),
    cost: unit === undefined ? null : { amount: count * median(sameUnit.map(({ amount }) => amount)), unit },
    from: like.length,
    alike: specs
      .filter((spec) => !isSeed(spec) && !differs.has(spec.name) && varies(spec, finished))
      .map((spec) => `${spec.name} ${first[spec.name] ?? spec.defaultValue ?? ''}`),
    isSame: least === 0,
  };
}

/** `0.012 EUR`; a number alone has no unit. */
export function costOf(text: string | null): { readonly amount: number; readonly unit: string } | null {
  const match = /^\s*([\d.]+(?:e-?\d+)?)\s*(.*)$/i.exec(text ?? '');
  const amount = Number(match?.[1]);
  return match === null || !Number.isFinite(amount) ? null : { amount, unit: (match[2] ?? '').trim() };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

function varies(spec: ParamSpec, runs: readonly FormRun[]): boolean {
  const [first] = runs;
  return first !== undefined && runs.some((run) => valueIn(run, spec) !== valueIn(first, spec));
}
