import { openIfThere } from '../platform/outputFile';
import { withinTime } from '../platform/timeLimit';

export interface OutputSearch {
  readonly file: string;
  /** With the flag `g` or without: one hit a line. */
  readonly expression: RegExp;
  /** No more hits than this. */
  readonly limit: number;
  /** Hears how many bytes are searched. */
  readonly onProgress?: (bytes: number) => void;
}

export interface OutputHit {
  /** From 1. */
  readonly line: number;
  /** Where the line begins, in bytes. */
  readonly offset: number;
  /** The line without colours, cut at 300 characters around the hit; of a bar the drawing that matches. */
  readonly text: string;
}

const PIECE_BYTES = 1 << 20;
const MAX_LINE_BYTES = 1 << 20; // A longer line is searched in parts.
const SLOW_MS = 1_500; // A piece takes some milliseconds.
const NEWLINE = 0x0a;
const SHOWN = 300;

/**
 * Searches a whole output, however long, without keeping more of it than a few lines. Ends early by the signal.
 * @throws UserError 'too-slow' when the expression takes longer over one piece than a window may stand still.
 */
export async function searchOutput(
  { file, expression, limit, onProgress }: OutputSearch,
  signal: AbortSignal,
): Promise<{ readonly hits: readonly OutputHit[]; readonly isWhole: boolean }> {
  const hits: OutputHit[] = [];
  const handle = await openIfThere(file);
  if (handle === null) return { hits, isWhole: true };
  const test = new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
  try {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES + MAX_LINE_BYTES);
    let held = 0;
    let offset = 0;
    let line = 1;
    for (;;) {
      if (signal.aborted) return { hits, isWhole: false };
      const { bytesRead } = await handle.read(buffer, held, PIECE_BYTES, offset + held);
      const length = held + bytesRead;
      if (length === 0) return { hits, isWhole: true };
      const isEnd = bytesRead === 0;
      const lastBreak = buffer.lastIndexOf(NEWLINE, length - 1);
      const whole = isEnd
        ? length
        : lastBreak === -1
          ? length >= MAX_LINE_BYTES
            ? length
            : 0
          : lastBreak + 1;
      const text = withoutColours(buffer.toString('utf8', 0, whole));
      const part = buffer.subarray(0, whole);
      const start = { line, offset, limit: limit - hits.length };
      hits.push(...withinTime(SLOW_MS, () => (mayMatch(test, text) ? hitsIn(part, test, start) : [])));
      if (hits.length >= limit) return { hits, isWhole: false };
      line += count(part);
      offset += whole;
      held = length - whole;
      buffer.copyWithin(0, whole, length);
      onProgress?.(offset);
      if (isEnd) return { hits, isWhole: true };
    }
  } finally {
    await handle.close();
  }
}

/** Whether any line of a piece may match: most pieces have no hit, and their lines are not looked at. */
function mayMatch(test: RegExp, text: string): boolean {
  return new RegExp(test.source, `${test.flags.replace('m', '')}m`).test(text);
}

function hitsIn(
  part: Buffer,
  test: RegExp,
  start: { readonly line: number; readonly offset: number; readonly limit: number },
): OutputHit[] {
  const hits: OutputHit[] = [];
  let { line } = start;
  for (let from = 0; from < part.length && hits.length < start.limit; line++) {
    const found = part.indexOf(NEWLINE, from);
    const end = found === -1 ? part.length : found;
    const drawn = withoutColours(part.toString('utf8', from, end)).split(/[\r\b]+/);
    const text = drawn.findLast((each) => test.test(each));
    if (text !== undefined) hits.push({ line, offset: start.offset + from, text: around(text, test) });
    from = end + 1;
  }
  return hits;
}

function around(text: string, test: RegExp): string {
  const at = test.exec(text)?.index ?? 0;
  const from = Math.max(0, Math.min(at - 60, text.length - SHOWN));
  return `${from > 0 ? '…' : ''}${text.slice(from, from + SHOWN)}${from + SHOWN < text.length ? '…' : ''}`.trim();
}

// Colours, movements and titles.
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;

export function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(ESCAPES, '') : text;
}

function count(part: Buffer): number {
  let lines = 0;
  for (let at = part.indexOf(NEWLINE); at !== -1; at = part.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

/** What a person typed: `/loss: \d/i` is a regular expression, all else is text in any case. Null: it cannot be read. */
export function searchExpression(typed: string): RegExp | null {
  const [, source, flags = ''] = /^\/(.+)\/([imsu]*)$/.exec(typed) ?? [];
  try {
    return source === undefined
      ? new RegExp(typed.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), 'i')
      : new RegExp(source, flags);
  } catch {
    /* The person is told when the box asks whether it is valid. */
    return null;
  }
}
