import type { ParamSpec } from './param';
import { splitAtCommas, unquoted } from './paramValue';

const MOST_OF_RANGE = 1_000; // More runs than that were not meant.

/**
 * The values that one text gives a param, one for each run: `0, 1, 2` are three. The grammar:
 * - commas separate values; quotes and brackets hold commas together: `"a,b", c` are two, `[64, 32], [128]` too;
 * - `0..4` are the whole numbers 0 to 4, for a param that takes whole numbers;
 * - a param that takes several values has them separated by blanks: `64 32, 128` are two runs.
 * A text without a comma is one value as it stands; an empty one is none.
 */
export function parseValuesList(spec: ParamSpec, text: string): readonly string[] {
  if (text.trim() === '') return [];
  const parts = splitAtCommas(text);
  if (parts.length === 0) return [text];
  return parts.flatMap(
    (part) => rangeOf(spec, part) ?? [parts.length > 1 || !spec.many ? plain(spec, part) : part],
  );
}

/** One record of values for each run: every combination of the values that the params have. */
export function combineValues(
  values: Readonly<Record<string, readonly string[]>>,
): readonly Readonly<Record<string, string>>[] {
  let runs: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [name, texts] of Object.entries(values)) {
    if (texts.length > 0) runs = runs.flatMap((run) => texts.map((text) => ({ ...run, [name]: text })));
  }
  return runs;
}

/** Quotes that only held a comma are no part of the value; for several values they hold blanks, and stay. */
function plain(spec: ParamSpec, part: string): string {
  return spec.many || !part.includes(',') ? part : unquoted(part);
}

function rangeOf(spec: ParamSpec, part: string): readonly string[] | null {
  const [, from, to] = /^(-?\d+)\.\.(-?\d+)$/.exec(part) ?? [];
  if (spec.type !== 'int' || from === undefined || to === undefined) return null;
  const [first, last] = [Number(from), Number(to)];
  if (last < first || last - first >= MOST_OF_RANGE) return null;
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}
