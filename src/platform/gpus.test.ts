import { expect, test } from 'vitest';
import { visibleGpus } from './gpus';

const gpus = [0, 1, 2].map((index) => ({ index, uuid: `GPU-${'abc'[index]}1` }));

test.each([
  [undefined, [0, 1, 2]],
  ['', []],
  ['-1', []],
  ['2,0', [2, 0]],
  ['1, 7, 0', [1]],
  ['GPU-c,GPU-a1', [2, 0]],
])('CUDA_VISIBLE_DEVICES=%s leaves %j', (list, visible) => {
  expect(visibleGpus(gpus, list)).toEqual(visible);
});
