import { expect, test } from 'vitest';
import { comparePackages, versionsOf } from './compareEnvironments';
import type { RunEnvironment } from './environment';

const environment = (...packages: string[]): RunEnvironment => ({
  python: { version: '3.12.7', interpreter: '/p', lockedBy: 'pip freeze', packages },
  host: { name: 'h', system: 's', cpuCount: 1, memoryBytes: 1, gpus: [] },
  seeds: {},
});

test('packages that differ are named with both versions', () => {
  const own = environment('numpy==2.4.0', 'scikit-learn==1.9.1', 'same==1');
  const other = environment('numpy==2.3.4', 'same==1', 'torch==2.9');
  expect(comparePackages(own, other)).toEqual([
    { name: 'numpy', own: '2.4.0', other: '2.3.4' },
    { name: 'scikit-learn', own: '1.9.1', other: null },
    { name: 'torch', own: null, other: '2.9' },
  ]);
});

test('nothing is said of an environment that is not known', () => {
  expect(comparePackages(environment('a==1'), null)).toEqual([]);
  expect(comparePackages({ ...environment(), python: null }, environment('a==1'))).toEqual([]);
});

test('lines of pip freeze are read in all their forms', () => {
  const lines = [
    'Scikit_Learn==1.0',
    'pkg[extra]==2',
    'local @ file:///home/me/pkg-1.0-py3.whl',
    '-e git+https://host/repo.git@abc#egg=edit.able',
    '# a comment',
    '',
  ];
  expect([...versionsOf(lines)]).toEqual([
    ['scikit-learn', '1.0'],
    ['pkg', '2'],
    ['local', 'file:///home/me/pkg-1.0-py3.whl'],
    ['edit-able', 'git+https://host/repo.git@abc#egg=edit.able'],
  ]);
});
