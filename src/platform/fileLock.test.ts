import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { delay } from '../base/abort';
import { withFileLock } from './fileLock';
import { ownIdentity } from './identity';
import { temporaryFolder } from './testing';

const nothing = () => Promise.resolve(null);
const never = new AbortController().signal;

test('work under one lock never overlaps', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await delay(3);
    return --inside;
  };
  await Promise.all(Array.from({ length: 8 }, () => withFileLock(file, work, nothing, never)));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('the lock of a process that is gone, and a damaged one, do not count', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  for (const content of [JSON.stringify({ ...(await ownIdentity()), startTime: '1' }), '{"hostId":']) {
    await writeFile(file, content);
    expect(await withFileLock(file, () => Promise.resolve('done'), nothing, never)).toBe('done');
  }
});

test('waiting ends when there is an answer without the lock', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  await writeFile(file, JSON.stringify(await ownIdentity()));
  const answer = await withFileLock(
    file,
    () => Promise.resolve('work'),
    () => Promise.resolve('answer'),
    never,
  );
  expect(answer).toBe('answer');
});

test('waiting can be left', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  await writeFile(file, JSON.stringify(await ownIdentity()));
  await expect(withFileLock(file, nothing, nothing, AbortSignal.timeout(30))).rejects.toThrow('timeout');
});
