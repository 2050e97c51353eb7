import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOutputEnd } from './outputEnd';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'winnow-end-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the end of an output is read, however long it is', async () => {
  const file = path.join(folder, 'output.log');
  await writeFile(file, `${'x'.repeat(100_000)}\nlast\n`);
  expect((await readOutputEnd(file))?.lines.map((line) => line[0]?.text)).toEqual(['last']);
  // 2 GB of nothing: a file with a hole.
  await truncate(file, 2_000_000_000);
  const startedAt = performance.now();
  expect((await readOutputEnd(file))?.sizeBytes).toBe(2_000_000_000);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test('there may be none', async () => {
  expect(await readOutputEnd(path.join(folder, 'none.log'))).toBeNull();
});
