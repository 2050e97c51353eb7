import { type Leaf, type Levels, growTree, predict } from './forest';
import { isSeed, noiseOf } from './noise';
import type { Cell } from './table';

/** A param of the runs, one cell for each run. */
export interface ImportanceParam {
  readonly name: string;
  readonly cells: readonly Cell[];
}

/** The share of the variance of a metric that goes with a param, or with two together beyond each alone. */
export interface Importance {
  readonly params: readonly [string] | readonly [string, string];
  /** The mean over the trees, 0 to 1. */
  readonly share: number;
  /** Where 95 percent of the trees lie. */
  readonly low: number;
  readonly high: number;
}

export interface Importances {
  /** The largest first. */
  readonly shares: readonly Importance[];
  readonly runCount: number;
  readonly treeCount: number;
  /** Of values that no tree had seen: 1 is all of their variance explained, 0 or less none of it. */
  readonly explained: number;
  /** The share of the variance that runs have that differ in their seeds only; null: there are none. */
  readonly noise: number | null;
}

/** Below this many runs a forest finds patterns in anything. */
export const FEWEST_RUNS = 10;

const TREES = 64;
const MAX_LEVELS = 24; // Finer than a tree of a few hundred runs cuts.
const MAX_PARAMS = 40;
const PAIRS_OF = 4; // The most important params: further pairs are smaller than the noise of the forest.
const PAIR_SLICE = 16; // Trees until a pair yields: some 5 ms with 2,000 runs.

/**
 * What of a metric goes with which param, by functional analysis of variance of a random forest: Hutter, Hoos and
 * Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014, over a forest as in Breiman,
 * "Random Forests", 2001. A param counts by the values that the runs have, as often as they have them; each tree is grown
 * from a bootstrap of the runs and gives one share a param. It yields between slices, so that a page can draw in between.
 *
 * Returns null with fewer than ten runs that have the metric, when it never varies, or when no param does.
 */
export function* importances(
  params: readonly ImportanceParam[],
  metric: ArrayLike<number>,
  seed = 1,
): Generator<number, Importances | null> {
  const rows = Array.from({ length: metric.length }, (_, row) => row).filter((row) =>
    Number.isFinite(metric[row]),
  );
  const target = Float64Array.from(rows, (row) => metric[row] ?? 0);
  const known: { readonly name: string; readonly of: Uint8Array; readonly count: number }[] = [];
  for (const { name, cells } of params) {
    const found = levelsOf(
      rows.map((row) => cells[row] ?? null),
      target,
    );
    if (found !== null && known.length < MAX_PARAMS) known.push({ name, ...found });
    yield 0;
  }
  const variance = varianceOf(target);
  if (rows.length < FEWEST_RUNS || known.length === 0 || !(variance > 0)) return null;

  const levels: Levels = { of: known.map(({ of }) => of), counts: known.map(({ count }) => count) };
  const weights = levels.of.map((of, feature) => weightsOf(of, levels.counts[feature] ?? 0));
  const random = randomFrom(seed);
  // As the authors do: five of six features are looked at for a cut.
  const tried = Math.max(1, Math.ceil((known.length * 5) / 6));
  const trees: (readonly WeighedLeaf[])[] = [];
  const [sums, counts] = [new Float64Array(rows.length), new Uint32Array(rows.length)];
  const singles: Float64Array[] = [];
  const marginals: (readonly Float64Array[])[] = [];
  const spreads: { readonly mean: number; readonly variance: number }[] = [];
  for (let tree = 0; tree < TREES; tree += 1) {
    const drawn = Uint32Array.from(rows, () => Math.floor(random() * rows.length));
    const leaves = growTree(levels, target, drawn, tried, random);
    yield tree / TREES;
    const weighed = leaves.map((leaf) => weigh(leaf, weights));
    trees.push(weighed);
    const seen = new Set(drawn);
    for (let row = 0; row < rows.length; row += 1) {
      // Of thousands of runs some tell how well the forest does.
      if (seen.has(row) || (rows.length > 400 && row % Math.ceil(rows.length / 400) !== 0)) continue;
      sums[row] = (sums[row] ?? 0) + predict(leaves, levels, row);
      counts[row] = (counts[row] ?? 0) + 1;
    }
    const spread = spreadOf(weighed);
    const own = weights.map((of, feature) => marginalOf(weighed, feature, of.length));
    spreads.push(spread);
    marginals.push(own);
    singles.push(Float64Array.from(own, (values, feature) => shareOf(values, weights[feature], spread)));
    yield (tree + 1) / TREES;
  }

  const shares: Importance[] = known.map(({ name }, feature) => ({
    params: [name],
    ...overTrees(singles.map((one) => one[feature] ?? 0)),
  }));
  const leading = shares
    .map(({ share }, feature) => ({ share, feature }))
    .sort((a, b) => b.share - a.share)
    .slice(0, PAIRS_OF)
    .map(({ feature }) => feature);
  for (const [at, a] of leading.entries()) {
    for (const b of leading.slice(at + 1)) {
      const values: number[] = [];
      for (const [tree, leaves] of trees.entries()) {
        const spread = spreads[tree] ?? { mean: 0, variance: 0 };
        values.push(pairShare(leaves, weights, [a, b], marginals[tree] ?? [], spread));
        if (tree % PAIR_SLICE === PAIR_SLICE - 1) yield 1;
      }
      shares.push({ params: [known[a]?.name ?? '', known[b]?.name ?? ''], ...overTrees(values) });
    }
  }
  return {
    shares: shares.sort((a, b) => b.share - a.share),
    runCount: rows.length,
    treeCount: TREES,
    explained: explainedBy(sums, counts, target),
    noise: noiseShare(params, rows, target, variance),
  };
}

/** The values of a param as levels; null for one that never varies, or that hardly two runs share and is no number. */
function levelsOf(cells: readonly Cell[], target: Float64Array): { of: Uint8Array; count: number } | null {
  const texts = cells.map((cell) => (cell === null ? '' : String(cell)));
  const distinct = [...new Set(texts)];
  if (distinct.length < 2) return null;
  const present = distinct.filter((text) => text !== '');
  const isNumeric = present.every((text) => Number.isFinite(Number(text)));
  if (isNumeric) return numberLevels(texts);
  if (present.length > cells.length / 2) return null;
  // Texts in the order of their mean: a cut then can part any two sets that matter (Breiman et al. 1984, 4.2.2).
  const means = new Map<string, { sum: number; count: number }>();
  for (const [row, text] of texts.entries()) {
    const mean = means.get(text) ?? { sum: 0, count: 0 };
    means.set(text, { sum: mean.sum + (target[row] ?? 0), count: mean.count + 1 });
  }
  const order = [...means]
    .sort((a, b) => a[1].sum / a[1].count - b[1].sum / b[1].count)
    .map(([text]) => text);
  const places = new Map(
    order.map((text, index) => [
      text,
      Math.floor((index * Math.min(order.length, MAX_LEVELS)) / order.length),
    ]),
  );
  return {
    of: Uint8Array.from(texts, (text) => places.get(text) ?? 0),
    count: Math.min(order.length, MAX_LEVELS),
  };
}

/** Each value is a level while they are few, else as many runs in each; runs without a value are one of their own. */
function numberLevels(texts: readonly string[]): { of: Uint8Array; count: number } {
  const numbers = texts.map((text) => (text === '' ? NaN : Number(text)));
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const distinct = sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
  const edges =
    distinct.length <= MAX_LEVELS
      ? distinct
      : [
          ...new Set(
            Array.from(
              { length: MAX_LEVELS },
              (_, level) => sorted[Math.floor((level * sorted.length) / MAX_LEVELS)] ?? 0,
            ),
          ),
        ];
  const isMissing = numbers.some(Number.isNaN);
  const of = Uint8Array.from(numbers, (value) => {
    if (Number.isNaN(value)) return edges.length;
    let level = edges.length - 1;
    while (level > 0 && value < (edges[level] ?? 0)) level -= 1;
    return level;
  });
  return { of, count: edges.length + (isMissing ? 1 : 0) };
}

function weightsOf(of: Uint8Array, count: number): Float64Array {
  const weights = new Float64Array(count);
  for (const level of of) weights[level] = (weights[level] ?? 0) + 1 / of.length;
  return weights;
}

/** A leaf with the share of the space that it holds: in each feature, and in all together. Never 0. */
interface WeighedLeaf extends Leaf {
  readonly of: Float64Array;
  readonly all: number;
}

function weigh(leaf: Leaf, weights: readonly Float64Array[]): WeighedLeaf {
  let all = 1;
  const of = Float64Array.from(weights, (levels, feature) => {
    let sum = 0;
    for (let level = leaf.low[feature] ?? 0; level < (leaf.high[feature] ?? 0); level += 1)
      sum += levels[level] ?? 0;
    all *= sum;
    return sum;
  });
  return { low: leaf.low, high: leaf.high, value: leaf.value, of, all };
}

function spreadOf(leaves: readonly WeighedLeaf[]) {
  let [mean, squares] = [0, 0];
  for (const { all, value } of leaves) {
    mean += all * value;
    squares += all * value * value;
  }
  return { mean, variance: Math.max(0, squares - mean * mean) };
}

/** The tree's mean at each level of a feature, over all that the others may be. */
function marginalOf(leaves: readonly WeighedLeaf[], feature: number, count: number): Float64Array {
  const values = new Float64Array(count);
  for (const leaf of leaves) {
    const part = (leaf.value * leaf.all) / (leaf.of[feature] ?? 1);
    for (let level = leaf.low[feature] ?? 0; level < (leaf.high[feature] ?? 0); level += 1)
      values[level] = (values[level] ?? 0) + part;
  }
  return values;
}

function shareOf(
  marginal: Float64Array,
  weights: Float64Array | undefined,
  { mean, variance }: { readonly mean: number; readonly variance: number },
): number {
  if (variance <= 1e-18) return 0;
  return (
    marginal.reduce((sum, value, level) => sum + (weights?.[level] ?? 0) * (value - mean) ** 2, 0) / variance
  );
}

/** What two features do together beyond what each does alone. */
function pairShare(
  leaves: readonly WeighedLeaf[],
  weights: readonly Float64Array[],
  [a, b]: readonly [number, number],
  marginals: readonly Float64Array[],
  { mean, variance }: { readonly mean: number; readonly variance: number },
): number {
  const [ofA, ofB] = [weights[a], weights[b]];
  const [aloneA, aloneB] = [marginals[a], marginals[b]];
  if (variance <= 1e-18 || !ofA || !ofB || !aloneA || !aloneB) return 0;
  const joint = new Float64Array(ofA.length * ofB.length);
  for (const leaf of leaves) {
    const part = (leaf.value * leaf.all) / (leaf.of[a] ?? 1) / (leaf.of[b] ?? 1);
    for (let i = leaf.low[a] ?? 0; i < (leaf.high[a] ?? 0); i += 1) {
      for (let j = leaf.low[b] ?? 0; j < (leaf.high[b] ?? 0); j += 1)
        joint[i * ofB.length + j] = (joint[i * ofB.length + j] ?? 0) + part;
    }
  }
  let sum = 0;
  for (let i = 0; i < ofA.length; i += 1) {
    for (let j = 0; j < ofB.length; j += 1) {
      const beyond = (joint[i * ofB.length + j] ?? 0) - (aloneA[i] ?? 0) - (aloneB[j] ?? 0) + mean;
      sum += (ofA[i] ?? 0) * (ofB[j] ?? 0) * beyond * beyond;
    }
  }
  return sum / variance;
}

function overTrees(values: readonly number[]): Pick<Importance, 'share' | 'low' | 'high'> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
  return { share: mean, low: at(0.025), high: at(0.975) };
}

function explainedBy(sums: Float64Array, counts: Uint32Array, target: Float64Array): number {
  const rows = [...counts.keys()].filter((row) => (counts[row] ?? 0) > 0);
  const mean = rows.reduce((sum, row) => sum + (target[row] ?? 0), 0) / Math.max(1, rows.length);
  let [error, all] = [0, 0];
  for (const row of rows) {
    const value = target[row] ?? 0;
    error += (value - (sums[row] ?? 0) / (counts[row] ?? 1)) ** 2;
    all += (value - mean) ** 2;
  }
  return all > 0 ? 1 - error / all : 0;
}

function noiseShare(
  params: readonly ImportanceParam[],
  rows: readonly number[],
  target: Float64Array,
  variance: number,
): number | null {
  if (!params.some(({ name }) => isSeed(name))) return null;
  const groups = new Map<string, number[]>();
  for (const [at, row] of rows.entries()) {
    const key = JSON.stringify(
      params.flatMap(({ name, cells }) => (isSeed(name) ? [] : [cells[row] ?? null])),
    );
    groups.set(key, [...(groups.get(key) ?? []), target[at] ?? 0]);
  }
  const noise = noiseOf([...groups.values()]);
  return noise === null ? null : Math.min(1, noise.spread ** 2 / variance);
}

/** Of the sample, n − 1. */
function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32, Tommy Ettinger, public domain). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
