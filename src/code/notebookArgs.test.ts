import { expect, test } from 'vitest';
import { notebookArgs } from './notebookArgs';

test("a notebook gets each parameter with papermill's option for its kind", () => {
  expect(notebookArgs({ lr: 0.5, name: '007', fast: true, cap: null, layers: [64, 32], tiny: 1e-7 })).toEqual(
    [
      ...['-p', 'lr', '0.5'],
      ...['-r', 'name', '007'],
      ...['-p', 'fast', 'True'],
      ...['-p', 'cap', 'None'],
      ...['-y', '{"layers":[64,32]}'],
      ...['-p', 'tiny', '1e-7'],
    ],
  );
  expect(notebookArgs({})).toEqual([]);
});
