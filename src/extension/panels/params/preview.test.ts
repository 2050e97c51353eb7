import { describe, expect, it } from 'vitest';
import { readScriptParams } from '../../../code/params';
import { valuesOfArgs } from './argValues';
import { planRuns, previewForm } from './preview';

const SCRIPT = `
import argparse
import yaml
RATE = 0.1
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--name", default="a b")
parser.add_argument("--augment", action="store_true")
parser.add_argument("--opt", choices=["adam", "sgd"], default="adam")
parser.add_argument("--layers", type=int, nargs="+", default=[64, 32])
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()
`;

const files = { read: (path: string) => Promise.resolve(path === 'train.py' ? SCRIPT : null) };
const { specs } = await readScriptParams('train.py', files);

async function command(values: Record<string, string>): Promise<string> {
  const preview = await previewForm('train.py', specs, values, files);
  return preview.command.map(({ text, kind }) => (kind === 'wrong' ? `<${text}>` : text)).join(' ');
}

describe('the command of a form', () => {
  it.each([
    [{}, 'python train.py'],
    [{ lr: '0.01', name: "it's" }, String.raw`python train.py --lr 0.01 --name 'it'\''s'`],
    [{ lr: '1e-3' }, 'python train.py'],
    [{ seed: '0, 1, 2' }, 'python train.py --seed {0..2}'],
    [{ lr: '0.1, 0.2' }, 'python train.py --lr {0.1,0.2}'],
    [{ opt: 'sgd' }, 'python train.py --opt sgd'],
    [{ augment: 'True' }, 'python train.py --augment'],
    [{ augment: 'False, True' }, 'python train.py [--augment]'],
    [{ layers: '128 64' }, 'python train.py --layers 128 64'],
    [{ seed: '1.5' }, 'python train.py <--seed> <1.5>'],
  ])('%j is %s', async (values, shown) => {
    expect(await command(values)).toBe(shown);
  });

  it('names the file that the runs have otherwise', async () => {
    const { edits, problem } = await previewForm('train.py', specs, { RATE: '0.2' }, files);
    expect(edits).toEqual([{ file: 'train.py', changes: [{ name: 'RATE', from: '0.1', to: '0.2' }] }]);
    expect(problem).toBeNull();
  });
});

describe('the runs of a form', () => {
  it('have each their arguments, their files and all their params', async () => {
    const runs = await planRuns(specs, { seed: '3, 4', RATE: '0.2' }, files);
    expect(runs.map(({ overrides }) => overrides.args)).toEqual([
      ['--seed', '3'],
      ['--seed', '4'],
    ]);
    expect(runs[0]?.overrides.edits[0]?.content).toContain('RATE = 0.2');
    expect(runs[0]?.params).toMatchObject({ seed: '3', lr: '0.001', RATE: '0.2' });
  });

  it('are none while a value is wrong', async () => {
    await expect(planRuns(specs, { seed: 'x' }, files)).rejects.toThrow('--seed takes a whole number.');
  });
});

describe('the arguments of a run', () => {
  it.each([
    [['--lr', '0.01', '--augment'], { lr: '0.01', augment: 'True' }],
    [['--lr=0.01', '--layers', '1', '2', '--seed', '7'], { lr: '0.01', layers: '1 2', seed: '7' }],
    [['--unknown', '1', 'word'], {}],
    [['--seed'], { seed: '' }],
  ])('%j give %j', (args, values) => {
    expect(valuesOfArgs(specs, args)).toEqual(values);
  });
});
