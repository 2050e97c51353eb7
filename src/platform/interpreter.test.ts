import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { choosePython } from './interpreter';
import { rememberPython, rememberedPython } from './rememberedPython';
import { temporaryFolder, temporaryStateHome } from './testing';

async function fakePython(...parts: string[]): Promise<string> {
  const file = path.join(...parts);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '#!/bin/sh\n');
  await chmod(file, 0o755);
  return file;
}

test('each choice wins over those below it', async () => {
  const folder = await temporaryFolder('choose "python"');
  const onPath = await fakePython(folder, 'bin', 'python3');
  const env = { PATH: path.join(folder, 'bin') };
  expect(await choosePython({ env, folder })).toBe(onPath);
  const own = await fakePython(folder, '.venv', 'bin', 'python');
  expect(await choosePython({ env, folder })).toBe(own);
  const remembered = await fakePython(folder, 'remembered', 'python');
  expect(await choosePython({ env, folder, remembered })).toBe(remembered);
  const active = await fakePython(folder, 'active', 'bin', 'python');
  const activeEnv = { ...env, VIRTUAL_ENV: path.join(folder, 'active') };
  expect(await choosePython({ env: activeEnv, folder, remembered })).toBe(active);
  const extensionChoice = await fakePython(folder, 'extension', 'python');
  expect(await choosePython({ env: activeEnv, folder, remembered, extensionChoice })).toBe(extensionChoice);
  const setting = 'remembered/python';
  expect(await choosePython({ env: activeEnv, folder, extensionChoice, setting })).toBe(remembered);
});

test('the .venv of the repository serves its subfolders', async () => {
  const top = await temporaryFolder();
  const own = await fakePython(top, '.venv', 'bin', 'python');
  const folder = path.join(top, 'experiments', 'first');
  await mkdir(folder, { recursive: true });
  await expect(choosePython({ env: {}, folder })).rejects.toMatchObject({ code: 'python-missing' });
  await mkdir(path.join(top, '.git'));
  expect(await choosePython({ env: {}, folder })).toBe(own);
});

test('a Python that was asked for and is not there is an error, not a reason to take another', async () => {
  const folder = await temporaryFolder();
  await expect(choosePython({ env: process.env, folder, setting: 'no/such/python' })).rejects.toThrow(
    'There is no Python at no/such/python',
  );
});

test('the choice of the window is kept for the command line', async () => {
  await temporaryStateHome();
  const folder = await temporaryFolder();
  expect(await rememberedPython(folder)).toBeNull();
  await rememberPython(folder, '/opt/python');
  expect(await rememberedPython(folder)).toBe('/opt/python');
});
