import { expect, test } from 'vitest';
import { reorder } from './reorder';

test.each([
  ['one to the top', ['c'], 'a', 'cabd'],
  ['one behind all', ['a'], null, 'bcda'],
  ['several come together, in the order given', ['d', 'b'], 'a', 'dbac'],
  ['before itself changes nothing', ['b'], 'b', 'abcd'],
  ['before one that moves too: before the next that stays', ['b', 'c'], 'c', 'abcd'],
  ['who is gone is left out', ['x', 'd'], 'a', 'dabc'],
  ['before one that has started meanwhile: to the top', ['c'], 'x', 'cabd'],
])('%s', (_title, moved, before, order) => {
  expect(reorder([...'abcd'], moved, before).join('')).toBe(order);
});
