import { describe, expect, it } from 'vitest';
import { configurationOf, isSeed, noiseOf, seedsOf } from './noise';

describe('the noise of a metric', () => {
  it('is not known from one run of each configuration', () => {
    expect(noiseOf([[0.9], [0.8]])).toBeNull();
    expect(noiseOf([])).toBeNull();
  });

  it('pools the spread of several configurations', () => {
    const noise = noiseOf([
      [1, 3],
      [10, 12],
    ]);
    expect(noise?.spread).toBeCloseTo(Math.SQRT2);
    expect(noise?.runCount).toBe(4);
    // t(0.975, 2) = 4.303; 4.303 · √2 · √2
    expect(noise?.threshold).toBeCloseTo(8.606);
  });

  it('leaves NaN and the infinities out', () => {
    expect(noiseOf([[1, NaN, 3, Infinity]])?.runCount).toBe(2);
    expect(noiseOf([[1, NaN]])).toBeNull();
  });

  it('goes on smoothly beyond the table of t', () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => index % 2);
    const ratio = (count: number) => {
      const noise = noiseOf([values(count)]);
      return noise === null ? NaN : noise.threshold / noise.spread / Math.SQRT2;
    };
    expect(ratio(31)).toBeCloseTo(2.042, 3);
    expect(ratio(32)).toBeCloseTo(2.04, 2);
    expect(ratio(1001)).toBeCloseTo(1.962, 3);
  });
});

describe('a seed', () => {
  it.each(['seed', 'random_state', 'train.seed', 'model/random_seed', 'Seed'])('is %s', (name) =>
    expect(isSeed(name)).toBe(true),
  );
  it.each(['seedling', 'lr', 'proceed', 'seed_count'])('is not %s', (name) =>
    expect(isSeed(name)).toBe(false),
  );

  it('is no part of the configuration', () => {
    expect(configurationOf({ lr: '1', seed: '1' })).toBe(configurationOf({ seed: '2', lr: '1' }));
    expect(configurationOf({ lr: '1' })).not.toBe(configurationOf({ lr: '2' }));
    expect(seedsOf({ lr: '1' })).toBeNull();
  });
});
