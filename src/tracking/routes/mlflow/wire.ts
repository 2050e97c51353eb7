import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import { type WireNumber, toWire } from '../../../api/wire';
import { type RunState, toMlflowStatus } from '../../../model/run';
import type { ExperimentRecord } from '../../../store/experiments';
import type { RunFacts } from '../../../store/runTexts';
import type { RunRecord } from '../../../store/runs';
import { wholeNumber } from '../../json';

/* MLflow's messages as they travel: proto2 in JSON, so unset fields and empty lists are absent. */

const INT64_MAX = 2n ** 63n - 1n;

/** A 64-bit whole number: a number, or text as protobuf's own JSON has it. */
export function readInt64(value: unknown, name: string): number | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value)) return fitting(BigInt(value), value, name);
  if (typeof value === 'bigint') return fitting(value, String(value), name);
  if (typeof value === 'number' && Number.isInteger(value))
    return fitting(BigInt(value), String(value), name);
  throw invalidValue(value, name);
}

/** A whole number that fits 64 bits, as a number where that is exact. @throws UserError 'invalid'. */
export function fitting(whole: bigint, text: string, name: string): number | bigint {
  if (whole > INT64_MAX || whole < -INT64_MAX - 1n) throw invalidValue(text, name);
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

/** A double: NaN and the infinities are texts. */
export function readDouble(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && value.trim() !== '') {
    if (/^[+-]?nan$/i.test(value)) return Number.NaN;
    if (/^\+?inf(inity)?$/i.test(value)) return Infinity;
    if (/^-inf(inity)?$/i.test(value)) return -Infinity;
    const number = Number(value);
    if (!Number.isNaN(number)) return number;
  }
  throw invalidValue(value, name);
}

export function invalidValue(value: unknown, name: string): UserError {
  return new UserError('invalid', `Invalid value ${shown(value)} for parameter '${name}' supplied.`);
}

const MAX_SHOWN = 200;

/** A value as a sentence shows it: not all of a long one, and of one that is nested only what it is. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_SHOWN));
  if (Array.isArray(value)) return 'of a list';
  if (typeof value === 'object' && value !== null) return 'of an object';
  return value === undefined ? 'nothing' : String(value);
}

export function missingValue(name: string): UserError {
  return new UserError(
    'invalid',
    `Missing value for required parameter '${name}'. See the API docs for more information about request parameters.`,
  );
}

// The same as MLflow's client allows (mlflow/utils/validation.py); letters of every script are letters there too.
const NAME = /^[/\p{L}\p{M}\p{N}_.\- :]*$/u;
const MAX_KEY = 250;
const knownNames = new Set<string>();

/** Whether a name passed the check before. */
export function isKnownKey(name: string): boolean {
  return knownNames.has(name);
}

/** Checks the name of a metric, param or tag as MLflow's client does. */
export function checkKey(value: unknown, what: 'metric' | 'param' | 'tag', name: string): string {
  if (typeof value === 'string' && knownNames.has(value)) return value;
  if (value === undefined || value === null || value === '') throw missingValue(name);
  if (typeof value !== 'string') throw invalidValue(value, name);
  if (value.length > MAX_KEY) {
    throw new UserError(
      'invalid',
      `${name} '${value.slice(0, 40)}…' had length ${value.length}, which exceeded length limit of ${MAX_KEY}.`,
    );
  }
  if (!NAME.test(value) || value.trim() === '') {
    throw new UserError(
      'invalid',
      `Invalid ${what} name: '${value}' for parameter '${name}'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`,
    );
  }
  if (
    value.startsWith('/') ||
    value === '.' ||
    value.split('/').some((part, _i, all) => part === '..' || (part === '.' && all.length > 1) || part === '')
  ) {
    throw new UserError(
      'invalid',
      `Invalid ${what} name: '${value}' for parameter '${name}'. Names may be treated as files in certain cases, and must not resolve to other names when treated as such.`,
    );
  }
  if (knownNames.size > 10_000) knownNames.clear();
  knownNames.add(value);
  return value;
}

const MAX_PARAM = 6000;
const MAX_TAG = 8000;

/**
 * A key and its value. Long values are cut, as MLflow's client does by default, rather than ending a training.
 * @param name where it stands in the request; '' for the request itself.
 */
export function readParam(value: unknown, name: string): { key: string; value: string } {
  const { key, value: text } = keyValue(value, 'param', name);
  return { key, value: text.slice(0, MAX_PARAM) };
}

export function readTag(value: unknown, name: string): { key: string; value: string } {
  const { key, value: text } = keyValue(value, 'tag', name);
  return { key, value: text.slice(0, MAX_TAG) };
}

function keyValue(value: unknown, what: 'param' | 'tag', name: string): { key: string; value: string } {
  if (typeof value !== 'object' || value === null) throw invalidValue(value, name);
  const fields = value as { key?: unknown; value?: unknown };
  const at = name === '' ? '' : `${name}.`;
  const key = checkKey(fields.key, what, `${at}key`);
  const text = fields.value ?? '';
  if (typeof text !== 'string') throw invalidValue(text, `${at}value`);
  return { key, value: storable(text) };
}

// Half a character and NUL: SQLite would give back something else, and the same request would seem to change it.
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

/** A text as it comes back from the store. */
function storable(text: string): string {
  return text.replaceAll(UNSTORABLE, '\uFFFD');
}

/** Plain fields of requests, for zod. A null is the same as absent, as in protobuf's JSON. */
export const text = z.string().check(z.maxLength(100_000));
export const optionalText = z.pipe(
  z.nullish(text),
  z.transform((value) => value ?? undefined),
);
export const experimentIdText = z
  .pipe(z.union([text, z.int()]), z.transform(String))
  .check(z.refine((value) => /^\d{1,18}$/.test(value), 'it must be a whole number.'));
export const epochMs = z
  .pipe(z.union([z.number(), z.string().check(z.regex(/^-?\d+$/))]), z.transform(Number))
  .check(z.refine((value) => Number.isSafeInteger(value), 'it must be a time in milliseconds.'));
export const status = z.union([
  z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
  z.pipe(
    z.int().check(z.minimum(1), z.maximum(5)),
    z.transform(
      (n) => (['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const)[n - 1] ?? 'RUNNING',
    ),
  ),
]);

const RUN_ID = /^[a-zA-Z0-9][\w-]{0,255}$/;

/** The id of a run: older clients say run_uuid, some say both. */
export function readRunId(input: Record<string, unknown>): string {
  const value = input.run_id ?? input.run_uuid;
  if (value === undefined || value === null || value === '') throw missingValue('run_id');
  if (typeof value !== 'string' || !RUN_ID.test(value)) throw invalidValue(value, 'run_id');
  return value;
}

export function readList(value: unknown, name: string, limit: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidValue(value, name);
  if (value.length > limit) {
    throw new UserError(
      'invalid',
      `A batch logging request can contain at most ${limit} ${name}. Got ${value.length} ${name}. Please split up ${name} across multiple requests and try again.`,
    );
  }
  return value;
}

/** Names of artifacts of a run start with this. */
export function artifactUri(run: { readonly experimentId: string; readonly runId: string }): string {
  return `mlflow-artifacts:/${run.experimentId}/${run.runId}/artifacts`;
}

export function runInfo(run: RunFacts): object {
  return {
    run_uuid: run.runId,
    run_id: run.runId,
    run_name: run.name,
    experiment_id: run.experimentId,
    user_id: run.userId,
    status: statusOf(run.state),
    start_time: run.startedAt ?? run.createdAt,
    ...(run.endedAt === null ? {} : { end_time: run.endedAt }),
    artifact_uri: artifactUri(run),
    lifecycle_stage: run.deleted ? 'deleted' : 'active',
  };
}

function statusOf(state: RunState): string {
  return toMlflowStatus(state);
}

export function runMessage(run: RunRecord): object {
  const metrics = Object.entries(run.metrics).map(([key, summary]) => {
    const wide = run.wideSteps[key];
    return {
      key,
      value: toWire(summary.last) satisfies WireNumber,
      timestamp: wholeNumber(wide?.timestamp ?? run.lastTimestamps[key] ?? 0),
      step: wholeNumber(wide?.step ?? summary.lastStep),
    };
  });
  const params = keyValues(run.params);
  const tags = keyValues(run.tags);
  return {
    info: runInfo(run),
    data: {
      ...(metrics.length > 0 ? { metrics } : {}),
      ...(params.length > 0 ? { params } : {}),
      ...(tags.length > 0 ? { tags } : {}),
    },
    ...inputsAndOutputs(run),
  };
}

/** The fields of a run that are there only when it has data sets or models. */
export function inputsAndOutputs({ inputs: datasets, models }: Pick<RunRecord, 'inputs' | 'models'>): object {
  const modelInputs = models?.inputs ?? [];
  const modelOutputs = models?.outputs ?? [];
  const inputs = {
    ...(datasets.length > 0 ? { dataset_inputs: datasets } : {}),
    ...(modelInputs.length > 0 ? { model_inputs: modelInputs.map((model_id) => ({ model_id })) } : {}),
  };
  return {
    ...(datasets.length + modelInputs.length > 0 ? { inputs } : {}),
    ...(modelOutputs.length > 0
      ? {
          outputs: {
            model_outputs: modelOutputs.map(({ modelId, step }) => ({
              model_id: modelId,
              step: wholeNumber(step),
            })),
          },
        }
      : {}),
  };
}

export function experimentMessage(experiment: ExperimentRecord): object {
  const tags = keyValues(experiment.tags);
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: `mlflow-artifacts:/${experiment.experimentId}`,
    lifecycle_stage: experiment.deleted ? 'deleted' : 'active',
    creation_time: experiment.createdAt,
    last_update_time: experiment.updatedAt,
    ...(tags.length > 0 ? { tags } : {}),
  };
}

export function keyValues(record: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}

/** A page token as MLflow makes them: base64 of {"offset": N}. */
export function readPageToken(value: string | undefined): number {
  if (value === undefined || value === '') return 0;
  try {
    const { offset } = JSON.parse(Buffer.from(value, 'base64').toString('utf8')) as { offset?: unknown };
    if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return offset;
  } catch {
    /* Not one of ours: refused below. */
  }
  throw new UserError('invalid', 'Invalid page token, could not base64-decode');
}

export function pageToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}
