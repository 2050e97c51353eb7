import { describe, expect, it } from 'vitest';
import { bestBeside } from './bestConfiguration';

const runs = (configuration: number, ...values: readonly number[]) =>
  values.map((value, index) => ({ configuration, seeds: index + 1, value }));

describe('the best configuration beside the champion', () => {
  it('is told by the means over seeds, with its interval', () => {
    const found = bestBeside([...runs(1, 0.9, 0.91, 0.92), ...runs(2, 0.97, 0.98, 0.99)], 1, 'maximize');
    expect(found).toMatchObject({ verdict: 'better', seedCount: 3, championSeedCount: 3, chosenFrom: 1 });
    expect(found?.difference).toBeCloseTo(0.07, 12);
  });

  it('is not one lucky run where others have several seeds', () => {
    const found = bestBeside(
      [...runs(1, 0.9), ...runs(2, 0.95, 0.96, 0.97), ...runs(3, 0.99)],
      1,
      'maximize',
    );
    expect(found).toMatchObject({ seedCount: 3, chosenFrom: 1, interval: null, verdict: 'unknown' });
  });

  it('is the lowest mean where less is better', () => {
    const found = bestBeside([...runs(1, 2, 2.1), ...runs(2, 1, 1.1), ...runs(3, 0.5, 0.6)], 1, 'minimize');
    expect(found?.difference).toBeCloseTo(-1.5, 12);
    expect(found).toMatchObject({ chosenFrom: 2, verdict: 'better' });
  });

  it('counts a seed that was run twice once', () => {
    const twice = [...runs(1, 1, 2), ...runs(2, 3, 4), { configuration: 2, seeds: 1, value: 100 }];
    expect(bestBeside(twice, 1, 'maximize')).toMatchObject({ difference: 2, seedCount: 2 });
  });

  it('is none without another configuration, or without a value of the champion', () => {
    expect(bestBeside(runs(1, 1, 2), 1, 'maximize')).toBeNull();
    expect(bestBeside(runs(2, 1, 2), 1, 'maximize')).toBeNull();
  });
});
