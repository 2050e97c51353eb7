import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OutputSearch, searchExpression, searchOutput } from './outputSearch';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'winnow-search-'));
  file = path.join(folder, 'output.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function search(typed: string, more: Partial<OutputSearch> = {}, signal = new AbortController().signal) {
  return searchOutput({ file, expression: searchExpression(typed) ?? /never/, limit: 100, ...more }, signal);
}

test('hits have their line, where it begins, and the line without colours', async () => {
  await writeFile(file, 'first\nsecond ü\n\u001b[31mError\u001b[0m: (x)\n10%\r20% error\r30%\nlast error');
  expect((await search('error')).hits).toEqual([
    { line: 3, offset: 16, text: 'Error: (x)' },
    { line: 4, offset: 36, text: '20% error' },
    { line: 5, offset: 54, text: 'last error' },
  ]);
  expect((await search('(x)')).hits).toHaveLength(1);
  expect((await search(String.raw`/^\w+ error$/`)).hits).toMatchObject([{ line: 5 }]);
  expect((await search('nowhere')).hits).toEqual([]);
});

test('a hit is found wherever the pieces are cut, also in a line without an end', async () => {
  const line = `${'x'.repeat(99)}\n`;
  await writeFile(file, `${line.repeat(30_000)}needle\n${line.repeat(30_000)}${'y'.repeat(5_000_000)}needle`);
  const { hits, isWhole } = await search('needle');
  expect(isWhole).toBe(true);
  expect(hits.map((hit) => hit.line)).toEqual([30_001, 60_002]);
  expect(hits[0]?.offset).toBe(3_000_000);
});

test('it ends at the limit and by the signal', async () => {
  await writeFile(file, 'a\n'.repeat(1_000));
  expect(await search('a', { limit: 10 })).toMatchObject({ isWhole: false, hits: { length: 10 } });
  expect(await search('a', {}, AbortSignal.abort())).toEqual({ isWhole: false, hits: [] });
});

test('an expression that cannot be read is none', () => {
  expect(searchExpression('/(/')).toBeNull();
  expect(searchExpression('a(')?.test('A(')).toBe(true);
});

test('an expression that takes for ever is ended', async () => {
  await writeFile(file, `${'a'.repeat(60)}b\n`);
  await expect(search('/^(a+)+$/')).rejects.toMatchObject({ code: 'too-slow' });
});
