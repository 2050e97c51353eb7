import { expect, test } from 'vitest';
import { findResumeFlag, withResume } from './resumeFlag';

const argparse = (...lines: readonly string[]) =>
  ['import argparse', 'parser = argparse.ArgumentParser()', ...lines].join('\n');

test.each([
  ["parser.add_argument('--resume')", { flag: '--resume', takesPath: true }],
  ["parser.add_argument('--resume', action='store_true')", { flag: '--resume', takesPath: false }],
  [
    "parser.add_argument('--resume-from-checkpoint', type=str)",
    { flag: '--resume-from-checkpoint', takesPath: true },
  ],
  ["parser.add_argument('-c', '--ckpt_path', default=None)", { flag: '--ckpt_path', takesPath: true }],
  ["parser.add_argument('--lr', type=float)", null],
])('%s', (line, expected) => {
  expect(findResumeFlag(argparse(line))).toEqual(expected);
});

test('what says "resume" comes before what may be where checkpoints are written', () => {
  const source = argparse("parser.add_argument('--checkpoint')", "parser.add_argument('--resume-from')");
  expect(findResumeFlag(source)?.flag).toBe('--resume-from');
});

test('the checkpoint takes the place of an earlier one', () => {
  const flag = { flag: '--resume', takesPath: true };
  expect(withResume(['--lr', '1'], flag, 'b.pt')).toEqual(['--lr', '1', '--resume', 'b.pt']);
  expect(withResume(['--resume', 'a.pt', '--lr', '1'], flag, 'b.pt')).toEqual([
    '--resume',
    'b.pt',
    '--lr',
    '1',
  ]);
  expect(withResume(['--resume=a.pt'], flag, 'b.pt')).toEqual(['--resume=b.pt']);
  expect(withResume(['--resume'], { ...flag, takesPath: false }, 'b.pt')).toEqual(['--resume']);
});
