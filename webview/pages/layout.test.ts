import { describe, expect, it } from 'vitest';
import { aRun } from '../charts/fixtures';
import { layOut } from './layout';

const goal = { metric: 'val_accuracy', direction: 'maximize', target: null } as const;
const runs = [
  aRun({ metrics: ['loss', 'val_accuracy', 'val_loss', 'system/cpu'] }),
  aRun({ metrics: ['layer10', 'layer2', 'val_accuracy'] }),
];

describe('the order of charts', () => {
  it('leads with the goal, then validation, and keeps the machine’s metrics for the end', () => {
    expect(layOut(runs, goal, '')).toEqual({
      lead: 'val_accuracy',
      metrics: ['val_loss', 'layer2', 'layer10', 'loss'],
      system: ['system/cpu'],
      filteredOut: 0,
    });
  });

  it('keeps what contains each word of the filter', () => {
    expect(layOut(runs, goal, 'LOSS val')).toEqual({
      lead: null,
      metrics: ['val_loss'],
      system: [],
      filteredOut: 5,
    });
  });

  it('has no lead before the goal’s metric was logged', () => {
    expect(layOut([aRun({ metrics: ['loss'] })], goal, '').lead).toBeNull();
  });
});
