import type { ChartRun } from '../../src/api/pages';
import type { Goal } from '../../src/model/goal';
import { compareNames, metricsWith } from '../charts/metricNames';

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
  const names = metricsWith(all, filter);
  const lead = goal !== null && names.includes(goal.metric) ? goal.metric : null;
  return {
    lead,
    metrics: names.filter((name) => name !== lead && !name.startsWith(SYSTEM)),
    system: names.filter((name) => name !== lead && name.startsWith(SYSTEM)),
    filteredOut: all.length - names.length,
  };
}
