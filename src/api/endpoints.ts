import * as z from 'zod/mini';
import { once } from '../base/once';
import { keptPrintedRule, printedMetric, printedRule } from './printed';
import {
  experiment,
  goal,
  promotion,
  promotionPlan,
  queueState,
  resumePlan,
  run,
  runAttempt,
  runDetail,
  openedFile,
  runEnvironment,
  series,
} from './schemas';
import {
  MOST_NOTE_CHARACTERS,
  MOST_PREVIEW_BYTES,
  artifactEntry,
  codeChange,
  runInputs,
} from './runPageSchemas';
import {
  MOST_LISTED,
  MOST_ROWS,
  column,
  columnInfo,
  columns,
  experimentFacts,
  runColumns,
  savedView,
  savedViews,
  tableQuery,
  tableWindow,
  viewName,
} from './tableSchemas';
import { anyNumber, experimentId, runId } from './wire';

/**
 * Winnow's own API, one entry an endpoint: the server registers a handler for each, the client calls each by
 * its name. All are POST with a JSON body to `/api/winnow/<path>`, so that one gate and one reader serve all;
 * the feed is a GET (see feed.ts). A request or an answer that does not fit its schema is an error that names
 * the field.
 */
export interface Endpoint<
  Request extends z.ZodMiniType = z.ZodMiniType,
  Answer extends z.ZodMiniType = z.ZodMiniType,
> {
  readonly path: string;
  /** Made when it is first asked for: see schemas.ts. */
  readonly request: () => Request;
  readonly answer: () => Answer;
}

function endpoint<Q extends z.ZodMiniType, A extends z.ZodMiniType>(
  path: string,
  request: () => Q,
  answer: () => A,
): Endpoint<Q, A> {
  return { path, request: once(request), answer: once(answer) };
}

const nothing = once(() => z.object({}));
const oneRun = once(() => z.object({ runId }));

/** Where a debugger listens, and the debugpy to use: the folder of the package, or null for the environment's own. */
const debugging = once(() =>
  z.object({
    address: z.string().check(z.regex(/^127\.0\.0\.1:\d{1,5}$/)),
    package: z.nullable(z.string()),
  }),
);

const deletedBefore = once(() => z.object({ before: z.int().check(z.minimum(0)) }));
const purgeReport = once(() =>
  z.object({
    runCount: z.number(),
    modelCount: z.number(),
    experimentCount: z.number(),
    /** Of a plan: the files beside the database. Of a purge: all that the disk has back. In bytes. */
    sizeBytes: z.number(),
  }),
);

export const endpoints = {
  /** Who answers. Also the cheapest way to see that the server is alive. */
  info: endpoint('info', nothing, () =>
    z.object({
      version: z.string(),
      pid: z.number(),
      /** The absolute path of winnow.db. */
      store: z.string(),
      /** The workspace folder that the store belongs to. */
      folder: z.string(),
      startedAt: z.number(),
      /** The newest sequence number of the feed. */
      seq: z.number(),
      /** Why nothing can be written, or null. */
      readOnly: z.nullable(z.string()),
      /** What a person should know of how the store was opened, such as that a damaged one was set aside. */
      notice: z._default(z.nullable(z.string()), null), // Older servers, which are asked to make room, have none.
      runningCount: z.number(),
    }),
  ),

  /** Keeps the server alive for a client that has no feed open, such as a shell with `winnow env`. */
  hold: endpoint(
    'hold',
    () =>
      z.object({
        holder: z.string().check(z.minLength(1), z.maxLength(200)),
        ttlMs: z.int().check(z.minimum(0)),
      }),
    nothing,
  ),

  /** Asks the server to end by itself once everything acknowledged is on disk (a newer version takes over). */
  handOver: endpoint('hand-over', () => z.object({ version: z.string() }), nothing),

  listExperiments: endpoint(
    'experiments/list',
    () => z.object({ includeDeleted: z.optional(z.boolean()) }),
    () => z.object({ experiments: z.array(experiment()) }),
  ),

  /** Stores a goal; null goes back to the one that follows from the metrics' names. */
  setGoal: endpoint(
    'experiments/set-goal',
    () => z.object({ experimentId, goal: z.nullable(goal()) }),
    nothing,
  ),

  /** Runs by MLflow's search grammar. `total` counts all matches, not the page. Newest first without orderBy. */
  searchRuns: endpoint(
    'runs/search',
    () =>
      z.object({
        experimentIds: z.optional(z.array(experimentId)),
        /** By name; one that does not exist gives no runs. */
        experiment: z.optional(z.string()),
        /** Only children of this run; null: only runs without a parent; absent: both. */
        parentRunId: z.optional(z.nullable(runId)),
        runIds: z.optional(z.array(runId).check(z.maxLength(1000))),
        filter: z.optional(z.string()),
        orderBy: z.optional(z.array(z.string())),
        limit: z.optional(z.int().check(z.minimum(1), z.maximum(50_000))),
        offset: z.optional(z.int().check(z.minimum(0))),
        includeDeleted: z.optional(z.boolean()),
        /** False: `total` is how far these reach. Counting a hundred thousand takes longer than reading a page. */
        withTotal: z.optional(z.boolean()),
      }),
    () => z.object({ runs: z.array(run()), total: z.number() }),
  ),

  getRun: endpoint('runs/get', oneRun, () => z.object({ run: runDetail() })),

  /** Finds one run by its id, a unique prefix of it, or its name; 404 says none, 400 lists several. */
  resolveRun: endpoint(
    'runs/resolve',
    () => z.object({ ref: z.string().check(z.minLength(1)) }),
    () => z.object({ run: runDetail() }),
  ),

  /**
   * Starts a script. The answer comes when the run exists; the snapshot and the start of the process follow.
   * Idempotent by `requestId`: the same one again answers with the same run.
   */
  startRun: endpoint(
    'runs/start',
    () =>
      z.object({
        requestId: z.string().check(z.minLength(8), z.maxLength(100)),
        script: z.string().check(z.minLength(1)),
        args: z.array(z.string()),
        /** The working directory, absolute. */
        folder: z.string().check(z.minLength(1)),
        /** The interpreter, absolute or a name to look up in the environment's PATH. */
        python: z.nullable(z.string()),
        /** The name of the experiment when a person chose one: wins over the script's own. */
        experiment: z.nullable(z.string()),
        name: z.nullable(z.string()),
        /** Larger files of the code are named in the snapshot and left out; 10 MB when absent. */
        maxSnapshotFileBytes: z.optional(z.number().check(z.int(), z.minimum(0))),
        /** The environment of whoever asks. Kept in a private file for the life of the attempt. */
        env: z.record(z.string(), z.string()),
        /** `queue`: it waits for a slot and runs in a checkout of its snapshot. `now` when absent. */
        mode: z.optional(z.enum(['now', 'queue'])),
        /** Variables that the person set for this run: recorded with its command, over those of `env`. */
        variables: z.optional(z.record(z.string(), z.string())),
        /** Files as this run has them instead of the user's: it runs in a checkout of its snapshot then. */
        edits: z.optional(z.array(z.object({ path: z.string().check(z.minLength(1)), content: z.string() }))),
        /** Params that the person gave, as the form knew them. */
        params: z.optional(z.record(z.string(), z.string())),
        /** How many GPUs it asks for; they are given by CUDA_VISIBLE_DEVICES. */
        gpuCount: z.optional(z.number().check(z.int(), z.minimum(0))),
        /** How often a run that waited is queued again by itself when it fails. */
        retries: z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(100))),
        /** It runs under debugpy, which reports to a debugger that listens. */
        debug: z.optional(debugging()),
        /** False: nothing that the script prints becomes a metric. */
        printedMetrics: z.optional(z.boolean()),
        /** Why the person runs it: the run's note. */
        note: z.optional(z.string()),
      }),
    () => z.object({ runId, name: z.string(), outputPath: z.string() }),
  ),

  /**
   * Queues a run that has ended once more, as a new one with the same command and the same code. Idempotent by
   * `requestId`.
   */
  retryRun: endpoint(
    'runs/retry',
    () =>
      z.object({
        requestId: z.string().check(z.minLength(8), z.maxLength(100)),
        runId,
        /** The environment of whoever asks. */
        env: z.record(z.string(), z.string()),
      }),
    () => z.object({ runId, name: z.string(), outputPath: z.string() }),
  ),

  /** How a run that was stopped, failed or lost could go on: with which checkpoint and arguments. */
  planResume: endpoint('runs/plan-resume', oneRun, () => z.object({ plan: resumePlan() })),

  /**
   * Starts a run that was stopped, failed or lost once more, as a new attempt of the same run, with the code as it
   * is now. Idempotent by `requestId`.
   */
  resumeRun: endpoint(
    'runs/resume',
    () =>
      z.object({
        requestId: z.string().check(z.minLength(8), z.maxLength(100)),
        runId,
        /** The script's arguments; as the plan has them when absent. */
        args: z.optional(z.array(z.string())),
        /** The environment of whoever asks. Kept in a private file for the life of the attempt. */
        env: z.record(z.string(), z.string()),
      }),
    () => z.object({ runId, name: z.string(), outputPath: z.string(), number: z.number() }),
  ),

  /** Every start of a run, the first one first. */
  listAttempts: endpoint('runs/attempts', oneRun, () => z.object({ attempts: z.array(runAttempt()) })),

  /** What waits, in the order of its start, and for what. */
  getQueue: endpoint('queue/get', nothing, () => z.object({ queue: queueState() })),

  /** Moves runs that wait, in the order given, before another one; null: behind all. Who waits no longer stays away. */
  moveQueued: endpoint(
    'queue/move',
    () =>
      z.object({
        runIds: z.array(runId).check(z.minLength(1), z.maxLength(10_000)),
        before: z.nullable(runId),
      }),
    nothing,
  ),
  /** Takes runs out of the queue: they end as stopped. One that has ended already stays as it is. */
  removeQueued: endpoint(
    'queue/remove',
    () => z.object({ runIds: z.array(runId).check(z.minLength(1), z.maxLength(10_000)) }),
    nothing,
  ),
  /** Nothing is started from the queue any more, or again. What runs goes on. */
  pauseQueue: endpoint('queue/pause', () => z.object({ paused: z.boolean() }), nothing),

  /** What the run ran in; null when it is not known (yet). */
  getEnvironment: endpoint('runs/environment', oneRun, () =>
    z.object({ environment: z.nullable(runEnvironment()) }),
  ),

  /** The datasets and models of a run. */
  getRunInputs: endpoint('runs/inputs', oneRun, () => runInputs()),

  /** One folder of a run's artifacts by name, '' is the top; a page of it. Links are left out. */
  listArtifacts: endpoint(
    'runs/artifacts/list',
    () =>
      z.object({
        runId,
        folder: z.string(),
        offset: z.optional(z.int().check(z.minimum(0))),
        limit: z.optional(z.int().check(z.minimum(1), z.maximum(10_000))),
      }),
    () => z.object({ entries: z.array(artifactEntry()), hasMore: z.boolean() }),
  ),
  /** The beginning of an artifact in base64: for previews. */
  readArtifact: endpoint(
    'runs/artifacts/read',
    () =>
      z.object({
        runId,
        path: z.string().check(z.minLength(1)),
        maxBytes: z.int().check(z.minimum(1), z.maximum(MOST_PREVIEW_BYTES)),
      }),
    () => z.object({ content: z.string(), sizeBytes: z.number() }),
  ),
  /** The run's note in Markdown, as MLflow keeps it; '' takes it away. */
  setNote: endpoint(
    'runs/set-note',
    () => z.object({ runId, note: z.string().check(z.maxLength(MOST_NOTE_CHARACTERS)) }),
    nothing,
  ),
  setStar: endpoint('runs/set-star', () => z.object({ runId, starred: z.boolean() }), nothing),

  /** What changed in the code up to a run: from another run's snapshot, or from the commit it was based on. */
  compareCode: endpoint(
    'runs/code/compare',
    () => z.object({ runId, from: z.union([z.literal('base'), z.object({ runId })]) }),
    () => z.object({ files: z.array(codeChange()) }),
  ),
  /** A file at the commit that a run was based on, base64; null when it is not in it. */
  readBaseFile: endpoint(
    'runs/code/base-file',
    () => z.object({ runId, path: z.string().check(z.minLength(1)) }),
    () => z.object({ content: z.nullable(z.string()) }),
  ),
  /** Data files and folders that the script opened. */
  getDatasets: endpoint('runs/datasets', oneRun, () => z.object({ datasets: z.array(openedFile()) })),

  /** Politely first: SIGINT, SIGTERM, SIGKILL after grace times, children included. `kill` goes straight to SIGKILL. */
  stopRun: endpoint(
    'runs/stop',
    () => z.object({ runId, kill: z.optional(z.boolean()) }),
    () =>
      z.object({
        /** When it is killed unless it ends before (epoch ms); null when that is at once, or it only waited. */
        killAt: z._default(z.nullable(z.number()), null),
      }),
  ),

  renameRun: endpoint(
    'runs/rename',
    () => z.object({ runId, name: z.string().check(z.trim(), z.minLength(1), z.maxLength(250)) }),
    nothing,
  ),
  deleteRuns: endpoint(
    'runs/delete',
    () => z.object({ runIds: z.array(runId).check(z.minLength(1), z.maxLength(10_000)) }),
    nothing,
  ),
  restoreRuns: endpoint(
    'runs/restore',
    () => z.object({ runIds: z.array(runId).check(z.minLength(1), z.maxLength(10_000)) }),
    nothing,
  ),

  /**
   * A stretch of the runs table. A filter that makes no sense is refused with what was expected and the column where.
   * Runs that were archived are left out unless they are asked for; deleted ones never come.
   */
  readTable: endpoint(
    'table/read',
    () =>
      z.object({
        query: tableQuery(),
        columns: columns(),
        from: z.int().check(z.minimum(0)),
        count: z.int().check(z.minimum(0), z.maximum(MOST_ROWS)),
      }),
    () => tableWindow(),
  ),
  /** Every column that the runs of a filter have: metrics, then params, tags and attributes, each kind by name. */
  listColumns: endpoint(
    'table/columns',
    () =>
      z.object({
        experimentIds: z.array(experimentId).check(z.maxLength(1_000)),
        filter: z.string(),
        includeArchived: z.boolean(),
      }),
    () => z.object({ columns: z.array(columnInfo()) }),
  ),
  /** The most frequent values of a column that contain a text (in any case), for completion. */
  listValues: endpoint(
    'table/values',
    () =>
      z.object({
        experimentIds: z.array(experimentId).check(z.maxLength(1_000)),
        column: column(),
        containing: z.string(),
        limit: z.int().check(z.minimum(1), z.maximum(1_000)),
      }),
    () => z.object({ values: z.array(z.object({ text: z.string(), runCount: z.number() })) }),
  ),
  /** Where a run stands in the table; null when it is not in it, or in a folded group. */
  findRow: endpoint(
    'table/find',
    () => z.object({ query: tableQuery(), runId }),
    () => z.object({ index: z.nullable(z.number()) }),
  ),
  /** The runs of the table in its order, those of folded groups included. */
  listRunIds: endpoint(
    'table/run-ids',
    () => z.object({ query: tableQuery(), limit: z.int().check(z.minimum(1), z.maximum(MOST_LISTED)) }),
    () => z.object({ runIds: z.array(runId) }),
  ),
  /** Columns of the table's runs in its order, or of the runs that are named in theirs. */
  readColumns: endpoint(
    'table/read-columns',
    () =>
      z.object({
        query: tableQuery(),
        runIds: z.nullable(z.array(runId).check(z.maxLength(MOST_LISTED))),
        columns: columns(),
        limit: z.int().check(z.minimum(1), z.maximum(MOST_LISTED)),
      }),
    () => runColumns(),
  ),

  /** What is to be known of an experiment before its runs are read: see ExperimentFacts. */
  experimentFacts: endpoint('experiments/facts', () => z.object({ experimentId }), experimentFacts),

  /** The saved views of an experiment in their order. */
  listViews: endpoint('views/list', () => z.object({ experimentId }), savedViews),
  /** Keeps a view under its name, in place of one of that name, or behind all. */
  saveView: endpoint('views/save', () => z.object({ experimentId, view: savedView() }), savedViews),
  renameView: endpoint(
    'views/rename',
    () => z.object({ experimentId, name: z.string(), to: viewName }),
    savedViews,
  ),
  /** One that is not there stays away. */
  deleteView: endpoint('views/delete', () => z.object({ experimentId, name: z.string() }), savedViews),

  /** Sets tags of runs; null takes one away. The star and the archive are tags: see TAGS. */
  setTags: endpoint(
    'runs/set-tags',
    () =>
      z.object({
        runIds: z.array(runId).check(z.minLength(1), z.maxLength(10_000)),
        tags: z
          .array(
            z.object({
              key: z.string().check(z.minLength(1), z.maxLength(250)),
              value: z.nullable(z.string().check(z.maxLength(MOST_NOTE_CHARACTERS))),
            }),
          )
          .check(z.maxLength(100)),
      }),
    nothing,
  ),

  /** What a purge would remove: runs, logged models and experiments deleted before an instant (epoch ms). */
  planPurge: endpoint('purge/plan', deletedBefore, purgeReport),
  /** Removes it for good, and answers once the disk has its space back. Repeating it changes nothing. */
  purge: endpoint('purge/run', deletedBefore, purgeReport),

  /** Series for drawing: about two points (smallest and largest) for each of `pixels` columns. */
  readSeries: endpoint(
    'series/read',
    () =>
      z.object({
        series: z.array(z.object({ runId, metric: z.string() })).check(z.maxLength(2_000)),
        pixels: z.int().check(z.minimum(1), z.maximum(10_000)),
        /** Only points of steps in this range. */
        fromStep: z.optional(z.number()),
        toStep: z.optional(z.number()),
      }),
    () => z.object({ series: z.array(series()) }),
  ),

  /** Which lines of its output gave a run's metrics, and what a person decided about such lines. */
  getPrinted: endpoint('printed/get', oneRun, () =>
    z.object({
      metrics: z.array(printedMetric()),
      /** Those of the run's experiment and of the folder. */
      rules: z.array(keptPrintedRule()),
    }),
  ),
  /**
   * Keeps a decision for an experiment's runs to come, or for all of the folder. Of the run that is named, if any,
   * what a mute is about goes at once; all else shows when its output is read again.
   */
  addPrintedRule: endpoint(
    'printed/add-rule',
    () => z.object({ rule: printedRule, experimentId: z.nullable(experimentId), runId: z.optional(runId) }),
    () => z.object({ ruleId: z.string() }),
  ),
  removePrintedRule: endpoint(
    'printed/remove-rule',
    () => z.object({ ruleId: z.string().check(z.minLength(1)) }),
    nothing,
  ),
  /** Reads the output of a run that is over by the rules of today, instead of what was read before. */
  readPrintedAgain: endpoint('printed/read-again', oneRun, () => z.object({ metricCount: z.number() })),

  /** What is known of a metric over all runs, for hovers. Null when no run has it. */
  metricUsage: endpoint(
    'metrics/usage',
    () => z.object({ metric: z.string().check(z.minLength(1)), experiment: z.optional(z.string()) }),
    () =>
      z.object({
        usage: z.nullable(
          z.object({
            metric: z.string(),
            direction: z.enum(['maximize', 'minimize']),
            isGoal: z.boolean(),
            runCount: z.number(),
            best: z.nullable(z.object({ run: run(), value: anyNumber, step: z.number() })),
            last: z.object({ run: run(), value: anyNumber, step: z.number() }),
          }),
        ),
      }),
  ),

  /** What is known of a param over all runs, for hovers and the params form. Null when no run has it. */
  paramUsage: endpoint(
    'params/usage',
    () => z.object({ param: z.string().check(z.minLength(1)), experiment: z.optional(z.string()) }),
    () =>
      z.object({
        usage: z.nullable(
          z.object({
            param: z.string(),
            runCount: z.number(),
            goal: z.nullable(goal()),
            /** The run that is best by the goal, and its value of the param. */
            best: z.nullable(z.object({ run: run(), value: z.string() })),
            last: z.object({ run: run(), value: z.string() }),
            /** Each value that was tried, most used first, at most 20. */
            values: z.array(
              z.object({ value: z.string(), runCount: z.number(), bestGoal: z.nullable(anyNumber) }),
            ),
          }),
        ),
      }),
  ),

  /** The files of a run's snapshot that differ from `against` (the working tree, or another run's snapshot). */
  compareSnapshot: endpoint(
    'snapshots/compare',
    () => z.object({ runId, against: z.union([z.literal('working-tree'), z.object({ runId })]) }),
    () =>
      z.object({
        /** The top folder that paths are relative to, absolute. */
        top: z.string(),
        files: z.array(z.object({ path: z.string(), change: z.enum(['added', 'modified', 'deleted']) })),
      }),
  ),
  listSnapshot: endpoint('snapshots/list', oneRun, () =>
    z.object({ top: z.string(), paths: z.array(z.string()) }),
  ),
  /** One file of a snapshot in base64, or null when it is not in it. */
  readSnapshotFile: endpoint(
    'snapshots/read',
    () => z.object({ runId, path: z.string().check(z.minLength(1)) }),
    () => z.object({ content: z.nullable(z.string()) }),
  ),

  /** Decides everything and changes nothing. */
  planPromotion: endpoint(
    'promotions/plan',
    () =>
      z.object({
        runId,
        branch: z.optional(z.string()),
        tag: z.optional(z.string()),
        message: z.optional(z.string()),
      }),
    () => z.object({ plan: promotionPlan() }),
  ),
  /** A file as the plan would write it (`side: 'after'`) or as it is at the base, base64; null when absent. */
  readPlannedFile: endpoint(
    'promotions/read-file',
    () => z.object({ plan: promotionPlan(), path: z.string(), side: z.enum(['before', 'after']) }),
    () => z.object({ content: z.nullable(z.string()) }),
  ),
  /** Carries out a plan that was shown; refused when the repository moved since. */
  applyPromotion: endpoint(
    'promotions/apply',
    () => z.object({ plan: promotionPlan() }),
    () => z.object({ promotion: promotion() }),
  ),
  undoPromotion: endpoint(
    'promotions/undo',
    () => z.object({ promotionId: z.string().check(z.minLength(1)) }),
    () => z.object({ promotion: promotion() }),
  ),
  listPromotions: endpoint('promotions/list', nothing, () => z.object({ promotions: z.array(promotion()) })),

  /** A runner says that there is something new in its files. Its attempt's token is enough. */
  nudge: endpoint('attempts/nudge', () => z.object({ attemptId: z.string() }), nothing),
} as const;

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
export type RequestOf<Name extends EndpointName> = z.input<ReturnType<Endpoints[Name]['request']>>;
export type AnswerOf<Name extends EndpointName> = z.output<ReturnType<Endpoints[Name]['answer']>>;
