import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delay } from '../base/abort';
import { type ProcessIdentity, lifeOf } from '../platform/identity';
import { attemptPaths } from '../platform/attemptFiles';
import { bundlePrograms } from '../platform/testing';
import { laboratory } from './testing';

let programs = '';

beforeAll(async () => {
  programs = await mkdtemp(path.join(os.tmpdir(), 'winnow-programs-'));
  await bundlePrograms(programs, { 'runner.js': 'src/runner/main.ts' });
}, 60_000);

afterAll(() => rm(programs, { recursive: true, force: true }));

async function kill(identity: ProcessIdentity): Promise<void> {
  process.kill(identity.pid, 'SIGKILL');
  while ((await lifeOf(identity)) !== 'gone') await delay(5);
}

/** Prints `loss=N` for ever smaller N, a line at a time. */
const COUNTDOWN = (from: number, seconds: number) => `import time
for i in range(${from}, 0, -1):
    print(f"loss={i}", flush=True)
    time.sleep(${seconds})
`;

test('what a script prints is its metrics, to the last line', async () => {
  const { start, ended } = await laboratory(programs);
  const { runId } = await start(
    'train.py',
    'print("lr: 0.1")\nfor i in range(3): print(f"loss={3 - i}")\nprint("http: 80")',
  );
  const { metrics } = await ended(runId);
  expect(Object.keys(metrics)).toEqual(['loss']);
  expect(metrics['loss']).toMatchObject({ count: 3, last: 1, lastStep: 2, max: 3 });
});

test('metrics are there while the script runs', async () => {
  const { start, until, queue, ended } = await laboratory(programs);
  const { runId } = await start('train.py', COUNTDOWN(1_000, 0.05));
  await until(runId, ({ metrics }) => (metrics['loss']?.count ?? 0) > 5);
  await queue.stop(runId, true);
  await ended(runId);
});

test('a runner that takes over loses no value and doubles none', async () => {
  const { start, until, ended, runningScript, output } = await laboratory(programs);
  const { runId } = await start('train.py', COUNTDOWN(60, 0.05));
  await until(runId, ({ metrics }) => (metrics['loss']?.count ?? 0) > 5);
  await kill((await runningScript()).runner);
  const { metrics } = await ended(runId);
  expect((await output(runId)).trimEnd().split('\n')).toHaveLength(60);
  expect(metrics['loss']).toMatchObject({ count: 60, first: 60, last: 1, lastStep: 59 });
});

test('what was printed last is a metric also when runner and script are killed together', async () => {
  const { start, until, ended, runningScript, output } = await laboratory(programs);
  const { runId } = await start('train.py', COUNTDOWN(1_000, 0.02));
  await until(runId, ({ metrics }) => (metrics['loss']?.count ?? 0) > 5);
  const { runner, script } = await runningScript();
  process.kill(runner.pid, 'SIGKILL');
  await kill(script);
  const { metrics, state } = await ended(runId);
  const lines = (await output(runId)).trimEnd().split('\n');
  expect(state).toBe('lost');
  expect(metrics['loss']?.count).toBe(lines.length);
});

test('a script that ran and ended while nobody could name it has its metrics all the same', async () => {
  const { start, until, ended, runningScript, output, state, ledger } = await laboratory(programs);
  const { runId } = await start('train.py', COUNTDOWN(40, 0.05));
  await until(runId, ({ metrics }) => (metrics['loss']?.count ?? 0) > 5);
  const { runner, script } = await runningScript();
  await kill(runner);
  const [live] = ledger.liveAttempts();
  const { processes } = attemptPaths(state, live?.attemptId ?? '');
  await writeFile(processes, JSON.stringify({ runner, script: null }));
  while ((await lifeOf(script)) !== 'gone') await delay(5);
  const run = await ended(runId);
  expect((await output(runId)).trimEnd().split('\n')).toHaveLength(40);
  expect(run.metrics['loss']).toMatchObject({ count: 40, first: 40, last: 1, lastStep: 39 });
  expect(run).toMatchObject({ state: 'lost', exitCode: null });
});

test('a script that logs a metric itself has it once', async () => {
  const { start, until, ended, log } = await laboratory(programs);
  const { runId } = await start('train.py', COUNTDOWN(40, 0.05));
  await until(runId, ({ metrics }) => (metrics['loss']?.count ?? 0) > 5);
  await log(runId, { metrics: [['loss', 0.5, 7]], params: [] });
  expect((await ended(runId)).metrics['loss']).toMatchObject({ count: 1, last: 0.5 });
});

test('it is switched off by the request and by winnow.yaml, which also has rules', async () => {
  const { start, ended, folder } = await laboratory(programs);
  const lines = 'print("loss=1, acc=0.5")\nprint("Got 7 points")';
  expect((await ended((await start('a.py', lines, { printedMetrics: false })).runId)).metrics).toEqual({});
  await writeFile(
    path.join(folder, 'winnow.yaml'),
    'metrics: { printed: [{ mute: acc }, { pattern: "Got (?<points>\\\\d+)" }] }',
  );
  expect(Object.keys((await ended((await start('b.py', lines)).runId)).metrics)).toEqual(['loss', 'points']);
  await writeFile(path.join(folder, 'winnow.yaml'), 'run: { printedMetrics: false }');
  expect((await ended((await start('c.py', lines)).runId)).metrics).toEqual({});
});

test('binary output, and a line of 30 MB without an end, hurt nobody', async () => {
  const { start, ended, problems } = await laboratory(programs);
  const { runId } = await start(
    'train.py',
    'import sys, os\nsys.stdout.buffer.write(os.urandom(1 << 20))\nprint("\\nloss=1")\nsys.stdout.write("x" * 30_000_000)\nprint("\\nloss=2")',
  );
  const { metrics, state } = await ended(runId);
  expect(state).toBe('finished');
  expect(metrics['loss']).toMatchObject({ count: 2, last: 2 });
  expect(problems).toEqual([]);
});
