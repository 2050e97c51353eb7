import { describe, expect, it } from 'vitest';
import { axisOf, shareOf } from './axis';
import { aFormRun, aSpec } from './fixtures';
import { goalRange, prepareTried } from './tried';

describe('what was tried of a param', () => {
  const lr = aSpec('lr', '0.1');

  it('is nothing, one value, or a dot a run', () => {
    expect(prepareTried(lr, [], null)).toEqual({ kind: 'none' });
    expect(prepareTried(lr, [aFormRun({ lr: '0.1' }, 1)], { min: 0, max: 1 })).toEqual({
      kind: 'only',
      value: '0.1',
    });
    const runs = [aFormRun({ lr: '0.1' }, 1), aFormRun({ lr: '0.1' }, 0), aFormRun({ lr: '1' }, null)];
    const tried = prepareTried(lr, runs, goalRange(runs));
    expect(tried.kind === 'several' && tried.path).toBe('M5.0 4.0h0M2.5 23.0h0');
    expect(tried.kind === 'several' && tried.values).toEqual([
      { value: '0.1', count: 2, highest: 1, lowest: 0 },
      { value: '1', count: 1, highest: null, lowest: null },
    ]);
  });

  it('stays small with thousands of runs', () => {
    const runs = Array.from({ length: 5_000 }, (_, index) => aFormRun({ lr: String(index + 1) }, index));
    const tried = prepareTried(lr, runs, goalRange(runs));
    expect(tried.kind === 'several' && tried.path.split('M').length).toBeLessThan(310);
  });

  it('is not pressed flat by a run that diverged', () => {
    const runs = Array.from({ length: 100 }, (_, index) =>
      aFormRun({}, index === 0 ? -1e9 : 0.9 + index / 1e3),
    );
    expect(goalRange(runs)?.min).toBeGreaterThan(0.9);
  });
});

describe('an axis of values', () => {
  it('is logarithmic over decades, linear below, and in the order of the choices for words', () => {
    const log = axisOf(aSpec('lr', null), ['0.001', '0.1', '0.01']);
    expect([log.kind, ...log.values]).toEqual(['log', '0.001', '0.01', '0.1']);
    expect(shareOf(log, 0.01)).toBeCloseTo(0.5);
    expect(axisOf(aSpec('n', null), ['1', '2', '5']).kind).toBe('linear');
    const words = axisOf(aSpec('opt', null, { type: 'str', choices: ['sgd', 'adam'] }), ['adam', 'sgd']);
    expect([words.kind, ...words.values]).toEqual(['words', 'sgd', 'adam']);
    expect(words.at('none')).toBeNull();
  });

  it('has one place for numbers that are the same', () => {
    expect(axisOf(aSpec('lr', null), ['0.1', '1e-1', '0.2']).values).toHaveLength(2);
  });
});
