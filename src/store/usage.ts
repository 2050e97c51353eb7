import type { Sliced } from '../base/slices';
import { type Direction, type Goal, bestOf, defaultDirection, isBetter } from '../model/goal';
import type { Run } from '../model/run';
import type { ExperimentStore } from './experiments';
import type { RunStore } from './runs';
import { type ColumnData, compareTexts } from './table/column';
import type { TableMemory } from './table/table';

export interface MetricUsage {
  readonly metric: string;
  readonly direction: Direction;
  readonly isGoal: boolean;
  readonly runCount: number;
  readonly best: { readonly run: Run; readonly value: number; readonly step: number } | null;
  readonly last: { readonly run: Run; readonly value: number; readonly step: number };
}

export interface ParamUsage {
  readonly param: string;
  readonly runCount: number;
  readonly goal: Goal | null;
  readonly best: { readonly run: Run; readonly value: string } | null;
  readonly last: { readonly run: Run; readonly value: string };
  readonly values: readonly {
    readonly value: string;
    readonly runCount: number;
    readonly bestGoal: number | null;
  }[];
}

export interface UsageStore {
  /** What is known of a metric over all runs, or those of one experiment. Null when no run has it. */
  metricUsage(metric: string, experiment?: string): Sliced<MetricUsage | null>;
  paramUsage(param: string, experiment?: string): Sliced<ParamUsage | null>;
}

const MOST_VALUES = 20;

/**
 * Of the experiments that have what was asked for, the goal of the most recently used one counts. It is read from the
 * columns of the runs table, which are in memory once somebody has asked for them: a hover of 100,000 runs costs some
 * milliseconds.
 */
export function usageStore(
  experiments: Pick<ExperimentStore, 'goalOf' | 'getExperimentByName'>,
  runs: Pick<RunStore, 'readRuns'>,
  memory: TableMemory,
): UsageStore {
  /** Keys of the runs in question, newest first. */
  function* keysIn(experiment: string | undefined): Sliced<Int32Array> {
    const { members } = memory.parts();
    yield* members.refresh();
    if (experiment === undefined) return members.order;
    const id = Number(experiments.getExperimentByName(experiment)?.experimentId ?? -1);
    return members.order.filter((key) => members.experimentOf(key) === id);
  }

  const runOf = (key: number | null) => (key === null ? undefined : runs.readRuns([key])[0]);

  return {
    *metricUsage(metric, experiment) {
      const keys = yield* keysIn(experiment);
      const { members, columns } = memory.parts();
      const there = yield* columns.read({ kind: 'metric', name: metric, of: 'max' });
      const lastKey = keys.find((key) => there.isThere(key));
      const last = runOf(lastKey ?? null);
      const lastSummary = last?.metrics[metric];
      if (lastKey === undefined || last === undefined || lastSummary === undefined) return null;
      const goal = experiments.goalOf(String(members.experimentOf(lastKey)));
      const isGoal = goal?.metric === metric;
      const direction = isGoal ? goal.direction : defaultDirection(metric);
      const best = yield* columns.read({ kind: 'metric', name: metric, of: EXTREMES[direction] });
      let runCount = 0;
      let bestKey: number | null = null;
      // From the oldest on: of equals the earliest is the best.
      for (const key of keys.toReversed()) {
        if (!there.isThere(key)) continue;
        runCount++;
        if (isBetterRun(best, key, bestKey, direction)) bestKey = key;
      }
      const bestRun = runOf(bestKey);
      const bestSummary = bestRun?.metrics[metric];
      return {
        metric,
        direction,
        isGoal,
        runCount,
        best:
          bestRun === undefined || bestSummary === undefined
            ? null
            : { run: bestRun, ...bestOf(bestSummary, direction) },
        last: { run: last, value: lastSummary.last, step: lastSummary.lastStep },
      };
    },

    *paramUsage(param, experiment) {
      const keys = yield* keysIn(experiment);
      const { members, columns } = memory.parts();
      const values = yield* columns.read({ kind: 'param', name: param });
      const lastKey = keys.find((key) => values.isThere(key));
      const last = runOf(lastKey ?? null);
      const lastValue = last?.params[param];
      if (lastKey === undefined || last === undefined || lastValue === undefined) return null;
      if (values.kind !== 'texts') return null;
      const goal = experiments.goalOf(String(members.experimentOf(lastKey)));
      const direction = goal?.direction ?? 'maximize';
      const goals =
        goal === null
          ? null
          : yield* columns.read({ kind: 'metric', name: goal.metric, of: EXTREMES[direction] });
      const counts = new Int32Array(values.texts.length);
      const bestKeys = new Int32Array(values.texts.length).fill(-1);
      let runCount = 0;
      let bestKey: number | null = null;
      for (const key of keys.toReversed()) {
        const code = values.code(key);
        if (code === 0) continue;
        runCount++;
        counts[code] = (counts[code] ?? 0) + 1;
        if (goals === null) continue;
        const known = bestKeys[code] ?? -1;
        if (isBetterRun(goals, key, known === -1 ? null : known, direction)) bestKeys[code] = key;
        if (isBetterRun(goals, key, bestKey, direction)) bestKey = key;
      }
      yield;
      const bestRun = runOf(bestKey);
      return {
        param,
        runCount,
        goal,
        best:
          bestRun === undefined || bestKey === null ? null : { run: bestRun, value: values.text(bestKey) },
        last: { run: last, value: lastValue },
        values: mostUsed(counts, values.texts).map((code) => {
          const key = bestKeys[code] ?? -1;
          return {
            value: values.texts[code] ?? '',
            runCount: counts[code] ?? 0,
            bestGoal: key === -1 || goals === null ? null : numberIn(goals, key),
          };
        }),
      };
    },
  };
}

const EXTREMES = { maximize: 'max', minimize: 'min' } as const;

/** Whether a run has a better value than the best so far; NaN is none. */
function isBetterRun(data: ColumnData, key: number, best: number | null, direction: Direction): boolean {
  const value = numberIn(data, key);
  if (value === null) return false;
  return best === null || isBetter(value, numberIn(data, best) ?? NaN, direction);
}

function numberIn(data: ColumnData, key: number): number | null {
  if (data.kind !== 'numbers' || !data.isThere(key)) return null;
  const value = data.number(key);
  return Number.isNaN(value) ? null : value;
}

/** The codes of the values that most runs have, of equals by the value. */
function mostUsed(counts: Int32Array, texts: readonly string[]): readonly number[] {
  const codes: number[] = [];
  for (let code = 1; code < counts.length; code++) if ((counts[code] ?? 0) > 0) codes.push(code);
  return codes
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || compareTexts(texts[a] ?? '', texts[b] ?? ''))
    .slice(0, MOST_VALUES);
}
