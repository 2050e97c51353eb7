import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { delay } from '../base/abort';
import { readSnapshotFile, takeSnapshot } from '../capture/snapshot';
import { createAttemptIngest } from '../ingest/attempts';
import { createIngest } from '../ingest/ingest';
import { type RunDetail, type RunId, TAGS, isOver } from '../model/run';
import { findOnPath } from '../platform/findOnPath';
import { forgetGpus } from '../platform/gpus';
import { programsIn } from '../platform/runtimes';
import { runProgram } from '../platform/spawn';
import { storeState } from '../platform/stateFolder';
import { createWinnowDirectory, locateStore } from '../platform/storeLocation';
import { bundlePrograms, temporaryFolder, temporaryStateHome } from '../platform/testing';
import { openStore } from '../store/store';
import { createQueue } from './queue';
import { createStoreLedger } from './storeLedger';

let programs = '';

beforeAll(async () => {
  programs = await mkdtemp(path.join(os.tmpdir(), 'winnow-programs-'));
  await bundlePrograms(programs, { 'runner.js': 'src/runner/main.ts' });
}, 60_000);

afterAll(() => rm(programs, { recursive: true, force: true }));

/** A repository with a store; `open` gives it a server's queue, `close` takes that away as a killed server would. */
async function laboratory(files: Record<string, string>, { slots = 1 } = {}) {
  await temporaryStateHome();
  process.env['WINNOW_GRACE_MS'] = '300';
  const folder = await temporaryFolder('queue of Größe');
  const git = (...args: string[]) => runProgram('git', ['-C', folder, ...args], {});
  await git('init', '-q', '-b', 'main');
  for (const [name, text] of Object.entries({ 'winnow.yaml': `slots:\n  local: ${slots}\n`, ...files })) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  await git('add', '-A');
  await git('-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-qm', 'first');
  const location = await locateStore(folder);
  const state = await storeState(folder);
  await createWinnowDirectory(location);
  const problems: unknown[] = [];

  async function open() {
    const store = openStore(location);
    const ingest = createIngest(store, () => undefined);
    const queue = createQueue({
      ledger: createStoreLedger(store, ingest, createAttemptIngest(store, ingest)),
      location,
      state,
      programs: programsIn(programs),
      trackingUri: () => 'http://127.0.0.1:1',
      takeSnapshot,
      log: (problem) => problems.push(problem),
    });
    const close = async () => {
      queue.dispose();
      await queue.waiting.fill();
      await ingest.settled();
      store.close();
    };
    await queue.reconcile();
    await queue.waiting.fill(); // As its clock does when a start takes long: nothing may go on yet.
    await queue.waiting.open();
    return { store, queue, close };
  }

  let server = await open();
  onTestFinished(async () => {
    for (const { runId } of server.store.liveRuns())
      await server.queue.stop(runId, true).catch(() => undefined);
    while (server.store.liveAttempts().length > 0) {
      await server.queue.reconcile();
      await delay(20);
    }
    await server.close();
    expect(problems).toEqual([]);
  });

  const run = (runId: RunId): RunDetail => {
    const found = server.store.getRun(runId);
    if (found === null) throw new Error('The run is not there.');
    return found;
  };
  async function until<T>(holds: () => T | Promise<T>): Promise<T> {
    for (;;) {
      await server.queue.reconcile();
      const answer = await holds();
      if (answer) return answer;
      await delay(10);
    }
  }
  type Asked = Parameters<typeof server.queue.start>[0];
  return {
    folder,
    state,
    location,
    git,
    run,
    until,
    get server() {
      return server;
    },
    /** The server goes without a word, and another one comes. */
    async restart(between: () => Promise<void> | void = () => undefined) {
      await server.close();
      await between();
      server = await open();
    },
    start: (script: string, more: Partial<Asked> = {}) =>
      server.queue.start({
        requestId: randomUUID(),
        script,
        args: [],
        folder,
        python: findOnPath('python3', process.env['PATH']),
        experiment: null,
        name: null,
        env: { PATH: process.env['PATH'] ?? '', SECRET: 'hidden' },
        mode: 'queue',
        ...more,
      }),
    ended: async (runId: RunId) => {
      await until(() => isOver(run(runId).state));
      return run(runId);
    },
    output: (runId: RunId) => readFile(path.join(location.runs, runId, 'output.log'), 'utf8'),
    checkout: (runId: RunId) => path.join(location.winnowDirectory, 'checkouts', runId),
    waiting: () => server.store.waitingRuns().map(({ runId }) => runId),
  };
}

/** Says when it began and when it ended, and waits for a file in between. */
const PATIENT = `import os, sys, time
log = open(os.environ["LOG"], "a")
log.write(f"+{sys.argv[1]}\\n"); log.flush()
while not os.path.exists(os.environ["LOG"] + "." + sys.argv[1]): time.sleep(0.01)
log.write(f"-{sys.argv[1]}\\n")
`;

async function patience(slots = 1) {
  const lab = await laboratory({ 'train.py': PATIENT }, { slots });
  const log = path.join(await temporaryFolder(), 'log');
  await writeFile(log, '');
  return {
    ...lab,
    get server() {
      return lab.server;
    },
    patient: (name: string, more = {}) =>
      lab.start('train.py', { args: [name], name, variables: { LOG: log }, ...more }),
    release: (name: string) => writeFile(`${log}.${name}`, ''),
    said: async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== ''),
    async hasSaid(line: string) {
      await lab.until(async () => (await readFile(log, 'utf8')).includes(line));
    },
  };
}

test('runs wait for a slot and start in their order', async () => {
  const { patient, release, said, hasSaid, ended, run, waiting, server } = await patience();
  const runs = [];
  for (const name of ['a', 'b', 'c']) runs.push((await patient(name)).runId);
  const [, b, c] = runs as [RunId, RunId, RunId];
  await hasSaid('+a');
  expect(waiting()).toEqual([b, c]);
  expect(run(b)).toMatchObject({ state: 'queued', hasRunner: true, snapshot: { fileCount: 2 } });
  expect(await server.queue.waiting.state()).toMatchObject({
    ...{ slots: 1, slotsInUse: 1, paused: false },
    waiting: [{ runId: b, name: 'b' }, { runId: c }],
  });
  await server.queue.waiting.move([c], b);
  for (const name of ['a', 'b', 'c']) await release(name);
  for (const runId of runs) expect(await ended(runId)).toMatchObject({ state: 'finished', exitCode: 0 });
  expect(await said()).toEqual(['+a', '-a', '+c', '-c', '+b', '-b']);
  expect(server.queue.waiting.goOn).toBe(false);
});

test('two slots are two runs at once and never three; a run that starts at once counts and is not held back', async () => {
  const { patient, release, said, hasSaid, ended, waiting } = await patience(2);
  const runs = [];
  for (const name of ['a', 'b', 'c']) runs.push((await patient(name)).runId);
  await Promise.all([hasSaid('+a'), hasSaid('+b')]);
  runs.push((await patient('now', { mode: 'now' })).runId);
  await hasSaid('+now');
  await release('a');
  await hasSaid('-a');
  expect(waiting()).toHaveLength(1);
  await release('b');
  await hasSaid('+c');
  for (const name of ['c', 'now']) await release(name);
  for (const runId of runs) await ended(runId);
  const lines = await said();
  expect(lines.indexOf('+c')).toBeGreaterThan(lines.indexOf('-b'));
});

test('a run that waits is removed by a person, and its private file goes with it', async () => {
  const { patient, release, hasSaid, ended, run, server, state } = await patience();
  const a = (await patient('a')).runId;
  const b = (await patient('b')).runId;
  await hasSaid('+a');
  const files = await readdir(state.attemptsDirectory);
  for (const name of files)
    expect((await stat(path.join(state.attemptsDirectory, name))).mode & 0o777).toBe(0o600);
  await server.queue.waiting.remove([b]);
  await server.queue.waiting.remove([b]);
  expect(run(b)).toMatchObject({ state: 'stopped', reason: 'It was removed from the queue.' });
  await expect(server.queue.waiting.remove([a])).rejects.toMatchObject({ code: 'run-started' });
  await release('a');
  await ended(a);
  const c = (await patient('c')).runId;
  await server.queue.stop(c, false).catch(() => undefined);
  expect(await ended(c)).toMatchObject({ state: 'stopped' });
  await server.queue.waiting.fill();
  expect((await readdir(state.attemptsDirectory)).filter((name) => name.includes('request'))).toEqual([]);
});

test('the queue stays paused over a restart, and after a mere restart it goes on', async () => {
  const lab = await patience();
  const { patient, release, hasSaid, ended, run, restart } = lab;
  const a = (await patient('a')).runId;
  const b = (await patient('b')).runId;
  await hasSaid('+a');
  await lab.server.queue.waiting.setPaused(true);
  expect(lab.server.queue.waiting.goOn).toBe(false);
  await restart();
  await release('a');
  await ended(a);
  await lab.server.queue.waiting.fill();
  expect(run(b).state).toBe('queued');
  expect(await lab.server.queue.waiting.state()).toMatchObject({ paused: true, pausedWhy: null });
  await lab.server.queue.waiting.setPaused(false);
  await hasSaid('+b');
  const c = (await patient('c')).runId;
  await restart();
  expect(lab.server.queue.waiting.goOn).toBe(true);
  for (const name of ['b', 'c']) await release(name);
  expect(await ended(b)).toMatchObject({ state: 'finished' });
  expect(await ended(c)).toMatchObject({ state: 'finished' });
});

test.each([
  [
    'the machine was started anew',
    { boot: 'another', ago: 5_000 },
    'The machine was started anew: one run waits',
  ],
  [
    'nobody looked for an hour',
    { boot: null, ago: 3_600_000 },
    'Nobody looked after the queue for a while: one',
  ],
])('when %s, whoever waits goes on only when a person says so', async (_title, { boot, ago }, sentence) => {
  const lab = await patience();
  const { patient, release, hasSaid, ended, restart, run } = lab;
  const a = (await patient('a')).runId;
  const b = (await patient('b')).runId;
  await hasSaid('+a');
  const { bootId } = lab.server.store.queueSwitch();
  const exit = path.join(path.dirname(run(a).outputPath ?? ''), 'exit.json');
  await restart(async () => {
    const store = openStore(lab.location);
    store.write('full', () => store.noteQueueSeen(boot ?? bootId ?? '', Date.now() - ago));
    store.close();
    await release('a');
    // Its end is the first thing that the next server sees, and must start nothing.
    while (!existsSync(exit)) await delay(10);
  });
  await ended(a);
  const { paused, pausedWhy } = await lab.server.queue.waiting.state();
  expect([paused, pausedWhy]).toEqual([true, expect.stringContaining(sentence)]);
  expect(run(b).state).toBe('queued');
  await release('b');
  await lab.server.queue.waiting.setPaused(false);
  expect(await ended(b)).toMatchObject({ state: 'finished' });
});

test('each run gets GPUs of its own among those that its asker lets it see', async () => {
  const tools = await temporaryFolder();
  await writeFile(
    path.join(tools, 'nvidia-smi'),
    '#!/bin/sh\nfor i in 0 1 2 3; do echo "$i, GPU-$i"; done\n',
  );
  await chmod(path.join(tools, 'nvidia-smi'), 0o755);
  const before = process.env['PATH'];
  process.env['PATH'] = `${tools}:${before}`;
  forgetGpus();
  onTestFinished(() => {
    process.env['PATH'] = before;
    forgetGpus();
  });
  const lab = await patience(4);
  const env = { PATH: before ?? '', CUDA_VISIBLE_DEVICES: '1,2,3' };
  const runs = [];
  for (const [name, gpuCount] of [
    ['a', 1],
    ['b', 2],
    ['c', 1],
  ] as const) {
    // prettier-ignore
    runs.push((await lab.patient(name, { env, gpuCount })).runId);
  }
  await Promise.all([lab.hasSaid('+a'), lab.hasSaid('+b')]);
  expect(await lab.server.queue.waiting.state()).toMatchObject({ gpus: [0, 1, 2, 3], gpusInUse: [1, 2, 3] });
  expect(lab.waiting()).toEqual([runs[2]]);
  const given = async (runId: RunId | undefined) =>
    JSON.parse(await readFile(path.join(lab.location.runs, runId ?? '', 'spec.json'), 'utf8')).env
      .CUDA_VISIBLE_DEVICES as string;
  expect([await given(runs[0]), await given(runs[1])]).toEqual(['1', '2,3']);
  // Another folder's run has one too, until it ends.
  const elsewhere = await storeState(await temporaryFolder());
  const attempt = path.join(elsewhere.attemptsDirectory, `${'e'.repeat(32)}.json`);
  await writeFile(attempt, JSON.stringify({ env: { CUDA_VISIBLE_DEVICES: '1' } }));
  await lab.release('a');
  await lab.ended(runs[0] as RunId);
  await lab.server.queue.waiting.fill();
  expect(lab.waiting()).toEqual([runs[2]]);
  await rm(attempt);
  void lab.server.queue.waiting.fill();
  await lab.hasSaid('+c');
  expect(await given(runs[2])).toBe('1');
  await expect(lab.patient('d', { env, gpuCount: 4 })).rejects.toMatchObject({ code: 'gpu-missing' });
  for (const name of ['b', 'c']) await lab.release(name);
  for (const runId of runs) await lab.ended(runId);
});

const READER = `import os, json
print(open("data/big.csv").read(), open("conf/base.yaml").read().strip(), open("code.txt").read().strip())
open("data/made.txt", "w").write("kept")
open("result.json", "w").write("{}")
os.makedirs("out", exist_ok=True); open("out/model.bin", "w").write("m")
import helper
`;

/** Everything in the user's folder but Winnow's own, with its content. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (/^\.(git|winnow)(\/|$)/.test(name) || !entry.isFile()) continue;
    found[name] = `${(await stat(file)).mtimeMs} ${await readFile(file, 'utf8')}`;
  }
  return found;
}

test('a run that waits runs the code of then beside the data of now, and touches nothing of the user', async () => {
  const lab = await laboratory({
    'train.py': READER,
    'helper.py': 'x = 1',
    'code.txt': 'then',
    'conf/base.yaml': 'lr: 1',
    '.gitignore': 'data/\n__pycache__/\n*.bin\n',
  });
  const { folder, git, start, ended, output, checkout, run, server } = lab;
  await mkdir(path.join(folder, 'data'));
  await writeFile(path.join(folder, 'data/big.csv'), 'numbers');
  await server.queue.waiting.setPaused(true);
  const { runId } = await start('train.py', { params: { lr: '2' }, note: 'a **try**' });
  const edited = await start('train.py', { edits: [{ path: 'conf/base.yaml', content: 'lr: 2' }] });
  await writeFile(path.join(folder, 'code.txt'), 'now');
  await writeFile(path.join(folder, 'late.py'), 'raise SystemExit');
  const before = [await contentOf(folder), (await git('status', '--porcelain')).stdout.toString()];
  await server.queue.waiting.setPaused(false);
  expect(await ended(runId)).toMatchObject({
    ...{ state: 'finished', params: { lr: '2' } },
    tags: { 'mlflow.note.content': 'a **try**' },
  });
  expect(await output(runId)).toBe('numbers lr: 1 then\n');
  await ended(edited.runId);
  expect(await output(edited.runId)).toBe('numbers lr: 2 then\n');
  await server.queue.waiting.fill();

  const { 'data/made.txt': made, ...after } = await contentOf(folder);
  expect(made).toContain('kept');
  expect([after, (await git('status', '--porcelain')).stdout.toString()]).toEqual(before);
  const kept = await lab.until(() => run(edited.runId).tags[TAGS.newFiles] ?? '');
  expect(JSON.parse(kept)).toEqual(['out/model.bin', 'result.json']);
  expect((await readdir(checkout(edited.runId))).sort()).toEqual(['out', 'result.json']);
  const { snapshot } = run(edited.runId);
  expect(snapshot).toMatchObject({ dirty: true, baseCommit: run(runId).snapshot?.baseCommit });
  expect(snapshot?.commit).not.toBe(run(runId).snapshot?.commit);
  const conf = await readSnapshotFile(lab.location.snapshots, snapshot?.commit ?? '', 'conf/base.yaml');
  expect(conf?.toString()).toBe('lr: 2');
});

test('a run with changed files starts at once in a checkout, and one that leaves nothing leaves no checkout', async () => {
  const { start, ended, output, checkout, folder, until } = await laboratory({
    'src/train.py': 'import os; print(open("../conf.txt").read(), os.environ["WHO"])',
    'conf.txt': 'mine',
  });
  const { runId } = await start('train.py', {
    ...{ mode: 'now', folder: path.join(folder, 'src') },
    ...{ edits: [{ path: '../conf.txt', content: 'its own' }], variables: { WHO: 'me' } },
  });
  expect(await ended(runId)).toMatchObject({ state: 'finished', command: { variables: { WHO: 'me' } } });
  expect(await output(runId)).toBe('its own me\n');
  await until(async () => (await readdir(path.dirname(checkout(runId)))).length === 0);
  expect(await readFile(path.join(folder, 'conf.txt'), 'utf8')).toBe('mine');
  const outside = await start('train.py', {
    ...{ mode: 'now', folder: path.join(folder, 'src') },
    edits: [{ path: '../../x', content: '' }],
  });
  expect(await ended(outside.runId)).toMatchObject({ state: 'failed' });
});

test('links and files that were too large lead to the originals', async () => {
  const lab = await laboratory({
    'train.py': 'print(open("big.txt").read(1), open("up").read())',
    '.gitignore': '',
  });
  const other = path.join(await temporaryFolder(), 'elsewhere');
  await writeFile(other, 'far');
  await symlink(path.relative(lab.folder, other), path.join(lab.folder, 'up'));
  await writeFile(path.join(lab.folder, 'big.txt'), 'x'.repeat(5_000));
  const { runId } = await lab.start('train.py', { maxSnapshotFileBytes: 4_000 });
  expect(await lab.ended(runId)).toMatchObject({ state: 'finished' });
  expect(await lab.output(runId)).toBe('x far\n');
});

test('a folder without git has its environments and caches beside the code of then', async () => {
  const lab = await laboratory({
    'train.py': 'print(open(".venv/cfg").read(), open("lib/x.txt").read())',
    'lib/x.txt': 'then',
  });
  await rm(path.join(lab.folder, '.git'), { recursive: true });
  await mkdir(path.join(lab.folder, '.venv'));
  await writeFile(path.join(lab.folder, '.venv/cfg'), 'env');
  await lab.server.queue.waiting.setPaused(true);
  const { runId } = await lab.start('train.py');
  await writeFile(path.join(lab.folder, 'lib/x.txt'), 'now');
  await writeFile(path.join(lab.folder, 'came later'), '');
  await lab.server.queue.waiting.setPaused(false);
  expect(await lab.ended(runId)).toMatchObject({ state: 'finished', reason: null });
  expect(await lab.output(runId)).toBe('env then\n');
});

test('a run of the queue that is resumed goes on in its checkout, from the checkpoint that it left there', async () => {
  const lab = await laboratory({
    'train.py': `import os, sys
if not os.path.exists("model.pt"): open("model.pt", "w").write("x"); sys.exit(3)
print(open("code.txt").read(), os.environ["WINNOW_RESUME_FROM"], os.environ["WHO"])`,
    'code.txt': 'then',
  });
  const { runId } = await lab.start('train.py', { variables: { WHO: 'me' } });
  await lab.ended(runId);
  await lab.until(() => lab.run(runId).tags[TAGS.newFiles] ?? '');
  await writeFile(path.join(lab.folder, 'code.txt'), 'now');
  const env = { PATH: process.env['PATH'] ?? '' };
  await lab.server.queue.resume({ requestId: randomUUID(), runId, env });
  expect(await lab.ended(runId)).toMatchObject({ state: 'finished' });
  expect(await lab.output(runId)).toContain(`then ${path.join(lab.checkout(runId), 'model.pt')} me`);
  await lab.until(async () => (await readdir(lab.checkout(runId))).join() === 'model.pt');
});

test('a run is tried again with its code, by itself or when a person asks', async () => {
  const lab = await laboratory({ 'train.py': 'print("old"); raise SystemExit(3)' });
  const { start, ended, server, run, folder, output, until } = lab;
  const { runId } = await start('train.py', { retries: 1, note: 'why' });
  await ended(runId);
  await writeFile(path.join(folder, 'train.py'), 'print("new")');
  const repeats = (of: RunId) =>
    server.store
      .readRuns(
        server.store.searchRunKeys({
          filter: `tags.\`${TAGS.retryOf}\` = '${of}'`,
          lifecycle: 'all',
          limit: 9,
          offset: 0,
        }),
      )
      .map((found) => found.runId);
  const [second] = (await until(() => repeats(runId).length > 0 && repeats(runId))) as RunId[];
  expect(await ended(second as RunId)).toMatchObject({
    state: 'failed',
    exitCode: 3,
    tags: { [TAGS.note]: 'why' },
  });
  await server.queue.waiting.fill();
  expect(repeats(second as RunId)).toEqual([]);
  const asked = { requestId: randomUUID(), runId, env: { PATH: process.env['PATH'] ?? '' } };
  const third = await server.queue.waiting.retry(asked);
  expect((await server.queue.waiting.retry(asked)).runId).toBe(third.runId);
  await ended(third.runId);
  expect(await output(third.runId)).toBe('old\n');
  expect(run(third.runId).snapshot?.commit).toBe(run(runId).snapshot?.commit);
});

test('a run whose start was cut off with its server goes back to the head of the queue', async () => {
  const lab = await patience();
  await lab.server.queue.waiting.setPaused(true);
  const a = (await lab.patient('a')).runId;
  const b = (await lab.patient('b')).runId;
  await lab.restart(async () => {
    const store = openStore(lab.location);
    store.write('full', () => {
      store.createAttempt({ attemptId: 'f'.repeat(32), runId: b, tokenHash: 'x', experimentChosen: false });
      store.leaveQueue(b, null);
    });
    store.close();
    // As the runner says it that was not told to go.
    const reason = 'The tracking server ended before the script could be started. Start the run again.';
    const exit = { exitCode: null, signal: null, endedAt: 1, stoppedBy: null, reason, maxRssBytes: null };
    await mkdir(path.join(lab.location.runs, b), { recursive: true });
    await writeFile(path.join(lab.location.runs, b, 'exit.json'), JSON.stringify(exit));
  });
  await lab.until(() => lab.waiting().length === 2);
  expect(lab.waiting()).toEqual([b, a]);
  for (const name of ['a', 'b']) await lab.release(name);
  await lab.server.queue.waiting.setPaused(false);
  for (const runId of [b, a])
    expect(await lab.ended(runId)).toMatchObject({ state: 'finished', reason: null });
});

test('the same request gives the same run that waits', async () => {
  const lab = await patience();
  await lab.server.queue.waiting.setPaused(true);
  const requestId = randomUUID();
  const [first, second] = await Promise.all([
    lab.patient('a', { requestId }),
    lab.patient('a', { requestId }),
  ]);
  expect(second.runId).toBe(first.runId);
  await lab.restart();
  expect((await lab.patient('a', { requestId })).runId).toBe(first.runId);
  expect(lab.waiting()).toEqual([first.runId]);
});
