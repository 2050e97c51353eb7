import { kindOfName } from './names';
import type { PrintedPoint } from './reader';
import type { PrintedValue, Reading } from './shape';

/** What is remembered of names that are not known to be metrics; plain data. */
export interface Judgement {
  /** Names of which one value was printed, with that value. */
  candidates: Record<string, PrintedPoint>;
  /** Names that turned out to be metrics. */
  accepted: string[];
  /** Whether a metric was printed yet. Before the first, a number printed once is a setting. */
  hasBegun: boolean;
}

export function newJudgement(): Judgement {
  return { candidates: {}, accepted: [], hasBegun: false };
}

const MAX_CANDIDATES = 50;

/** Which values of a line are metrics now, which may become some, and what earlier values become some by it. */
export function judge(
  judgement: Judgement,
  { values, at }: Reading,
): {
  readonly now: readonly PrintedValue[];
  readonly later: readonly PrintedValue[];
  readonly before: readonly PrintedPoint[];
} {
  const now = new Map<string, PrintedValue>();
  const later: PrintedValue[] = [];
  const before: PrintedPoint[] = [];
  const judged = values.map((value) => ({
    value,
    kind: value.sure === true ? 'metric' : kindOfName(value.name),
  }));
  // A line that has a metric or says a step has nothing but metrics, as far as their names allow it.
  const isOfMetrics = at !== undefined || judged.some(({ kind }) => kind === 'metric');
  for (const { value, kind } of judged) {
    const { name } = value;
    if (kind === 'never') continue;
    if (kind === 'metric' || isOfMetrics || judgement.accepted.includes(name)) {
      now.set(name, value);
      continue;
    }
    const known = judgement.candidates[name];
    const isAgain = known !== undefined && known.value !== value.value;
    const isResult = judgement.hasBegun && known === undefined && !Number.isInteger(value.value);
    if (isAgain || isResult) {
      if (known !== undefined) before.push(known);
      delete judgement.candidates[name];
      judgement.accepted.push(name);
      now.set(name, value);
    } else if (known === undefined && Object.keys(judgement.candidates).length < MAX_CANDIDATES) {
      later.push(value);
    }
  }
  if (now.size > 0) judgement.hasBegun = true;
  return { now: [...now.values()], later, before };
}
