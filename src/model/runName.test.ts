import { expect, test } from 'vitest';
import { freeRunName } from './runName';

test('a name has an adjective and a noun', () => {
  expect(
    freeRunName(
      () => false,
      () => 0,
    ),
  ).toBe('amber-barley');
  for (let i = 0; i < 100; i++) expect(freeRunName(() => false)).toMatch(/^[a-z]+-[a-z]+$/);
});

test('a name that is taken is not given again, and numbers help when all are', () => {
  const taken = new Set(['amber-barley']);
  expect(freeRunName((name) => taken.has(name))).not.toBe('amber-barley');
  expect(freeRunName((name) => !/\d/.test(name))).toMatch(/^[a-z]+-[a-z]+-[1-9]\d\d$/);
  expect(freeRunName(() => true)).toMatch(/^[a-z]+-[a-z]+-[1-9]\d\d$/);
});
