import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { waitForGo } from './go';
import { readOrders } from './orders';

const never = new Promise<void>(() => undefined);

function saying(...parts: string[]): Promise<string | null> {
  const input = new PassThrough();
  for (const part of parts) input.write(part);
  input.end();
  return waitForGo(readOrders(input), never);
}

test('the script starts at the word, also when it comes in pieces', async () => {
  expect(await saying('go\n')).toBeNull();
  expect(await saying('g', 'o', '\n')).toBeNull();
});

test('the word may come together with the order before it', async () => {
  const input = new PassThrough();
  input.end('attempt "/a b"\ngo\n');
  const orders = readOrders(input);
  expect(await orders.next()).toBe('attempt "/a b"');
  expect(await waitForGo(orders, never)).toBeNull();
});

test('a refusal is kept as the reason', async () => {
  expect(await saying('no The disk is full.\n')).toBe('The disk is full.');
});

test('without a word nothing starts', async () => {
  for (const parts of [[], ['go'], ['g']]) expect(await saying(...parts)).toContain('Start the run again.');
});

test('a wish to stop ends the waiting', async () => {
  expect(await waitForGo(readOrders(new PassThrough()), Promise.resolve())).toContain('stopped before');
});
