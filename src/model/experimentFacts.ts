import type { Goal } from './goal';
import type { ExperimentId, RunId } from './run';

/** A run and its best value by the goal; null when it has none. */
export interface FactRun {
  readonly runId: RunId;
  readonly name: string;
  readonly value: number | null;
}

/** How a configuration stands beside the champion's: the means over their seeds. */
export interface ConfigurationFact {
  /** The mean of the configuration less that of the champion's. */
  readonly difference: number;
  /** Of 95 percent; null when one of the two has a single seed. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly verdict: 'better' | 'worse' | 'within' | 'unknown';
  /** Of the configuration, and of the champion's. */
  readonly seedCount: number;
  readonly championSeedCount: number;
  /** Out of how many configurations it was chosen as the best: the more, the more of it is luck. */
  readonly chosenFrom: number;
}

/** What is to be known of an experiment before its runs are read. */
export interface ExperimentFacts {
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly goal: Goal | null;
  /** Runs that are neither deleted nor archived. */
  readonly runCount: number;
  readonly runningCount: number;
  /** The scripts of its newest runs, by their file names, at most three. */
  readonly scripts: readonly string[];
  readonly best: FactRun | null;
  readonly champion: FactRun | null;
  readonly difference: ConfigurationFact | null;
  /** A few runs that are worth looking at first: best, champion, running and newest ones. */
  readonly worthSeeing: readonly RunId[];
}

/** A run that has ended by itself, with its value and what it was started with. */
export interface ConfiguredRun {
  /** Equal for runs whose params are the same but for the seeds. */
  readonly configuration: number;
  /** Its seeds, as a number for a text; 0 when no param says that it is a seed. */
  readonly seeds: number;
  readonly value: number;
}
