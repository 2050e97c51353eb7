import path from 'node:path';
import * as z from 'zod/mini';
import { printedRule } from '../api/printed';
import { anyNumber } from '../api/wire';
import { processIdentity } from './identity';
import { type StoreState, stateIn } from './stateFolder';

/**
 * The files of one start of a run. They are the truth about it: a request over HTTP only says that there is
 * something new in them, so nothing is lost while the tracking server is away.
 *
 * Private, in the state folder, gone when the run is settled: the attempt itself (environment, token), which
 * processes it has, a wish to stop. In the workspace, kept with the run: events, output and how it ended.
 */
export interface AttemptPaths {
  /** `attempt`: written by the queue before the runner starts. */
  readonly attempt: string;
  /** `attemptProcesses`: written by the runner. Signals are sent by what it says only. */
  readonly processes: string;
  /** `stopRequest`: written by the queue when a person wants the run to end. */
  readonly stop: string;
  /** Where the runner puts `exitRecord` when the run's folder cannot be written. */
  readonly exitFallback: string;
  /** Held by the runner of the attempt as long as it lives, so that there is never a second one. */
  readonly lock: string;
}

export function attemptPaths(state: StoreState, attemptId: string): AttemptPaths {
  const file = (suffix: string) => path.join(state.attemptsDirectory, `${attemptId}${suffix}.json`);
  return {
    attempt: file(''),
    processes: file('.processes'),
    stop: file('.stop'),
    exitFallback: file('.exit'),
    lock: file('.lock'),
  };
}

/** The state that an attempt's file lies in. */
export function stateOfAttempt(attemptFile: string): StoreState {
  return stateIn(path.dirname(path.dirname(attemptFile)));
}

export { type RunPaths, runPaths } from './runPaths';

export const attempt = z.object({
  attemptId: z.string(),
  runId: z.string(),
  /** Epoch milliseconds. What the run's files say of earlier attempts is older. */
  createdAt: z._default(z.number(), 0),
  /** The folder of the store, to find its server by. */
  folder: z.string(),
  runDirectory: z.string(),
  /** The folder of Winnow's programs, to start the server again from. */
  programs: z.string(),
  program: z.string(),
  args: z.array(z.string()),
  workingDirectory: z.string(),
  /** A file that must be there before the program is worth starting; null when there is none. */
  script: z.nullable(z.string()),
  /**
   * Whether the interpreter is known to wait for a byte from the runner before it begins with the script, because
   * the hook in it did so before: then it is started while the code is still being kept.
   */
  holds: z._default(z.boolean(), false),
  /** The script's whole environment. */
  env: z.record(z.string(), z.string()),
  /** Opens MLflow's routes and the nudge for this attempt only. */
  token: z.string(),
  /** How long each step of a polite stop may take. */
  graceMs: z.number(),
  /** How its output is read for metrics; null: not at all. */
  printed: z._default(z.nullable(z.object({ rules: z.array(printedRule) })), null),
});

export type Attempt = Readonly<z.output<typeof attempt>>;

export const attemptProcesses = z.object({
  runner: processIdentity,
  /** The leader of the script's process group, from the moment it runs. */
  script: z.nullable(processIdentity),
});

export type AttemptProcesses = Readonly<z.output<typeof attemptProcesses>>;

export const stopRequest = z.object({ kill: z.boolean(), requestedAt: z.number() });

export const runEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), at: z.number(), pid: z.number() }),
  /** Another runner watches over the script, whose first one was ended by force. */
  z.object({ kind: z.literal('adopted'), at: z.number(), pid: z.number() }),
  z.object({
    kind: z.literal('sample'),
    at: z.number(),
    /** Of the process tree, as a share of all cores of the machine, 0 to 100. */
    cpuPercent: z.number(),
    memoryBytes: z.number(),
    processes: z.number(),
    /** Of the process tree, since it started; absent where nobody counts it, as all that follows. */
    diskReadBytes: z.optional(z.number()),
    diskWrittenBytes: z.optional(z.number()),
    /** Of the disk that the run writes to. */
    diskFreeBytes: z.optional(z.number()),
    diskUsedPercent: z.optional(z.number()),
    /** Of the machine, since the first sample. */
    networkReceivedBytes: z.optional(z.number()),
    networkSentBytes: z.optional(z.number()),
    /** Those that the run may use. */
    gpus: z.optional(
      z.array(
        z.object({
          index: z.number(),
          utilizationPercent: z.nullable(z.number()),
          memoryMegabytes: z.nullable(z.number()),
          powerWatts: z.nullable(z.number()),
        }),
      ),
    ),
    /** Since the first sample. */
    energy: z.optional(z.object({ wattHours: z.number(), how: z.enum(['measured', 'estimate']) })),
  }),
  z.object({
    /** Numbers that the script printed, since the event before of this kind. */
    kind: z.literal('printed'),
    at: z.number(),
    series: z.array(
      z.object({
        name: z.string(),
        /** The rule that took them for a metric. */
        rule: z.string(),
        /** The first line of these values, without colours, and where it begins in the output, in bytes. */
        line: z.string(),
        offset: z.number(),
        values: z.array(z.tuple([z.int(), anyNumber])), // Step and value.
      }),
    ),
    /** Where another runner goes on: bytes of the output that are read, and what the reader remembers of them. */
    offset: z.number(),
    memory: z.string(),
  }),
  /** A cell of a notebook began, or came to its end. */
  z.object({
    kind: z.literal('cell'),
    at: z.number(),
    /** Counted from 1, of the cells that are executed. */
    number: z.number(),
    count: z.number(),
    state: z.enum(['started', 'done', 'failed']),
    /** Why it failed. */
    error: z.optional(z.string()),
  }),
  /** The params that a notebook runs with. */
  z.object({ kind: z.literal('params'), at: z.number(), params: z.record(z.string(), z.string()) }),
]);

export type RunEvent = Readonly<z.output<typeof runEvent>>;

/**
 * What the hook in the script's interpreter saw (python/hook). Each line says which process wrote it: forked
 * workers tell of data only. A full disk may cut a line; `at` is in epoch milliseconds.
 */
export const hookEvent = z.discriminatedUnion('kind', [
  /** The interpreter runs, before the first line of the script. */
  z.object({ kind: z.literal('start'), at: z.number(), pid: z.number(), python: z.string() }),
  /** Effective params, defaults included, as text; what a later line says of the same name is another call. */
  z.object({
    kind: z.literal('params'),
    at: z.number(),
    pid: z.number(),
    source: z.enum(['argparse', 'click', 'fire', 'absl', 'hydra']),
    values: z.record(z.string(), z.string()),
  }),
  /** A seed that was set, such as `numpy` to `42`. */
  z.object({
    kind: z.literal('seed'),
    at: z.number(),
    pid: z.number(),
    of: z.string(),
    value: z.string(),
  }),
  /** A file that was opened for reading, once each: its size and its change time (epoch ms) at that moment. */
  z.object({
    kind: z.literal('file'),
    at: z.number(),
    pid: z.number(),
    path: z.string(),
    sizeBytes: z.number(),
    modifiedAt: z.number(),
  }),
  /** A folder whose many files (images) were read, or that was read as a whole; a later line counts more of them. */
  z.object({
    kind: z.literal('folder'),
    at: z.number(),
    pid: z.number(),
    path: z.string(),
    /** How many different files of it this process read; null when it was given as a whole. */
    fileCount: z.nullable(z.number()),
  }),
  /**
   * The process `pid` ended by itself: the last thing that it says. It proves an end that no runner saw, when
   * `pid` is the script's. The exit code is null where Python does not tell it (`raise SystemExit(3)`, a signal).
   */
  z.object({
    kind: z.literal('end'),
    at: z.number(),
    pid: z.number(),
    exitCode: z.nullable(z.number()),
  }),
]);

export type HookEvent = Readonly<z.output<typeof hookEvent>>;

export const exitRecord = z.object({
  exitCode: z.nullable(z.number()),
  signal: z.nullable(z.string()),
  endedAt: z.number(),
  stoppedBy: z.nullable(z.literal('person')),
  /** A sentence when the script could not be started, or left processes behind. */
  reason: z.nullable(z.string()),
  /** The most memory that a sample saw; null when the run was over before the first. */
  maxRssBytes: z.nullable(z.number()),
  /** Which start of the run it tells of. */
  attemptId: z.optional(z.string()),
  /** False when no runner saw the script end, so that a missing exit code says nothing. */
  isSeen: z._default(z.boolean(), true),
});

export type ExitRecord = Readonly<z.output<typeof exitRecord>>;
