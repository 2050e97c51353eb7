import { describe, expect, it } from 'vitest';
import { projectionOf, trace } from './path';

const area = { left: 0, top: 0, right: 100, bottom: 100 };

/** The path through points, as far as it is drawn. */
function traced(x: Float64Array, y: Float64Array, range = { min: 0, max: 1 }) {
  const to = projectionOf(area, { min: 0, max: 100 }, range, { x: false, y: false });
  const points: [string, number, number][] = [];
  trace(x, y, to, area, {
    moveTo: (px, py) => points.push(['M', px, py]),
    lineTo: (px, py) => points.push(['L', px, py]),
  });
  return points;
}

describe('a drawn line', () => {
  it('keeps the lowest and the highest of a million points, and has few', () => {
    const length = 1_000_000;
    const x = new Float64Array(length);
    const y = new Float64Array(length).fill(0.5);
    for (let index = 0; index < length; index += 1) x[index] = (index / length) * 100;
    y[123_456] = 1;
    y[765_432] = 0;
    const points = traced(x, y);
    expect(points.length).toBeLessThan(500);
    expect(Math.min(...points.map(([, , py]) => py))).toBe(0);
    expect(Math.max(...points.map(([, , py]) => py))).toBe(100);
  });

  it('begins anew behind a gap', () => {
    const points = traced(Float64Array.from([0, 10, 20, 30]), Float64Array.from([0, NaN, 1, 1]));
    expect(points.map(([kind]) => kind)).toEqual(['M', 'M', 'L']);
  });

  it('runs on to the edges of what is looked at', () => {
    const points = traced(Float64Array.from([-300, -100, 50, 200, 400]), Float64Array.from([0, 0, 1, 0, 0]));
    expect(points.map(([, px]) => px)).toEqual([-100, 50, 200]);
  });
});
