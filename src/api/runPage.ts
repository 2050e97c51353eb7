import * as z from 'zod/mini';
import type { Goal } from '../model/goal';
import type { Noise } from '../model/noise';
import type { OutputLine } from '../model/outputLines';
import type { PackageDifference } from '../model/compareEnvironments';
import type { RunAttempt } from '../model/attempt';
import type { RunEnvironment } from '../model/environment';
import type { ExperimentId, RunId, RunState } from '../model/run';
import { type ChartFilesHost, chartFilesRequests } from './chartFiles';
import type { PageSeries } from './pages';
import { type ArtifactEntry, type CodeChange, MOST_NOTE_CHARACTERS, type RunInputs } from './runPageSchemas';
import { runId } from './wire';

/**
 * What the window and a run's page say to each other; see pages.ts for how. One page shows one run, perhaps beside
 * another one: the champion, or whichever the person chose.
 */

/** A run as its page shows it. */
export interface PageRun {
  readonly runId: RunId;
  readonly name: string;
  readonly experimentId: ExperimentId;
  readonly experiment: string;
  readonly state: RunState;
  /** A sentence when the state alone does not explain itself. */
  readonly reason: string | null;
  /** Instants are epoch milliseconds. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly hasRunner: boolean;
  readonly deleted: boolean;
  readonly slot: number | null;
  readonly params: readonly (readonly [name: string, value: string])[];
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly metrics: MetricColumns;
  /** As a person would type it; null when Winnow did not start it. */
  readonly command: string | null;
  readonly snapshot: {
    readonly commit: string;
    readonly baseCommit: string | null;
    readonly branch: string | null;
    readonly leftOutCount: number;
  } | null;
  /** Whether it has output that can be shown. */
  readonly hasOutput: boolean;
}

/** Summaries of metrics, a column a number: typed arrays keep NaN and ±Infinity on their way. */
export interface MetricColumns {
  readonly names: readonly string[];
  readonly last: Float64Array;
  readonly lastStep: Float64Array;
  readonly min: Float64Array;
  readonly minStep: Float64Array;
  readonly max: Float64Array;
  readonly maxStep: Float64Array;
  readonly first: Float64Array;
  readonly firstStep: Float64Array;
  readonly count: Float64Array;
}

/** With whom the page compares: 'none' shows the run alone. A run is named by its id. */
export type CompareWith = 'champion' | 'none' | RunId;

export interface RunView {
  readonly folder: string;
  readonly run: PageRun;
  readonly goal: Goal | null;
  /** How it stands by the goal: 1 is the best of `of` runs; null when it has no value of the goal. */
  readonly rank: { readonly place: number; readonly of: number } | null;
  readonly isChampion: boolean;
  /** The run beside it; null: none. */
  readonly other: { readonly run: PageRun; readonly isChampion: boolean } | null;
  /** What seeds alone do, by metric, where several seeds were run. */
  readonly noise: readonly (readonly [metric: string, noise: Noise])[];
  /** Every start of the run, the first one first; none for a run that a client made. */
  readonly attempts: readonly RunAttempt[];
  /** Datasets and models; null until they are known. */
  readonly inputs: RunInputs | null;
  readonly otherInputs: RunInputs | null;
  readonly environment: RunEnvironment | null;
  readonly packageDifferences: readonly PackageDifference[];
  /** Whether the other run's packages are known, so that no difference means that there is none. */
  readonly packagesCompared: boolean;
  /** The champion of the experiment when there is one, other than this run. */
  readonly champion: { readonly runId: RunId; readonly name: string } | null;
  /** A sentence when something could not be read; what is known is shown all the same. */
  readonly problem: string | null;
}

export interface OutputEnd {
  readonly lines: readonly OutputLine[];
  readonly sizeBytes: number;
}

/** An artifact for showing in the page. */
export type ArtifactPreview =
  | { readonly kind: 'image'; readonly source: string; readonly sizeBytes: number }
  | { readonly kind: 'text'; readonly text: string; readonly isWhole: boolean; readonly sizeBytes: number }
  | {
      readonly kind: 'table';
      readonly rows: readonly (readonly string[])[];
      readonly isWhole: boolean;
      readonly sizeBytes: number;
    }
  | { readonly kind: 'none'; readonly why: string; readonly sizeBytes: number };

export interface ArtifactFolder {
  readonly entries: readonly ArtifactEntry[];
  readonly hasMore: boolean;
  /** The libraries that the folder's `MLmodel` file names; null without such a file. */
  readonly flavours: readonly string[] | null;
}

/** Something to do with the run that the window has a command for. */
export const RUN_ACTIONS = [
  'runAgain',
  'resume',
  'stop',
  'promote',
  'showOutput',
  'showCharts',
  'rename',
  'delete',
  'restore',
  'copyCommand',
  'openSnapshot',
  'compareWithWorkingTree',
] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** What the window calls on a run's page. */
export interface RunPage {
  show(view: RunView): Promise<void>;
  /** Metrics of the run or of the one beside it have new points. */
  pointsChanged(changed: {
    readonly runId: RunId;
    /** Null: all of them may. */
    readonly names: readonly string[] | null;
  }): Promise<void>;
  /** Something could not be read now: null takes it back. */
  trouble(request: { readonly problem: string | null }): Promise<void>;
}

/** What a run's page calls on the window. */
export interface RunHost extends ChartFilesHost {
  /** The page is there: what should it show? */
  ready(request: { readonly compareWith: CompareWith }): Promise<RunView>;
  /** Lets the person choose the run beside this one; null when the choice was left. */
  chooseOther(request: Record<string, never>): Promise<CompareWith | null>;
  compareWith(request: { readonly compareWith: CompareWith }): Promise<void>;
  readSeries(request: {
    readonly series: readonly { readonly runId: RunId; readonly metric: string }[];
    readonly pixels: number;
    readonly fromStep?: number | undefined;
    readonly toStep?: number | undefined;
  }): Promise<readonly PageSeries[]>;
  /** The last lines; null when there is no output. */
  readOutput(request: Record<string, never>): Promise<OutputEnd | null>;
  /** What differs from the other run's code, or from the commit that the run was based on. */
  compareCode(request: Record<string, never>): Promise<readonly CodeChange[]>;
  openCode(request: { readonly path: string }): Promise<void>;
  listArtifacts(request: { readonly folder: string; readonly offset: number }): Promise<ArtifactFolder>;
  previewArtifact(request: { readonly path: string }): Promise<ArtifactPreview>;
  /** In VS Code's own viewer; HTML in a page where nothing of it runs. */
  openArtifact(request: { readonly path: string; readonly asText: boolean }): Promise<void>;
  saveNote(request: { readonly note: string }): Promise<void>;
  setStar(request: { readonly starred: boolean }): Promise<void>;
  openRun(request: { readonly runId: RunId }): Promise<void>;
  act(request: { readonly action: RunAction; readonly metric?: string | undefined }): Promise<void>;
  copy(request: { readonly text: string }): Promise<void>;
}

const nothing = z.strictObject({});
const path = z.string().check(z.minLength(1), z.maxLength(4096));
const metric = z.string().check(z.minLength(1), z.maxLength(1000));
/** The schema of `CompareWith`. */
export const comparedWith = z.union([z.literal('champion'), z.literal('none'), runId]);

/** The schema of each request of a run's page. Anything else is refused. */
export const runHostRequests = {
  ready: z.strictObject({ compareWith: comparedWith }),
  chooseOther: nothing,
  compareWith: z.strictObject({ compareWith: comparedWith }),
  readSeries: z.strictObject({
    series: z.array(z.strictObject({ runId, metric })).check(z.maxLength(2_000)),
    pixels: z.int().check(z.minimum(1), z.maximum(10_000)),
    fromStep: z.optional(z.number()),
    toStep: z.optional(z.number()),
  }),
  readOutput: nothing,
  compareCode: nothing,
  openCode: z.strictObject({ path }),
  listArtifacts: z.strictObject({
    folder: z.string().check(z.maxLength(4096)),
    offset: z.int().check(z.minimum(0)),
  }),
  previewArtifact: z.strictObject({ path }),
  openArtifact: z.strictObject({ path, asText: z.boolean() }),
  saveNote: z.strictObject({ note: z.string().check(z.maxLength(MOST_NOTE_CHARACTERS)) }),
  setStar: z.strictObject({ starred: z.boolean() }),
  openRun: z.strictObject({ runId }),
  act: z.strictObject({ action: z.enum(RUN_ACTIONS), metric: z.optional(metric) }),
  copy: z.strictObject({ text: z.string().check(z.maxLength(1_000_000)) }),
  ...chartFilesRequests,
} as const satisfies Record<keyof RunHost, z.ZodMiniType>;

/** What a page that VS Code restores says of itself. */
export const storedRunPage = z.object({ folder: z.string(), runId });
