import { $ZodError } from 'zod/v4/core';
import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { UserError, errorCode, messageOf } from '../base/errors';
import { isStoreDamage, isStoreTrouble } from '../store/database';

z.config(en()); // The small zod brings no words for what is wrong with a request.

/** A failure as it travels: MLflow's error shape, so that its clients show the sentence. */
export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Seconds to wait before the same request makes sense again; only for trouble of our own. */
  readonly retryAfter?: number;
}

/** A request that is answered with a failure of MLflow's vocabulary. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly code: MlflowCode,
    message: string,
    options?: ErrorOptions & { readonly status?: number },
  ) {
    super(message, options);
    this.status = options?.status ?? STATUS[code];
  }
  readonly status: number;
}

/** MLflow's error codes that are used here, and their statuses (mlflow/exceptions.py). */
const STATUS = {
  BAD_REQUEST: 400,
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  TEMPORARILY_UNAVAILABLE: 503,
} as const;

export type MlflowCode = keyof typeof STATUS;

const MLFLOW_CODES: Readonly<Record<string, MlflowCode>> = {
  'not-found': 'RESOURCE_DOES_NOT_EXIST',
  'already-exists': 'RESOURCE_ALREADY_EXISTS',
  'store-read-only': 'PERMISSION_DENIED',
};

const BUSY_SECONDS = 2; // Clients of MLflow repeat seven times: a full disk has about four minutes to be noticed.

/**
 * What to answer when handling a request threw.
 * @param forMlflow whether the code is one of MLflow's, or the stable word of a UserError.
 * @param logBug hears of errors that are nobody's fault but ours.
 * @param input the request, if it was read so far: a wrong value is named.
 */
export function failureOf(
  error: unknown,
  forMlflow: boolean,
  logBug: (error: unknown) => void,
  input?: Readonly<Record<string, unknown>>,
): Failure {
  if (error instanceof RequestError) {
    return { status: error.status, code: error.code, message: error.message };
  }
  if (error instanceof UserError) {
    const code = MLFLOW_CODES[error.code] ?? 'INVALID_PARAMETER_VALUE';
    return { status: STATUS[code], code: forMlflow ? code : error.code, message: error.message };
  }
  if (error instanceof $ZodError) {
    return { status: 400, code: 'INVALID_PARAMETER_VALUE', message: sentenceOf(error, input) };
  }
  if (isStoreTrouble(error) || isDiskTrouble(error)) {
    logBug(error);
    return {
      status: 503,
      code: 'TEMPORARILY_UNAVAILABLE',
      message: `Nothing was written: ${messageOf(error)}. Make room on the disk, or wait; clients try again by themselves.`,
      retryAfter: BUSY_SECONDS,
    };
  }
  logBug(error);
  if (isStoreDamage(error)) {
    return {
      status: 503,
      code: 'TEMPORARILY_UNAVAILABLE',
      message: `The store is damaged (${messageOf(error)}). The tracking server ends and looks through it when it starts again, so try again in a moment.`,
      retryAfter: BUSY_SECONDS,
    };
  }
  // Not a 5xx: clients would repeat for four minutes what fails in the same way each time.
  return {
    status: 400,
    code: 'INTERNAL_ERROR',
    message: `The tracking server failed on this request (${messageOf(error)}). Its log has the details.`,
  };
}

export function responseOf({ status, code, message, retryAfter }: Failure): Response {
  return new Response(JSON.stringify({ error_code: code, message }), {
    status,
    headers: {
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
  });
}

function isDiskTrouble(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'ENFILE'].includes(errorCode(error) ?? '');
}

const LONGEST_SHOWN = 200;

/** MLflow's texts, which scripts and tools match on; the first problem is enough. */
function sentenceOf(error: $ZodError, input: unknown): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'The request is not valid.';
  const name = pathOf(issue.path);
  const value = valueAt(input, issue.path);
  // zod keeps no values: only its words tell whether there was one. What is missing is NaN where it is coerced.
  // A null is the same as absent, as in protobuf's JSON.
  const isUndefined = issue.code === 'invalid_type' && / received (undefined|null)$/.test(issue.message);
  const isAbsent = (value ?? null) === null && ['invalid_type', 'invalid_union'].includes(issue.code ?? '');
  if (isUndefined || isAbsent) {
    return `Missing value for required parameter '${name}'. See the API docs for more information about request parameters.`;
  }
  const shown = value === undefined ? '' : ` ${shownValue(value)}`;
  return `Invalid value${shown} for parameter '${name}' supplied: ${issue.message}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function shownValue(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? Number(part) : part,
  );
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
