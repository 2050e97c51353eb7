import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { delay } from '../base/abort';
import { identityOf, lifeOf } from '../platform/identity';
import { bundlePrograms } from '../platform/testing';
import { laboratory as laboratoryOf } from './testing';

let programs = '';

beforeAll(async () => {
  programs = await mkdtemp(path.join(os.tmpdir(), 'winnow-programs-'));
  await bundlePrograms(programs, { 'runner.js': 'src/runner/main.ts' });
}, 60_000);

afterAll(() => rm(programs, { recursive: true, force: true }));

const laboratory = () => laboratoryOf(programs);
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

test('bytes of every kind are kept as the script wrote them', async () => {
  const lab = await laboratory();
  const { runId } = await lab.start(
    'train.py',
    'import os\nfor _ in range(64): os.write(1, bytes(range(256)) * 16)\nos.write(2, b"\\xff\\x00end")',
  );
  expect(await lab.ended(runId)).toMatchObject({ state: 'finished' });
  const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const written = Buffer.concat([
    ...Array.from({ length: 64 * 16 }, () => every),
    Buffer.from('\xff\0end', 'latin1'),
  ]);
  const kept = await readFile(path.join(lab.location.runs, runId, 'output.log'));
  expect(kept.equals(written)).toBe(true);
});

test('a script that closes its output goes on to its end', async () => {
  const lab = await laboratory();
  const { runId } = await lab.start(
    'train.py',
    'import os, time\nprint("up")\nos.close(1)\nos.close(2)\ntime.sleep(0.5)\nos._exit(6)',
  );
  expect(await lab.ended(runId)).toMatchObject({ state: 'failed', exitCode: 6 });
  expect(await lab.output(runId)).toBe('up\n');
});

test('a child that has ended and that nobody asks for keeps no run from ending', async () => {
  const lab = await laboratory();
  const { runId } = await lab.start(
    'train.py',
    'import os, time\nif os.fork() == 0: os._exit(0)\nprint("up")\ntime.sleep(1.5)',
  );
  expect(await lab.ended(runId)).toMatchObject({ state: 'finished', exitCode: 0, reason: null });
});

test('a process that forks twice and leaves the session is let go, and what it prints is still kept', async () => {
  const lab = await laboratory();
  const { runId } = await lab.start(
    'train.py',
    `import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("daemon.new", "w").write(str(os.getpid()))
        os.rename("daemon.new", "daemon")
        while not os.path.exists("go"): time.sleep(0.01)
        print("daemon done")
    os._exit(0)
os.wait()
while not os.path.exists("daemon"): time.sleep(0.01)
print("done")`,
  );
  expect(await lab.ended(runId)).toMatchObject({ state: 'finished', exitCode: 0, reason: null });
  const daemon = await identityOf(Number(await readFile(path.join(lab.folder, 'daemon'), 'utf8')));
  if (daemon === null) throw new Error('It was ended with the run.');
  await writeFile(path.join(lab.folder, 'go'), '');
  while ((await lifeOf(daemon)) !== 'gone') await delay(5);
  expect(await lab.output(runId)).toBe('done\ndaemon done\n');
});

test('a working folder that is removed while the script runs is no matter of the run', async () => {
  const lab = await laboratory();
  const folder = path.join(lab.folder, 'work');
  await mkdir(folder);
  await writeFile(path.join(folder, 'train.py'), 'import time\nprint("up")\ntime.sleep(0.5)\nprint("done")');
  const { runId } = await lab.queue.start({ ...lab.request('train.py'), folder });
  await lab.until(runId, ({ state }) => state === 'running');
  while ((await lab.output(runId)) === '') await delay(5);
  await rm(folder, { recursive: true });
  expect(await lab.ended(runId)).toMatchObject({ state: 'finished', exitCode: 0 });
  expect(await lab.output(runId)).toBe('up\ndone\n');
});

test('the folder of a run that is adopted may be gone too', async () => {
  const lab = await laboratory();
  const { runId } = await lab.start('train.py', 'import time\nprint("up")\ntime.sleep(60)');
  await lab.until(runId, ({ state }) => state === 'running');
  const { runner, script } = await lab.runningScript();
  while ((await lab.output(runId)) === '') await delay(5);
  process.kill(runner.pid, 'SIGKILL');
  while ((await lifeOf(runner)) !== 'gone') await delay(5);
  await rm(path.join(lab.location.runs, runId), { recursive: true });
  await lab.queue.stop(runId, true);
  expect(await lab.ended(runId)).toMatchObject({ state: 'stopped' });
  expect(await lifeOf(script)).toBe('gone');
});

test('a clock that jumps back gives no negative steps, and no end before the start', async () => {
  const lab = await laboratory();
  const { runId } = await lab.start('train.py', 'import time\nprint("up")\ntime.sleep(60)');
  const { startedAt } = await lab.until(runId, ({ state }) => state === 'running');
  const hourAgo = (startedAt ?? 0) - 3_600_000;
  const events = path.join(lab.location.runs, runId, 'events.jsonl');
  const sample = { kind: 'sample', cpuPercent: 1, memoryBytes: 1e6, processes: 1 };
  await appendFile(events, `${JSON.stringify({ ...sample, at: hourAgo })}\n`);
  await lab.until(runId, ({ metrics }) => metrics['system/cpu_utilization_percentage']?.firstStep === 0);
  const { runner, script } = await lab.runningScript();
  for (const { pid } of [runner, script]) process.kill(pid, 'SIGKILL');
  const exit = {
    exitCode: 0,
    signal: null,
    endedAt: hourAgo,
    stoppedBy: null,
    reason: null,
    maxRssBytes: null,
  };
  await writeFile(path.join(lab.location.runs, runId, 'exit.json'), JSON.stringify(exit));
  const run = await lab.ended(runId);
  expect(run.state).toBe('finished');
  expect(run.endedAt).toBe(startedAt);
});

test.skipIf(!mayMount)('a disk that is full costs output, never how the script ended', async () => {
  const lab = await laboratory();
  await mkdir(lab.location.runs, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'winnow-test', lab.location.runs]);
  onTestFinished(() => void execFileSync('umount', ['-l', lab.location.runs]));
  const { runId } = await lab.start(
    'train.py',
    `import os, sys, time
try:
    while True: os.write(1, b"x" * 4096)
except OSError:
    time.sleep(1.2)
    sys.exit(5)`,
  );
  expect(await lab.ended(runId)).toMatchObject({ state: 'failed', exitCode: 5 });
});
