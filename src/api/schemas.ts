import * as z from 'zod';
import { RUN_STATES } from '../model/run';
import { anyNumber, experimentId, runId } from './wire';

/** The nouns of the model as they travel. Each schema's output is the model's type of the same name. */

export const metricSummary = z.object({
  last: anyNumber,
  lastStep: z.number(),
  min: anyNumber,
  minStep: z.number(),
  max: anyNumber,
  maxStep: z.number(),
  first: anyNumber,
  firstStep: z.number(),
  count: z.number(),
});

export const goal = z.object({
  metric: z.string().min(1),
  direction: z.enum(['maximize', 'minimize']),
  target: z.number().nullable(),
});

export const experiment = z.object({
  experimentId,
  name: z.string(),
  createdAt: z.number(),
  deleted: z.boolean(),
  runCount: z.number(),
  runningCount: z.number(),
  goal: goal.nullable(),
  bestRunId: runId.nullable(),
});

export const run = z.object({
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
  metrics: z.record(z.string(), metricSummary),
  tags: z.record(z.string(), z.string()),
});

export const runCommand = z.object({
  python: z.string().nullable(),
  script: z.string().min(1),
  args: z.array(z.string()),
  folder: z.string().min(1),
});

export const leftOutFile = z.object({
  path: z.string(),
  why: z.enum(['too large', 'unreadable', 'not a regular file']),
  sizeBytes: z.number().nullable(),
  sha256: z.string().nullable(),
});

export const runSnapshot = z.object({
  commit: z.string(),
  baseCommit: z.string().nullable(),
  branch: z.string().nullable(),
  dirty: z.boolean(),
  fileCount: z.number(),
  leftOut: z.array(leftOutFile),
});

export const runDetail = run.extend({
  command: runCommand.nullable(),
  snapshot: runSnapshot.nullable(),
  outputPath: z.string().nullable(),
  artifactDirectory: z.string(),
  pid: z.number().nullable(),
});

export const series = z.object({
  runId,
  metric: z.string(),
  count: z.number(),
  steps: z.array(z.number()),
  values: z.array(anyNumber),
  timestamps: z.array(z.number()),
});

export const plannedFile = z.object({
  path: z.string(),
  change: z.enum(['added', 'modified', 'deleted']),
  origin: z.enum(['code', 'record']),
  sizeBytes: z.number(),
});

export const gateResult = z.object({ gate: z.string(), passed: z.boolean(), detail: z.string() });

export const promotionPlan = z.object({
  runId,
  repository: z.string(),
  base: z.string(),
  branch: z.string(),
  branchFrom: z.string().nullable(),
  tag: z.string(),
  message: z.string(),
  files: z.array(plannedFile),
  gates: z.array(gateResult),
  notes: z.array(z.string()),
});

export const promotion = z.object({
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
  files: z.array(plannedFile),
  gates: z.array(gateResult),
  promotedAt: z.number(),
  undoneAt: z.number().nullable(),
});
