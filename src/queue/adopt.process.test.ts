import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delay } from '../base/abort';
import type { RunId } from '../model/run';
import { attemptPaths } from '../platform/attemptFiles';
import { type ProcessIdentity, groupMembers, lifeOf, ownIdentity } from '../platform/identity';
import { bundlePrograms } from '../platform/testing';
import { readEvents } from '../platform/runEvents';
import { type Child, exitOf, spawnDetached } from '../platform/spawn';
import { createRunners } from './runners';
import { laboratory as laboratoryOf } from './testing';

let programs = '';

beforeAll(async () => {
  programs = await mkdtemp(path.join(os.tmpdir(), 'winnow-programs-'));
  await bundlePrograms(programs, { 'runner.js': 'src/runner/main.ts' });
}, 60_000);

afterAll(() => rm(programs, { recursive: true, force: true }));

type Laboratory = Awaited<ReturnType<typeof laboratoryOf>>;

/** A run whose script printed its first line, and whose runner was killed after that. */
async function orphan(lines: string, more: Parameters<Laboratory['start']>[2] = {}) {
  const lab = await laboratoryOf(programs);
  const { runId } = await lab.start('train', lines, more);
  await lab.until(runId, ({ state }) => state === 'running');
  const { runner, script } = await lab.runningScript();
  while ((await lab.output(runId)) === '') await delay(5);
  await kill(runner);
  return { ...lab, runId, runner, script };
}

async function kill(identity: ProcessIdentity): Promise<void> {
  process.kill(identity.pid, 'SIGKILL');
  while ((await lifeOf(identity)) !== 'gone') await delay(5);
}

/** Waits for the runner that adopts, and gives its identity. */
async function adopter({ queue, processesOf }: Laboratory, before: ProcessIdentity) {
  for (;;) {
    await queue.reconcile();
    const processes = await processesOf();
    if (processes !== null && processes.runner.pid !== before.pid) return processes.runner;
    await delay(5);
  }
}

/** Somebody else's process, which leads a group as scripts do. */
function startStranger(): Promise<Child> {
  return spawnDetached('sleep', ['60'], { cwd: os.tmpdir(), env: process.env, stdio: 'ignore' });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(5);
}

const livingOf = (children: readonly Child[]) =>
  children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);

const eventsOf = ({ location }: Laboratory, runId: RunId) =>
  readEvents(path.join(location.runs, runId, 'events.jsonl'));

test('a script whose runner was killed goes on under another one, and its end is not invented', async () => {
  const lab = await orphan('import time\nprint("up")\ntime.sleep(2.5)\nprint("done")');
  const { runId, script, runner } = lab;
  await adopter(lab, runner);
  expect(lab.run(runId).state).toBe('running');
  const lost = await lab.ended(runId);
  expect(await lifeOf(script)).toBe('gone');
  expect(lost).toMatchObject({ state: 'lost', exitCode: null });
  expect(lost.reason).toContain('Its runner was ended by force');
  expect(await lab.output(runId)).toBe('up\ndone\n');
  const events = await eventsOf(lab, runId);
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['started', 'adopted', 'sample']));
  expect(events.findIndex(({ kind }) => kind === 'adopted')).toBeLessThan(
    events.findLastIndex(({ kind }) => kind === 'sample'),
  );
  expect(await readdir(lab.state.attemptsDirectory)).toEqual([]);
});

test.each([
  [0, 'finished'],
  [3, 'failed'],
])('the exit code %i that the hook noted is that of an adopted run', async (code, state) => {
  const lab = await orphan(
    `import time, sys, os, json
print("up")
while not os.path.exists("go"): time.sleep(0.01)
with open(open("go").read(), "a") as hook:
    hook.write(json.dumps({"kind": "end", "exitCode": 7, "pid": 1}) + "\\n")
    hook.write(json.dumps({"kind": "end", "exitCode": ${code}, "pid": os.getpid()}) + "\\n")
sys.exit(${code})`,
  );
  await adopter(lab, lab.runner);
  const hook = path.join(lab.location.runs, lab.runId, 'hook.jsonl');
  await writeFile(path.join(lab.folder, 'go.new'), hook);
  await rename(path.join(lab.folder, 'go.new'), path.join(lab.folder, 'go'));
  expect(await lab.ended(lab.runId)).toMatchObject({ state, exitCode: code, reason: null });
});

test('an adopted run is stopped as any other, with a grace time', async () => {
  const lab = await orphan(
    'import time\ntry:\n  print("up")\n  time.sleep(60)\nexcept KeyboardInterrupt:\n  print("saved")\n',
  );
  await adopter(lab, lab.runner);
  await lab.queue.stop(lab.runId, false);
  expect(await lab.ended(lab.runId)).toMatchObject({ state: 'stopped' });
  expect(await lab.output(lab.runId)).toBe('up\nsaved\n');
});

test('a stop that comes while nobody watches is carried out by the runner that adopts', async () => {
  const lab = await orphan('import time\nprint("up")\ntime.sleep(60)');
  await lab.queue.stop(lab.runId, false);
  expect(await lab.ended(lab.runId)).toMatchObject({ state: 'stopped', exitCode: null });
  expect(await groupMembers(lab.script)).toEqual([]);
});

test('a runner that adopted and is killed too is followed by a third', async () => {
  const lab = await orphan('import time\nprint("up")\ntime.sleep(60)');
  const second = await adopter(lab, lab.runner);
  await kill(second);
  const third = await adopter(lab, second);
  expect(third.pid).not.toBe(second.pid);
  await lab.queue.stop(lab.runId, true);
  expect(await lab.ended(lab.runId)).toMatchObject({ state: 'stopped' });
});

test('there are never two runners of one attempt', async () => {
  const lab = await laboratoryOf(programs);
  const { runId } = await lab.start('train', 'import time\nprint("up")\ntime.sleep(60)');
  await lab.until(runId, ({ state }) => state === 'running');
  const { runner, script } = await lab.runningScript();
  const [live] = lab.ledger.liveAttempts();
  const file = attemptPaths(lab.state, live?.attemptId ?? '').attempt;
  const runners = createRunners({ state: lab.state, programs: lab.programs, log: () => undefined });
  const others = await Promise.all([runners.adopt(file), runners.adopt(file), runners.start(file)]);
  await Promise.all(others.map(exitOf));
  runners.dispose();
  expect((await lab.processesOf())?.runner).toEqual(runner);
  await kill(runner);
  const heirs = await Promise.all([runners.adopt(file), runners.adopt(file), runners.adopt(file)]);
  const heir = await adopter(lab, runner);
  await until(() => livingOf(heirs).length <= 1);
  expect(await lifeOf(heir)).toBe('alive');
  expect(await lifeOf(script)).toBe('alive');
  await lab.queue.stop(runId, true);
  expect(await lab.ended(runId)).toMatchObject({ state: 'stopped' });
  const adopted = (await eventsOf(lab, runId)).filter(({ kind }) => kind === 'adopted');
  expect(adopted).toHaveLength(1);
});

test('a script whose runner died before it could name it is found and adopted', async () => {
  const lab = await orphan('import time\nprint("up")\ntime.sleep(60)');
  const [live] = lab.ledger.liveAttempts();
  const { processes } = attemptPaths(lab.state, live?.attemptId ?? '');
  await writeFile(processes, JSON.stringify({ runner: lab.runner, script: null }));
  await adopter(lab, lab.runner);
  expect((await lab.processesOf())?.script).toEqual(lab.script);
  await lab.queue.stop(lab.runId, true);
  expect(await lab.ended(lab.runId)).toMatchObject({ state: 'stopped' });
});

test('of a script that nobody could name the hook tells when it ran and how it ended', async () => {
  const lab = await orphan(
    `import time, sys, os, json
print("up")
while not os.path.exists("go"): time.sleep(0.01)
with open(open("go").read(), "a") as hook:
    now = time.time() * 1000
    for line in [
        {"kind": "start", "at": 5, "pid": 1, "python": "3"},
        {"kind": "end", "at": 6, "pid": 1, "exitCode": 7},
        {"kind": "start", "at": now, "pid": os.getpid(), "python": "3"},
        {"kind": "end", "at": now, "pid": os.getpid(), "exitCode": 3},
    ]:
        hook.write(json.dumps(line) + "\\n")
sys.exit(3)`,
  );
  const [live] = lab.ledger.liveAttempts();
  const { processes } = attemptPaths(lab.state, live?.attemptId ?? '');
  await writeFile(processes, JSON.stringify({ runner: lab.runner, script: null }));
  const folder = path.join(lab.location.runs, lab.runId);
  await rm(path.join(folder, 'events.jsonl'), { force: true });
  await writeFile(path.join(lab.folder, 'go.new'), path.join(folder, 'hook.jsonl'));
  await rename(path.join(lab.folder, 'go.new'), path.join(lab.folder, 'go'));
  while ((await lifeOf(lab.script)) !== 'gone') await delay(5);
  expect(await lab.ended(lab.runId)).toMatchObject({ state: 'failed', exitCode: 3, reason: null });
  expect(await eventsOf(lab, lab.runId)).toMatchObject([{ kind: 'started', pid: lab.script.pid }]);
});

test('a run is not lost while anything of its group goes on', async () => {
  const lab = await orphan('#!/bin/sh\nsleep 1.5 &\necho up\nsleep 0.3\n', { python: null });
  while ((await lifeOf(lab.script)) !== 'gone') await delay(5);
  await lab.queue.reconcile();
  expect(lab.run(lab.runId).state).toBe('running');
  expect(await lab.ended(lab.runId)).toMatchObject({ state: 'lost' });
  expect(await groupMembers(lab.script)).toEqual([]);
});

test('a process that has the number of a dead runner or script is not signalled and not taken for it', async () => {
  const lab = await orphan('import time\nprint("up")\ntime.sleep(60)');
  await kill(lab.script);
  const stranger = await startStranger();
  const [live] = lab.ledger.liveAttempts();
  const { processes } = attemptPaths(lab.state, live?.attemptId ?? '');
  const own = await ownIdentity();
  const reused = { ...own, pid: stranger.pid ?? 0, startTime: '1' };
  await writeFile(processes, JSON.stringify({ runner: reused, script: reused }));
  await lab.queue.stop(lab.runId, true);
  const run = await lab.ended(lab.runId);
  expect(run).toMatchObject({ state: 'stopped', exitCode: null });
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill('SIGKILL');
});
