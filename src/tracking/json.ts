import { RequestError } from './failures';

/** The context that newer engines give a reviver: the text of a number as it was sent. */
type ExactReviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

// A whole number of 16 digits or more, not part of a fraction or an exponent: the rest fit a number exactly.
const LONG_INTEGER = /[[:,\s]-?\d{16,}\s*[,}\]]/;
// Strings are matched first, so that a NaN inside one stays what it is.
const BARE_NUMBERS = /"(?:[^"\\]|\\.)*"|-?Infinity\b|\bNaN\b/g;

/**
 * Reads a request's JSON. Whole numbers that a JavaScript number cannot hold come as bigints. NaN and the
 * infinities may stand bare, as Python's json writes them; a body that is a JSON string of JSON (old clients)
 * is read through.
 * @throws RequestError 400 when it is no JSON object.
 */
export function parseBody(text: string): Record<string, unknown> {
  const parsed = parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  const value = typeof parsed === 'string' ? parse(parsed) : parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError('BAD_REQUEST', 'The body of the request must be a JSON object.');
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return parseExactly(text);
  } catch (error) {
    const quoted = text.replaceAll(BARE_NUMBERS, (match) => (match.startsWith('"') ? match : `"${match}"`));
    if (quoted !== text) {
      try {
        return parseExactly(quoted);
      } catch {
        /* Broken in another way as well: the first error says where. */
      }
    }
    const why = error instanceof Error ? error.message : '';
    throw new RequestError('BAD_REQUEST', `The body of the request is not JSON: ${why}`, { cause: error });
  }
}

function parseExactly(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  const reviver: ExactReviver = (_key, value, context) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    context?.source !== undefined &&
    /^-?\d+$/.test(context.source)
      ? BigInt(context.source)
      : value;
  return JSON.parse(text, reviver);
}

declare global {
  interface JSON {
    /** Text that `stringify` writes as it is (ECMAScript 2025; Node 22 has it). */
    rawJSON(text: string): unknown;
  }
}

/** For `JSON.stringify`: a whole number of any size as digits. */
export function wholeNumber(value: number | bigint | string): unknown {
  return typeof value === 'number' ? value : JSON.rawJSON(String(value));
}

/** An answer that was written as JSON already, where making an object of each part would cost more than it tells. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** The JSON of an answer. */
export function jsonText(body: object): string {
  return body instanceof JsonText ? body.text : JSON.stringify(body);
}
