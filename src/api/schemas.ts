import * as z from 'zod/mini';
import { once } from '../base/once';
import { RUN_STATES } from '../model/run';
import { anyNumber, attemptId, experimentId, runId } from './wire';

/**
 * The nouns of the model as they travel. Each schema's output is the model's type of the same name. They are made
 * when they are first used: all of them together cost a process 20 ms at its start, and most use three.
 */

export const metricSummary = once(() =>
  z.object({
    last: anyNumber,
    lastStep: z.number(),
    min: anyNumber,
    minStep: z.number(),
    max: anyNumber,
    maxStep: z.number(),
    first: anyNumber,
    firstStep: z.number(),
    count: z.number(),
  }),
);

export const goal = once(() =>
  z.object({
    metric: z.string().check(z.minLength(1)),
    direction: z.enum(['maximize', 'minimize']),
    target: z.nullable(z.number()),
  }),
);

export const experiment = once(() =>
  z.object({
    experimentId,
    name: z.string(),
    createdAt: z.number(),
    deleted: z.boolean(),
    runCount: z.number(),
    runningCount: z.number(),
    goal: z.nullable(goal()),
    bestRunId: z.nullable(runId),
  }),
);

export const run = once(() =>
  z.object({
    runId,
    experimentId,
    experiment: z.string(),
    name: z.string(),
    state: z.enum(RUN_STATES),
    createdAt: z.number(),
    startedAt: z.nullable(z.number()),
    endedAt: z.nullable(z.number()),
    exitCode: z.nullable(z.number()),
    signal: z.nullable(z.string()),
    reason: z.nullable(z.string()),
    parentRunId: z.nullable(runId),
    childCount: z.number(),
    hasRunner: z.boolean(),
    deleted: z.boolean(),
    params: z.record(z.string(), z.string()),
    metrics: z.record(z.string(), metricSummary()),
    tags: z.record(z.string(), z.string()),
  }),
);

export const runCommand = once(() =>
  z.object({
    python: z.nullable(z.string()),
    script: z.string().check(z.minLength(1)),
    args: z.array(z.string()),
    folder: z.string().check(z.minLength(1)),
    variables: z.optional(z.record(z.string(), z.string())),
  }),
);

export const leftOutFile = once(() =>
  z.object({
    path: z.string(),
    why: z.enum(['too large', 'unreadable', 'not a regular file']),
    sizeBytes: z.nullable(z.number()),
    sha256: z.nullable(z.string()),
  }),
);

export const runSnapshot = once(() =>
  z.object({
    commit: z.string(),
    baseCommit: z.nullable(z.string()),
    branch: z.nullable(z.string()),
    dirty: z.boolean(),
    fileCount: z.number(),
    leftOut: z.array(leftOutFile()),
  }),
);

export const runAttempt = once(() =>
  z.object({
    attemptId,
    number: z.number(),
    command: z.nullable(runCommand()),
    snapshot: z.nullable(runSnapshot()),
    resumedFrom: z.nullable(z.string()),
    startedAt: z.nullable(z.number()),
    endedAt: z.nullable(z.number()),
    state: z.nullable(z.enum(RUN_STATES)),
    exitCode: z.nullable(z.number()),
    signal: z.nullable(z.string()),
    reason: z.nullable(z.string()),
  }),
);

export const resumePlan = once(() =>
  z.object({
    number: z.number(),
    args: z.array(z.string()),
    checkpoint: z.nullable(z.object({ path: z.string(), writtenAt: z.number() })),
    flag: z.nullable(z.string()),
  }),
);

export const runDetail = once(() =>
  z.extend(run(), {
    command: z.nullable(runCommand()),
    snapshot: z.nullable(runSnapshot()),
    outputPath: z.nullable(z.string()),
    artifactDirectory: z.string(),
    pid: z.nullable(z.number()),
  }),
);

export const series = once(() =>
  z.object({
    runId,
    metric: z.string(),
    count: z.number(),
    steps: z.array(z.number()),
    values: z.array(anyNumber),
    timestamps: z.array(z.number()),
  }),
);

export const plannedFile = once(() =>
  z.object({
    path: z.string(),
    change: z.enum(['added', 'modified', 'deleted']),
    origin: z.enum(['code', 'record']),
    sizeBytes: z.number(),
  }),
);

export const gateResult = once(() => z.object({ gate: z.string(), passed: z.boolean(), detail: z.string() }));

export const promotionPlan = once(() =>
  z.object({
    runId,
    repository: z.string(),
    base: z.string(),
    branch: z.string(),
    branchFrom: z.nullable(z.string()),
    tag: z.string(),
    message: z.string(),
    files: z.array(plannedFile()),
    gates: z.array(gateResult()),
    notes: z.array(z.string()),
  }),
);

export const promotion = once(() =>
  z.object({
    promotionId: z.string(),
    runId,
    experiment: z.string(),
    repository: z.string(),
    branch: z.string(),
    branchFrom: z.nullable(z.string()),
    tag: z.string(),
    tagObject: z.string(),
    commit: z.string(),
    base: z.string(),
    files: z.array(plannedFile()),
    gates: z.array(gateResult()),
    promotedAt: z.number(),
    undoneAt: z.nullable(z.number()),
  }),
);

export const runEnvironment = once(() =>
  z.object({
    python: z.nullable(
      z.object({
        version: z.string(),
        interpreter: z.string(),
        lockedBy: z.enum(['pip freeze', 'uv pip freeze', 'package metadata']),
        packages: z.array(z.string()),
      }),
    ),
    host: z.object({
      name: z.string(),
      system: z.string(),
      cpuCount: z.number(),
      memoryBytes: z.number(),
      gpus: z.array(z.string()),
    }),
    seeds: z.record(z.string(), z.string()),
  }),
);

export const openedFile = once(() =>
  z.object({
    path: z.string(),
    isFolder: z.boolean(),
    fileCount: z.nullable(z.number()),
    sizeBytes: z.nullable(z.number()),
    modifiedAt: z.nullable(z.number()),
    digest: z.nullable(z.string()),
    problem: z.nullable(z.string()),
  }),
);

export const queueState = once(() =>
  z.object({
    paused: z.boolean(),
    pausedWhy: z.nullable(z.string()),
    slots: z.number(),
    slotsInUse: z.number(),
    gpus: z.array(z.number()),
    gpusInUse: z.array(z.number()),
    waiting: z.array(
      z.object({
        runId,
        name: z.string(),
        experiment: z.string(),
        gpuCount: z.number(),
        queuedAt: z.number(),
      }),
    ),
  }),
);
