import { describe, expect, it } from 'vitest';
import { decimalsOf, formatDuration, formatFixed, formatNumber, formatTick } from './numbers';

describe('a number', () => {
  it.each([
    [0.99162, '0.9916'],
    [45.1234, '45.12'],
    [1078, '1,078'],
    [12345.6, '12,346'],
    [0, '0'],
    [-0.25, '−0.2500'],
    [0.0003, '3e−4'],
    [1.5e12, '1.5e12'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('%d reads %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('keeps its column’s decimals', () => {
    expect(formatFixed(0.5, 4)).toBe('0.5000');
    expect(formatFixed(-1234.5, 1)).toBe('−1,234.5');
  });

  it('does not read 0.0000 when it is small', () => expect(formatFixed(0.00001, 4)).toBe('1e−5'));
});

describe('the decimals of a column', () => {
  it.each([
    [[0.9916, 0.9889, 0.905], 4],
    [[1, 20, 300], 0],
    [[], 0],
    [[NaN, 0.5], 4],
    [[120.25, 340.5], 1],
  ])('of %j are %i', (values, decimals) => expect(decimalsOf(values)).toBe(decimals));
});

describe('a tick', () => {
  it.each([
    [0.98, 0.02, '0.98'],
    [1, 0.02, '1.00'],
    [0.25, 0.25, '0.25'],
    [15, 5, '15'],
    [-2, 1, '−2'],
    [0.30000000000000004, 0.1, '0.3'],
  ])('at %d, %d apart, reads %s', (value, distance, text) => expect(formatTick(value, distance)).toBe(text));
});

describe('a duration', () => {
  it.each([
    [4.25, '4.3 s'],
    [45, '45 s'],
    [114, '1 min 54 s'],
    [7_500, '2 h 5 min'],
  ])('of %d seconds reads %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});
