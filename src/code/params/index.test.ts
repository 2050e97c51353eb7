import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PARAM_READERS } from './index';

test('every reader that is there is in the list', () => {
  const readers = readdirSync('src/code/params').filter(
    (name) =>
      !name.endsWith('.test.ts') &&
      /^export const \w+Reader: ParamReader =/m.test(readFileSync(`src/code/params/${name}`, 'utf8')),
  );
  expect(readers.map((name) => name.replace(/\.ts$/, '')).sort()).toEqual(
    PARAM_READERS.map(({ id }) => id).sort(),
  );
});
