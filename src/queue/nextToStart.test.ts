import { expect, test } from 'vitest';
import type { RunId } from '../model/run';
import { type Line, nextToStart } from './nextToStart';

const waiter = (name: string, more: Partial<Line['waiting'][number]> = {}) => ({
  ...{ runId: name as RunId, ready: true, gpuCount: 0, visibleGpus: [0, 1, 2] },
  ...more,
});
const line: Line = { slots: 2, slotsInUse: 1, freeGpus: [1, 2], waiting: [waiter('a'), waiter('b')] };

test.each<[string, Partial<Line>, ReturnType<typeof nextToStart>]>([
  ['the first starts when a slot is free', {}, { runId: 'a' as RunId, gpus: [] }],
  ['nobody starts when none is', { slotsInUse: 2 }, null],
  ['more runs than slots, since some were not held back, leave none', { slotsInUse: 5 }, null],
  ['nobody waits', { waiting: [] }, null],
  [
    'GPUs are given that are free and that it may see',
    { waiting: [waiter('a', { gpuCount: 1, visibleGpus: [0, 2] })] },
    { runId: 'a' as RunId, gpus: [2] },
  ],
  [
    'one that needs less does not pass the first',
    { waiting: [waiter('a', { gpuCount: 3 }), waiter('b')] },
    null,
  ],
  [
    'one that can never start here holds up nobody',
    { waiting: [waiter('a', { gpuCount: 4 }), waiter('b')] },
    { runId: 'b' as RunId, gpus: [] },
  ],
  [
    'the first is waited for until its code is kept',
    { waiting: [waiter('a', { ready: false }), waiter('b')] },
    null,
  ],
])('%s', (_title, change, next) => {
  expect(nextToStart({ ...line, ...change })).toEqual(next);
});
