import { describe, expect, test } from 'vitest';
import {
  formatAge,
  formatAgo,
  formatBytes,
  formatColumn,
  formatCount,
  formatDuration,
  formatInColumn,
  formatNumber,
} from './format';

describe('numbers', () => {
  test.each([
    [0.99164, '0.9916'],
    [0.5, '0.5000'],
    [12.3456, '12.35'],
    [12345.678, '12346'],
    [0, '0'],
    [1, '1'],
    [64, '64'],
    [-0.25, '−0.2500'],
    [0.0003, '3e−4'],
    [0.000312, '3.12e−4'],
    [2_500_000.5, '2.5e6'],
    [1_000_000, '1000000'],
    [NaN, 'NaN'],
    [-Infinity, '−∞'],
  ])('%s reads %s', (value, text) => expect(formatNumber(value)).toBe(text));

  test('a whole number has the decimals of its column', () => {
    expect(formatInColumn(1, [0.9889])).toBe('1.0000');
    expect(formatInColumn(3, [1, 2])).toBe('3');
  });
});

describe('a column', () => {
  test.each([
    [
      [0.98, 0.991583, null, NaN],
      ['0.9800', '0.9916', '–', 'NaN'],
    ],
    [
      [12.3456, -0.5],
      ['12.35', '−0.50'],
    ],
    [
      [3, 1200],
      ['3', '1200'],
    ],
    [
      [0.0003, 0.00004],
      ['3e−4', '4e−5'],
    ],
    [
      [1, 0.9889],
      ['1.0000', '0.9889'],
    ],
    [[], []],
  ])('of %j has one number of decimals', (values, texts) => expect(formatColumn(values)).toEqual(texts));

  test('shows two digits of the spread over seeds', () =>
    expect(formatColumn([0.987654, 0.9], 0.0123)).toEqual(['0.988', '0.900']));
});

test('a count has separators', () => expect(formatCount(1_078)).toBe('1,078'));

test('lengths of time read in at most two units', () => {
  expect(formatDuration(400)).toBe('0.4 s');
  expect(formatDuration(45_900)).toBe('45 s');
  expect(formatDuration(114_000)).toBe('1 min 54 s');
  expect(formatDuration(7_200_000)).toBe('2 h');
  expect(formatDuration(3 * 86_400_000 + 3_600_000)).toBe('3 d 1 h');
});

test('an age is a date from a week on', () => {
  const now = new Date(2026, 10, 24, 12).getTime();
  expect(formatAge(now - 5_000, now)).toBe('now');
  expect(formatAge(now - 2 * 3_600_000, now)).toBe('2 h');
  expect(formatAge(new Date(2026, 10, 17, 9).getTime(), now)).toBe('Nov 17');
  expect(formatAge(new Date(2025, 10, 17, 9).getTime(), now)).toBe('Nov 17, 2025');
});

test('sizes are in decimal units', () => {
  expect(formatBytes(41_200)).toBe('41 kB');
  expect(formatBytes(1_240_000)).toBe('1.2 MB');
  expect(formatBytes(12)).toBe('12 B');
});

test('in a sentence an age is ago, a date is not', () => {
  const now = new Date(2026, 10, 24, 12).getTime();
  expect(formatAgo(now - 2 * 3_600_000, now)).toBe('2 h ago');
  expect(formatAgo(now, now)).toBe('now');
  expect(formatAgo(new Date(2026, 10, 17, 9).getTime(), now)).toBe('Nov 17');
});
