import type { ChartRun } from '../../src/api/pages';
import type { Goal } from '../../src/model/goal';

/** Which charts there are, in their order. */
export interface Layout {
  /** The goal's metric, drawn wide; null when no run has it or the filter leaves it out. */
  readonly lead: string | null;
  readonly metrics: readonly string[];
  /** Metrics of the machine, folded at the end. */
  readonly system: readonly string[];
  /** Metrics that the filter leaves out. */
  readonly filteredOut: number;
}

const SYSTEM = 'system/';

/** The filter is words; a metric passes when it contains each of them, whatever their case. */
export function layOut(runs: readonly ChartRun[], goal: Goal | null, filter: string): Layout {
  const all = [...new Set(runs.flatMap((run) => run.metrics))].sort(compareNames);
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const names = all.filter((name) => words.every((word) => name.toLowerCase().includes(word)));
  const lead = goal !== null && names.includes(goal.metric) ? goal.metric : null;
  return {
    lead,
    metrics: names.filter((name) => name !== lead && !name.startsWith(SYSTEM)),
    system: names.filter((name) => name !== lead && name.startsWith(SYSTEM)),
    filteredOut: all.length - names.length,
  };
}

/** Validation before training, since that is what is compared; otherwise by name, numbers by their value. */
function compareNames(a: string, b: string): number {
  const rank = (name: string) => (/^(val|valid|validation|test|eval)[_/.]/.test(name) ? 0 : 1);
  return rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true });
}
