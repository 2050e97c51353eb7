import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { Memory } from '../runColours';
import { createPageMemory } from './pageMemory';

const text = z.string();

function mementoWith(saved?: unknown): Memory & { saved: unknown } {
  return {
    saved,
    get() {
      return this.saved;
    },
    update(_key, value) {
      this.saved = structuredClone(value);
      return Promise.resolve();
    },
  };
}

test('what was kept is there after a reload, and what was forgotten is not', () => {
  const memento = mementoWith();
  const before = createPageMemory(memento, 'pages', text);
  before.keep('a', 'first');
  before.keep('a', 'second');
  before.keep('b', 'other');
  before.forget('b');
  const after = createPageMemory(memento, 'pages', text);
  expect([after.read('a'), after.read('b')]).toEqual(['second', null]);
});

test('the page that was changed longest ago is given up first', () => {
  const memento = mementoWith();
  const memory = createPageMemory(memento, 'pages', text);
  for (let page = 0; page < 30; page++) memory.keep(`${page}`, 'kept');
  memory.keep('0', 'again');
  memory.keep('one more', 'kept');
  expect([memory.read('0'), memory.read('1'), memory.read('2')]).toEqual(['again', null, 'kept']);
});

test.each([['text'], [[1, ['a']]], [{ a: 'b' }], [[['a', 3]]]])(
  'what is no memory (%j) is an empty one',
  (saved) => expect(createPageMemory(mementoWith(saved), 'pages', text).read('a')).toBeNull(),
);
