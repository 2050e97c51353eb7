import { expect, test } from 'vitest';
import { runProgram } from '../platform/spawn';
import { quoted, shellLine } from './shellLine';

test('a plain command reads as it was typed', () => {
  expect(
    shellLine({
      folder: '/work/digits',
      python: '.venv/bin/python',
      script: 'train.py',
      args: ['--lr', '0.01'],
    }),
  ).toBe('cd /work/digits && .venv/bin/python train.py --lr 0.01');
});

test.each([["it's"], ['a b'], ['$(rm -rf ~)'], [''], ['"x"'], ['a\nb'], ['\\'], ['für'], ['!!'], ['*']])(
  'a shell reads %j as one word, unchanged',
  async (word) => {
    const { stdout } = await runProgram('sh', ['-c', `printf %s ${quoted(word)}`]);
    expect(stdout.toString('utf8')).toBe(word);
  },
);

test('a notebook is run by the command of Winnow', () => {
  const command = {
    folder: '/work',
    python: '/env/bin/python',
    script: 'a b.ipynb',
    args: ['-p', 'lr', '0.1'],
  };
  expect(shellLine(command)).toBe("cd /work && winnow run --python /env/bin/python -- 'a b.ipynb' -p lr 0.1");
});
