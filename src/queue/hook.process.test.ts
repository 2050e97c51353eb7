import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type HookEvent, hookEvent } from '../platform/attemptFiles';
import { findOnPath } from '../platform/findOnPath';
import { runProgram } from '../platform/spawn';
import { temporaryFolder } from '../platform/testing';

const HOOK = path.resolve('python/hook');

/** Runs a script with the hook in its interpreter: how it ended, what it printed and what the hook noted. */
async function hooked(
  python: string,
  lines: string,
  more: {
    readonly flags?: string[];
    readonly args?: string[];
    readonly env?: Record<string, string>;
    readonly file?: string;
    readonly data?: Record<string, string>;
    readonly input?: string;
  } = {},
) {
  const folder = await temporaryFolder('hook "1"');
  const script = path.join(folder, 'train.py');
  await writeFile(script, lines);
  for (const [name, content] of Object.entries(more.data ?? {})) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
    await utimes(path.join(folder, name), 1_700_000_000, 1_700_000_000);
  }
  const own = path.join(folder, '.winnow', 'runs', 'r');
  await mkdir(own, { recursive: true });
  const file = more.file ?? path.join(own, 'hook.jsonl');
  const { code, signal, stdout, stderr } = await runProgram(
    python,
    [...(more.flags ?? []), script, ...(more.args ?? [])],
    {
      cwd: folder,
      ...(more.input === undefined ? {} : { input: more.input }),
      env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: HOOK, WINNOW_HOOK_FILE: file, ...more.env },
    },
  );
  const text = existsSync(file) && file.endsWith('.jsonl') ? await readFile(file, 'utf8') : '';
  const events = text
    .split('\n')
    .filter(Boolean)
    .map((line): HookEvent => hookEvent.parse(JSON.parse(line)));
  const of = <Kind extends HookEvent['kind']>(kind: Kind) =>
    events.filter((event): event is HookEvent & { kind: Kind } => event.kind === kind);
  return { folder, code, signal, stdout: stdout.toString('utf8'), stderr, events, of };
}

/** Every Python of a version that the hook is for, of those that are installed here. */
const pythons: { version: string; python: string }[] = [];
for (let minor = 8; minor <= 14; minor++) {
  const name = `python3.${minor}`;
  for (const python of [findOnPath(name, process.env['PATH']), ...(await managed(name))]) {
    if (python === null || pythons.some((known) => known.version === name)) continue;
    const { code } = await runProgram(python, ['-c', 'pass']).catch(() => ({ code: 1 }));
    if (code === 0) pythons.push({ version: name, python });
  }
}

/** Those of pyenv, whose names on the PATH only work where they are switched on. */
async function managed(name: string): Promise<string[]> {
  const versions = path.join(process.env['PYENV_ROOT'] ?? path.join(os.homedir(), '.pyenv'), 'versions');
  const folders = await readdir(versions).catch(() => []);
  return folders.map((each) => path.join(versions, each, 'bin', name)).filter((file) => existsSync(file));
}

const ARGPARSE = `
import argparse, random
random.seed(3)
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float, default=0.1)
parser.add_argument('--hub-token', default='hidden')
parser.add_argument('--max-tokens', type=int, default=8)
sub = parser.add_subparsers(dest='command')
train = sub.add_parser('train')
train.add_argument('--epochs', type=int, default=2)
train.set_defaults(run=print)
print(parser.parse_args())
`;

test('there is a Python to try the hook with', () => expect(pythons.length).toBeGreaterThan(0));

describe.each(pythons)('in $version', ({ python }) => {
  test('params come with their defaults, once, without secrets; seeds and the end are noted', async () => {
    const { code, of } = await hooked(python, ARGPARSE, { args: ['--lr', '0.5', 'train'] });
    expect(code).toBe(0);
    expect(of('params').map(({ values }) => values)).toEqual([
      { lr: '0.5', max_tokens: '8', command: 'train', epochs: '2' },
    ]);
    expect(of('seed')).toMatchObject([{ of: 'random', value: '3' }]);
    expect(of('end')).toMatchObject([{ exitCode: 0 }]);
    expect(of('start')).toHaveLength(1);
  });

  test.each([
    ['import sys; sys.exit(3)', 3, 3],
    ['import sys\ntry: sys.exit(9)\nexcept SystemExit: pass', 0, 0],
    ['import sys; sys.exit("no")', 1, 1],
    ['exit(5)', 5, 5],
    ['1 / 0', 1, 1],
    ['import os; os._exit(6)', 6, 6],
    ['raise SystemExit(4)', 4, null],
    ['import sys, threading\nt = threading.Thread(target=sys.exit, args=(7,)); t.start(); t.join()', 0, 0],
    ['def (', 1, 1],
  ])('%j ends with %d and is told as %s', async (lines, exitCode, told) => {
    const { code, of } = await hooked(python, lines);
    expect(code).toBe(exitCode);
    expect(of('end').map((end) => end.exitCode)).toEqual([told]);
  });

  test('a signal that ends it leaves no end', async () => {
    const { signal, of } = await hooked(python, 'import os; os.kill(os.getpid(), 15)');
    expect(signal).toBe('SIGTERM');
    expect(of('end')).toEqual([]);
  });

  test('data that is read is noted once; code, settings, secrets and results are not', async () => {
    const data = {
      'data/a.csv': 'a,b',
      'notes.txt': 'x',
      'settings.yaml': '',
      '.env': 'S=1',
      'p/1.png': '',
      'p/2.png': '',
    };
    const lines = `
import os, json
for _ in range(3):
    for name in ('data/a.csv', 'notes.txt', 'settings.yaml', '.env', 'p/1.png', 'p/2.png', __file__):
        open(name, 'rb').close()
os.close(os.open('data/a.csv', os.O_RDONLY))
open('made.csv', 'w').close()
open('made.csv').close()
try: open('missing.csv')
except FileNotFoundError: pass
`;
    const { code, of, folder } = await hooked(python, lines, { data });
    expect(code).toBe(0);
    expect(
      of('file')
        .map((file) => path.relative(folder, file.path))
        .sort(),
    ).toEqual(['data/a.csv', 'notes.txt']);
    expect(of('file')[0]).toMatchObject({ sizeBytes: 3, modifiedAt: 1_700_000_000_000 });
    expect(of('folder').map((each) => [path.relative(folder, each.path), each.fileCount])).toEqual([
      ['p', 1],
      ['p', 2],
    ]);
  });

  test('workers tell of data only, and the end is that of the main process', async () => {
    const lines = `
import multiprocessing, os
def work(name):
    import argparse
    argparse.ArgumentParser().parse_args([])
    return open(name).read()
if __name__ == '__main__':
    for way in ('fork', 'spawn'):
        with multiprocessing.get_context(way).Pool(2) as pool:
            print(pool.map(work, ['data/a.csv'] * 4))
    if os.fork() == 0:
        os._exit(8)
    os.wait()
`;
    const { code, of, stderr } = await hooked(python, lines, { data: { 'data/a.csv': '1' } });
    expect(stderr).not.toContain('Traceback');
    expect(code).toBe(0);
    expect(of('file').length).toBeGreaterThan(0);
    expect(of('params')).toEqual([]);
    expect(of('end')).toMatchObject([{ exitCode: 0, pid: of('start')[0]?.pid }]);
  });

  test("the project's own sitecustomize runs, and the path is what it would be without the hook", async () => {
    const folder = await temporaryFolder('own');
    await writeFile(path.join(folder, 'sitecustomize.py'), 'import builtins; builtins.own = __file__');
    const lines = `
import os, sys
print(own, sys.modules['sitecustomize'].__file__)
print([entry for entry in sys.path if 'hook' in entry and 'python' in entry], os.environ.get('PYTHONPATH'))
`;
    const { stdout } = await hooked(python, lines, { env: { PYTHONPATH: `${HOOK}:${folder}` } });
    const own = path.join(folder, 'sitecustomize.py');
    expect(stdout).toBe(`${own} ${own}\n[] ${folder}\n`);
    const broken = await temporaryFolder('broken');
    await writeFile(path.join(broken, 'sitecustomize.py'), 'raise ValueError("mine")');
    const { code, stderr, of } = await hooked(python, 'import os; print(1)', {
      env: { PYTHONPATH: `${HOOK}:${broken}` },
    });
    expect(code).toBe(0);
    expect(stderr).toContain('mine');
    expect(of('end')).toHaveLength(1);
  });

  test.each([[['-S']], [['-I']], [['-E']], [['-O', '-B']]])('it runs with %j', async (flags) => {
    const { code, stdout, stderr } = await hooked(python, 'import json; print(json.dumps(1))', { flags });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '1\n', stderr: '' });
  });

  test('a script that closes every file, or puts another stdout in place, is not disturbed', async () => {
    const closes =
      'import os, argparse\nos.closerange(0, 256)\nargparse.ArgumentParser().parse_args()\nos._exit(0)';
    const first = await hooked(python, closes);
    expect(first.code).toBe(0);
    expect(first.of('end')).toMatchObject([{ exitCode: 0 }]);
    const replaces = 'import io, sys\nsys.stdout = sys.stderr = io.StringIO()\nprint(1)';
    expect((await hooked(python, replaces)).of('end')).toMatchObject([{ exitCode: 0 }]);
  });
});

describe('a hook that cannot do its work', () => {
  const python = pythons.at(-1)?.python ?? 'python3';
  const quiet = { code: 0, stderr: '' };

  test('writes nothing on a full disk, in a folder that is not there, or into a folder', async () => {
    for (const file of ['/dev/full', '/nowhere/at/all/hook.jsonl', os.tmpdir()]) {
      expect(await hooked(python, ARGPARSE, { file })).toMatchObject(quiet);
    }
  });

  test('is not seen when its folder is damaged, gone or not readable', async () => {
    const folder = await temporaryFolder('copy');
    const copy = path.join(folder, 'winnow_hook');
    await mkdir(copy);
    await symlink(path.join(HOOK, 'sitecustomize.py'), path.join(folder, 'other.py'));
    await writeFile(
      path.join(folder, 'sitecustomize.py'),
      await readFile(path.join(HOOK, 'sitecustomize.py')),
    );
    for (const content of ['def (', 'raise ValueError(1)', 'def start(file): raise OSError(1)', '']) {
      await writeFile(path.join(copy, '__init__.py'), content);
      await rm(path.join(copy, '__pycache__'), { recursive: true, force: true });
      expect(await hooked(python, ARGPARSE, { env: { PYTHONPATH: folder } })).toMatchObject(quiet);
    }
    await chmod(path.join(copy, '__init__.py'), 0);
    expect(await hooked(python, ARGPARSE, { env: { PYTHONPATH: folder } })).toMatchObject(quiet);
    expect(await hooked(python, ARGPARSE, { env: { PYTHONPATH: '/nowhere' } })).toMatchObject(quiet);
  });

  test('notes nothing when it is switched off, and nothing of pip', async () => {
    expect((await hooked(python, ARGPARSE, { env: { WINNOW_HOOK: '0' } })).events).toEqual([]);
    const folder = await temporaryFolder('tools');
    const file = path.join(folder, 'hook.jsonl');
    const env = { PATH: process.env['PATH'] ?? '', PYTHONPATH: HOOK, WINNOW_HOOK_FILE: file };
    await runProgram(python, ['-m', 'pip', '--version'], { env });
    expect(existsSync(file)).toBe(false);
  });

  test('waits for the word to begin where there is one to wait for', async () => {
    const lines = 'import os; print(os.environ.get("WINNOW_HOLD_FD"))';
    const env = { WINNOW_HOLD_FD: '0' };
    expect(await hooked(python, lines, { env, input: 'g' })).toMatchObject({ ...quiet, stdout: 'None\n' });
    const refused = await hooked(python, lines, { env });
    expect(refused).toMatchObject({ code: null, signal: 'SIGKILL', stdout: '' });
    expect(refused.of('end')).toEqual([]); // It never ran, so it has no exit code.
  });
});
