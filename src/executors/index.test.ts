import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { executors } from './index';
import { local } from './local';

test('every file of the family is in its list', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !/^(index|executor)\.|\.test\./.test(name))
    .map((name) => name.replace('.ts', ''));
  expect(executors.map(({ id }) => id).sort()).toEqual(files.sort());
});

test('a script is started as a person would type it', () => {
  const folder = '/work/my project';
  expect(
    local.plan({ python: '/usr/bin/python3', script: 'train.py', args: ['--lr', '$(x)'], folder }),
  ).toEqual({
    program: '/usr/bin/python3',
    args: ['train.py', '--lr', '$(x)'],
    workingDirectory: folder,
    script: '/work/my project/train.py',
  });
  expect(local.plan({ python: 'python3', script: '-x.py', args: [], folder }).args).toEqual(['./-x.py']);
  expect(local.plan({ python: null, script: 'train.sh', args: ['1'], folder })).toMatchObject({
    program: '/work/my project/train.sh',
    args: ['1'],
  });
});
