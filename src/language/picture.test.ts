import { describe, expect, test } from 'vitest';
import { type Curve, drawPicture } from './picture';

const curve = (...values: readonly number[]): Curve => ({
  label: 'best',
  colour: 'first',
  shape: 'line',
  points: values.map((y, x) => ({ x, y })),
});

const draw = (curves: readonly Curve[], target: number | null = null) =>
  drawPicture({ curves, target, ticks: [{ x: 0, label: 'step 0' }] }, 'dark');

const textsOf = (svg: string | null) =>
  [...(svg ?? '').matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
const pathOf = (svg: string | null) => /<path d="([^"]*)"/.exec(svg ?? '')?.[1];

describe('the picture of a hover', () => {
  test('names the largest and the smallest value, the first step and the curve', () =>
    expect(textsOf(draw([curve(0.9, 0.95, 0.93)]))).toEqual(['0.9500', '0.9000', 'step 0', 'best']));

  test('rises where the values rise', () =>
    expect(pathOf(draw([curve(1, 2, 3)]))).toBe('M52 66L162 38L272 10'));

  test('breaks the line where a value is NaN', () =>
    expect(
      pathOf(draw([curve(1, NaN, 3, Infinity, 2)]))
        ?.match(/[ML]/g)
        ?.join(''),
    ).toBe('MMM'));

  test('draws a single value in the middle', () => expect(draw([curve(7)])).toContain('cy="38"'));

  test('is not drawn without any number', () => {
    expect(draw([])).toBe(null);
    expect(draw([curve(NaN, Infinity)])).toBe(null);
  });

  test('shows a target that is near', () =>
    expect(textsOf(draw([curve(0.9, 0.95)], 0.98))).toContain('target'));

  test('leaves out a target that would press the curve flat', () =>
    expect(textsOf(draw([curve(0.9, 0.95)], 100))).not.toContain('target'));

  test('keeps labels apart that would cover each other', () => {
    const svg = draw([curve(1, 2), { ...curve(1, 2.01), label: 'last', colour: 'second' }], 2);
    const places = [...(svg ?? '').matchAll(/<text x="280" y="([\d.]+)"/g)].map(([, y]) => Number(y));
    expect(places.length).toBe(3);
    expect(Math.min(...places.slice(1).map((y, index) => y - (places[index] ?? 0)))).toBeGreaterThanOrEqual(
      12,
    );
  });

  test('has no markup of foreign labels', () =>
    expect(
      drawPicture({ curves: [curve(1, 2)], target: null, ticks: [{ x: 0, label: '<b>&' }] }, 'light'),
    ).toContain('&#60;b&#62;&#38;'));

  test('tells curves apart by dashes in high contrast', () =>
    expect(
      drawPicture(
        { curves: [{ ...curve(1, 2), colour: 'second' }], target: null, ticks: [] },
        'high-contrast',
      ),
    ).toContain('stroke-dasharray'));
});
