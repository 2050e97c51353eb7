import type { AcknowledgedRun } from './acknowledged';
import type { StoredRun } from './stored';

export const KINDS = ['runs', 'points', 'params', 'tags', 'artifacts'] as const;

/** How what is stored differs from what was acknowledged, of one kind of thing. */
export interface Tally {
  acknowledged: number;
  /** Is there, and as it was acknowledged. */
  found: number;
  /** Is not there, or is something else. */
  lost: number;
  /** Is there more than once. */
  doubled: number;
  /** Is there though nobody was told so. */
  unasked: number;
}

export type Comparison = Readonly<Record<(typeof KINDS)[number], Tally>>;

/** Compares everything, one by one. Tags that the client sets by itself are left out. */
export function compare(
  acknowledged: ReadonlyMap<string, AcknowledgedRun>,
  stored: ReadonlyMap<string, StoredRun>,
): Comparison {
  const tallies = { runs: none(), points: none(), params: none(), tags: none(), artifacts: none() };
  for (const runId of stored.keys()) if (!acknowledged.has(runId)) tallies.runs.unasked++;
  for (const [runId, said] of acknowledged) {
    const kept = stored.get(runId);
    count(tallies.runs, kept?.status === (said.ended ? 'FINISHED' : 'RUNNING'));
    for (const [metric, steps] of said.points) {
      comparePoints(tallies.points, steps, kept?.points.get(metric) ?? []);
    }
    for (const metric of kept?.points.keys() ?? []) if (!said.points.has(metric)) tallies.points.unasked++;
    compareValues(tallies.params, said.params, kept?.params);
    const own = [...(kept?.tags ?? [])].filter(([key]) => !key.startsWith('mlflow.'));
    compareValues(tallies.tags, said.tags, new Map(own));
    compareValues(tallies.artifacts, said.artifacts, kept?.artifacts);
  }
  return tallies;
}

function comparePoints(
  tally: Tally,
  said: ReadonlyMap<number, number>,
  kept: readonly { readonly step: number; readonly value: number }[],
): void {
  const byStep = new Map<number, number[]>();
  for (const { step, value } of kept) byStep.set(step, [...(byStep.get(step) ?? []), value]);
  for (const [step, value] of said) {
    const values = byStep.get(step) ?? [];
    count(tally, values.includes(value));
    if (values.length > 1) tally.doubled++;
  }
  for (const step of byStep.keys()) if (!said.has(step)) tally.unasked++;
}

function compareValues<T>(
  tally: Tally,
  said: ReadonlyMap<string, T>,
  kept: ReadonlyMap<string, T> = new Map(),
): void {
  for (const [key, value] of said) count(tally, kept.get(key) === value);
  for (const key of kept.keys()) if (!said.has(key)) tally.unasked++;
}

function none(): Tally {
  return { acknowledged: 0, found: 0, lost: 0, doubled: 0, unasked: 0 };
}

function count(tally: Tally, isThere: boolean): void {
  tally.acknowledged++;
  tally[isThere ? 'found' : 'lost']++;
}
