import { describe, expect, it } from 'vitest';
import { paretoFront } from './pareto';

describe('the front of two goals', () => {
  it('is what comparing each with each gives, whatever the directions', () => {
    let seed = 3;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 60; round += 1) {
      // Whole numbers, so that ties and twins occur.
      const count = 1 + Math.floor(random() * 40);
      const xs = Array.from({ length: count }, () => Math.floor(random() * 9));
      const ys = Array.from({ length: count }, () => Math.floor(random() * 9));
      const goal = { maximizeX: round % 2 === 0, maximizeY: round % 4 < 2 };
      expect([...paretoFront(xs, ys, goal)].sort((a, b) => a - b)).toEqual(byComparing(xs, ys, goal));
    }
  });

  it('goes from the best x to the worst', () => {
    expect(paretoFront([3, 1, 2], [30, 10, 20], { maximizeX: false, maximizeY: true })).toEqual([1, 2, 0]);
  });

  it('leaves out what is no number', () => {
    const goal = { maximizeX: true, maximizeY: true };
    expect(paretoFront([NaN, 1, Infinity], [1, 1, 1], goal)).toEqual([1]);
    expect(paretoFront([], [], goal)).toEqual([]);
  });

  it('takes a hundred thousand points in one go', () => {
    const xs = Float64Array.from({ length: 100_000 }, (_, index) => Math.sin(index));
    const ys = Float64Array.from({ length: 100_000 }, (_, index) => Math.cos(index * 7));
    expect(paretoFront(xs, ys, { maximizeX: true, maximizeY: false }).length).toBeGreaterThan(0);
  });
});

function byComparing(
  xs: readonly number[],
  ys: readonly number[],
  { maximizeX, maximizeY }: { maximizeX: boolean; maximizeY: boolean },
): readonly number[] {
  const better = (a: number, b: number, isMaximized: boolean) => (isMaximized ? a > b : a < b);
  return xs.flatMap((x, index) => {
    const y = ys[index]!;
    const isDominated = xs.some((otherX, other) => {
      const otherY = ys[other]!;
      const isWorse = better(x, otherX, maximizeX) || better(y, otherY, maximizeY);
      return !isWorse && (better(otherX, x, maximizeX) || better(otherY, y, maximizeY));
    });
    return isDominated ? [] : [index];
  });
}
