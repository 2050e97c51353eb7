import * as z from 'zod/mini';
import type { Goal } from '../model/goal';
import type { ParamSource, ParamSpec } from '../model/param';
import type { RunId, RunState } from '../model/run';
import { runId } from './wire';

/**
 * What the window and the page "Run with Params" say to each other; see pages.ts. A value is always the text that
 * a person types, by the param's name; a text may hold several values, one a run (model/paramValues.ts).
 */

/** The script and what it takes, as it stands in the editor now. */
export interface FormScript {
  /** `train.py` */
  readonly name: string;
  /** Relative to the folder that it runs in. */
  readonly path: string;
  /** Why its params are not known, as a sentence; null when they are. */
  readonly problem: string | null;
  readonly specs: readonly ParamSpec[];
  readonly sources: readonly ParamSource[];
}

/** A run as the form compares with it. JSON has no NaN: a goal without a number is null. */
export interface FormRun {
  readonly runId: RunId;
  readonly name: string;
  readonly state: RunState;
  /** As in charts; null: grey. */
  readonly slot: number | null;
  /** The best value of the goal's metric. */
  readonly goal: number | null;
  /** How long it ran; null while it runs or when it is not known. */
  readonly durationMs: number | null;
  /** What it cost, such as `0.012 EUR`; null when that is not known. */
  readonly cost: string | null;
  /** Its values of the script's params, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** Whether Winnow started it from this very script. */
  readonly isOfScript: boolean;
}

/** What is known from runs before. */
export interface FormKnown {
  /**
   * `reading`: the window is on its way to them. `away`: the folder has runs, but its tracking server does not run, and showing a form does not start it.
   * `none`: there is no run yet. `failed`: the runs could not be read, `problem` says why.
   */
  readonly state: 'known' | 'reading' | 'away' | 'none' | 'failed';
  readonly problem: string | null;
  readonly experiment: string | null;
  readonly goal: Goal | null;
  /** The newest first. */
  readonly runs: readonly FormRun[];
  /** How many runs the experiment has; more than `runs` when only the newest were read. */
  readonly total: number;
  /** The newest run with params of this script. */
  readonly lastRunId: RunId | null;
  readonly bestRunId: RunId | null;
  readonly queue: FormQueue | null;
}

export interface FormQueue {
  readonly slots: number;
  readonly slotsInUse: number;
  readonly waiting: number;
  readonly isPaused: boolean;
  /** How many GPUs the machine has. */
  readonly gpus: number;
}

/** What the form begins with: where it comes back, what was typed there wins. */
export interface ParamsView {
  readonly script: FormScript;
  readonly known: FormKnown;
  /** Values to begin with instead of the defaults, and whose they are. */
  readonly from: { readonly name: string; readonly values: Readonly<Record<string, string>> } | null;
  /** What was typed into this form before; null in a new one. */
  readonly kept: FormTyped | null;
  /** What the page keeps so that the window can bring the form back. */
  readonly place: { readonly folder: string; readonly script: string };
}

/** A piece of the command; `several` stands for one value of each run. */
export interface CommandPart {
  readonly text: string;
  readonly kind: 'plain' | 'changed' | 'wrong' | 'several';
}

/** A file that a run has with other values than the user's own file. */
export interface FormEdit {
  readonly file: string;
  readonly changes: readonly { readonly name: string; readonly from: string | null; readonly to: string }[];
}

/** What a person has typed into the form. */
export interface FormTyped {
  readonly values: FormValues;
  readonly note: string;
  /** Null: as the queue gives them. */
  readonly gpuCount: number | null;
}

/** What would be started with the values of the form. */
export interface ParamsPreview {
  readonly command: readonly CommandPart[];
  readonly edits: readonly FormEdit[];
  /** Indexes of the specs that count: those of the script and of the subcommands that are chosen. */
  readonly accepted: readonly number[];
  /** Why it cannot be started although each value by itself is right; null when it can. */
  readonly problem: string | null;
}

/** The values of the form by the params' names. */
export type FormValues = Readonly<Record<string, string>>;

/** How runs are started: all wait in the queue, or the first begins at once and the others wait. */
export type FormStart = 'queue' | 'now';

/** What the window calls on the page. */
export interface ParamsPage {
  /** The script was edited; what was typed stays. */
  setScript(script: FormScript): Promise<void>;
  setKnown(known: FormKnown): Promise<void>;
  /** Takes over the values of a run. */
  useValues(from: { readonly name: string; readonly values: FormValues }): Promise<void>;
}

/** What the page calls on the window. */
export interface ParamsHost {
  ready(request: Record<string, never>): Promise<ParamsView>;
  /** Keeps what is typed over a reload of the window, from this moment on. */
  keep(request: FormTyped): Promise<void>;
  preview(request: { readonly values: FormValues }): Promise<ParamsPreview>;
  /** Starts a run for each combination of values. The names of the runs, in their order. */
  start(request: {
    readonly values: FormValues;
    readonly note: string;
    readonly how: FormStart;
    /** Absent: as the queue gives them. */
    readonly gpuCount?: number | undefined;
  }): Promise<{ readonly names: readonly string[] }>;
  /** Runs it once in the debugger. */
  debug(request: { readonly values: FormValues; readonly note: string }): Promise<void>;
  /** Puts the lines for a terminal on the clipboard, one a run. */
  copyCommand(request: { readonly values: FormValues }): Promise<void>;
  openRun(request: { readonly runId: RunId }): Promise<void>;
  /** Shows where a param stands in the code. */
  openParam(request: { readonly name: string }): Promise<void>;
  openScript(request: Record<string, never>): Promise<void>;
  /** Connects to the folder's runs, which starts its tracking server. */
  connect(request: Record<string, never>): Promise<void>;
}

/** More runs than that in one go were not meant. */
export const MOST_RUNS_AT_ONCE = 200;

const nothing = z.strictObject({});
const text = z.string().check(z.maxLength(100_000));
const values = z.record(z.string().check(z.maxLength(1_000)), text);

/** What was typed, as the window keeps it. */
export const formTyped = z.strictObject({
  values,
  note: text,
  gpuCount: z.nullable(z.int().check(z.minimum(0), z.maximum(1_000))),
});

/** The schema of each request of the page. Anything else is refused. */
export const paramsHostRequests = {
  ready: nothing,
  keep: formTyped,
  preview: z.strictObject({ values }),
  start: z.strictObject({
    values,
    note: text,
    how: z.enum(['queue', 'now']),
    gpuCount: z.optional(z.int().check(z.minimum(0), z.maximum(1_000))),
  }),
  debug: z.strictObject({ values, note: text }),
  copyCommand: z.strictObject({ values }),
  openRun: z.strictObject({ runId }),
  openParam: z.strictObject({ name: z.string().check(z.maxLength(1_000)) }),
  openScript: nothing,
  connect: nothing,
} as const satisfies Record<keyof ParamsHost, z.ZodMiniType>;
