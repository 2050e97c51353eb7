import type { ApiClient } from '../api/client';
import type { AnswerOf } from '../api/endpoints';
import type { Goal } from '../model/goal';
import type { ExperimentId, RunId } from '../model/run';
import type { Series } from '../model/series';

/** What the tracking server knows of a metric over all runs. */
export type MetricUsage = NonNullable<AnswerOf<'metricUsage'>['usage']>;
/** What the tracking server knows of a param over all runs. */
export type ParamUsage = NonNullable<AnswerOf<'paramUsage'>['usage']>;

/** The facts that hovers show. Null: no run has it. */
export interface UsageSource {
  metricUsage(metric: string, signal: AbortSignal): Promise<MetricUsage | null>;
  paramUsage(param: string, signal: AbortSignal): Promise<ParamUsage | null>;
  /** The points of one metric, thinned for a picture that is `pixels` wide. */
  series(
    runIds: readonly RunId[],
    metric: string,
    pixels: number,
    signal: AbortSignal,
  ): Promise<readonly Series[]>;
  goalOf(experimentId: ExperimentId, signal: AbortSignal): Promise<Goal | null>;
}

/** Asks the tracking server anew each time: it is on this machine and answers from its summary rows. */
export function usageFrom(client: ApiClient): UsageSource {
  return {
    async metricUsage(metric, signal) {
      return (await client.call('metricUsage', { metric }, signal)).usage;
    },
    async paramUsage(param, signal) {
      return (await client.call('paramUsage', { param }, signal)).usage;
    },
    async series(runIds, metric, pixels, signal) {
      const series = runIds.map((runId) => ({ runId, metric }));
      return (await client.call('readSeries', { series, pixels }, signal)).series;
    },
    async goalOf(experimentId, signal) {
      const { experiments } = await client.call('listExperiments', {}, signal);
      return experiments.find((experiment) => experiment.experimentId === experimentId)?.goal ?? null;
    },
  };
}
