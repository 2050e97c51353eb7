import { expect, test } from 'vitest';
import type { QueueState } from '../../model/queue';
import type { RunId } from '../../model/run';
import { ordinal, waitsFor } from './queueText';
import type { Translator } from './runText';

const l10n: Translator = {
  t: (message, ...args) => message.replaceAll(/\{(\d)\}/g, (_, index) => String(args[Number(index)])),
};

const waiter = (name: string, gpuCount = 0) => ({
  ...{ runId: name.padEnd(32, '0') as RunId, name, experiment: 'digits', gpuCount, queuedAt: 1 },
});

const state: QueueState = {
  ...{ paused: false, pausedWhy: null, slots: 1, slotsInUse: 1, gpus: [0, 1], gpusInUse: [0] },
  waiting: [waiter('a', 2), waiter('b'), waiter('c', 3)],
};

test.each<[string, Partial<QueueState>, number, string]>([
  ['the first of a full machine', {}, 0, 'for a slot'],
  ['the first beside a free slot', { slotsInUse: 0 }, 0, 'for 2 GPUs'],
  ['the first with all it needs', { slotsInUse: 0, gpusInUse: [] }, 0, 'starts now'],
  ['one behind another', {}, 1, 'after a'],
  ['one that can never start here', {}, 2, 'asks for 3 GPUs, there are 2'],
  ['one of a queue that is paused', { paused: true }, 0, 'paused'],
])('%s', (_title, change, index, text) => {
  expect(waitsFor({ ...state, ...change }, index, l10n)).toBe(text);
});

test('places are counted as a person says them', () => {
  const places = [1, 2, 3, 4, 11, 12, 13, 21, 112].map((place) => ordinal(place, l10n)).join(' ');
  expect(places).toBe('1st 2nd 3rd 4th 11th 12th 13th 21st 112th');
});
