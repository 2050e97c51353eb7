/** A leaf: the levels of each feature that it holds, from `low` up to but without `high`, and its mean. */
export interface Leaf {
  readonly low: Uint8Array;
  readonly high: Uint8Array;
  readonly value: number;
}

/** Features by run as levels: small whole numbers from 0, in an order that a split may cut. */
export interface Levels {
  /** One array a feature. */
  readonly of: readonly Uint8Array[];
  /** How many levels each feature has: 255 at most. */
  readonly counts: readonly number[];
}

const LEAST_TO_SPLIT = 4;
const LEAST_IN_LEAF = 2;

/**
 * A regression tree (Breiman et al. 1984) over rows, which may repeat: each split takes the cut of the least squared error
 * among `tried` features drawn anew at each node. Its leaves are boxes over the levels.
 */
export function growTree(
  levels: Levels,
  target: Float64Array,
  rows: Uint32Array,
  tried: number,
  random: () => number,
): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const low = new Uint8Array(levels.counts.length);
  const high = Uint8Array.from(levels.counts);
  const open: { rows: Uint32Array; low: Uint8Array; high: Uint8Array }[] = [{ rows, low, high }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const cut = bestCut(levels, target, node.rows, tried, random);
    if (cut === null) {
      leaves.push({ low: node.low, high: node.high, value: meanOf(target, node.rows) });
      continue;
    }
    const { feature, below } = cut;
    const of = levels.of[feature] ?? new Uint8Array();
    const [lowHigh, highLow] = [node.high.slice(), node.low.slice()];
    lowHigh[feature] = below;
    highLow[feature] = below;
    open.push({ rows: node.rows.filter((row) => (of[row] ?? 0) < below), low: node.low, high: lowHigh });
    open.push({ rows: node.rows.filter((row) => (of[row] ?? 0) >= below), low: highLow, high: node.high });
  }
  return leaves;
}

/** The value that a tree gives for a row. */
export function predict(leaves: readonly Leaf[], levels: Levels, row: number): number {
  for (const { low, high, value } of leaves) {
    let isIn = true;
    for (let feature = 0; feature < low.length && isIn; feature += 1) {
      const level = levels.of[feature]?.[row] ?? 0;
      isIn = level >= (low[feature] ?? 0) && level < (high[feature] ?? 0);
    }
    if (isIn) return value;
  }
  return NaN;
}

/** Sums and sizes by level, used anew for each cut: making arrays would take most of the time. */
const scratch = { sums: new Float64Array(256), sizes: new Uint32Array(256) };

function bestCut(
  levels: Levels,
  target: Float64Array,
  rows: Uint32Array,
  tried: number,
  random: () => number,
): { readonly feature: number; readonly below: number } | null {
  if (rows.length < LEAST_TO_SPLIT) return null;
  const { sums, sizes } = scratch;
  let total = 0;
  for (const row of rows) total += target[row] ?? 0;
  let best: { feature: number; below: number } | null = null;
  // A cut that gains nothing is none: rounding must not make one.
  let most = (total * total) / rows.length + 1e-12 * Math.abs(total);
  for (const feature of sample(levels.counts.length, tried, random)) {
    const of = levels.of[feature] ?? new Uint8Array();
    const count = levels.counts[feature] ?? 0;
    sums.fill(0, 0, count);
    sizes.fill(0, 0, count);
    for (const row of rows) {
      const level = of[row] ?? 0;
      sums[level] = (sums[level] ?? 0) + (target[row] ?? 0);
      sizes[level] = (sizes[level] ?? 0) + 1;
    }
    let [sum, size] = [0, 0];
    for (let level = 0; level + 1 < count; level += 1) {
      sum += sums[level] ?? 0;
      size += sizes[level] ?? 0;
      const rest = rows.length - size;
      if (sizes[level] === 0 || size < LEAST_IN_LEAF || rest < LEAST_IN_LEAF) continue;
      const gain = (sum * sum) / size + ((total - sum) * (total - sum)) / rest;
      if (gain > most + 1e-12) [most, best] = [gain, { feature, below: level + 1 }];
    }
  }
  return best;
}

function sample(count: number, tried: number, random: () => number): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  for (let at = 0; at < Math.min(tried, count); at += 1) {
    const other = at + Math.floor(random() * (count - at));
    [all[at], all[other]] = [all[other] ?? 0, all[at] ?? 0];
  }
  return all.slice(0, tried);
}

function meanOf(target: Float64Array, rows: Uint32Array): number {
  let sum = 0;
  for (const row of rows) sum += target[row] ?? 0;
  return sum / Math.max(1, rows.length);
}
