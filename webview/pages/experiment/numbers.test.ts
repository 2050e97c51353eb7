import { expect, it } from 'vitest';
import { differenceTexts } from './numbers';

it('a difference and its interval have one number of decimals and their signs', () => {
  expect(differenceTexts({ difference: 0.02881, interval: { low: 0.0181, high: 0.03949 } })).toEqual({
    difference: '+0.0288',
    low: '+0.0181',
    high: '+0.0395',
  });
  expect(differenceTexts({ difference: -0.3, interval: { low: -0.55, high: -0.05 } })).toMatchObject({
    low: '−0.55',
    high: '−0.05',
  });
});

it('without an interval there are four digits, and a zero has no sign', () => {
  expect(differenceTexts({ difference: -0.12345, interval: null }).difference).toBe('−0.1235');
  expect(differenceTexts({ difference: 0, interval: null }).difference).toBe('0');
});
