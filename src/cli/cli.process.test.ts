import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { delay } from '../base/abort';
import { runPaths } from '../platform/attemptFiles';
import { loggingToken } from '../platform/clientVariables';
import { findEndpoint } from '../platform/endpoint';
import { lifeOf, signalProcess } from '../platform/identity';
import { runProgram } from '../platform/spawn';
import { storeState } from '../platform/stateFolder';
import { bundleCommand, temporaryFolder, temporaryStateHome } from '../platform/testing';

let dist = '';

beforeAll(async () => {
  const bundled = await bundleCommand();
  ({ dist } = bundled);
  return bundled.dispose;
}, 60_000);

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder to stand in, and the command; its server is gone at the end. */
async function terminal() {
  const stateHome = await temporaryStateHome();
  const folder = await temporaryFolder('Größe "x" und \'y\'');
  onTestFinished(async () => {
    const endpoint = await findEndpoint(await storeState(folder));
    if (endpoint === null) return;
    await signalProcess(endpoint.identity, 'SIGTERM');
    while ((await lifeOf(endpoint.identity)) === 'alive') await delay(5);
  });
  function start(args: readonly string[], { program = path.join(dist, 'cli.js') } = {}) {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...process.env, WINNOW_STATE_HOME: stateHome, WINNOW_GRACE_MS: '300' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (text.out += String(chunk)));
    child.stderr.on('data', (chunk) => (text.err += String(chunk)));
    const ended = once(child, 'close').then(([code]): Outcome => ({ code: code as number | null, ...text }));
    return { child, text, ended };
  }
  return {
    folder,
    start,
    winnow: (...args: string[]) => start(args).ended,
    write: (name: string, lines: string) => writeFile(path.join(folder, name), lines, { mode: 0o755 }),
  };
}

function lastJson(out: string): unknown {
  return JSON.parse(out.trim().split('\n').at(-1) ?? '');
}

test('a script runs, its output is seen, and its exit code is the command’s', async () => {
  const { winnow, write } = await terminal();
  await write('train.py', 'import sys; print("hello", *sys.argv[1:]); raise SystemExit(3)');
  const ran = await winnow('run', '--name', 'first', '--json', '--', 'train.py', '--lr', '0.1');
  expect(ran.code).toBe(3);
  expect(ran.out).toContain('hello --lr 0.1\n');
  expect(lastJson(ran.out)).toMatchObject({ state: 'failed', exitCode: 3 });

  const list = await winnow('runs', '--json');
  expect(lastJson(list.out)).toMatchObject({ runs: [{ name: 'first', state: 'failed', exitCode: 3 }] });
  const shown = await winnow('show', 'first', '--json');
  expect(lastJson(shown.out)).toMatchObject({
    command: { script: 'train.py', args: ['--lr', '0.1'] },
    signal: null,
    metrics: {},
  });
  expect((await winnow('runs')).out).toMatch(/^name +state +goal .*\nfirst +failed/);
});

test('a run on a server that lives needs nothing of the large bundle of the command', async () => {
  const { folder, start, winnow, write } = await terminal();
  await write('train.py', 'import sys; print("hello", *sys.argv[1:]); raise SystemExit(3)');
  await write('slow.py', 'import time; print("up"); time.sleep(60)');
  await winnow('server', '--json');
  const small = await temporaryFolder('small');
  for (const name of ['cli.js', 'server.js']) {
    await copyFile(path.join(dist, name), path.join(small, name));
    await utimes(path.join(small, name), 1, 1); // Not built since the server started.
  }
  const quickly = { program: path.join(small, 'cli.js') };
  const ran = await start(
    ['run', '--folder', folder, '--name', 'first', '--json', '--', 'train.py', 'x'],
    quickly,
  ).ended;
  expect(ran).toMatchObject({ code: 3, err: '' });
  expect(ran.out).toMatch(/^hello x\n/);
  expect(lastJson(ran.out)).toMatchObject({ state: 'failed', exitCode: 3 });
  // It asks for the rest where something is missing.
  expect((await start(['run'], quickly).ended).err).toContain('command.js');

  const { child, text, ended } = start(['run', '--name', 'second', '--', 'slow.py'], quickly);
  while (!text.out.includes('up')) await delay(10);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130 });
  expect((await start(['run', '--python', '/nowhere', '--', 'slow.py'], quickly).ended).err).toContain(
    'command.js',
  );
});

test('Ctrl-C stops politely, and the run is stopped', async () => {
  const { start, write, winnow } = await terminal();
  await write(
    'train.py',
    'import time\ntry:\n  print("up")\n  time.sleep(60)\nexcept KeyboardInterrupt:\n  print("saved")\n',
  );
  const { child, text, ended } = start(['run', '--name', 'long', '--', 'train.py']);
  while (!text.out.includes('up')) await delay(10);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, out: 'up\nsaved\n' });
  expect(lastJson((await winnow('show', 'long', '--json')).out)).toMatchObject({ state: 'stopped' });
});

test('a second Ctrl-C kills', async () => {
  const { start, write } = await terminal();
  await write('train.sh', '#!/bin/sh\ntrap "echo no" INT TERM\necho up\nwhile :; do sleep 0.05; done');
  const { child, text, ended } = start(['run', '--', 'train.sh']);
  while (!text.out.includes('up')) await delay(10);
  child.kill('SIGINT');
  while (!text.out.includes('no')) await delay(10);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 137 });
});

test('a server that is killed under a run comes back on the same address, and nothing is missed', async () => {
  const { start, write, folder } = await terminal();
  await write('train.py', 'import time\nprint("up")\ntime.sleep(4)\nprint("done")');
  const { text, ended } = start(['run', '--json', '--', 'train.py']);
  while (!text.out.includes('up')) await delay(10);
  const state = await storeState(folder);
  const before = await findEndpoint(state);
  if (before === null) throw new Error('There is no server.');
  await signalProcess(before.identity, 'SIGKILL');
  const ran = await ended;
  expect(ran.out).toContain('up\ndone\n');
  expect(lastJson(ran.out)).toMatchObject({ state: 'finished', exitCode: 0 });
  const after = await findEndpoint(state);
  expect(after).toMatchObject({ trackingUri: before.trackingUri, token: before.token });
  expect(after?.identity.pid).not.toBe(before.identity.pid);
});

test('a detached run is stopped by its name', async () => {
  const { winnow, write } = await terminal();
  await write('train.py', 'import time\ntime.sleep(60)');
  const detached = await winnow('run', '--detach', '--name', 'background', '--json', '--', 'train.py');
  expect(lastJson(detached.out)).toMatchObject({ state: 'queued', exitCode: null });
  expect(await winnow('stop', 'background', '--kill')).toMatchObject({ code: 0 });
  let shown: unknown;
  do shown = lastJson((await winnow('show', 'background', '--json')).out);
  while (JSON.stringify(shown).includes('"state":"running"'));
  expect(shown).toMatchObject({ state: 'stopped' });
});

test('the exports of env survive a shell', async () => {
  const { winnow, folder } = await terminal();
  const { out } = await winnow('env');
  const shell = spawn('sh', ['-c', `${out}\nprintf %s "$MLFLOW_TRACKING_URI $MLFLOW_TRACKING_TOKEN"`]);
  let said = '';
  shell.stdout.on('data', (chunk) => (said += String(chunk)));
  await once(shell, 'close');
  const server = await findEndpoint(await storeState(folder));
  // Whatever runs in the shell sees it: it opens MLflow's routes, and nothing of Winnow's own.
  expect(said).toBe(`${server?.trackingUri} ${loggingToken(server?.token ?? '')}`);
});

test('listing runs where there are none starts nothing', async () => {
  const { winnow, folder } = await terminal();
  expect(await winnow('runs', '--json')).toMatchObject({ code: 0, out: '{"runs":[]}\n' });
  await expect(readFile(path.join(folder, '.winnow', '.gitignore'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

test('a store that is damaged under a run is told of, and the output is kept', async () => {
  const { start, write, folder } = await terminal();
  await write('train.py', 'import time\nprint("up")\ntime.sleep(2)\nprint("done")');
  const { text, ended } = start(['run', '--', 'train.py']);
  while (!text.out.includes('up')) await delay(10);
  const server = await findEndpoint(await storeState(folder));
  if (server === null) throw new Error('There is no server.');
  await signalProcess(server.identity, 'SIGKILL');
  await writeFile(path.join(folder, '.winnow/winnow.db'), 'no database at all, and that is quite plain');
  const { code, err } = await ended;
  expect(code, err).toBe(125);
  expect(err.match(/is damaged/g)).toHaveLength(1);
  const output = /kept in (.+)\.$/m.exec(err)?.[1] ?? '';
  await vi.waitFor(() => readFile(runPaths(path.dirname(output)).exit), { timeout: 20_000 });
  expect(await readFile(output, 'utf8')).toBe('up\ndone\n');
});

test('a promotion is undone by its tag, as often as somebody asks', async () => {
  const { folder, winnow, write } = await terminal();
  const git = (...args: string[]) => runProgram('git', ['-C', folder, ...args]);
  await git('init', '--quiet');
  await git('config', 'user.name', 'Ada');
  await git('config', 'user.email', 'ada@example.com');
  await write('train.py', 'print(1)');
  await winnow('run', '--name', 'first', '--', 'train.py');
  const promoted = await winnow('promote', 'first', '--tag', 'best', '--json');
  expect(promoted.code).toBe(0);
  expect((await git('for-each-ref')).stdout.toString()).toContain('refs/tags/best');
  expect(await winnow('undo', 'best')).toMatchObject({ code: 0 });
  expect((await git('for-each-ref')).stdout.toString()).toBe('');
  const again = await winnow('undo', (lastJson(promoted.out) as { promotionId: string }).promotionId);
  expect(again).toMatchObject({ code: 0 });
  expect((await winnow('undo', 'best')).err).toContain('There is no promotion "best" to undo.');
});

test('a damaged store is told of on standard error, once a command', async () => {
  const { folder, winnow, write } = await terminal();
  await mkdir(path.join(folder, '.winnow'));
  await writeFile(path.join(folder, '.winnow/winnow.db'), 'no database at all, and that is quite plain');
  await write('train.py', 'print(1)');
  const ran = await winnow('run', '--json', '--', 'train.py');
  expect(ran.code).toBe(0);
  expect(ran.err.match(/is damaged/g)).toHaveLength(1);
  expect(lastJson(ran.out)).toMatchObject({ state: 'finished' });
});

test('wrong usage is 2, a failure of Winnow’s own is 125, and both are sentences', async () => {
  const { winnow } = await terminal();
  expect(await winnow('dance')).toMatchObject({ code: 2 });
  expect((await winnow('run', '--lr', '1')).err).toContain('winnow run --help');
  expect(await winnow('show')).toMatchObject({ code: 2 });
  expect(await winnow('runs', '--limit', 'x')).toMatchObject({ code: 2 });
  const refused = await winnow('server', '--folder', '/', '--json');
  expect(refused.code).toBe(125);
  expect(lastJson(refused.out)).toMatchObject({ error: { code: 'folder-refused' } });
  const missing = await winnow('run', '--python', 'no/python', '--', 'train.py');
  expect(missing).toMatchObject({ code: 125 });
  expect(missing.err).toContain('There is no Python at no/python');
});

test('a run that failed is resumed from its checkpoint, and only what is new is printed', async () => {
  const { winnow, write, folder } = await terminal();
  await write(
    'train.py',
    `import argparse, os, sys
parser = argparse.ArgumentParser()
parser.add_argument("--resume")
parser.add_argument("--epochs")
args = parser.parse_args()
print("from", args.resume and os.path.basename(args.resume), args.epochs)
open("last.ckpt", "w").close()
sys.exit(0 if args.resume else 4)`,
  );
  const first = await winnow('run', '--folder', folder, '--name', 'first', '--', 'train.py');
  expect(first).toMatchObject({ code: 4, out: 'from None None\n' });
  const second = await winnow('resume', 'first', '--', '--epochs', '9');
  expect(second.code).toBe(0);
  expect(second.out).toContain('── attempt 2 began, going on from last.ckpt ──\nfrom last.ckpt 9\n');
  expect(second.out).not.toContain('None');
  expect(second.err).toContain('Attempt 2 of run first from ');
  const third = await winnow('resume', 'first', '--json');
  expect(third.code).toBe(125);
  expect(lastJson(third.out)).toMatchObject({ error: { code: 'run-finished' } });
});
