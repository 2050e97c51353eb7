import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunId } from '../model/run';
import { bundlePrograms } from '../platform/testing';
import { laboratory as laboratoryOf } from './testing';

let programs = '';

beforeAll(async () => {
  programs = await mkdtemp(path.join(os.tmpdir(), 'winnow-programs-'));
  await bundlePrograms(programs, { 'runner.js': 'src/runner/main.ts' });
}, 60_000);

afterAll(() => rm(programs, { recursive: true, force: true }));

const SCRIPT = `
import argparse, os, sys
parser = argparse.ArgumentParser()
parser.add_argument("--resume")
parser.add_argument("--epochs", type=int, default=2)
args = parser.parse_args()
start = int(open(args.resume).read()) if args.resume else 0
print("attempt", os.environ.get("WINNOW_ATTEMPT", "1"), "from", start, end="")
os.makedirs("out", exist_ok=True)
open("out/last.ckpt", "w").write(str(start + args.epochs))
sys.exit(0 if start else 3)
`;

type Laboratory = Awaited<ReturnType<typeof laboratoryOf>>;

async function failedRun(lines = SCRIPT): Promise<Laboratory & { runId: RunId }> {
  const lab = await laboratoryOf(programs);
  const { runId } = await lab.start('train.py', lines, { args: ['--epochs', '5'] });
  expect(await lab.ended(runId)).toMatchObject({ state: 'failed', exitCode: 3 });
  return { ...lab, runId };
}

const request = (runId: RunId, args?: string[]) => ({
  ...{ requestId: randomUUID(), runId, env: { PATH: process.env['PATH'] ?? '' } },
  ...(args === undefined ? {} : { args }),
});

test('a run that failed goes on from its checkpoint as a second attempt of the same run', async () => {
  const lab = await failedRun();
  const { runId, folder, location, queue } = lab;
  const before = lab.run(runId);
  const checkpoint = path.join(folder, 'out', 'last.ckpt');
  expect(await queue.planResume(runId)).toMatchObject({
    number: 2,
    args: ['--epochs', '5', '--resume', checkpoint],
    checkpoint: { path: checkpoint },
    flag: '--resume',
  });

  const asked = request(runId);
  const [first, again] = await Promise.all([queue.resume(asked), queue.resume(asked)]);
  expect(first).toMatchObject({ runId, name: before.name, number: 2 });
  expect(again).toEqual(first);
  const after = await lab.ended(runId);
  expect(after).toMatchObject({ state: 'finished', exitCode: 0, reason: null });
  expect(after).toMatchObject({ name: before.name, startedAt: before.startedAt, command: before.command });
  expect((await queue.resume(asked)).number).toBe(2);

  expect(await lab.output(runId)).toBe(
    'attempt 1 from 0\n── attempt 2 began, going on from last.ckpt ──\nattempt 2 from 5',
  );
  expect((await readdir(path.join(location.runs, runId))).sort()).toEqual(
    expect.arrayContaining(['exit.1.json', 'exit.json', 'spec.1.json', 'spec.json']),
  );
  expect(lab.ledger.attemptsOf(runId)).toMatchObject([
    { number: 1, state: 'failed', exitCode: 3, resumedFrom: null, snapshot: after.snapshot },
    {
      ...{ number: 2, state: 'finished', exitCode: 0, resumedFrom: checkpoint },
      command: { args: ['--epochs', '5', '--resume', checkpoint] },
      snapshot: { commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
    },
  ]);
  expect(after.tags['winnow.codeChanged']).toBeUndefined(); // A checkpoint is no code.
  await expect(queue.resume(request(runId))).rejects.toMatchObject({ code: 'run-finished' });
});

test('a run that is resumed with other code says so, and keeps the code that it began with', async () => {
  const lab = await failedRun();
  const began = lab.run(lab.runId).snapshot;
  await writeFile(path.join(lab.folder, 'train.py'), `${SCRIPT}\n# longer now\n`);
  await lab.queue.resume(request(lab.runId));
  const run = await lab.until(lab.runId, ({ tags }) => tags['winnow.codeChanged'] === '2');
  await lab.ended(lab.runId);
  expect(run.snapshot).toEqual(began);
  const [, second] = lab.ledger.attemptsOf(lab.runId);
  expect(second?.snapshot?.commit).not.toBe(began?.commit);
});

test('a script that finds its checkpoint by itself just runs again, with the path in its environment', async () => {
  const lab = await failedRun(
    `import os, sys
if not os.path.exists("model.pt"): open("model.pt", "w"); sys.exit(3)
print(os.environ["WINNOW_ATTEMPT"], os.environ["WINNOW_RESUME_FROM"])`,
  );
  expect((await lab.queue.planResume(lab.runId)).args).toEqual(['--epochs', '5']);
  await lab.queue.resume(request(lab.runId));
  expect(await lab.ended(lab.runId)).toMatchObject({ state: 'finished' });
  expect(await lab.output(lab.runId)).toContain(`2 ${path.join(lab.folder, 'model.pt')}`);
});

test('a run that goes on cannot be resumed, and a stopped one can, also twice', async () => {
  const lab = await laboratoryOf(programs);
  const { runId } = await lab.start('train.py', 'import time\nprint("up")\ntime.sleep(60)');
  for (const number of [2, 3]) {
    await lab.until(runId, ({ state }) => state === 'running');
    await expect(lab.queue.resume(request(runId))).rejects.toMatchObject({ code: 'run-live' });
    await lab.queue.stop(runId, true);
    expect(await lab.ended(runId)).toMatchObject({ state: 'stopped' });
    expect((await lab.queue.resume(request(runId))).number).toBe(number);
  }
  await lab.until(runId, ({ state }) => state === 'running');
  await lab.queue.stop(runId, true);
  await lab.ended(runId);
  expect(lab.ledger.attemptsOf(runId).map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
});

test('what is logged after going back keeps the points of before, and a param its first value', async () => {
  const lab = await failedRun();
  await lab.queue.resume(request(lab.runId));
  await lab.ended(lab.runId);
  await lab.log(lab.runId, { metrics: [['loss', 1, 5]], params: [['resume', 'None']] });
  await lab.log(lab.runId, { metrics: [['loss', 2, 3]], params: [['resume', 'last.ckpt']] });
  const run = lab.run(lab.runId);
  expect(run.metrics['loss']).toMatchObject({ count: 2, lastStep: 5 });
  expect(run.params['resume']).toBe('None');
});
