import { expect, test } from 'vitest';
import { planSeeds } from './seeds';

const files = (texts: Record<string, string>) => ({
  read: (file: string) => Promise.resolve(texts[file] ?? null),
});

const ARGPARSE = `import argparse
p = argparse.ArgumentParser()
p.add_argument("--lr", type=float, default=0.1)
p.add_argument("--random-state", type=int, default=7)
`;

test('the param that takes the seed counts on from its default', async () => {
  const plan = await planSeeds('train.py', ['--lr', '1'], 3, files({ 'train.py': ARGPARSE }));
  expect(plan.param).toBe('random_state');
  expect(plan.runs.map(({ args }) => args.join(' '))).toEqual([
    '--lr 1 --random-state 7',
    '--lr 1 --random-state 8',
    '--lr 1 --random-state 9',
  ]);
});

test.each([[['--random-state', '40']], [['--random-state=40']]])(
  'a seed that is typed as %j is where it begins',
  async (typed) => {
    const plan = await planSeeds('train.py', [...typed, '--lr', '1'], 2, files({ 'train.py': ARGPARSE }));
    expect(plan.runs.map(({ seed, args }) => [seed, args.join(' ')])).toEqual([
      [40, '--lr 1 --random-state 40'],
      [41, '--lr 1 --random-state 41'],
    ]);
  },
);

test('a script without one finds the seed in its environment', async () => {
  const plan = await planSeeds('train.py', ['x'], 2, files({ 'train.py': 'print(1)' }));
  expect(plan).toMatchObject({
    param: null,
    runs: [{ args: ['x'] }, { variables: { WINNOW_SEED: '1', PYTHONHASHSEED: '1' } }],
  });
});

test('a seed that is a constant of the script is changed in a copy of it', async () => {
  const source = 'SEED = 42\nprint(SEED)\n';
  const plan = await planSeeds('train.py', [], 2, files({ 'train.py': source }));
  expect(plan).toMatchObject({ param: 'SEED', runs: [{ seed: 42, edits: [] }, { seed: 43 }] });
  expect(plan.runs[1]?.edits).toEqual([{ path: 'train.py', content: 'SEED = 43\nprint(SEED)\n' }]);
});

test('a seed of Hydra goes into its own grammar', async () => {
  const source = `import hydra
@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(cfg): print(cfg.seed)
main()
`;
  const texts = { 'train.py': source, 'conf/config.yaml': 'lr: 0.1\nseed: 5\n' };
  const plan = await planSeeds('train.py', ['lr=1', 'seed=8'], 2, files(texts));
  expect(plan.runs.map(({ args }) => args)).toEqual([
    ['lr=1', 'seed=8'],
    ['lr=1', 'seed=9'],
  ]);
});
