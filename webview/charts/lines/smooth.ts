/**
 * The exponential moving average of a line, without the pull towards zero at its beginning: what TensorBoard draws for a
 * weight of 0 to 0.99 (`resmoothDataset` in tensorboard/components/vz_line_chart2/line-chart.ts: last = last · w +
 * (1 − w) · y, divided by 1 − wⁿ). Where points lie unevenly the weight is raised to the distance, as W&B does it (its
 * "time weighted exponential moving average"), so that a stretch with many points does not count more; with even
 * distances both are the same numbers.
 *
 * A value that is not finite is a gap: it says nothing, and what follows leans on it less by the distance.
 * @param unit the distance of x that counts as one point.
 */
export function smooth(x: Float64Array, y: Float64Array, weight: number, unit: number): Float64Array {
  const smoothed = new Float64Array(y.length);
  let sum = 0;
  let weights = 0;
  let before = NaN;
  for (let index = 0; index < y.length; index += 1) {
    const value = y[index] ?? NaN;
    const at = x[index] ?? NaN;
    if (!Number.isFinite(value)) {
      smoothed[index] = NaN;
      continue;
    }
    const distance = Number.isNaN(before) || !(unit > 0) ? 1 : Math.max(0, (at - before) / unit);
    const kept = distance === 1 ? weight : weight ** distance;
    sum = sum * kept + value;
    weights = weights * kept + 1;
    smoothed[index] = sum / weights;
    before = at;
  }
  return smoothed;
}

/** The mean distance of neighbours: what counts as one point of a line. */
export function meanDistance(x: Float64Array): number {
  const [first, last] = [x[0] ?? 0, x.at(-1) ?? 0];
  return x.length < 2 ? 1 : Math.abs(last - first) / (x.length - 1) || 1;
}
