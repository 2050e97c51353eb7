import { describe, expect, test } from 'vitest';
import { acceptedParams, buildArgs, checkValue, quoteWord, splitWords } from './args';
import { findParams } from './params';

const params = (calls: string) =>
  findParams(
    `import argparse\np = argparse.ArgumentParser()\n${calls
      .split('\n')
      .map((call) => (call.includes('add_') ? call : `p.add_argument(${call})`))
      .join('\n')}`,
  );

const expectArgs = (calls: string, values: Record<string, string>) =>
  expect(buildArgs(params(calls), values));
const expectCheck = (call: string, text: string) => expect(checkValue(params(call)[0]!, text));

describe('the arguments for values', () => {
  test('are the flags with what differs from the default', () =>
    expectArgs('"--lr", type=float, default=3e-3\n"--hidden", type=int, default=64\n"--seed", type=int', {
      lr: '0.0030',
      hidden: '32',
      seed: '',
    }).toEqual(['--hidden', '32']));

  test('hold a value that begins with a dash together with its flag', () =>
    expectArgs('"--lr", type=float\n"-m"', { lr: '-1e-3', m: '-x' }).toEqual(['--lr=-1e-3', '-m-x']));

  test('have a switch only when it is turned', () => {
    const calls =
      '"--a", action="store_true"\n"--no-b", dest="b", action="store_false"\n"--c", action=BooleanOptionalAction';
    expectArgs(calls, { a: 'True', b: 'False', c: 'False' }).toEqual(['--a', '--no-b', '--no-c']);
    expectArgs(calls, { a: 'false', b: 'true', c: 'yes' }).toEqual(['--c']);
  });

  test("turn argparse's type=bool off by an empty text, since every other text is true", () => {
    expectArgs('"--a", type=bool, default=True', { a: 'False' }).toEqual(['--a=']);
    expectArgs('"--a", type=bool, default=False', { a: 'True' }).toEqual(['--a', 'True']);
  });

  test('put positional arguments before flags with several values', () =>
    expectArgs('"--hidden", nargs="+"\n"data"', { hidden: '1 "2 3"', data: 'a b.csv' }).toEqual([
      'a b.csv',
      '--hidden',
      '1',
      '2 3',
    ]));

  test('put a positional argument with a dash behind --', () =>
    expectArgs('"--lr"\n"data"', { lr: '1', data: '-x' }).toEqual(['--lr', '1', '--', '-x']));

  test('put the flags of a subcommand behind it', () => {
    const calls =
      '"--seed"\nsub = p.add_subparsers(dest="what")\nt = sub.add_parser("train")\nt.add_argument("--lr")\n' +
      'e = sub.add_parser("evaluate")\ne.add_argument("--split")';
    expectArgs(calls, { what: 'train', lr: '1', seed: '2', split: 'x' }).toEqual([
      '--seed',
      '2',
      'train',
      '--lr',
      '1',
    ]);
    expectArgs(calls, { lr: '1', seed: '2' }).toEqual(['--seed', '2']);
    const accepted = (values: Record<string, string>) =>
      acceptedParams(params(calls), values).map(({ name }) => name);
    expect(accepted({})).toEqual(['seed', 'what']);
    expect(accepted({ what: 'evaluate' })).toEqual(['seed', 'what', 'split']);
  });

  test('go as deep as subcommands go', () =>
    expectArgs(
      'sub = p.add_subparsers(dest="what")\nd = sub.add_parser("data")\nd.add_argument("--root")\n' +
        'more = d.add_subparsers(dest="how")\nf = more.add_parser("fetch")\nf.add_argument("--url")',
      { what: 'data', how: 'fetch', root: '/x', url: 'u' },
    ).toEqual(['data', '--root', '/x', 'fetch', '--url', 'u']));

  test('leave out what no flag of the script takes', () => expectArgs('"--lr"', { other: '1' }).toEqual([]));
});

describe('a value', () => {
  test.each([
    ['"--batch-size", type=int', '32.5', '--batch-size takes a whole number.'],
    ['"--batch-size", type=int', '-3', null],
    ['"--lr", type=float', 'fast', '--lr takes a number.'],
    ['"--lr", type=float', '0x1', '--lr takes a number.'],
    ['"--lr", type=float', '1e-3', null],
    ['"--lr", type=float', '.5', null],
    ['"--lr", type=float', '-inf', null],
    ['"--lr", type=float', '', null],
    ['"--lr", type=float, required=True', ' ', '--lr is needed: it has no default.'],
    ['"data"', '', 'data is needed: it has no default.'],
    ['"--o", choices=["sgd", "adam"]', 'rms', '--o takes one of sgd, adam.'],
    ['"--n", type=int, choices=[1, 2]', '02', null],
    ['"--a", action="store_true"', 'perhaps', '--a is a switch: True or False.'],
    ['"--a", type=bool', '2', '--a takes True or False.'],
    ['"--n", type=int, default=1e3', '1000.0', null],
    ['"--h", nargs="+", type=int', '1 2 x', '--h takes a whole number.'],
    ['"--h", nargs="+"', '1 "2', '--h has a quote that is not closed.'],
    ['"--h"', '"', null],
    ['"--h"', 'a\0', '--h cannot hold a NUL character.'],
  ])('of %s, %j: %s', (call, text, sentence) => expectCheck(call, text).toBe(sentence));

  test.each(['a', '', 'a b', `it's`, `"`, `'"`, 'ä\tb'])('%j survives quoting', (word) =>
    expect(splitWords(quoteWord(word))).toEqual([word]),
  );
});
