import { expect, test } from 'vitest';
import type { RunId } from '../model/run';
import { type Memory, createRunColours } from './runColours';

const id = (n: number) => n.toString(16).padStart(32, '0') as RunId;

function memory(): Memory & { saved: unknown } {
  return {
    saved: undefined,
    get() {
      return this.saved;
    },
    update(_key, value) {
      this.saved = value;
      return Promise.resolve();
    },
  };
}

test('a run keeps its colour as long as it is on, and the next one takes the first that is free', () => {
  const colours = createRunColours(memory());
  colours.turnOn([id(1), id(2), id(3)]);
  colours.turnOff([id(2)]);
  colours.turnOn([id(4)]);
  expect([id(1), id(2), id(3), id(4)].map(colours.slotOf)).toEqual([1, undefined, 3, 2]);
  expect(colours.on()).toEqual([id(1), id(4), id(3)]);
});

test('colours are the same after a reload', () => {
  const kept = memory();
  createRunColours(kept).turnOn([id(7), id(8)]);
  expect(createRunColours(kept).slotOf(id(8))).toBe(2);
});

test.each([[null], ['x'], [{ nonsense: 1 }], [{ [id(1)]: -1, [id(2)]: 'red' }]])(
  'what is not a colour in the saved state is left out: %j',
  (saved) => {
    const kept = memory();
    kept.saved = saved;
    expect(createRunColours(kept).on()).toEqual([]);
  },
);

test('only runs that really change are announced', () => {
  const colours = createRunColours(memory());
  const heard: (readonly RunId[])[] = [];
  colours.onDidChange((runIds) => heard.push(runIds));
  colours.turnOn([id(1)]);
  colours.turnOn([id(1)]);
  colours.turnOff([id(2)]);
  expect(heard).toEqual([[id(1)]]);
});
