import { expect, test } from 'vitest';
import { freeRunName } from './runName';

test('a run without a name gets two words', () => {
  expect(freeRunName(() => false)).toMatch(/^[a-z]+-[a-z]+$/);
});

test('a name that is taken is not given again, and a number helps when the plain ones are used up', () => {
  const taken = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const name = freeRunName((candidate) => taken.has(candidate));
    expect(taken.has(name)).toBe(false);
    taken.add(name);
  }
  expect([...taken].some((name) => /-\d{3}$/.test(name))).toBe(true);
});

test('naming ends also when every name is taken', () => {
  expect(freeRunName(() => true)).toMatch(/^[a-z]+-[a-z]+-\d{3}$/);
});
