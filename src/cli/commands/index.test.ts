import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from './index';

test('every file of the family is in its list', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !/^index\.|\.test\./.test(name))
    .map((name) => name.replace('.ts', ''));
  expect(commands.map(({ name }) => name).sort()).toEqual(files.sort());
});

test('the help of a command begins with its name', () => {
  for (const { name, synopsis } of commands) expect(synopsis.split(' ')[0]).toBe(name);
});
