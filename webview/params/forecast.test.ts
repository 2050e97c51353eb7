import { describe, expect, it } from 'vitest';
import { aFormRun, aSpec } from './fixtures';
import { costOf, median, prepareForecast } from './forecast';

const specs = [
  aSpec('epochs', '10', { type: 'int' }),
  aSpec('lr', '0.1'),
  aSpec('seed', '0', { type: 'int' }),
];

describe('a forecast', () => {
  it('is the median of runs with like values, on the slots that there are', () => {
    const runs = [10, 20, 90].map((seconds) =>
      aFormRun({ epochs: '10', lr: '0.1' }, 1, { durationMs: seconds * 1000, cost: '0.02 EUR' }),
    );
    const other = aFormRun({ epochs: '1000', lr: '0.1' }, 1, { durationMs: 1e6 });
    expect(prepareForecast(specs, { epochs: '10', lr: '0.1' }, 5, [other, ...runs], 2)).toMatchObject({
      eachMs: 20_000,
      totalMs: 60_000,
      from: 3,
      isSame: true,
      cost: { amount: 0.1, unit: 'EUR' },
    });
  });

  it('says what the runs have in common with values that nobody tried', () => {
    const runs = [aFormRun({ epochs: '10', lr: '0.1' }, 1), aFormRun({ epochs: '99', lr: '0.1' }, 1)];
    expect(prepareForecast(specs, { epochs: '10', lr: '0.5' }, 1, runs, 1)).toMatchObject({
      from: 1,
      alike: ['epochs 10'],
      isSame: false,
      cost: null,
    });
  });

  it('is none before a run has finished', () => {
    expect(prepareForecast(specs, {}, 1, [aFormRun({}, null, { state: 'failed' })], 1)).toBeNull();
  });
});

it.each([
  ['0.012 EUR', { amount: 0.012, unit: 'EUR' }],
  ['3e-4', { amount: 3e-4, unit: '' }],
  ['free', null],
  [null, null],
])('the cost %j is %j', (text, cost) => expect(costOf(text)).toEqual(cost));

it('the median of an even number is between the middle two', () => expect(median([4, 1, 3, 2])).toBe(2.5));
