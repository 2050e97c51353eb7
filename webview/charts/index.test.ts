import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { chartKinds } from './index';

describe('the family of charts', () => {
  it('lists every file of charts/kinds', async () => {
    const names = (await readdir(new URL('kinds', import.meta.url)))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => name.slice(0, -'.ts'.length));
    const list = await readFile(new URL('index.ts', import.meta.url), 'utf8');
    expect(names.filter((name) => !list.includes(`'./kinds/${name}'`))).toEqual([]);
  });

  it('has one member for each kind', () => {
    const kinds = chartKinds.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
