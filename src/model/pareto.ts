/** Which way of a number is better. */
export interface ParetoGoal {
  readonly maximizeX: boolean;
  readonly maximizeY: boolean;
}

/**
 * The indexes of the points that no other point dominates: none is as good in both and better in one. From the best x
 * to the worst. Equal points are all on the front; points with a NaN or an infinity never are. In n log n (Kung,
 * Luccio and Preparata 1975, for two dimensions).
 */
export function paretoFront(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  { maximizeX, maximizeY }: ParetoGoal,
): readonly number[] {
  const signX = maximizeX ? -1 : 1;
  const signY = maximizeY ? -1 : 1;
  const points = Array.from({ length: Math.min(xs.length, ys.length) }, (_, index) => ({
    index,
    x: signX * (xs[index] ?? NaN),
    y: signY * (ys[index] ?? NaN),
  })).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  points.sort((a, b) => a.x - b.x || a.y - b.y || a.index - b.index);
  const front: number[] = [];
  let least = Infinity;
  let last: { readonly x: number; readonly y: number } | null = null;
  for (const point of points) {
    const isTwin = last !== null && last.x === point.x && last.y === point.y;
    if (!(point.y < least) && !isTwin) continue;
    front.push(point.index);
    least = point.y;
    last = point;
  }
  return front;
}
