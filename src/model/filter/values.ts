/** Values of filters that are more than numbers and texts: times and durations. */

/** A stretch of time; an instant has `from` and `to` alike. Epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  /** The first instant after it, for a day; else `from`. */
  readonly to: number;
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  sec: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const PART = /(\d+(?:\.\d+)?)(ms|sec|s|min|m|h|d|w)/gy;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/** A decimal number as Python and JSON write them; null for anything else. */
export function readNumber(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

/** A number that may be NaN or infinite. */
export function readAnyNumber(text: string): number | null {
  const [, sign, word] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (word === undefined) return readNumber(text);
  return word.toLowerCase() === 'nan' ? Number.NaN : sign === '-' ? -Infinity : Infinity;
}

/** Milliseconds of `90s`, `1h30m`, `2d`; a bare number is seconds. Null for anything else. */
export function readDuration(text: string): number | null {
  const seconds = readNumber(text);
  if (seconds !== null) return seconds * 1_000;
  return readUnits(text);
}

/**
 * What `2026-11-25`, `2026-11-25T14:30`, `-2d`, `today`, `yesterday` or epoch milliseconds mean. Without a zone it is
 * the time of this machine. Null for anything else.
 */
export function readStretch(text: string, now: number): Stretch | null {
  const number = readNumber(text);
  if (number !== null) return Math.abs(number) < 1e11 ? null : { from: number, to: number };
  if (text.startsWith('-')) {
    const ago = readUnits(text.slice(1));
    return ago === null ? null : { from: now - ago, to: now - ago };
  }
  const lower = text.toLowerCase();
  if (lower === 'now') return { from: now, to: now };
  if (lower === 'today' || lower === 'yesterday') {
    const day = new Date(now);
    day.setHours(0, 0, 0, 0);
    if (lower === 'yesterday') day.setDate(day.getDate() - 1);
    return dayFrom(day);
  }
  if (DAY.test(text)) return dayFrom(new Date(`${text}T00:00:00`));
  if (!INSTANT.test(text)) return null;
  const at = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(at) ? null : { from: at, to: at };
}

/** How the language writes a duration: in the largest unit that is exact. */
export function writeDuration(ms: number): string {
  for (const unit of ['d', 'h', 'min', 's'] as const) {
    const value = ms / (UNITS_MS[unit] ?? 1);
    if (Number.isInteger(value)) return `${value}${unit}`;
  }
  return `${ms}ms`;
}

function dayFrom(day: Date): Stretch | null {
  const from = day.getTime();
  if (Number.isNaN(from)) return null;
  const next = new Date(day);
  next.setDate(next.getDate() + 1); // A day may have 23 or 25 hours.
  return { from, to: next.getTime() };
}

function readUnits(text: string): number | null {
  let ms = 0;
  let end = 0;
  PART.lastIndex = 0;
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    ms += Number(part[1]) * (UNITS_MS[part[2] ?? ''] ?? Number.NaN);
    end = PART.lastIndex;
    if (end === text.length) break;
  }
  return end === text.length && end > 0 ? ms : null;
}
