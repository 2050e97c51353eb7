import type { ChartRun, PageSeries } from '../../src/api/pages';
import { experimentId, runId } from '../../src/api/wire';

let made = 0;

/** A run for tests: each has another id. */
export function aRun(fields: Partial<ChartRun>): ChartRun {
  made += 1;
  return {
    runId: runId.parse(made.toString(16).padStart(32, '0')),
    experimentId: experimentId.parse('1'),
    experiment: 'digits',
    name: `run-${made}`,
    state: 'finished',
    reason: null,
    startedAt: 1_000_000,
    hasOutput: true,
    slot: 1,
    metrics: ['loss'],
    ...fields,
  };
}

/** Points of a run, one a second from its start; steps count from 1 unless they are given. */
export function aSeries(run: ChartRun, values: readonly number[], steps?: readonly number[]): PageSeries {
  return {
    runId: run.runId,
    metric: 'loss',
    count: values.length,
    steps: Float64Array.from(steps ?? values.map((_, index) => index + 1)),
    values: Float64Array.from(values),
    timestamps: Float64Array.from(values, (_, index) => (run.startedAt ?? 0) + (index + 1) * 1000),
  };
}
