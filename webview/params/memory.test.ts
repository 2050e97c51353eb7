import { expect, it } from 'vitest';
import { readFormMemory } from './memory';

const EMPTY = { values: {}, note: '', gpuCount: null, filter: '', x: '', asTable: false };

it.each([[undefined], ['text'], [{ values: [1], note: 3, gpuCount: -1 }], [{ values: { lr: 3 } }]])(
  'what is no memory of a form (%j) is an empty one',
  (state) => expect(readFormMemory(state)).toEqual(EMPTY),
);

it('what was typed comes back', () => {
  const memory = { ...EMPTY, values: { lr: '0.1' }, note: 'why', gpuCount: 2, asTable: true };
  expect(readFormMemory(JSON.parse(JSON.stringify(memory)))).toEqual(memory);
});
