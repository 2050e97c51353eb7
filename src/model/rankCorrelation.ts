/** How strongly two numbers go up together, by their ranks: −1 to 1, with its 95 percent interval. */
export interface RankCorrelation {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Pairs of finite numbers that it is from. */
  readonly count: number;
}

const FEWEST = 10; // Below it the interval is so wide that it says nothing.

/**
 * Spearman's ρ with mean ranks for ties; the interval by Fisher's z with the standard error of Bonett and Wright (2000),
 * √((1 + ρ²/2) / (n − 3)). Null with fewer than ten pairs, or when one of them does not vary.
 */
export function rankCorrelation(xs: ArrayLike<number>, ys: ArrayLike<number>): RankCorrelation | null {
  const kept: number[] = [];
  for (let index = 0; index < Math.min(xs.length, ys.length); index += 1) {
    if (Number.isFinite(xs[index]) && Number.isFinite(ys[index])) kept.push(index);
  }
  if (kept.length < FEWEST) return null;
  const a = ranks(kept.map((index) => xs[index] ?? 0));
  const b = ranks(kept.map((index) => ys[index] ?? 0));
  const middle = (kept.length + 1) / 2;
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let index = 0; index < kept.length; index += 1) {
    const [da, db] = [(a[index] ?? 0) - middle, (b[index] ?? 0) - middle];
    product += da * db;
    squaresA += da * da;
    squaresB += db * db;
  }
  if (squaresA === 0 || squaresB === 0) return null;
  const value = product / Math.sqrt(squaresA * squaresB);
  const bounded = Math.max(-0.999999, Math.min(0.999999, value));
  const error = Math.sqrt((1 + (bounded * bounded) / 2) / (kept.length - 3));
  const z = Math.atanh(bounded);
  return {
    value,
    low: Math.tanh(z - 1.959964 * error),
    high: Math.tanh(z + 1.959964 * error),
    count: kept.length,
  };
}

function ranks(values: readonly number[]): Float64Array {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const made = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let at = from; at <= to; at += 1) made[order[at] ?? 0] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return made;
}
