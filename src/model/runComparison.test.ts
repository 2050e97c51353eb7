import { describe, expect, it } from 'vitest';
import type { MetricSummary } from './run';
import { chartedMetrics, compareMetric, compareParams, directionOf, orderMetrics } from './runComparison';

const summary = (last: number, min = last, max = last): MetricSummary => ({
  last,
  lastStep: 30,
  min,
  minStep: 7,
  max,
  maxStep: 9,
  first: max,
  firstStep: 1,
  count: 30,
});
const goal = { metric: 'score', direction: 'minimize', target: null } as const;
const noise = { spread: 0.01, runCount: 4, threshold: 0.03 };

describe('a metric beside the other run', () => {
  it('compares the best values, in the direction that its name says', () => {
    const compared = compareMetric('val_loss', summary(0.3, 0.1, 0.9), summary(0.5, 0.25), null, null);
    expect(compared).toMatchObject({ best: { value: 0.1, step: 7 }, other: 0.25, verdict: 'unknown' });
    expect(compared.difference).toBeCloseTo(-0.15);
  });

  it('goes by the goal where there is one', () => {
    expect(compareMetric('score', summary(1, 0.5, 2), null, goal, null).best?.value).toBe(0.5);
  });

  it('is better or worse only beyond what seeds do', () => {
    const verdict = (metric: string, own: number, other: number) =>
      compareMetric(metric, summary(own), summary(other), null, noise).verdict;
    expect(verdict('accuracy', 0.95, 0.9)).toBe('better');
    expect(verdict('accuracy', 0.9, 0.95)).toBe('worse');
    expect(verdict('loss', 0.9, 0.95)).toBe('better');
    expect(verdict('accuracy', 0.92, 0.9)).toBe('within');
    expect(verdict('accuracy', 0.9, 0.9)).toBe('equal');
    expect(verdict('lr', 0.1, 0.9)).toBe('unknown');
  });

  it('has no difference with what is no number', () => {
    expect(compareMetric('loss', summary(NaN, NaN, NaN), summary(1), null, noise)).toMatchObject({
      best: null,
      difference: null,
      verdict: 'unknown',
    });
    expect(compareMetric('loss', summary(1), null, null, noise).difference).toBeNull();
  });

  it.each([
    ['val_accuracy', 'maximize'],
    ['test/f1', 'maximize'],
    ['mAP@50', 'maximize'],
    ['latency_ms', 'minimize'],
    ['rmse', 'minimize'],
    ['lr', null],
    ['epoch', null],
    ['mapped_rows', null],
    ['system/cpu_utilization_percentage', null],
  ])('%s: %s', (metric, direction) => expect(directionOf(metric, null)).toBe(direction));
});

describe('the order of metrics', () => {
  const names = ['train_loss', 'system/cpu', 'val_loss', 'lr', 'score', 'val_accuracy'];
  it('begins with the goal, then what was validated, without those of the system', () => {
    expect(orderMetrics(names, goal)).toEqual(['score', 'val_accuracy', 'val_loss', 'lr', 'train_loss']);
  });
  it('has the goal and one loss as large charts', () => {
    expect(chartedMetrics(orderMetrics(names, goal), goal)).toEqual(['score', 'val_loss']);
    expect(chartedMetrics(['a'], null)).toEqual(['a']);
    expect(chartedMetrics([], null)).toEqual([]);
  });
});

describe('params beside those of the other run', () => {
  it('brings what differs to the front, and knows 1e-3 and 0.001 for the same', () => {
    const compared = compareParams({ lr: '1e-3', b: '2', a: '1' }, { lr: '0.001', b: '3', c: '1' });
    expect(compared.map(({ name, differs }) => [name, differs])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
      ['lr', false],
    ]);
  });
  it('differs in nothing when there is no other run', () => {
    expect(compareParams({ a: '1' }, null)).toEqual([{ name: 'a', own: '1', other: null, differs: false }]);
  });
  it('takes a param that is named like a property of every object for what it is', () => {
    const hostile: Record<string, string> = JSON.parse('{"__proto__": "x", "constructor": "y"}');
    expect(compareParams(hostile, {}).map(({ name, other }) => [name, other])).toEqual([
      ['__proto__', null],
      ['constructor', null],
    ]);
  });
});
