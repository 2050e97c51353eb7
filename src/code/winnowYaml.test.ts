import { expect, test } from 'vitest';
import { readWinnowYaml } from './winnowYaml';

test('every key is optional', () => {
  for (const text of ['', '# nothing\n', 'data: { train: a.csv }\n']) {
    expect(readWinnowYaml(text)).toMatchObject({
      experiment: null,
      goal: null,
      run: { script: null, env: {}, graceSeconds: null, hook: true },
      slots: { local: null },
      cost: null,
    });
  }
});

test('experiment, goal, run and slots are read', () => {
  const text = `
experiment: digits
goal: { metric: val_loss, target: 0.1 }
run: { script: train.py, params: params.yaml, env: { OMP_NUM_THREADS: 2, FAST: true } }
slots: { local: 2 }
`;
  expect(readWinnowYaml(text)).toMatchObject({
    experiment: 'digits',
    goal: { metric: 'val_loss', direction: 'minimize', target: 0.1 },
    run: { script: 'train.py', env: { OMP_NUM_THREADS: '2', FAST: 'true' }, graceSeconds: null, hook: true },
    slots: { local: 2 },
    cost: null,
  });
});

test('what is wrong is named', () => {
  expect(() => readWinnowYaml('goal: { metric: loss, direction: up }')).toThrow('goal.direction is wrong');
  expect(() => readWinnowYaml('experiment: [a')).toThrow(
    /^winnow\.yaml cannot be read: .* at line 1, column \d+\. Correct it and try again\.$/,
  );
  expect(() => readWinnowYaml('- a\n- b')).toThrow('the file is wrong');
});

test('rules of printed metrics are read, and whether there are any', () => {
  const text = `
run: { printedMetrics: false }
metrics:
  printed:
    - pattern: 'step (?P<step>\\d+) l (?P<loss>\\value)'
    - mute: val_loss
    - muteRule: tqdm
    - { rename: acc, to: train/acc }
`;
  const { run, metrics } = readWinnowYaml(text);
  expect(run.printedMetrics).toBe(false);
  expect(metrics.printed).toEqual([
    { kind: 'pattern', pattern: String.raw`step (?P<step>\d+) l (?P<loss>\value)` },
    { kind: 'muteMetric', metric: 'val_loss' },
    { kind: 'muteRule', rule: 'tqdm' },
    { kind: 'rename', metric: 'acc', to: 'train/acc' },
  ]);
});

test('a script may be given more time for a checkpoint than a few seconds', () => {
  expect(readWinnowYaml('run: { graceSeconds: 90 }').run.graceSeconds).toBe(90);
  expect(readWinnowYaml('').run.graceSeconds).toBeNull();
  expect(() => readWinnowYaml('run: { graceSeconds: soon }')).toThrow('run.graceSeconds');
});
