import { expect, test } from 'vitest';
import { findParams } from '../code/params';
import { combineValues, parseValuesList } from './paramValues';

const spec = (argument: string) =>
  findParams(`import argparse\np = argparse.ArgumentParser()\np.add_argument("--x", ${argument})`)[0]!;

test.each([
  ['type=int', '0, 1, 2, 3, 4', ['0', '1', '2', '3', '4']],
  ['type=int', '0..4', ['0', '1', '2', '3', '4']],
  ['type=int', '-1..1, 7', ['-1', '0', '1', '7']],
  ['type=int', '0..1000000', ['0..1000000']],
  ['type=float', '0.1,0.01', ['0.1', '0.01']],
  ['type=float', '0.1', ['0.1']],
  ['type=float', '', []],
  ['type=str', 'sgd, adam,', ['sgd', 'adam']],
  ['type=str', '"a, b"', ['a, b']],
  ['type=str', '"a, b", c', ['a, b', 'c']],
  ['type=str', `it's, that's`, [`it's`, `that's`]],
  ['type=str', ',', [',']],
  ['nargs="+"', '64 32, 128', ['64 32', '128']],
  ['nargs="+"', '[64, 32], [128]', ['[64, 32]', '[128]']],
  ['nargs="+"', '"a b" c', ['"a b" c']],
])('the values of %s in %j', (argument, text, values) =>
  expect(parseValuesList(spec(argument), text)).toEqual(values),
);

test('several params with several values make every combination', () =>
  expect(combineValues({ lr: ['0.1', '0.2'], seed: ['0', '1'], name: ['x'], none: [] })).toEqual([
    { lr: '0.1', seed: '0', name: 'x' },
    { lr: '0.1', seed: '1', name: 'x' },
    { lr: '0.2', seed: '0', name: 'x' },
    { lr: '0.2', seed: '1', name: 'x' },
  ]));
