import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { anyNumber, numbersToWire } from './wire';

test('NaN and the infinities survive the way through JSON', () => {
  const values = [NaN, Infinity, -Infinity, -0.5, 1e308];
  const text = JSON.stringify(values, numbersToWire);
  expect(text).toBe('["NaN","Infinity","-Infinity",-0.5,1e+308]');
  expect(z.array(anyNumber).parse(JSON.parse(text))).toEqual(values);
});

test('a text that is no number is refused', () => {
  expect(anyNumber.safeParse('12').success).toBe(false);
  expect(anyNumber.safeParse(null).success).toBe(false);
});
