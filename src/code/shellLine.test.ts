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
