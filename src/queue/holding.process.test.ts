import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delay } from '../base/abort';
import { UserError } from '../base/errors';
import { takeSnapshot } from '../capture/snapshot';
import { readJson } from '../platform/atomicFile';
import { attempt } from '../platform/attemptFiles';
import { findScript } from '../platform/findScript';
import { bundlePrograms } from '../platform/testing';
import { createHolders } from './holders';
import { laboratory } from './testing';

let programs = '';

beforeAll(async () => {
  programs = await mkdtemp(path.join(os.tmpdir(), 'winnow-programs-'));
  await bundlePrograms(programs, { 'runner.js': 'src/runner/main.ts' });
  await cp('python', path.join(programs, 'python'), { recursive: true });
}, 60_000);

afterAll(() => rm(programs, { recursive: true, force: true }));

/** A snapshot that takes as long as the test wants, and a script that tells when it began. */
async function slowly(refuse = false) {
  const holders = createHolders();
  let keep: () => void = () => undefined;
  let isSlow = false;
  const found = await laboratory(programs, {
    holders,
    async takeSnapshot(request) {
      if (!isSlow) return takeSnapshot(request);
      await new Promise<void>((resolve) => (keep = resolve));
      if (refuse) throw new UserError('folder-read-only', 'There is no place for it.');
      return takeSnapshot(request);
    },
  });
  // The first run shows that the hook is in this interpreter.
  const first = await found.start('first.py', 'print("first")\n');
  await found.ended(first.runId);
  isSlow = true;
  /** Resolves when the interpreter of the attempt runs. */
  async function waits(): Promise<void> {
    for (;;) {
      const names = await readdir(found.state.attemptsDirectory);
      const file = names.find((name) => /^[0-9a-f]{32}\.json$/.test(name));
      const known = file && (await readJson(path.join(found.state.attemptsDirectory, file), attempt));
      if (known && (await findScript(null, known.token)) !== null) return;
      await delay(10);
    }
  }
  return { ...found, holders, waits, keep: () => keep() };
}

const SCRIPT = 'from pathlib import Path\nPath("began").touch()\nprint("began")\n';

test('an interpreter that waits is started while the code is kept, and begins with the script after it', async () => {
  const { start, ended, keep, waits, folder, output, run } = await slowly();
  const { runId } = await start('train.py', SCRIPT);
  // It is there, and has not begun.
  await waits();
  expect(run(runId).state).toBe('queued');
  await expect(readFile(path.join(folder, 'began'))).rejects.toThrow();
  keep();
  expect(await ended(runId)).toMatchObject({ state: 'finished', exitCode: 0, reason: null });
  expect(await output(runId)).toBe('began\n');
});

test('a refusal ends an interpreter that waits, and nothing of the script ran', async () => {
  const { start, ended, keep, waits, folder, output } = await slowly(true);
  const { runId } = await start('train.py', SCRIPT);
  await waits();
  keep();
  const run = await ended(runId);
  expect(run).toMatchObject({ state: 'failed', exitCode: null });
  expect(run.reason).toContain('There is no place for it.');
  expect(await output(runId)).toBe('');
  await expect(readFile(path.join(folder, 'began'))).rejects.toThrow();
});

test('a stop ends an interpreter that waits', async () => {
  const { start, ended, waits, queue, keep, folder } = await slowly();
  const { runId } = await start('train.py', SCRIPT);
  await waits();
  await queue.stop(runId, false);
  keep();
  expect(await ended(runId)).toMatchObject({ state: 'stopped', exitCode: null });
  await expect(readFile(path.join(folder, 'began'))).rejects.toThrow();
});

test('the descriptor and its variable are gone for the script', async () => {
  const { start, ended, keep, waits, output } = await slowly();
  const lines = [
    'import os',
    'print("WINNOW_HOLD_FD" in os.environ)',
    'try:',
    '    os.fstat(3)',
    '    print("open")',
    'except OSError:',
    '    print("closed")',
  ];
  const { runId } = await start('train.py', `${lines.join('\n')}\n`);
  await waits();
  keep();
  await ended(runId);
  expect(await output(runId)).toBe('False\nclosed\n');
});
