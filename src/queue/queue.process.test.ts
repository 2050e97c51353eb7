import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delay } from '../base/abort';
import { UserError } from '../base/errors';
import { takeSnapshot } from '../capture/snapshot';
import { isOver } from '../model/run';
import { groupMembers } from '../platform/identity';
import { bundlePrograms } from '../platform/testing';
import type { QueueServices } from './queue';
import { laboratory as laboratoryOf } from './testing';

let programs = '';

beforeAll(async () => {
  programs = await mkdtemp(path.join(os.tmpdir(), 'winnow-programs-'));
  await bundlePrograms(programs, { 'runner.js': 'src/runner/main.ts' });
}, 60_000);

afterAll(() => rm(programs, { recursive: true, force: true }));

const laboratory = (changes: Partial<QueueServices> = {}) => laboratoryOf(programs, changes);

test('a script runs, its output and exit code are kept, and nothing private is left', async () => {
  const { start, ended, output, state, folder } = await laboratory();
  const { runId, name } = await start('train "1".py', 'import sys; print("hello", *sys.argv[1:])', {
    args: ['--lr', '$(0.1) "x"'],
    name: 'first',
  });
  expect(name).toBe('first');
  const run = await ended(runId);
  expect(run).toMatchObject({ state: 'finished', exitCode: 0, signal: null, reason: null, pid: null });
  expect(run.experiment).toBe(path.basename(folder));
  expect(run.command).toMatchObject({ script: 'train "1".py', args: ['--lr', '$(0.1) "x"'], folder });
  expect(run.snapshot?.fileCount).toBe(1);
  expect(await output(runId)).toBe('hello --lr $(0.1) "x"\n');
  expect(await readdir(state.attemptsDirectory)).toEqual([]);
  const spec = await readFile(path.join(folder, '.winnow', 'runs', runId, 'spec.json'), 'utf8');
  expect(spec).toContain('SECRET');
  expect(spec).not.toContain('hidden');
});

test('a script that names a tracking address of its own runs as it is, and its run says where it logs to', async () => {
  const { start, until } = await laboratory();
  const lines = 'import os\nos.environ["MLFLOW_TRACKING_URI"] = "http://box:5000"\nprint("ran")';
  const { runId } = await start('train.py', lines);
  const run = await until(runId, (now) => isOver(now.state) && now.tags['winnow.logsTo'] !== undefined);
  expect(run).toMatchObject({ state: 'finished', tags: { 'winnow.logsTo': 'http://box:5000' } });
});

test('a file that is larger than asked for is named in the snapshot and left out', async () => {
  const { start, ended, folder } = await laboratory();
  await writeFile(path.join(folder, 'data.csv'), 'x'.repeat(5_000));
  const { runId } = await start('train.py', 'print("ran")', { maxSnapshotFileBytes: 4_000 });
  const run = await ended(runId);
  expect(run.snapshot?.leftOut).toMatchObject([{ path: 'data.csv', why: 'too large', sizeBytes: 5_000 }]);
});

test('the private file of a run is for its user alone while it runs', async () => {
  const { start, until, state, queue, ended } = await laboratory();
  const { runId } = await start('wait.py', 'import time; time.sleep(60)');
  await until(runId, (run) => run.state === 'running');
  for (const name of await readdir(state.attemptsDirectory)) {
    expect((await stat(path.join(state.attemptsDirectory, name))).mode & 0o777).toBe(0o600);
  }
  await queue.stop(runId, true);
  await ended(runId);
});

test('the same request gives the same run', async () => {
  const { request, queue, ended, folder } = await laboratory();
  await writeFile(path.join(folder, 'train.py'), '');
  const asked = request('train.py');
  const [first, second] = await Promise.all([queue.start(asked), queue.start(asked)]);
  expect(second.runId).toBe(first.runId);
  await ended(first.runId);
  expect((await queue.start(asked)).runId).toBe(first.runId);
});

test.each([
  ['exits with 3', 'raise SystemExit(3)', { state: 'failed', exitCode: 3, signal: null }],
  ['does not parse', 'def :', { state: 'failed', exitCode: 1 }],
  [
    'kills itself',
    'import os; os.kill(os.getpid(), 9)',
    { state: 'failed', exitCode: null, signal: 'SIGKILL' },
  ],
])('a script that %s has failed', async (_title, lines, expected) => {
  const { start, ended } = await laboratory();
  expect(await ended((await start('train.py', lines)).runId)).toMatchObject(expected);
});

test('a script or a Python that is not there is said in a sentence', async () => {
  const { queue, request, ended, folder } = await laboratory();
  const noScript = await ended((await queue.start(request('missing.py'))).runId);
  expect(noScript).toMatchObject({ state: 'failed', exitCode: null });
  expect(noScript.reason).toContain(`There is no script ${path.join(folder, 'missing.py')}`);
  await writeFile(path.join(folder, 'train.py'), '');
  const noPython = await ended((await queue.start({ ...request('train.py'), python: '/no/python' })).runId);
  expect(noPython.reason).toContain('Could not start "/no/python"');
});

test('a script that may not be executed is said so', async () => {
  const { queue, request, ended, folder } = await laboratory();
  await writeFile(path.join(folder, 'train.sh'), '#!/bin/sh\n', { mode: 0o644 });
  const run = await ended((await queue.start({ ...request('train.sh'), python: null })).runId);
  expect(run.reason).toContain('may not be executed');
});

test('a polite stop lets the script end by itself, and the run is stopped', async () => {
  const { start, until, queue, ended, output } = await laboratory();
  const { runId } = await start(
    'train.py',
    'import time\ntry:\n  print("up")\n  time.sleep(60)\nexcept KeyboardInterrupt:\n  print("saved")\n',
  );
  await until(runId, (run) => run.state === 'running');
  while ((await output(runId)) === '') await delay(5);
  await queue.stop(runId, false);
  expect(await ended(runId)).toMatchObject({ state: 'stopped', exitCode: 0 });
  expect(await output(runId)).toBe('up\nsaved\n');
});

test('winnow.yaml says how long a script has for its checkpoint, and whoever stops is told', async () => {
  const { start, until, queue, ended, output, folder } = await laboratory();
  delete process.env['WINNOW_GRACE_MS'];
  await writeFile(path.join(folder, 'winnow.yaml'), 'run: { graceSeconds: 30 }\n');
  const { runId } = await start(
    'train.py',
    `import time
try:
  print("up")
  time.sleep(60)
except KeyboardInterrupt:
  time.sleep(1)
  print("saved")`,
  );
  await until(runId, (run) => run.state === 'running');
  while ((await output(runId)) === '') await delay(5);
  const askedAt = Date.now();
  const { killAt } = await queue.stop(runId, false);
  expect(killAt).toBeGreaterThan(askedAt + 34_000);
  expect(killAt).toBeLessThan(askedAt + 37_000);
  expect((await queue.stop(runId, false)).killAt).toBe(killAt);
  expect(await ended(runId)).toMatchObject({ state: 'stopped', exitCode: 0 });
  expect(await output(runId)).toBe('up\nsaved\n');
});

test('a script that ignores every request is killed with its children', async () => {
  const { start, until, queue, ended, output, runningScript } = await laboratory();
  const { runId } = await start(
    'train.sh',
    `#!/bin/sh
     trap '' INT TERM
     sleep 61 &
     setsid sleep 62 &
     echo up
     while :; do sleep 1; done`,
    { python: null },
  );
  await until(runId, (run) => run.state === 'running');
  while ((await output(runId)) === '') await delay(5);
  const { script } = await runningScript();
  await queue.stop(runId, false);
  expect(await ended(runId)).toMatchObject({ state: 'stopped', exitCode: null, signal: 'SIGKILL' });
  expect(await groupMembers(script)).toEqual([]);
});

test('a second stop that kills does not wait for the first', async () => {
  process.env['WINNOW_GRACE_MS'] = '60000';
  const { start, until, queue, ended, output } = await laboratory();
  process.env['WINNOW_GRACE_MS'] = '60000';
  const { runId } = await start(
    'train.sh',
    '#!/bin/sh\ntrap "echo no" INT TERM\necho up\nwhile :; do sleep 0.05; done',
    { python: null },
  );
  await until(runId, (run) => run.state === 'running');
  while ((await output(runId)) === '') await delay(5);
  await queue.stop(runId, false);
  while (!(await output(runId)).includes('no')) await delay(5);
  await queue.stop(runId, true);
  expect(await ended(runId)).toMatchObject({ state: 'stopped', signal: 'SIGKILL' });
});

test('a run can be stopped before its script started', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { start, queue, ended, output } = await laboratory({
    takeSnapshot: async (request) => {
      await held;
      return takeSnapshot(request);
    },
  });
  const { runId } = await start('train.py', 'print("never")');
  await queue.stop(runId, false);
  release();
  expect(await ended(runId)).toMatchObject({ state: 'stopped', exitCode: null });
  await expect(output(runId)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a run that is over cannot be stopped', async () => {
  const { start, queue, ended } = await laboratory();
  const { runId } = await start('train.py', '');
  await ended(runId);
  await expect(queue.stop(runId, false)).rejects.toMatchObject({ code: 'run-over' });
});

test('what happened while no server looked is taken in later, once', async () => {
  const { start, ended, folder } = await laboratory();
  const { runId } = await start('train.py', 'import time\ntime.sleep(2.5)');
  const exit = path.join(folder, '.winnow', 'runs', runId, 'exit.json');
  while ((await stat(exit).catch(() => null)) === null) await delay(20);
  const { metrics } = await ended(runId);
  const samples = metrics['system/system_memory_usage_megabytes'];
  expect(samples?.count).toBeGreaterThanOrEqual(1);
  expect(samples?.min).toBeGreaterThan(1);
  expect(metrics['system/cpu_utilization_percentage']?.count).toBe(samples?.count);
});

test('a snapshot that fails keeps the script from starting, git that is missing does not', async () => {
  const fail = (code: string) => () => Promise.reject(new UserError(code, 'The disk is full.'));
  const full = await laboratory({ takeSnapshot: fail('disk-full') });
  const refused = await full.ended((await full.start('train.py', 'print(1)')).runId);
  expect(refused).toMatchObject({
    state: 'failed',
    reason: 'The code could not be kept, so the script was not started: The disk is full.',
  });
  const noGit = await laboratory({ takeSnapshot: fail('git-missing') });
  const went = await noGit.ended((await noGit.start('train.py', 'print(1)')).runId);
  expect(went).toMatchObject({ state: 'finished', snapshot: null });
  expect(went.reason).toContain('The code of this run was not kept');
});

test('winnow.yaml names experiment, goal and variables', async () => {
  const { folder, start, ended, output } = await laboratory();
  await writeFile(path.join(folder, 'winnow.yaml'), 'experiment: digits\nrun: { env: { THREADS: 2 } }\n');
  const script =
    'import os; print(os.environ["THREADS"], os.environ["SECRET"], "NODE_OPTIONS" in os.environ)';
  const env = { PATH: process.env['PATH'] ?? '', SECRET: 'mine', THREADS: '8', NODE_OPTIONS: '--inspect' };
  const { runId } = await start('train.py', script, { env });
  expect((await ended(runId)).experiment).toBe('digits');
  expect(await output(runId)).toBe('2 mine False\n');
  await writeFile(path.join(folder, 'winnow.yaml'), 'experiment: [\n');
  await expect(start('train.py', script)).rejects.toMatchObject({ code: 'winnow-yaml' });
});

test('a run whose folder was removed while it ran still gets its exit code', async () => {
  const { folder, start, until, ended, output } = await laboratory();
  const { runId } = await start('train.py', 'import time\nprint(1)\ntime.sleep(0.3)\nraise SystemExit(4)');
  await until(runId, ({ state }) => state === 'running');
  while ((await output(runId)) === '') await delay(5);
  await rm(path.join(folder, '.winnow', 'runs', runId), { recursive: true });
  expect(await ended(runId)).toMatchObject({ state: 'failed', exitCode: 4 });
});
