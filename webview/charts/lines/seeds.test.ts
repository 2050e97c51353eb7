import { describe, expect, it } from 'vitest';
import type { RunId } from '../../../src/model/run';
import { aRun, aSeries } from '../fixtures';
import { seedsOf, summaryOf } from './describe';
import { chartOf } from './fixtures';

const runs = [0, 1, 2].map((seed) => aRun({ name: `seed-${seed}`, slot: seed + 1 }));
const wide = aRun({ name: 'wide', slot: 4 });
const params = new Map<RunId, Readonly<Record<string, string>>>([
  ...runs.map((run, seed) => [run.runId, { hidden: '16', seed: String(seed) }] as const),
  [wide.runId, { hidden: '64', seed: '0' }] as const,
]);

describe('runs that differ in their seeds only', () => {
  it('become one line with a 95 % band, in the colour of the first or the best, and others stay', () => {
    const chart = chartOf(
      [
        ...runs.map((run, seed) => [run, aSeries(run, [4 + seed, 1 + seed])] as const),
        [wide, aSeries(wide, [1, 1])] as const,
      ],
      { joinSeeds: true, params },
    );
    expect(chart.lines.map(({ name, runCount }) => [name, runCount])).toEqual([
      ['hidden 16', 3],
      ['wide', 1],
    ]);
    const [mean] = chart.lines;
    expect(mean?.colour).toBe(1);
    expect([...(mean?.curve.y ?? [])]).toEqual([5, 2]);
    // t(0.975, 2) · s / √3 with s = 1.
    expect(mean?.band?.high[0]).toBeCloseTo(5 + 4.303 / Math.sqrt(3), 3);
    expect(seedsOf(chart)).toBe('3 seeds each');
    expect(summaryOf(chart)).toBe('4 runs, mean and 95 % band over seeds');
  });

  it('show their lowest and highest when there are two of them', () => {
    const [a, b] = runs;
    if (a === undefined || b === undefined) throw new Error('no runs');
    const chart = chartOf(
      [
        [a, aSeries(a, [1, 2])],
        [b, aSeries(b, [3, 6])],
      ],
      { joinSeeds: true, params },
    );
    const band = chart.lines[0]?.band;
    expect([band?.kind, [...(band?.low ?? [])], [...(band?.high ?? [])]]).toEqual([
      'extremes',
      [1, 2],
      [3, 6],
    ]);
  });

  it('are compared between their points when they log at other steps', () => {
    const [a, b] = runs;
    if (a === undefined || b === undefined) throw new Error('no runs');
    const chart = chartOf(
      [
        [a, aSeries(a, [0, 1, 2], [0, 500, 1000])],
        [b, aSeries(b, [0, 4], [0, 1000])],
      ],
      { joinSeeds: true, params },
    );
    expect([...(chart.lines[0]?.curve.x ?? [])]).toEqual([0, 500, 1000]);
    expect([...(chart.lines[0]?.curve.y ?? [])]).toEqual([0, 1.5, 3]);
  });

  it('have no band where only one of them still runs', () => {
    const [a, b] = runs;
    if (a === undefined || b === undefined) throw new Error('no runs');
    const chart = chartOf(
      [
        [a, aSeries(a, [1, 2, 3])],
        [b, aSeries(b, [1, 2])],
      ],
      { joinSeeds: true, params },
    );
    expect(chart.lines[0]?.band?.low[2]).toBeNaN();
    expect(chart.lines[0]?.curve.y[2]).toBe(3);
  });
});
