import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/model/goal';
import type { ColumnInfo } from '../../src/model/table';
import { complete } from './complete';

const goal: Goal = { metric: 'val_accuracy', direction: 'maximize', target: null };
const infos: readonly ColumnInfo[] = [
  {
    ...{ column: { kind: 'metric', name: 'val_accuracy', of: 'last' }, runCount: 9, differs: true },
    ...{ isNumeric: true, min: 0.9415, max: 0.9916 },
  },
  {
    ...{ column: { kind: 'param', name: 'learning rate' }, runCount: 9, differs: true },
    ...{ isNumeric: true, min: 0.001, max: 0.1 },
  },
];

/** Completes a filter at its `|`. */
function at(marked: string) {
  const cursor = marked.indexOf('|');
  return complete(marked.replace('|', ''), cursor, infos, goal);
}
const texts = (marked: string) => at(marked)?.items.map(({ text }) => text) ?? [];

describe('a filter is completed', () => {
  it('by names with their ranges, the goal first, quoted where they must be', () => {
    expect(at('metrics.val|')?.items[0]).toMatchObject({
      text: 'metrics.val_accuracy',
      detail: 'last, 0.9415 to 0.9916, goal',
    });
    expect(texts('rate|')).toEqual(['params.`learning rate`']);
  });

  it('by the least and the greatest once a metric is written', () => {
    expect(texts('metrics.val_accuracy|')).toContain('metrics.val_accuracy.min');
    expect(texts('metrics.val|')).not.toContain('metrics.val_accuracy.min');
  });

  it('by comparisons behind a name, values behind a comparison, and what joins clauses', () => {
    expect(texts('metrics.val_accuracy |')).toContain('>=');
    expect(texts('state = f|')).toEqual(['finished', 'failed']);
    expect(at("params.`learning rate` = '|")?.valuesOf).toEqual({ kind: 'param', name: 'learning rate' });
    expect(texts('metrics.val_accuracy > 0.9 a|')).toEqual(['and']);
  });

  it('takes the place of what was typed only', () => {
    const found = at('state = failed and metrics.val| > 1');
    expect([found?.from, found?.typed]).toEqual([19, 'metrics.val']);
  });

  it('offers nothing for what stands there already', () => {
    expect(at('params.`learning rate`|')).toBe(null);
  });
});
