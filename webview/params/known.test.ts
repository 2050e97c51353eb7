import { describe, expect, it } from 'vitest';
import { aFormRun, aSpec } from './fixtures';
import { prepareKnown } from './known';

const specs = [
  aSpec('lr', '0.01'),
  aSpec('hidden', '64', { type: 'int' }),
  aSpec('seed', '0', { type: 'int' }),
];

describe('what runs say about values', () => {
  it('is how often they were tried, whatever the seed, with mean and deviation', () => {
    const runs = [
      aFormRun({ lr: '0.01', hidden: '64', seed: '0' }, 0.9),
      aFormRun({ lr: '1e-2', hidden: '64', seed: '1' }, 0.94),
      aFormRun({ lr: '0.1', hidden: '64', seed: '0' }, 0.5),
    ];
    const known = prepareKnown(specs, [{ lr: '0.01', hidden: '64', seed: '7' }], runs, 'maximize');
    expect(known).toMatchObject({ kind: 'tried', times: 2, goal: { count: 2 } });
    if (known.kind !== 'tried') return;
    expect(known.goal?.mean).toBeCloseTo(0.92);
    expect(known.goal?.sd).toBeCloseTo(0.02828);
    expect(known.runs[0]).toBe(runs[1]);
  });

  it('are the runs nearest to values that nobody tried, each configuration once', () => {
    const runs = [
      aFormRun({ lr: '0.01', hidden: '16' }, 0.8),
      aFormRun({ lr: '0.003', hidden: '64', seed: '1' }, 0.9),
      aFormRun({ lr: '0.003', hidden: '64', seed: '2' }, 0.91),
      aFormRun({ lr: '1', hidden: '64' }, 0.1),
    ];
    const known = prepareKnown(specs, [{ lr: '0.005', hidden: '64' }], runs, 'maximize');
    expect(known.kind === 'new' && known.nearest.map(({ run, differs }) => [run.name, ...differs])).toEqual([
      [runs[2]?.name, 'lr 0.003'],
      [runs[3]?.name, 'lr 1'],
      [runs[0]?.name, 'lr 0.01', 'hidden 16'],
    ]);
  });

  it('counts the combinations that were tried', () => {
    const runs = [aFormRun({ lr: '0.01' }, 0.3), aFormRun({ lr: '0.02' }, 0.2)];
    const values = ['0.01', '0.02', '0.03'].map((lr) => ({ lr }));
    expect(prepareKnown(specs, values, runs, 'minimize')).toMatchObject({
      kind: 'several',
      count: 3,
      tried: 2,
      best: runs[1],
    });
  });

  it('takes the default for a param that a run says nothing of', () => {
    expect(prepareKnown(specs, [{}], [aFormRun({}, 0.5)], 'maximize')).toMatchObject({
      kind: 'tried',
      times: 1,
    });
  });
});
