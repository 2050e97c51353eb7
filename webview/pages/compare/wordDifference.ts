import { diffWordsWithSpace } from 'diff';

/** A stretch of a value; `isOther` when the base has not got it there. */
export interface Stretch {
  readonly text: string;
  readonly isOther: boolean;
}

const SHORTEST = 20; // A short value is seen to be another one without help.
const LONGEST = 5_000;
const MOST_EDITS = 300; // Texts with more have nothing to do with each other.

/** What of a long value is not in the base's; null when all of it is, or nothing is alike, or it is short. */
export function wordDifference(base: string, value: string): readonly Stretch[] | null {
  const longer = Math.max(base.length, value.length);
  if (longer < SHORTEST || longer > LONGEST) return null;
  const parts = diffWordsWithSpace(base, value, { maxEditLength: MOST_EDITS });
  if (parts === undefined) return null;
  const kept = parts.filter(({ removed }) => !removed);
  const isAlike = kept.some(({ added, value: text }) => !added && /\w/.test(text));
  const isOther = kept.some(({ added }) => added);
  return isAlike && isOther ? kept.map(({ added, value: text }) => ({ text, isOther: added })) : null;
}
