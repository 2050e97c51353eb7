import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { looksLikeTraining } from './training';

const example = (name: string) => looksLikeTraining(readFileSync(`examples/digits/${name}`, 'utf8'));

test('of the example, train.py is the script to offer', () => {
  const others = ['train_plain.py', 'evaluate.py', 'prepare.py', 'digits.py'].map(
    (name) => example(name).score,
  );
  expect(Math.max(...others)).toBeLessThan(example('train.py').score);
  expect(example('train_plain.py').score).toBeGreaterThan(example('prepare.py').score);
});

test('says what was seen', () =>
  expect(example('train.py').why).toBe(
    'logs metrics with MLflow, takes --lr, --hidden and --epochs, calls partial_fit(), is a program of its own',
  ));

test.each(['', 'def f(:', 'print("hello")', 'if __name__ == "__main__":\n  main()'])(
  '%j shows no sign of it',
  (source) => expect(looksLikeTraining(source)).toEqual({ score: 0, why: '' }),
);

test('a test of a training is not one', () =>
  expect(looksLikeTraining('import pytest\nmodel.fit(x)').score).toBe(0));

test('autolog logs metrics too', () =>
  expect(looksLikeTraining('import mlflow\nmlflow.autolog()\nm.fit(x, y)').why).toBe(
    'logs metrics with MLflow, calls fit()',
  ));
