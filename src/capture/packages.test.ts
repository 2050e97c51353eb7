import { appendFile, mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../platform/testing';
import { digestOf } from './digestOf';
import { packagesOf } from './packages';

async function install(folder: string, name: string, files: Record<string, string>): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, name, file), text);
}

test('the lock has the lines of pip freeze: direct and editable ones, the first folder of the path, no installers', async () => {
  const [first, second] = [await temporaryFolder('site'), await temporaryFolder('site')];
  const metadata = (name: string, version: string) => ({
    METADATA: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\nName: not this\n`,
  });
  await install(first, 'numpy-2.0.dist-info', metadata('numpy', '2.0'));
  await install(second, 'NumPy-1.0.dist-info', metadata('NumPy', '1.0'));
  await install(first, 'pip-24.dist-info', metadata('pip', '24'));
  await install(first, 'setuptools-70.dist-info', metadata('setuptools', '70'));
  await install(first, 'mine-0.1.dist-info', {
    ...metadata('mine', '0.1'),
    'direct_url.json': JSON.stringify({ url: 'file:///home/me/my%20code', dir_info: { editable: true } }),
  });
  await install(first, 'lib-1.dist-info', {
    ...metadata('lib', '1'),
    'direct_url.json': JSON.stringify({
      url: 'https://example.org/lib.git',
      vcs_info: { vcs: 'git', commit_id: 'abc' },
      subdirectory: 'python',
    }),
  });
  await writeFile(path.join(second, 'old.egg-info'), 'Metadata-Version: 1.0\nName: Old_One\nVersion: 3\n');
  await install(second, 'broken.dist-info', {});
  const paths = [first, '/nowhere', second];
  const expected = [
    'lib @ git+https://example.org/lib.git@abc#subdirectory=python',
    '-e /home/me/my code  # mine==0.1',
    'numpy==2.0',
    'Old_One==3',
  ];
  expect(await packagesOf({ version: '3.11.1', interpreter: '', paths })).toEqual(expected);
  expect(await packagesOf({ version: '3.12.1', interpreter: '', paths })).toEqual([
    ...expected,
    'setuptools==70',
  ]);
  await install(first, 'added-1.dist-info', metadata('added', '1'));
  expect(await packagesOf({ version: '3.11.1', interpreter: '', paths })).toEqual(['added==1', ...expected]);
});

test('a digest is of the content that was opened; a file that changed or went is said so', async () => {
  const folder = await temporaryFolder('data');
  const file = path.join(folder, 'a.csv');
  await writeFile(file, 'abc');
  await utimes(file, 1000, 1000);
  const opened = { path: file, isFolder: false, fileCount: null, sizeBytes: 3, modifiedAt: 1_000_000 };
  const nothing = { digest: null, problem: null };
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-2, appendix B.1.
  expect(await digestOf({ ...opened, ...nothing })).toEqual({ digest: abc, problem: null });
  const whole = { ...opened, ...nothing, path: folder, isFolder: true };
  const before = (await digestOf(whole)).digest;
  await appendFile(file, 'd');
  expect((await digestOf({ ...opened, ...nothing })).problem).toContain('changed');
  expect((await digestOf(whole)).digest).not.toBe(before);
  await rm(file);
  expect((await digestOf({ ...opened, ...nothing })).problem).toContain('not there');
});
