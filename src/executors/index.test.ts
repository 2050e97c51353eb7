import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { executorOf, executors } from './index';
import { local } from './local';

test('every file of the family is in its list', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !/^(index|executor)\.|\.test\./.test(name))
    .map((name) => name.replace('.ts', ''));
  expect(executors.map(({ id }) => id).sort()).toEqual(files.sort());
});

const folder = '/work/my project';
const place = { programs: '/state/bin/1', runDirectory: '/work/my project/.winnow/runs/r1' };

test('a script is started as a person would type it', () => {
  expect(
    local.plan({ python: '/usr/bin/python3', script: 'train.py', args: ['--lr', '$(x)'], folder }, place),
  ).toEqual({
    program: '/usr/bin/python3',
    args: ['train.py', '--lr', '$(x)'],
    workingDirectory: folder,
    script: '/work/my project/train.py',
  });
  expect(local.plan({ python: 'python3', script: '-x.py', args: [], folder }, place).args).toEqual([
    './-x.py',
  ]);
  expect(local.plan({ python: null, script: 'train.sh', args: ['1'], folder }, place)).toMatchObject({
    program: '/work/my project/train.sh',
    args: ['1'],
  });
});

test('a notebook is executed on a copy that lies with its run', () => {
  const command = {
    python: '/env/bin/python',
    script: 'lab/Analysis.ipynb',
    args: ['-p', 'lr', '0.1'],
    folder,
  };
  expect(executorOf(command).plan(command, place)).toEqual({
    program: '/env/bin/python',
    args: [
      '/state/bin/1/python/winnow_notebook.py',
      ...['--copy', '/work/my project/.winnow/runs/r1/artifacts/Analysis.ipynb'],
      ...['--events', '/work/my project/.winnow/runs/r1/events.jsonl'],
      '/work/my project/lab/Analysis.ipynb',
      ...['-p', 'lr', '0.1'],
    ],
    workingDirectory: folder,
    script: '/work/my project/lab/Analysis.ipynb',
  });
  expect(executorOf({ ...command, script: 'train.py' })).toBe(local);
});
