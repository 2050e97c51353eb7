import { UserError } from '../../../base/errors';
import { type WireNumber, toWire } from '../../../api/wire';
import type { HistoryStart, PointRow } from '../../../store/history';
import { fitting } from './wire';

/**
 * The token of the page behind a point: base64 of {"after": [step, timestamp, value, NaN or not]}. It names the
 * point and no number of points, so that a page far behind costs no more than the first.
 */
export function historyToken([step, timestamp, value, isNaN]: PointRow): string {
  const after = [String(step), String(timestamp), toWire(value), Number(isNaN)];
  return Buffer.from(JSON.stringify({ after })).toString('base64');
}

/**
 * Where the page of a token begins; without one at the first point. MLflow's own tokens, {"offset": N}, are
 * understood too.
 * @throws UserError 'invalid' for a token that nobody here made.
 */
export function historyStart(token: string | undefined): HistoryStart {
  if (token === undefined || token === '') return { offset: 0 };
  const { offset, after } = decoded(token);
  if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return { offset };
  const [step, timestamp, value, isNaN] = Array.isArray(after) ? (after as unknown[]) : [];
  if (isWhole(step) && isWhole(timestamp) && isValue(value) && (isNaN === 0 || isNaN === 1)) {
    return {
      after: [
        fitting(BigInt(step), step, 'page_token'),
        fitting(BigInt(timestamp), timestamp, 'page_token'),
        Number(value),
        isNaN,
      ],
    };
  }
  throw invalid();
}

function decoded(token: string): { offset?: unknown; after?: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw invalid();
  }
}

const isWhole = (value: unknown): value is string => typeof value === 'string' && /^-?\d{1,19}$/.test(value);

const isValue = (value: unknown): value is WireNumber =>
  typeof value === 'number' || value === 'Infinity' || value === '-Infinity';

function invalid(): UserError {
  return new UserError('invalid', 'Invalid page token, could not base64-decode');
}
