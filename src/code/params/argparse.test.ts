import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findParams } from './index';

const argument = (code: string) => findParams(`import argparse\np = argparse.ArgumentParser()\n${code}\n`);
const expectParam = (call: string) => expect(argument(`p.add_argument(${call})`)[0]);

describe('a flag', () => {
  test('has the name that the code sees', () => {
    expectParam('"--batch-size", type=int, default=32').toMatchObject({
      name: 'batch_size',
      flag: '--batch-size',
      type: 'int',
      action: 'store',
      defaultValue: '32',
      required: false,
      many: false,
    });
  });

  test('with a short form keeps the long one', () =>
    expectParam('"-l", "--lr", type=float').toMatchObject({ name: 'lr', flag: '--lr' }));

  test('with a short form only has that', () => expectParam('"-v"').toMatchObject({ name: 'v', flag: '-v' }));

  test('with a dest is called so', () =>
    expectParam('"--learning-rate", dest="lr"').toMatchObject({ name: 'lr' }));

  test.each([
    ['3e-3', '0.003'],
    ['1e-5', '1e-05'],
    ['-1', '-1'],
    ['-0.5', '-0.5'],
    ['1_000', '1000'],
    ['30.', '30.0'],
    ['"adam"', 'adam'],
    ['r"a\\b"', 'a\\b'],
    ['"a" "b"', 'ab'],
    ['True', 'True'],
    ['(5)', '5'],
  ])('with the default %s starts from %s, as Python prints it', (code, text) =>
    expectParam(`"--x", default=${code}`).toMatchObject({ defaultValue: text }),
  );

  test.each(['None', 'os.environ["X"]', 'f"{home}/data"', '"a" + b', '2 ** 3', 'b"x"', '[]', '1j'])(
    'with the default %s has none that could be typed',
    (code) => expectParam(`"--x", default=${code}`).toMatchObject({ defaultValue: null }),
  );

  test('takes its default and choices from constants of the module', () =>
    expect(
      argument('LR = 0.1\nKINDS = ["a", "b"]\np.add_argument("--x", default=LR, choices=KINDS)')[0],
    ).toMatchObject({ defaultValue: '0.1', choices: ['a', 'b'] }));

  test('does not trust a name that is assigned twice', () =>
    expect(argument('LR = 0.1\nLR = 0.2\np.add_argument("--x", default=LR)')[0]).toMatchObject({
      defaultValue: null,
    }));

  test('with several values has a list as default', () =>
    expectParam('"--hidden", nargs="+", type=int, default=[64, -32]').toMatchObject({
      many: true,
      defaultValue: '64 -32',
    }));

  test('with a list as default but one value has no default that could be typed', () =>
    expectParam('"--hidden", default=[64, 32]').toMatchObject({ many: false, defaultValue: null }));

  test('lists its choices', () =>
    expectParam('"--optimizer", choices=("sgd", "adam"), required=True').toMatchObject({
      choices: ['sgd', 'adam'],
      required: true,
    }));

  test('has no choices when they are computed', () =>
    expectParam('"--n", choices=range(3)').toMatchObject({ choices: null }));

  test('keeps its help, with the default in it', () =>
    expectParam('"--lr", default=0.1, help="the " "rate, %(default)s, 100%%"').toMatchObject({
      help: 'the rate, 0.1, 100%',
    }));

  test('stands at its option string', () => {
    const source = 'import argparse\np.add_argument("-l", "--lr")';
    const [param] = findParams(source);
    expect(source.slice(param?.range.from, param?.range.to)).toBe('"--lr"');
  });
});

describe('a switch', () => {
  test.each([
    ['"store_true"', 'store_true', 'False'],
    ['"store_false"', 'store_false', 'True'],
    ['"count"', 'store_true', null],
    ['argparse.BooleanOptionalAction', 'boolean_optional', null],
    ['BooleanOptionalAction, default=True', 'boolean_optional', 'True'],
  ])('with action=%s is a %s', (code, action, defaultValue) =>
    expectParam(`"--augment", action=${code}`).toMatchObject({ type: 'bool', action, defaultValue }),
  );

  test('that only prints and ends is no param', () =>
    expect(argument('p.add_argument("--version", action="version", version="1")')).toEqual([]));
});

describe('a positional argument', () => {
  test('is required and keeps its dashes', () =>
    expectParam('"data-file"').toMatchObject({ name: 'data-file', flag: null, required: true }));

  test.each(['?', '*'])('with nargs="%s" is not required', (nargs) =>
    expectParam(`"data", nargs="${nargs}"`).toMatchObject({ required: false }),
  );
});

describe('a script', () => {
  test('of the example shows its five params', () =>
    expect(
      findParams(readFileSync('examples/digits/train.py', 'utf8')).map(({ name, type }) => `${name} ${type}`),
    ).toEqual(['lr float', 'hidden int', 'epochs int', 'batch_size int', 'seed int']));

  test('with groups shows the params of all of them', () =>
    expect(
      argument(
        'g = p.add_argument_group("model")\ng.add_argument("--hidden")\n' +
          'p.add_mutually_exclusive_group().add_argument("--cpu")',
      ).map(({ flag }) => flag),
    ).toEqual(['--hidden', '--cpu']));

  test('with subcommands shows them as a choice, and whose each flag is', () =>
    expect(
      argument(`
p.add_argument("--seed")
sub = p.add_subparsers(dest="what", required=True)
train = sub.add_parser("train")
train.add_argument("--lr")
group = train.add_argument_group("more")
group.add_argument("--epochs")
train = sub.add_parser("evaluate")
train.add_argument("--lr")
`).map(({ name, subcommand, choices }) => [name, subcommand, choices]),
    ).toEqual([
      ['seed', undefined, null],
      ['what', undefined, ['train', 'evaluate']],
      ['lr', 'train', null],
      ['epochs', 'train', null],
      ['lr', 'evaluate', null],
    ]));

  test('that starts a browser has no params', () =>
    expect(findParams('options.add_argument("--headless")')).toEqual([]));

  test('that calls argparse in a comment or a text has no params', () =>
    expect(findParams('import argparse\n# p.add_argument("--lr")\nx = """p.add_argument("--a")"""')).toEqual(
      [],
    ));

  test.each([
    'p.add_argument("--lr", type=float\nq = (',
    'p.add_argument("--lr",\n\ndef broken(:\n  pass',
    'if True\n  p.add_argument("--lr", default=)',
    'p.add_argument("--lr", **more)',
    'p.add_argument("--lr", *more, help=',
  ])('that does not parse still shows what it has: %j', (code) => expectParamNames(code).toEqual(['lr']));

  test.each([
    'p.add_argument(',
    'p.add_argument("--',
    'p.add_argument("--")',
    'p.add_argument(,,)',
    '\0'.repeat(9),
  ])('with %j has none', (code) => expectParamNames(code).toEqual([]));
});

const expectParamNames = (code: string) => expect(argument(code).map(({ name }) => name));
