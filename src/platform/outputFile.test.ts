import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readOutputTimes, startOfLastLines, startOfNextLine } from './outputFile';

async function fileWith(content: string) {
  const folder = await mkdtemp(path.join(tmpdir(), 'winnow-output-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'output');
  await writeFile(file, content);
  const handle = await open(file, 'r');
  onTestFinished(() => handle.close());
  return { file, handle };
}

test('the last lines begin where a person counts them, with and without a line feed at the end', async () => {
  for (const content of ['one\ntwo\nthree\n', 'one\ntwo\nthree']) {
    const { handle } = await fileWith(content);
    expect(await startOfLastLines(handle, content.length, 1)).toBe(8);
    expect(await startOfLastLines(handle, content.length, 2)).toBe(4);
    expect(await startOfLastLines(handle, content.length, 9)).toBe(0);
  }
  const long = `${'x'.repeat(99)}\n`.repeat(10_000);
  const { handle } = await fileWith(long);
  expect(await startOfLastLines(handle, long.length, 5_000)).toBe(500_000);
});

test('a place in the middle of a line becomes the start of the next one', async () => {
  const { handle } = await fileWith('one\ntwo\nthree');
  expect(await startOfNextLine(handle, 0)).toBe(0);
  expect(await startOfNextLine(handle, 2)).toBe(4);
  expect(await startOfNextLine(handle, 4)).toBe(4);
  expect(await startOfNextLine(handle, 9)).toBe(9);
});

test('the index tells when something was printed', async () => {
  const { file } = await fileWith('1000 10\n2000 30\nbroken\n3000 40\n');
  const timeOf = await readOutputTimes(file);
  expect([0, 9, 10, 29, 30, 39, 40].map(timeOf)).toEqual([1000, 1000, 2000, 2000, 3000, 3000, null]);
  expect((await readOutputTimes(`${file}.none`))(0)).toBeNull();
});
