import { describe, expect, test } from 'vitest';
import type { ParamSpec } from '../../model/param';
import { buildArgs, checkValue } from '../args';
import { findParams } from './index';

const shown = (specs: readonly ParamSpec[]) =>
  specs.map(({ name, flag, type, defaultValue, subcommand }) =>
    [subcommand, name, flag, type, defaultValue].filter((part) => part !== undefined).join(' '),
  );
const expectParams = (source: string) => expect(shown(findParams(source)));
const expectArgs = (source: string, values: Record<string, string>) =>
  expect(buildArgs(findParams(source), values));
const expectCheck = (source: string, text: string) => expect(checkValue(findParams(source)[0]!, text));

test('argparse takes the defaults that are set for all', () =>
  expectParams(
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--lr", default=1)\np.add_argument("--h", nargs="+")\np.set_defaults(lr=0.5, h=[1, 2])',
  ).toEqual(['lr --lr str 0.5', 'h --h str 1 2']));

test('jsonargparse takes what a function needs by its place', () =>
  expectParams('from jsonargparse import CLI\ndef main(data: str, lr: float = 0.1): pass\nCLI(main)').toEqual(
    ['data  str ', 'lr --lr float 0.1'],
  ));

describe('click', () => {
  const command = (options: string, parameters = '') =>
    `import click\n@click.command()\n${options}\ndef main(${parameters}): pass\nmain()`;

  test('checks ranges and how many values there are', () => {
    expectCheck(command('@click.option("--n", type=click.IntRange(1, 9))'), '10').toBe(
      '--n takes a number of at least 1 and of at most 9.',
    );
    expectCheck(command('@click.option("--n", type=click.FloatRange(min=0, min_open=True))'), '0').toBe(
      '--n takes a number above 0.',
    );
    expectCheck(command('@click.option("--n", type=click.IntRange(1, 9, clamp=True))'), '10').toBeNull();
    expectCheck(command('@click.option("--b", nargs=2, type=float)'), '1 2 3').toBe(
      '--b takes 2 values, not 3.',
    );
  });

  test('names a param as its function does', () =>
    expectParams(
      command(
        '@click.option("-n", "--Batch-Size", default=3)\n@click.option("--lr", "rate", type=float)\n@click.argument("out-dir")',
      ),
    ).toEqual(['batch_size --Batch-Size int 3', 'rate --lr float ', 'out_dir  str ']));

  test('has commands that are added by a call, and groups in groups', () => {
    const source =
      'import click\n@click.group()\ndef cli(): pass\n@cli.group()\ndef data(): pass\n' +
      '@data.command()\n@click.option("--url")\ndef fetch_all(): pass\n' +
      '@click.command()\n@click.option("--lr")\ndef train(): pass\ncli.add_command(train, "fit")\ncli()';
    expectParams(source).toEqual([
      'command  str ',
      'data data command  str ',
      'data fetch-all url --url str ',
      'fit lr --lr str ',
    ]);
    expectArgs(source, { command: 'data', 'data command': 'fetch-all', url: 'u' }).toEqual([
      'data',
      'fetch-all',
      '--url',
      'u',
    ]);
  });

  test('shares options that are kept elsewhere', () =>
    expectParams(command('@common') + '\ncommon = [click.option("--lr", default=0.1)]').toEqual([
      'lr --lr float 0.1',
    ]));
});

describe('typer', () => {
  test('has a param for a callback, apps in apps, and switches of every kind', () => {
    const source =
      'import typer\napp = typer.Typer()\ndata = typer.Typer()\napp.add_typer(data, name="data")\n' +
      '@app.callback()\ndef main(seed: int = 0): pass\n' +
      '@app.command("fit")\ndef train(ctx: typer.Context, on: bool = typer.Option(True, "--on/--off"), force: bool = typer.Option(False, "--force")): pass\n' +
      '@data.command()\ndef fetch(url: str = typer.Argument("u")): pass\napp()';
    expectParams(source).toEqual([
      'seed --seed int 0',
      'command  str ',
      'fit on --on bool True',
      'fit force --force bool False',
      'data data command  str ',
      'data fetch url  str u',
    ]);
    expectArgs(source, { command: 'fit', on: 'no', force: 'yes', seed: '1' }).toEqual([
      '--seed',
      '1',
      'fit',
      '--off',
      '--force',
    ]);
  });

  test('needs what has no default', () => {
    const source = 'import typer\ndef main(name: str, lr: float = typer.Option(...)): pass\ntyper.run(main)';
    expect(findParams(source).map(({ required, flag }) => [required, flag])).toEqual([
      [true, null],
      [true, '--lr'],
    ]);
  });
});

describe('fire', () => {
  test('takes a dict of functions, an object, and what the module has', () => {
    const functions = 'import fire\ndef a(x=1): pass\ndef _b(y): pass\n';
    expectParams(`${functions}fire.Fire({"go": a})`).toEqual(['command  str ', 'go x --x int 1']);
    expectParams(`${functions}fire.Fire()`).toEqual(['command  str ', 'a x --x int 1']);
    expectParams('import fire\nclass T:\n  def run(self, lr=0.1): pass\nfire.Fire(T().run)').toEqual([
      'lr --lr float 0.1',
    ]);
  });

  test('gets texts that are no numbers', () =>
    expectArgs('import fire\ndef a(x="", y="", z=1.0): pass\nfire.Fire(a)', {
      x: '1e3',
      y: 'a b',
      z: '-2',
    }).toEqual(['--x="1e3"', '--y="a b"', '--z=-2']));
});

test('absl knows limits and what is needed', () => {
  const source =
    'from absl import flags\nflags.DEFINE_integer("n", None, "how many", lower_bound=1)\nflags.mark_flag_as_required("n")';
  expectCheck(source, '0').toBe('--n takes a number of at least 1.');
  expectCheck(source, '').toBe('--n is needed: it has no default.');
});

describe('dataclasses', () => {
  test('have the fields of their bases, and none that is set by itself', () =>
    expectParams(
      'from dataclasses import dataclass, field\nimport tyro\n@dataclass\nclass Base:\n  lr: float = 1\n  seed: int = 0\n' +
        '@dataclass\nclass Config(Base):\n  seed: int = 7\n  made: int = field(init=False, default=1)\n  _hidden: int = 1\n  what: dict = field(default_factory=dict)\n' +
        'tyro.cli(Config)',
    ).toEqual(['lr --lr float 1.0', 'seed --seed int 7']));

  test('in a circle end', () =>
    expectParams(
      'import tyro\n@dataclass\nclass A:\n  b: "B"\n  x: int = 1\n@dataclass\nclass B:\n  a: "A"\ntyro.cli(A)',
    ).toContain('x --x int 1'));

  test('that no parser is given are no params', () =>
    expectParams('import tyro\n@dataclass\nclass A:\n  x: int = 1\n').toEqual([]));

  test('of which two have a field of one name say whose it is', () =>
    expectParams(
      'from simple_parsing import ArgumentParser\n@dataclass\nclass O:\n  lr: float = 0.1\n@dataclass\nclass A:\n  o: O\n  lr: float = 0.2\n' +
        'p = ArgumentParser()\np.add_arguments(A, dest="a")',
    ).toEqual(['o.lr --o.lr float 0.1', 'lr --lr float 0.2']));
});

describe('the environment', () => {
  test.each([
    ['x = os.environ.get("LR", "0.1")', ['LR str 0.1']],
    ['x = float(os.getenv("LR", default="0.1"))', ['LR float 0.1']],
    ['x = int(environ["EPOCHS"])', ['EPOCHS int ']],
    ['os.environ["EPOCHS"] = "1"', []],
    ['x = os.environ["DATA_ROOT"]', []],
    ['x = os.environ.get("WANDB_API_KEY", "x")', []],
    ['x = os.environ.get("RANK", 0)', []],
    ['x = os.environ.get(name, 0)', []],
  ])('%s', (source, names) =>
    expect(
      findParams(`import os\n${source}`).map(({ name, type, defaultValue }) =>
        [name, type, defaultValue].join(' '),
      ),
    ).toEqual(names),
  );

  test('behind the default of a flag is that of the flag', () =>
    expectParams(
      'import argparse, os\np = argparse.ArgumentParser()\np.add_argument("--lr", type=float, default=float(os.environ.get("LR", 0.1)))',
    ).toEqual(['lr --lr float 0.1']));
});

describe('a constant', () => {
  test.each([
    ['LR = 0.1', ['LR']],
    ['lr: float = 0.1', ['lr']],
    ['x = 0.1', []],
    ['__version__ = "1"', []],
    ['_LR = 0.1', []],
    ['DATA_DIR = "x"', []],
    ['MODEL = "a/b"', ['MODEL']],
    ['DATA = "data/train.csv"', []],
    ['URL_OF_ALL = "https://x"', []],
    ['LR = 0.1\nLR = 0.2', []],
    ['LR = 2 * 0.1', []],
    ['def f():\n  LR = 0.1', []],
    ['if x:\n  LR = 0.1', []],
    ['if __name__ == "__main__":\n  seed = 1', ['seed']],
    ['config = {"lr": 0.1, "model": {"a": 1}, 1: 2}', ['lr']],
    ['words = {"lr": 0.1}', []],
    ['HIDDEN = [1, "a"]', []],
    ['BOTH = LR = 0.1', ['BOTH', 'LR']],
  ])('%j', (source, names) => expect(findParams(source).map(({ name }) => name)).toEqual(names));

  test('that is the default of a flag is no param of its own', () =>
    expectParams(
      'import argparse\nRATE = 0.1\np = argparse.ArgumentParser()\np.add_argument("--lr", default=RATE)\nEPOCHS = 3',
    ).toEqual(['lr --lr str 0.1', 'EPOCHS  int 3']));
});
