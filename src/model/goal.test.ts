import { describe, expect, test } from 'vitest';
import { bestRun, defaultDirection, defaultGoal, isBetter } from './goal';
import type { ExperimentId, Run, RunId } from './run';

function runWith(id: string, min: number, max: number, createdAt = 0, deleted = false): Run {
  const summary = {
    last: max,
    lastStep: 1,
    min,
    minStep: 0,
    max,
    maxStep: 1,
    first: min,
    firstStep: 0,
    count: 2,
  };
  return {
    runId: id as RunId,
    experimentId: '1' as ExperimentId,
    experiment: 'digits',
    name: id,
    state: 'finished',
    createdAt,
    startedAt: createdAt,
    endedAt: createdAt,
    exitCode: 0,
    signal: null,
    reason: null,
    parentRunId: null,
    childCount: 0,
    hasRunner: true,
    deleted,
    params: {},
    metrics: { m: summary },
    tags: {},
  };
}

describe('the goal of an experiment that names none', () => {
  test('is val_accuracy before any other metric', () => {
    expect(defaultGoal(['loss', 'val_loss', 'val_accuracy', 'accuracy'])?.metric).toBe('val_accuracy');
  });
  test('is the first validation metric, minimised when it is a loss', () => {
    expect(defaultGoal(['accuracy', 'val_loss'])).toEqual({
      metric: 'val_loss',
      direction: 'minimize',
      target: null,
    });
  });
  test('is never a system metric, and nothing when there is nothing to go by', () => {
    expect(defaultGoal(['system/cpu_utilization_percentage', 'zeta'])).toBeNull();
  });
  test('is minimised for errors and perplexity, whatever the case', () => {
    expect(['RMSE', 'Perplexity', 'mean_error', 'f1'].map(defaultDirection)).toEqual([
      'minimize',
      'minimize',
      'minimize',
      'maximize',
    ]);
  });
});

describe('the best run', () => {
  const maximize = { metric: 'm', direction: 'maximize', target: null } as const;
  test('goes by the best value that was reached, not by the last', () => {
    expect(bestRun([runWith('a', 0, 3), runWith('b', 1, 2)], maximize)?.runId).toBe('a');
    expect(
      bestRun([runWith('a', 0, 3), runWith('b', 1, 2)], { ...maximize, direction: 'minimize' })?.runId,
    ).toBe('a');
  });
  test('is the earlier one of two equals', () => {
    expect(bestRun([runWith('late', 0, 1, 20), runWith('early', 0, 1, 10)], maximize)?.runId).toBe('early');
  });
  test('is never a deleted one or one without a number', () => {
    expect(
      bestRun([runWith('gone', 0, 9, 0, true), runWith('nan', NaN, NaN), runWith('b', 0, 1)], maximize)
        ?.runId,
    ).toBe('b');
    expect(bestRun([runWith('nan', NaN, NaN)], maximize)).toBeNull();
  });
  test('NaN is worse than any number', () => {
    expect(isBetter(NaN, -Infinity, 'maximize')).toBe(false);
    expect(isBetter(-Infinity, NaN, 'maximize')).toBe(true);
  });
});
