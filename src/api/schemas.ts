import * as z from 'zod';
import { once } from '../base/once';
import { RUN_STATES } from '../model/run';
import { anyNumber, experimentId, runId } from './wire';

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
    metric: z.string().min(1),
    direction: z.enum(['maximize', 'minimize']),
    target: z.number().nullable(),
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
    goal: goal().nullable(),
    bestRunId: runId.nullable(),
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
    startedAt: z.number().nullable(),
    endedAt: z.number().nullable(),
    exitCode: z.number().nullable(),
    signal: z.string().nullable(),
    reason: z.string().nullable(),
    parentRunId: runId.nullable(),
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
    python: z.string().nullable(),
    script: z.string().min(1),
    args: z.array(z.string()),
    folder: z.string().min(1),
  }),
);

export const leftOutFile = once(() =>
  z.object({
    path: z.string(),
    why: z.enum(['too large', 'unreadable', 'not a regular file']),
    sizeBytes: z.number().nullable(),
    sha256: z.string().nullable(),
  }),
);

export const runSnapshot = once(() =>
  z.object({
    commit: z.string(),
    baseCommit: z.string().nullable(),
    branch: z.string().nullable(),
    dirty: z.boolean(),
    fileCount: z.number(),
    leftOut: z.array(leftOutFile()),
  }),
);

export const runDetail = once(() =>
  run().extend({
    command: runCommand().nullable(),
    snapshot: runSnapshot().nullable(),
    outputPath: z.string().nullable(),
    artifactDirectory: z.string(),
    pid: z.number().nullable(),
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
    branchFrom: z.string().nullable(),
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
    branchFrom: z.string().nullable(),
    tag: z.string(),
    tagObject: z.string(),
    commit: z.string(),
    base: z.string(),
    files: z.array(plannedFile()),
    gates: z.array(gateResult()),
    promotedAt: z.number(),
    undoneAt: z.number().nullable(),
  }),
);
