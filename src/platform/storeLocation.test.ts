import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { storeState } from './stateFolder';
import { createWinnowDirectory, locateStore } from './storeLocation';
import { temporaryFolder, temporaryStateHome } from './testing';

test('a folder without a store has its own, and nothing is made by looking', async () => {
  const folder = await temporaryFolder();
  const location = await locateStore(folder);
  expect(location.database).toBe(path.join(folder, '.winnow', 'winnow.db'));
  await expect(stat(location.winnowDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the nearest store above wins, but not one above the repository', async () => {
  const folder = await temporaryFolder();
  const inner = path.join(folder, 'repository', 'src');
  await mkdir(inner, { recursive: true });
  await mkdir(path.join(folder, '.winnow'));
  expect((await locateStore(inner)).folder).toBe(folder);
  await mkdir(path.join(folder, 'repository', '.git'));
  expect((await locateStore(inner)).folder).toBe(inner);
  await mkdir(path.join(folder, 'repository', '.winnow'));
  expect((await locateStore(inner)).folder).toBe(path.join(folder, 'repository'));
});

test('a link to a folder is the same store', async () => {
  await temporaryStateHome();
  const folder = await temporaryFolder('Über "uns" und \'sie\'');
  const link = path.join(await temporaryFolder(), 'link');
  await symlink(folder, link);
  expect((await locateStore(link)).folder).toBe(folder);
  expect((await storeState(link)).key).toBe((await storeState(folder)).key);
});

test('the state of a store is private to its user', async () => {
  await temporaryStateHome();
  const state = await storeState(await temporaryFolder());
  expect((await stat(state.attemptsDirectory)).mode & 0o777).toBe(0o700);
});

test('the root and the home folder are refused', async () => {
  for (const folder of ['/', os.homedir()]) {
    await expect(locateStore(folder)).rejects.toMatchObject({ code: 'folder-refused' });
  }
});

test('a folder that is not there, or is a file, is said so', async () => {
  await expect(locateStore('/no/such/folder')).rejects.toMatchObject({ code: 'folder-missing' });
  await expect(locateStore(import.meta.filename)).rejects.toThrow('is a file');
});

test('a folder that cannot be written is said so', async () => {
  const location = await locateStore('/proc/1');
  await expect(createWinnowDirectory(location)).rejects.toMatchObject({ code: 'folder-read-only' });
});

test('a file in the way is named, and left where it is', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, '.winnow'), 'notes');
  await expect(createWinnowDirectory(await locateStore(folder))).rejects.toMatchObject({
    code: 'folder-taken',
    message: expect.stringContaining('Move the file away.'),
  });
  expect(await readFile(path.join(folder, '.winnow'), 'utf8')).toBe('notes');
});

test('the store hides itself from git, also when it is made twice', async () => {
  const location = await locateStore(await temporaryFolder());
  await createWinnowDirectory(location);
  await createWinnowDirectory(location);
  expect(await readFile(path.join(location.winnowDirectory, '.gitignore'), 'utf8')).toBe('*\n');
});
