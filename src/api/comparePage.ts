import * as z from 'zod/mini';
import type { Goal } from '../model/goal';
import type { Noise } from '../model/noise';
import type { RunEnvironment } from '../model/environment';
import type { RunId } from '../model/run';
import { MOST_COMPARED } from '../model/runComparison';
import type { PageRun } from './runPage';
import type { CodeChange, RunInputs } from './runPageSchemas';
import { runId } from './wire';

/**
 * What the window and the page "Compare Runs" say to each other; see pages.ts for how. The columns of the page are
 * runs of one folder; the first one is the base that the others are compared with.
 */

/** A run as a column. */
export interface ComparedRun {
  readonly run: PageRun;
  readonly isChampion: boolean;
  /** Whether it is the best of its experiment by the goal. */
  readonly isBest: boolean;
  /** Null while nothing is known of what it ran in. */
  readonly environment: RunEnvironment | null;
  /** Datasets and models; null until they are known. */
  readonly inputs: RunInputs | null;
}

export interface CompareView {
  readonly folder: string;
  /** In the order of the columns; the first is the base. */
  readonly runs: readonly ComparedRun[];
  /** Of the base's experiment. */
  readonly goal: Goal | null;
  /** What seeds alone do, by metric, pooled over the configurations that are compared. */
  readonly noise: readonly (readonly [metric: string, noise: Noise])[];
  /** How many of the runs asked for are not there any more. */
  readonly goneCount: number;
  /** A sentence when something could not be read; what is known is shown all the same. */
  readonly problem: string | null;
}

/** What differs between the base's code and a run's. */
export interface ComparedCode {
  readonly runId: RunId;
  /** Null when one of the two has no snapshot, or it could not be read. */
  readonly files: readonly CodeChange[] | null;
  /** Why there are none; null when it is only that nobody kept the code. */
  readonly problem: string | null;
}

/** Means of a run's system metrics, which no summary has. */
export interface SystemMeans {
  readonly runId: RunId;
  readonly names: readonly string[];
  /** As long as `names`. */
  readonly means: Float64Array;
  /** Whether there were more points than were read, so that the means are near the truth only. */
  readonly isRough: boolean;
}

/** What the window calls on the page. */
export interface ComparePage {
  show(view: CompareView): Promise<void>;
  /** Something could not be read now: null takes it back. */
  trouble(request: { readonly problem: string | null }): Promise<void>;
}

/** What the page calls on the window. */
export interface CompareHost {
  /** The page is there: what should it show? */
  ready(request: Record<string, never>): Promise<CompareView>;
  /** The columns are these, in this order. */
  setRuns(request: { readonly runIds: readonly RunId[] }): Promise<CompareView>;
  /** Lets the person choose more runs; null when the choice was left. */
  addRuns(request: Record<string, never>): Promise<CompareView | null>;
  /** Each run but the base, beside the base. */
  compareCode(request: Record<string, never>): Promise<readonly ComparedCode[]>;
  readSystemMeans(request: Record<string, never>): Promise<readonly SystemMeans[]>;
  /** A file of the run beside the base's in the diff editor; the base's own alone. */
  openCode(request: { readonly runId: RunId; readonly path: string }): Promise<void>;
  openRun(request: { readonly runId: RunId; readonly beside: boolean }): Promise<void>;
  showCharts(request: { readonly metric: string | null }): Promise<void>;
  copy(request: { readonly text: string }): Promise<void>;
}

const nothing = z.strictObject({});

/** The schema of each request of the page. Anything else is refused. */
export const compareHostRequests = {
  ready: nothing,
  setRuns: z.strictObject({ runIds: z.array(runId).check(z.minLength(1), z.maxLength(MOST_COMPARED)) }),
  addRuns: nothing,
  compareCode: nothing,
  readSystemMeans: nothing,
  openCode: z.strictObject({ runId, path: z.string().check(z.minLength(1), z.maxLength(4096)) }),
  openRun: z.strictObject({ runId, beside: z.boolean() }),
  showCharts: z.strictObject({ metric: z.nullable(z.string().check(z.minLength(1), z.maxLength(1000))) }),
  copy: z.strictObject({ text: z.string().check(z.maxLength(50_000_000)) }),
} as const satisfies Record<keyof CompareHost, z.ZodMiniType>;

/** What a page that VS Code restores says of itself. */
export const storedComparePage = z.object({
  folder: z.string(),
  runIds: z.array(runId).check(z.minLength(1), z.maxLength(MOST_COMPARED)),
});

/** The one argument of `winnow.compareRuns` when it is no row of the tree: the columns, the base first. */
export const compareRunsArgument = z.object({
  folder: z.string().check(z.minLength(1)),
  runIds: z.array(runId).check(z.minLength(1), z.maxLength(1000)),
});
