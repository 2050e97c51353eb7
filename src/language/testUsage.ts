import type { ExperimentId, Run, RunId, RunState } from '../model/run';
import type { MetricUsage, ParamUsage, UsageSource } from './usage';

/** Facts for tests, as a tracking server would have them. */

export const NOW = new Date(2026, 10, 24, 12).getTime();
const HOUR = 3_600_000;

export function runNamed(name: string, state: RunState = 'finished', id = '1'): Run {
  return {
    runId: id.padStart(32, '0') as RunId,
    experimentId: '1' as ExperimentId,
    experiment: 'digits',
    name,
    state,
    createdAt: NOW - 3 * HOUR,
    startedAt: NOW - 3 * HOUR,
    endedAt: state === 'running' ? null : NOW - 2 * HOUR,
    exitCode: state === 'running' ? null : 0,
    signal: null,
    reason: null,
    parentRunId: null,
    childCount: 0,
    hasRunner: true,
    deleted: false,
    params: {},
    metrics: {},
    tags: {},
  };
}

export const OTTER = runNamed('brisk-otter', 'finished', 'a');
export const STOAT = runNamed('keen-stoat', 'running', 'b');

export function metricUsage(changes: Partial<MetricUsage> = {}): MetricUsage {
  return {
    metric: 'val_accuracy',
    direction: 'maximize',
    isGoal: true,
    runCount: 24,
    best: { run: OTTER, value: 0.99164, step: 30 },
    last: { run: STOAT, value: 0.97771, step: 18 },
    ...changes,
  };
}

export function paramUsage(changes: Partial<ParamUsage> = {}): ParamUsage {
  return {
    param: 'lr',
    runCount: 24,
    goal: { metric: 'val_accuracy', direction: 'maximize', target: 0.98 },
    best: { run: OTTER, value: '0.003' },
    last: { run: STOAT, value: '0.01' },
    values: [
      { value: '0.003', runCount: 10, bestGoal: 0.99164 },
      { value: '0.001', runCount: 7, bestGoal: 0.98888 },
      { value: '0.1', runCount: 1, bestGoal: null },
    ],
    ...changes,
  };
}

/** A source that knows exactly these; each run's curve climbs to 0.99. */
export function usageOf(
  known: { readonly metric?: MetricUsage; readonly param?: ParamUsage },
  changes: Partial<UsageSource> = {},
): UsageSource {
  return {
    metricUsage: (metric) => Promise.resolve(known.metric?.metric === metric ? known.metric : null),
    paramUsage: (param) => Promise.resolve(known.param?.param === param ? known.param : null),
    series: (runIds, metric) =>
      Promise.resolve(
        runIds.map((runId) => ({
          runId,
          metric,
          count: 3,
          steps: [1, 2, 3],
          values: [0.9, 0.95, 0.99],
          timestamps: [1, 2, 3],
        })),
      ),
    goalOf: () => Promise.resolve({ metric: 'val_accuracy', direction: 'maximize', target: 0.98 }),
    ...changes,
  };
}
