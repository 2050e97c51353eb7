import type { ChartRun, PageSeries } from '../../../src/api/pages';
import type { LinesInput, PreparedLines } from './types';
import { prepare } from './prepare';

/** The chart of `loss` over runs, each with its points. */
export function chartOf(
  pairs: readonly (readonly [ChartRun, ...(readonly PageSeries[])])[],
  input: Partial<LinesInput> = {},
): PreparedLines {
  return prepare({
    metric: 'loss',
    runs: pairs.map(([run]) => run),
    series: new Map(
      pairs.map(([run, ...series]) => [run.runId, new Map(series.map((one) => [one.metric, one]))]),
    ),
    details: new Map(),
    axis: { kind: 'step' },
    smoothing: 0,
    logarithmicX: false,
    logarithmicY: false,
    ignoreOutliers: false,
    joinSeeds: false,
    params: new Map(),
    goal: null,
    emphasised: null,
    bestRunId: null,
    championId: null,
    zoom: null,
    ...input,
  });
}
