import { chmod, cp, mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installPrograms } from './runtimes';
import { temporaryFolder, temporaryStateHome } from './testing';

async function distFolder(server = '// server'): Promise<string> {
  const dist = await temporaryFolder('dist "1"');
  await writeFile(path.join(dist, 'server.js'), server);
  await writeFile(path.join(dist, 'runner.js'), '// runner');
  await mkdir(path.join(dist, 'sqlite'));
  await cp('node_modules/better-sqlite3/prebuilds', path.join(dist, 'sqlite'), { recursive: true });
  return dist;
}

/** Makes the Node of this process look as if it were another one. */
function pretendToRunOn(command: string): void {
  const before = process.execPath;
  process.execPath = command;
  onTestFinished(() => {
    process.execPath = before;
  });
}

async function program(lines: string): Promise<string> {
  const file = path.join(await temporaryFolder('runtime'), 'node');
  await writeFile(file, `#!/bin/sh\n${lines}\n`);
  await chmod(file, 0o755);
  return file;
}

test('the programs are copied once for each content, and run by a Node that loads the database', async () => {
  const home = await temporaryStateHome();
  const dist = await distFolder();
  const first = await installPrograms(dist);
  expect(first.directory.startsWith(path.join(home, 'bin'))).toBe(true);
  expect(await readFile(first.server, 'utf8')).toBe('// server');
  expect(first.node).toEqual({ command: process.execPath, env: {} });
  expect((await stat(first.directory)).mode & 0o777).toBe(0o700);
  expect((await installPrograms(dist)).directory).toBe(first.directory);
  const other = await installPrograms(await distFolder('// another'));
  expect(other.directory).not.toBe(first.directory);
  expect(await readdir(path.join(home, 'bin'))).toHaveLength(2);
});

test('programs that were installed are taken as they are', async () => {
  await temporaryStateHome();
  const installed = await installPrograms(await distFolder());
  expect(await installPrograms(installed.directory)).toEqual(installed);
});

test('many at once install the same', async () => {
  const home = await temporaryStateHome();
  const dist = await distFolder();
  const all = await Promise.all(Array.from({ length: 4 }, () => installPrograms(dist)));
  expect(new Set(all.map(({ directory }) => directory)).size).toBe(1);
  expect(await readdir(path.join(home, 'bin'))).toHaveLength(1);
});

test('a Node that dies of the database is passed over, and one that passed before is taken', async () => {
  await temporaryStateHome();
  const dist = await distFolder();
  const { node } = await installPrograms(dist);
  pretendToRunOn(await program('kill -SEGV $$'));
  expect((await installPrograms(dist)).node).toEqual(node);
});

test('without a fit Node the sentence says what was tried', async () => {
  await temporaryStateHome();
  const dist = await distFolder();
  const old = await program('exit 3');
  pretendToRunOn(old);
  const before = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  onTestFinished(() => {
    process.env['PATH'] = before;
  });
  await expect(installPrograms(dist)).rejects.toThrow(`none of these would do: ${old}. Install Node.js 22`);
});

test('a copy that nobody used for months goes', async () => {
  const home = await temporaryStateHome();
  const old = await installPrograms(await distFolder());
  await utimes(old.directory, new Date(0), new Date(0));
  await installPrograms(await distFolder('// newer'));
  expect(await readdir(path.join(home, 'bin'))).toHaveLength(1);
});
