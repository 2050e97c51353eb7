import { RequestError } from './failures';

/** The context that newer engines give a reviver: the text of a number as it was sent. */
type ExactReviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

// A whole number of 16 digits or more, not part of a fraction or an exponent: the rest fit a number exactly.
const LONG_INTEGER = /[[:,\s]-?\d{16,}\s*[,}\]]/;
const BARE_NUMBER = /-?\bInfinity\b|\bNaN\b/g;
/** Deeper than any request of a client, and than what would cost a parser its memory. */
const MAX_DEPTH = 500;
const SHALLOW_LENGTH = 96 * 1024; // As long as a batch of 1,000 metrics, which is not looked through.

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
  if (text.length > SHALLOW_LENGTH) refuseDepth(text);
  try {
    return parseExactly(text);
  } catch (error) {
    const quoted = quoteBareNumbers(text);
    if (quoted !== null) {
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

/** The text with its NaN and infinities in quotes; null when it has none outside of strings. */
function quoteBareNumbers(text: string): string | null {
  let quoted = '';
  let hasFound = false;
  for (let at = 0; at < text.length;) {
    const opening = text.indexOf('"', at);
    const between = text.slice(at, opening < 0 ? text.length : opening);
    const replaced = between.replaceAll(BARE_NUMBER, '"$&"');
    hasFound ||= replaced !== between;
    at = opening < 0 ? text.length : stringEnd(text, opening);
    quoted += replaced + (opening < 0 ? '' : text.slice(opening, at));
  }
  return hasFound ? quoted : null;
}

/** Where a string ends that begins at `opening`: behind its closing quote, or with the text. */
function stringEnd(text: string, opening: number): number {
  for (let from = opening + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    let first = quote;
    while (first > from && text[first - 1] === '\\') first--;
    if ((quote - first) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** @throws RequestError 400 when a text is nested too deeply; strings are jumped over. */
function refuseDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) at = stringEnd(text, at) - 1;
    else if (character === 0x7d || character === 0x5d) depth--;
    else if ((character === 0x7b || character === 0x5b) && ++depth > MAX_DEPTH) {
      throw new RequestError('BAD_REQUEST', 'The body of the request is nested too deeply.');
    }
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
