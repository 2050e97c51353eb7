import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countLines } from './outputLines';

describe('the lines of an output', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'winnow-lines-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['', 0],
    ['one\n', 1],
    ['one\ntwo', 2],
    ['one\n\nthree\n', 3],
  ])('%j has %i', async (text, lines) => {
    const file = path.join(folder, 'output.log');
    await writeFile(file, text);
    expect(await countLines(file)).toBe(lines);
  });

  it('are not known when there is no file', async () => {
    expect(await countLines(path.join(folder, 'none.log'))).toBeNull();
  });
});
