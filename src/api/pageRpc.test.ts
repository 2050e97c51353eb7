import { describe, expect, it } from 'vitest';
import { UserError } from '../base/errors';
import { type Channel, openChannel } from './pageRpc';

interface Adder {
  add(request: { a: number; b: number }): Promise<number>;
}

/** Two ends that are joined as a window and a page are; the first calls, the second answers. */
function joined(answer: (method: string, request: unknown) => Promise<unknown>): {
  caller: Channel<Adder>;
  bugs: unknown[];
} {
  const bugs: unknown[] = [];
  const caller: Channel<Adder> = openChannel(
    (message) => other.receive(message),
    () => Promise.reject(new Error('Nobody calls this end.')),
  );
  const other: Channel<Adder> = openChannel(
    (message) => caller.receive(message),
    answer,
    (error) => bugs.push(error),
  );
  return { caller, bugs };
}

describe('the line between a window and a page', () => {
  it('answers a request', async () => {
    const { caller } = joined((method, request) => Promise.resolve([method, request]));
    expect(await caller.call('add', { a: 1, b: 2 })).toEqual(['add', { a: 1, b: 2 }]);
  });

  it('answers a throw with its code and its sentence', async () => {
    const { caller, bugs } = joined(() =>
      Promise.reject(new UserError('run-unknown', 'There is no such run.')),
    );
    await expect(caller.call('add', { a: 1, b: 2 })).rejects.toMatchObject({
      code: 'run-unknown',
      message: 'There is no such run.',
    });
    expect(bugs).toEqual([]);
  });

  it('reports what is no sentence for a person as a bug', async () => {
    const bug = new TypeError('x is undefined');
    const { caller, bugs } = joined(() => Promise.reject(bug));
    await expect(caller.call('add', { a: 1, b: 2 })).rejects.toThrow('x is undefined');
    expect(bugs).toEqual([bug]);
  });

  it('rejects what is waiting when the page closes', async () => {
    const { caller } = joined(() => new Promise(() => undefined));
    const waiting = caller.call('add', { a: 1, b: 2 });
    caller.rejectPending('The page was closed.');
    await expect(waiting).rejects.toMatchObject({ code: 'page-closed', message: 'The page was closed.' });
  });

  it('ignores what is no message of ours, and answers to nobody', () => {
    const { caller } = joined(() => Promise.resolve(null));
    for (const stray of [null, 7, 'text', {}, { kind: 'call' }, { kind: 'answer', id: 'x-1', value: 1 }]) {
      expect(() => caller.receive(stray)).not.toThrow();
    }
  });
});
