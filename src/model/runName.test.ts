import { expect, test } from 'vitest';
import { randomRunName } from './runName';

test('a name has an adjective, a noun and three digits', () => {
  expect(randomRunName(() => 0)).toBe('amber-barley-100');
  expect(randomRunName(() => 0.999)).toBe('vivid-wheat-999');
  for (let i = 0; i < 100; i++) expect(randomRunName()).toMatch(/^[a-z]+-[a-z]+-[1-9]\d\d$/);
});
