import { expect, test } from 'vitest';
import type { PrintedRule } from '../model/printed';
import { createPrintedReader } from './reader';

/** What lines give: `name step value`, in order. */
function pointsOf(lines: string, rules: readonly PrintedRule[] = []): string[] {
  const reader = createPrintedReader({ rules });
  const points = [...reader.read(Buffer.from(lines)), ...reader.end()];
  return points.map(({ name, step, value }) => `${name} ${step} ${value}`);
}

test.each([
  ['loss=0.5', 'loss 0 0.5'],
  ['val loss: 0.5', 'val_loss 0 0.5'],
  ['Accuracy: 97.5%', 'Accuracy 0 97.5'],
  ['INFO:root:loss: 0.5', 'loss 0 0.5'],
  ['2024-01-02 10:11:12,345 - train - INFO - loss: 0.5', 'loss 0 0.5'],
  ['[2024-01-02 10:11:12] loss: 0.5', 'loss 0 0.5'],
  ['I1124 12:00:00.123456 12345 train.py:10] loss: 0.5', 'loss 0 0.5'],
  ['loss: 0.5 (step 3)', 'loss 3 0.5'],
  ['anything: 0.5 (step 3)', 'anything 3 0.5'],
  ['accuracy: 0.95 (train)', 'accuracy 0 0.95'],
  ['loss: 1e-3', 'loss 0 0.001'],
  ['loss: nan', 'loss 0 NaN'],
  ['loss: -inf', 'loss 0 -Infinity'],
  ['Epoch [2/5], Step [100/600], Loss: 2.3', 'Loss 100 2.3'],
  ['step 7 | loss 0.25', 'loss 7 0.25'],
  ['Accuracy: 90/100', 'Accuracy 0 0.9'],
  ['\u001b[32mloss\u001b[0m: \u001b[1m0.5\u001b[0m', 'loss 0 0.5'],
  ["{'loss': 0.5, 'learning_rate': 5e-05, 'epoch': 1.0}", 'loss 0 0.5'],
])('%s gives %s', (line, point) => {
  expect(pointsOf(`${line}\n`)[0]).toBe(point);
});

test('a line may have several', () => {
  expect(pointsOf('loss: 0.5, acc: 0.9\n')).toEqual(['loss 0 0.5', 'acc 0 0.9']);
  expect(pointsOf('iter 10: train loss 2.5, val loss 2.75, time 30.25ms\n')).toEqual([
    'train_loss 10 2.5',
    'val_loss 10 2.75',
  ]);
});

test.each([
  'http: 80',
  'version: 1.2',
  'torch version: 2.1.0',
  'date: 2024-01-02',
  'started at: 12:30:45',
  'port=8080',
  'localhost:8080',
  'http://127.0.0.1:8080/loss',
  '/data/loss:1/file.txt',
  'size: 1024',
  'job id: 12345',
  'digest: 0x1f',
  'seed=42',
  'epoch: 3',
  'shape: (3, 224, 224)',
  'lr: 0.1',
  'batch_size: 64, dropout: 0.5',
  'Namespace(lr=0.1, loss_weight=0.5, accuracy=0.9)',
  'Adam(lr=0.1, eps=1e-08)',
  'max memory: 512 MB',
  'took: 3.2s',
  'loss: mse',
  'loss_weight: 0.5',
  'score_threshold=0.3',
  'Traceback (most recent call last): line 3',
  'GPU 0: 80 C',
  'constructor: 1, __proto__: 2',
])('%s is no metric, however often it is printed', (line) => {
  expect(pointsOf(`${line}\n${line}\nloss: 0.5\n`)).toEqual([
    line === 'epoch: 3' ? 'loss 3 0.5' : 'loss 0 0.5',
  ]);
});

test('a name that is printed again with another number is a metric from its first line on', () => {
  expect(pointsOf('throughput: 100\nlr: 0.1\nthroughput: 120\n')).toEqual([
    'throughput 0 100',
    'throughput 1 120',
  ]);
});

test('steps are counted where no line says them, and are those of the epoch where one does', () => {
  expect(pointsOf('loss: 3\nloss: 2\nval_loss: 5\nloss: 1\n')).toEqual([
    'loss 0 3',
    'loss 1 2',
    'val_loss 1 5',
    'loss 2 1',
  ]);
  expect(pointsOf('Epoch 1/2\nloss: 3\nval_loss: 5\nEpoch 2/2\nloss: 2\nval_loss: 4\n')).toEqual([
    'loss 1 3',
    'val_loss 1 5',
    'loss 2 2',
    'val_loss 2 4',
  ]);
});

test('of a line that is drawn again the last drawing of each step counts', () => {
  expect(pointsOf('\rstep 1 loss: 3\rstep 1 loss: 2\rstep 2 loss: 1\n')).toEqual(['loss 1 2', 'loss 2 1']);
  expect(pointsOf('loss: 9\b\b\b\b\b\b\bloss: 8\r\n')).toEqual(['loss 0 8']);
});

test('a line without an end keeps no memory and binary no metrics, and what follows is read', () => {
  const reader = createPrintedReader({ rules: [] });
  const noise = Buffer.alloc(1 << 20, 'loss: 0.5 ');
  for (let i = 0; i < 100; i++) expect(reader.read(noise)).toEqual([]);
  expect(reader.resume().memory.length).toBeLessThan(2_000);
  reader.read(Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x80, 0x0a]));
  expect(reader.read(Buffer.from('\nloss: 0.5\n'))).toMatchObject([{ offset: (100 << 20) + 7, value: 0.5 }]);
});

test('a metric that is printed for ever is thinned, and its last value is kept', () => {
  const reader = createPrintedReader({ rules: [] });
  const lines = Array.from({ length: 50_001 }, (_, i) => `loss=${i}\n`).join('');
  const points = [...reader.read(Buffer.from(lines)), ...reader.end()];
  expect(points.length).toBe(20_000 + 3_001);
  expect(points.at(-1)).toMatchObject({ value: 50_000, step: 50_000 });
});

test('a person mutes a metric or a rule, renames a metric and adds a pattern', () => {
  const lines = 'loss: 0.5, acc: 0.9\nGot 0.75 points\n';
  expect(pointsOf(lines, [{ kind: 'muteMetric', metric: 'acc' }])).toEqual(['loss 0 0.5']);
  expect(pointsOf(lines, [{ kind: 'muteRule', rule: 'pairs' }])).toEqual([]);
  expect(pointsOf(lines, [{ kind: 'rename', metric: 'acc', to: 'train/acc' }])).toContain('train/acc 0 0.9');
  expect(
    pointsOf(lines, [{ kind: 'pattern', pattern: String.raw`Got (?P<points>\value) points` }]),
  ).toContain('points 0 0.75');
});
