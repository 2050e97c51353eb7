import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { delay } from '../base/abort';
import { descendantsOf } from '../platform/processTable';
import { programsIn } from '../platform/runtimes';
import { type Child, exitOf } from '../platform/spawn';
import { storeState } from '../platform/stateFolder';
import { bundlePrograms, temporaryFolder, temporaryStateHome } from '../platform/testing';
import { type Runners, type RunnersOptions, createRunners } from './runners';

let programs = '';

beforeAll(async () => {
  programs = await mkdtemp(path.join(os.tmpdir(), 'winnow-programs-'));
  await bundlePrograms(programs, { 'runner.js': 'src/runner/main.ts' });
}, 60_000);

afterAll(() => rm(programs, { recursive: true, force: true }));

async function makeRunners(options: Partial<RunnersOptions> = {}): Promise<Runners> {
  await temporaryStateHome();
  const state = await storeState(await temporaryFolder());
  const runners = createRunners({ state, programs: programsIn(programs), log: console.error, ...options });
  onTestFinished(async () => {
    runners.dispose();
    await nobodyLeft();
  });
  return runners;
}

/** Starts a runner for an attempt that is not there, which ends it. */
async function startAndEnd(runners: Runners): Promise<Child> {
  const runner = await runners.start('/there is no attempt');
  expect((await exitOf(runner)).exitCode).toBe(1);
  return runner;
}

async function spareOnceBooted(): Promise<number> {
  for (;;) {
    const [pid] = await descendants();
    if (pid !== undefined) return pid;
    await delay(10);
  }
}

async function nobodyLeft(): Promise<void> {
  while ((await descendants()).length > 0) await delay(10);
}

/** esbuild keeps a service of its own, which was there before. */
let others: ReadonlySet<number> = new Set();
beforeAll(async () => {
  others = new Set(await descendantsOf(process.pid));
});
const descendants = async () => (await descendantsOf(process.pid)).filter((pid) => !others.has(pid));

test('a runner that was booted after a start takes the next attempt', async () => {
  const runners = await makeRunners({ pauseMs: 0 });
  const first = await startAndEnd(runners);
  const spare = await spareOnceBooted();
  expect(spare).not.toBe(first.pid);
  expect((await startAndEnd(runners)).pid).toBe(spare);
});

test('a spare runner that died is not used', async () => {
  const runners = await makeRunners({ pauseMs: 0 });
  await startAndEnd(runners);
  const spare = await spareOnceBooted();
  process.kill(spare, 'SIGKILL');
  await nobodyLeft();
  expect((await startAndEnd(runners)).pid).not.toBe(spare);
});

test('a spare runner goes when nobody needs it for a while', async () => {
  const runners = await makeRunners({ pauseMs: 0, keepMs: 1 });
  await startAndEnd(runners);
  await nobodyLeft();
});

test('a spare runner goes with its server', async () => {
  const runners = await makeRunners({ pauseMs: 0 });
  await startAndEnd(runners);
  await spareOnceBooted();
  runners.dispose();
  await nobodyLeft();
});
