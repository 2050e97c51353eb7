import { expect, it } from 'vitest';
import { sharedFor } from './sharedCall';

it('a question that two parts ask at the same moment is asked once', async () => {
  let calls = 0;
  let now = 0;
  const ask = sharedFor(
    100,
    (n: number) => Promise.resolve(n * 10 + (calls += 1)),
    () => now,
  );
  expect(await Promise.all([ask(1), ask(1)])).toEqual([11, 11]);
  expect(await ask(2)).toBe(22);
  now = 100;
  expect(await ask(2)).toBe(23);
});

it('a failure is not kept', async () => {
  let calls = 0;
  const ask = sharedFor(100, () => (calls++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve(1)));
  await expect(ask({})).rejects.toThrow('away');
  expect(await ask({})).toBe(1);
});
