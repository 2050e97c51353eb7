import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type PrintedPoint, createPrintedReader } from './reader';

/**
 * What programs really print, byte for byte: of Keras, transformers, XGBoost, LightGBM, Lightning, tqdm, scikit-learn
 * and plain scripts. Those of fastai, YOLO and CatBoost are written after their documentation.
 */
const folder = path.join(__dirname, 'fixtures');
const golden = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  unknown
>;
const files = readdirSync(folder).filter((name) => name.endsWith('.log'));

test('each recorded output has its golden answer', () => {
  expect(files).toEqual(Object.keys(golden).sort());
});

test.each(files)('%s gives the metrics that a person sees in it', (file) => {
  expect(summaryOf(read(readFileSync(path.join(folder, file)), 1 << 20))).toEqual(golden[file]);
});

test.each(files)('%s gives the same however it is cut, also by another reader that goes on', (file) => {
  const bytes = readFileSync(path.join(folder, file));
  const whole = read(bytes, 1 << 20);
  for (const size of [1, 7, 64, 1000]) expect(read(bytes, size)).toEqual(whole);
  for (const cut of [0.1, 0.33, 0.5, 0.77].map((share) => Math.floor(bytes.length * share))) {
    const first = createPrintedReader({ rules: [] });
    const before = first.read(bytes.subarray(0, cut));
    const from = first.resume();
    const second = createPrintedReader({ rules: [], from });
    expect([...before, ...second.read(bytes.subarray(from.offset)), ...second.end()]).toEqual(whole);
  }
});

function read(bytes: Buffer, size: number): PrintedPoint[] {
  const reader = createPrintedReader({ rules: [] });
  const points: PrintedPoint[] = [];
  for (let at = 0; at < bytes.length; at += size) points.push(...reader.read(bytes.subarray(at, at + size)));
  return [...points, ...reader.end()];
}

function summaryOf(points: readonly PrintedPoint[]) {
  const byName: Record<string, { rule: string; count: number; first: unknown; last: unknown }> = {};
  for (const { name, rule, step, value } of points) {
    const known = (byName[name] ??= { rule, count: 0, first: [step, value], last: null });
    known.count++;
    known.last = [step, value];
  }
  // As JSON has it: -0 and NaN too.
  return JSON.parse(JSON.stringify(byName)) as unknown;
}
