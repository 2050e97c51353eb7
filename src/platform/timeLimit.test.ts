import { expect, test } from 'vitest';
import { withinTime } from './timeLimit';

test('what is quick gives its answer, and what it throws is thrown', () => {
  expect(withinTime(1_000, () => [1, 2])).toEqual([1, 2]);
  expect(() =>
    withinTime(1_000, () => {
      throw new TypeError('wrong');
    }),
  ).toThrow(TypeError);
});

test('an expression that would take for ever is ended, and the next one is carried out', () => {
  const from = performance.now();
  expect(() => withinTime(50, () => /^(a+)+$/.test(`${'a'.repeat(60)}b`))).toThrow('longer than 50 ms');
  expect(performance.now() - from).toBeLessThan(5_000);
  expect(withinTime(1_000, () => /a+/.test('aaa'))).toBe(true);
});
