import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followOutput } from './outputFollower';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'winnow-output-'));
  file = path.join(folder, 'output.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('lines that come while it is followed arrive in order, and the last ones after the end too', async () => {
  let text = '';
  let live = true;
  await writeFile(file, 'epoch 1\n');
  const following = followOutput(
    {
      file,
      onText: (more) => (text += more),
      onSkipped: () => undefined,
      isLive: async () => {
        if (live) await appendFile(file, 'epoch 2 – ü\n');
        live = false;
        return live;
      },
    },
    new AbortController().signal,
  );
  await following;
  expect(text).toBe('epoch 1\nepoch 2 – ü\n');
});

test('only the end of a large file is shown, and said so', async () => {
  await writeFile(file, 'x'.repeat(5_000) + 'end');
  let skipped = 0;
  let text = '';
  await followOutput(
    {
      file,
      onText: (more) => (text += more),
      onSkipped: (bytes) => (skipped = bytes),
      isLive: () => Promise.resolve(false),
      maxBytes: 1_000,
    },
    new AbortController().signal,
  );
  expect(skipped).toBe(4_003);
  expect(text).toHaveLength(1_000);
});

test('of what is printed faster than anybody reads the last part is shown, from the start of a line', async () => {
  await writeFile(file, 'first\n');
  let text = '';
  let skipped = 0;
  let looks = 0;
  await followOutput(
    {
      file,
      onText: (more) => (text += more),
      onSkipped: (bytes) => (skipped += bytes),
      isLive: async () => {
        if (++looks === 1) await appendFile(file, `${'x'.repeat(9)}\n`.repeat(1_000));
        return false;
      },
      maxBytes: 1_005,
    },
    new AbortController().signal,
  );
  expect(text).toBe(`first\n${'xxxxxxxxx\n'.repeat(100)}`);
  expect(skipped).toBe(9_000);
});

test('a run without output file ends quietly', async () => {
  let text = '';
  await followOutput(
    {
      file,
      onText: (more) => (text += more),
      onSkipped: () => undefined,
      isLive: () => Promise.resolve(false),
    },
    new AbortController().signal,
  );
  expect(text).toBe('');
});

test('closing the terminal ends the following within a poll', async () => {
  await writeFile(file, 'a');
  const closed = new AbortController();
  const following = followOutput(
    {
      file,
      onText: () => closed.abort(),
      onSkipped: () => undefined,
      isLive: () => Promise.resolve(true),
    },
    closed.signal,
  );
  await following.catch((error: unknown) => expect(error).toHaveProperty('name', 'AbortError'));
  expect(closed.signal.aborted).toBe(true);
});
