import { describe, expect, it } from 'vitest';
import { paramRows, prepareParamLines } from './paramLines';

const goal = { metric: 'acc', direction: 'maximize', target: 0.9 } as const;
const base = {
  axis: 'log',
  ticks: [{ at: 0.1, text: '1e-1' }],
  goal,
  now: [10],
  nowText: 'lr 10, now',
} as const;

describe('a goal over a param', () => {
  it('has a line a value of another param, with mean and deviation at each place', () => {
    const chart = prepareParamLines({
      ...base,
      points: [
        { x: 0.1, y: 0.8, line: 'hidden 64' },
        { x: 0.1, y: 0.9, line: 'hidden 64' },
        { x: 1, y: 0.7, line: 'hidden 8' },
        { x: 1, y: NaN, line: 'hidden 8' },
      ],
    });
    expect(chart?.lines.map(({ name }) => name)).toEqual(['hidden 8', 'hidden 64']);
    if (chart === null) return;
    expect(paramRows(chart)).toEqual([
      { x: '1', line: 'hidden 8', count: 1, mean: '0.7000', sd: '–' },
      { x: '1e-1', line: 'hidden 64', count: 2, mean: '0.8500', sd: '0.0707' },
    ]);
    // The form's value has room beside what was tried.
    expect(chart.x.max).toBeGreaterThan(10);
    expect(chart.target).toBe(0.9);
  });

  it('is no chart with one point', () => {
    expect(prepareParamLines({ ...base, points: [{ x: 1, y: 1, line: '' }] })).toBeNull();
  });
});
