import { type Contour, contours } from 'd3-contour';

/** What runs say of all places between them, cut into levels. Places are shares of the axes, 0 to 1. */
export interface Surface {
  readonly min: number;
  readonly max: number;
  /** From the lowest: the areas at or above each level; the lowest is everywhere. */
  readonly levels: readonly Contour[];
}

/** Cells of the grid along x and y: contours are drawn between them, so that they look round at any size. */
export const GRID = { width: 64, height: 48 } as const;

const LEVELS = 10;
const [LEAST_WIDTH, MOST_WIDTH] = [0.06, 0.25];

/**
 * The mean of the runs around each place, those near it counting most: kernel regression (Nadaraya 1964, Watson 1964)
 * with a Gaussian whose width on each axis goes by Scott's rule, σ · n^(−1/6). Rows where something is NaN are left out.
 */
export function surfaceOf(xs: Float64Array, ys: Float64Array, values: Float64Array): Surface | null {
  const { width, height } = GRID;
  const sums = new Float64Array(width * height);
  const weights = new Float64Array(width * height);
  const used: number[] = [];
  for (let row = 0; row < values.length; row += 1) {
    const [x, y, value] = [xs[row] ?? NaN, ys[row] ?? NaN, values[row] ?? NaN];
    if (!Number.isFinite(x + y + value)) continue;
    const at = cellOf(y, height) * width + cellOf(x, width);
    sums[at] = (sums[at] ?? 0) + value;
    weights[at] = (weights[at] ?? 0) + 1;
    used.push(row);
  }
  if (used.length === 0) return null;
  const alongX = kernelOf(widthOf(xs, used), width);
  const alongY = kernelOf(widthOf(ys, used), height);
  const [blurredSums, blurredWeights] = [sums, weights].map((grid) => blurred(grid, alongX, alongY));
  if (blurredSums === undefined || blurredWeights === undefined) return null;
  const means = blurredSums.map((sum, at) => sum / (blurredWeights[at] ?? 1));
  let [min, max] = [Infinity, -Infinity];
  for (const mean of means) [min, max] = [Math.min(min, mean), Math.max(max, mean)];
  const thresholds = Array.from({ length: LEVELS }, (_, level) => min + (level / LEVELS) * (max - min));
  return { min, max, levels: contours().size([width, height]).thresholds(thresholds)(means) };
}

function cellOf(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

function widthOf(shares: Float64Array, used: readonly number[]): number {
  const mean = used.reduce((sum, row) => sum + (shares[row] ?? 0), 0) / used.length;
  const squares = used.reduce((sum, row) => sum + ((shares[row] ?? 0) - mean) ** 2, 0);
  const width = Math.sqrt(squares / used.length) * used.length ** (-1 / 6);
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width));
}

/** Weights by distance in cells. They never get zero: far from all runs the nearest ones speak. */
function kernelOf(width: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, cells) => Math.exp(-0.5 * (cells / count / width) ** 2));
}

/** First along x, then along y: a Gaussian over two axes is the product of two. */
function blurred(grid: Float64Array, alongX: Float64Array, alongY: Float64Array): Float64Array {
  const [width, height] = [alongX.length, alongY.length];
  const rows = new Float64Array(grid.length);
  for (let y = 0; y < height; y += 1) {
    for (let from = 0; from < width; from += 1) {
      const value = grid[y * width + from] ?? 0;
      if (value === 0) continue;
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        rows[at] = (rows[at] ?? 0) + value * (alongX[Math.abs(x - from)] ?? 0);
      }
    }
  }
  const all = new Float64Array(grid.length);
  for (let y = 0; y < height; y += 1) {
    for (let from = 0; from < height; from += 1) {
      const weight = alongY[Math.abs(y - from)] ?? 0;
      for (let x = 0; x < width; x += 1)
        all[y * width + x] = (all[y * width + x] ?? 0) + (rows[from * width + x] ?? 0) * weight;
    }
  }
  return all;
}
