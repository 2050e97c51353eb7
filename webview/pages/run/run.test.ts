import { describe, expect, it } from 'vitest';
import { aRun, aSeries } from '../../charts/fixtures';
import type { MetricSummary } from '../../../src/model/run';
import { readRunMemory } from './memory';
import { metricCells, systemTitle } from './metrics';
import { sparkPoints } from './sparkline';
import { rowsInView } from './window';
import { costText, ordinal } from './words';

const summary = (last: number): MetricSummary => ({
  last,
  lastStep: 30,
  min: last,
  minStep: 30,
  max: last,
  maxStep: 30,
  first: last,
  firstStep: 1,
  count: 30,
});
const cells = (own: number, other: number | null, threshold?: number) =>
  metricCells(
    'accuracy',
    summary(own),
    other === null ? null : summary(other),
    { goal: null },
    new Map(threshold === undefined ? [] : [['accuracy', { spread: 1, runCount: 4, threshold }]]),
  );

describe('a row of the metrics', () => {
  it('has a sign, an arrow, and ≈ within the noise', () => {
    expect(cells(0.9916, 0.9554)).toMatchObject({ last: '0.9916', other: '0.9554', difference: '+0.0362 ↑' });
    expect(cells(0.9, 0.95, 0.2).difference).toBe('−0.0500 ≈');
    expect(cells(0.9, 0.9).difference).toBe('=');
  });
  it('does not round a difference to nothing', () => expect(cells(0.50001, 0.5).difference).toBe('+1e−5 ↑'));
  it('says nothing of a metric that the other run has not', () =>
    expect(cells(0.9, null)).toMatchObject({ other: '–', difference: '' }));
  it('writes NaN and the infinities', () => {
    expect(cells(NaN, 0.5)).toMatchObject({ last: 'NaN', best: '–', difference: '' });
    expect(cells(Infinity, 0.5)).toMatchObject({ last: '∞', difference: '' });
  });
});

describe('a trend', () => {
  const run = aRun({});
  it('is one line from the first to the last point', () => {
    const [piece, ...others] = sparkPoints(aSeries(run, [1, 2, 3]));
    expect(others).toEqual([]);
    expect(piece?.map(([, y]) => y)).toEqual([15.5, 9, 2.5]);
  });
  it('has gaps where there is no number', () => {
    expect(sparkPoints(aSeries(run, [1, NaN, 2, Infinity, 3])).map((piece) => piece.length)).toEqual([
      1, 1, 1,
    ]);
    expect(sparkPoints(aSeries(run, [NaN, Infinity]))).toEqual([]);
  });
  it('is a dot in the middle of one point', () =>
    expect(sparkPoints(aSeries(run, [5]))).toEqual([[[46, 9]]]));
});

describe('of ten thousand rows', () => {
  it('those on the screen are drawn', () => {
    expect(rowsInView(10_000, 22, 0, 264)).toEqual({ from: 0, to: 20 });
    expect(rowsInView(10_000, 22, 22_000, 264)).toEqual({ from: 992, to: 1020 });
    expect(rowsInView(10_000, 22, 1e9, 264)).toEqual({ from: 10_000, to: 10_000 });
    expect(rowsInView(3, 22, 0, 66)).toEqual({ from: 0, to: 3 });
  });
});

it('system metrics are called by words, with their unit', () => {
  expect(systemTitle('system/cpu_utilization_percentage')).toEqual({ title: 'CPU utilization', unit: '%' });
  expect(systemTitle('system/system_memory_usage_megabytes')).toEqual({ title: 'Memory usage', unit: 'MB' });
  expect(systemTitle('system/gpu_0_power_usage_watts')).toEqual({ title: 'GPU 0 power usage', unit: 'W' });
  expect(systemTitle('system/odd')).toEqual({ title: 'Odd', unit: '' });
});

it('what an earlier page left is read with care', () => {
  expect(readRunMemory(null)).toMatchObject({ compareWith: 'champion', folded: [], draft: null });
  expect(readRunMemory({ compareWith: 7, folded: ['a', 3], scrollTop: 'x', draft: 'text' })).toMatchObject({
    compareWith: 'champion',
    folded: ['a'],
    scrollTop: 0,
    draft: 'text',
  });
  expect(readRunMemory({ compareWith: 'a'.repeat(32) }).compareWith).toBe('a'.repeat(32));
});

it('costs and places are words', () => {
  expect(
    costText(
      new Map([
        ['winnow.cost', '0.021'],
        ['winnow.currency', 'EUR'],
        ['winnow.energyWh', '0.312'],
      ]),
    ),
  ).toBe('0.02 EUR, 0.31 Wh');
  expect(costText(new Map([['winnow.cost', 'x']]))).toBeNull();
  expect([1, 2, 3, 4, 11, 12, 21, 102].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '21st',
    '102nd',
  ]);
});
