import { expect, test } from 'vitest';
import { addRun, openTemporary } from './testing';

function waitingStore() {
  const store = openTemporary();
  const add = (name: string) => {
    const runId = addRun(store, { name, state: 'queued' }) as ReturnType<typeof store.createRun>;
    store.write('full', () =>
      store.addPlacement({
        ...{ runId, queuedAt: 1, requestKey: `key of ${name}`, isolated: true, gpuCount: 0 },
        ...{ gpus: null, retries: 0, params: { lr: '1' }, waits: true },
      }),
    );
    return runId;
  };
  const names = () =>
    store
      .waitingRuns()
      .map(({ name }) => name)
      .join('');
  return { store, add, names };
}

test('runs wait in the order in which they came, until they are ordered otherwise, leave or are deleted', () => {
  const { store, add, names } = waitingStore();
  const [a, b, c] = [add('a'), add('b'), add('c')];
  expect(names()).toBe('abc');
  store.write('full', () => store.orderWaiting([c, 'gone']));
  expect(names()).toBe('cab');
  store.write('full', () => store.leaveQueue(c, [1]));
  expect(names()).toBe('ab');
  expect(store.placementOf(c)).toMatchObject({ place: null, gpus: [1], params: { lr: '1' } });
  expect(add('d')).toBeTruthy();
  store.write('full', () => store.returnToQueue(c));
  expect(names()).toBe('cabd');
  store.write('full', () => store.deleteRuns([a]));
  expect(names()).toBe('cbd');
  store.write('full', () => store.restoreRuns([a]));
  expect(names()).toBe('cabd');
  expect(store.placementByKey('key of b')?.runId).toBe(b);
});

test('GPUs are in use while an attempt goes on', () => {
  const { store, add } = waitingStore();
  const runId = add('a');
  store.write('full', () => {
    store.createAttempt({ attemptId: 'one', runId, tokenHash: 'x', experimentChosen: false });
    store.leaveQueue(runId, [2, 0]);
  });
  expect(store.gpusInUse()).toEqual([0, 2]);
  store.write('full', () => store.updateAttempt('one', { endedAt: 5 }));
  expect(store.gpusInUse()).toEqual([]);
});

test('the feed tells that the queue changed, and tells it again to who was away', () => {
  const { store, add } = waitingStore();
  add('a');
  store.takeChanges();
  const before = store.currentSeq();
  store.write('full', () => store.setQueuePaused(true, 'The machine was started anew.'));
  expect(store.takeChanges()).toMatchObject({ queue: true });
  expect(store.changesSince(before)).toMatchObject({ queue: true });
  expect(store.changesSince(store.currentSeq())).toMatchObject({ queue: false });
  expect(store.queueSwitch()).toMatchObject({ paused: true, pausedWhy: 'The machine was started anew.' });
});

test('a param that a person gave is what the script says, once it says something', () => {
  const { store, add } = waitingStore();
  const head = store.runHead(add('a'));
  const params = () => store.getRun(head.runId)?.params;
  store.write('full', () => store.giveParams(head, { lr: '0.1', depth: '3' }));
  store.write('full', () => store.logParams(head, [{ key: 'lr', value: '0.05' }]));
  expect(params()).toEqual({ lr: '0.05', depth: '3' });
  store.write('full', () => store.giveParams(head, { lr: '7' }));
  expect(params()).toEqual({ lr: '0.05', depth: '3' });
  expect(() => store.write('full', () => store.logParams(head, [{ key: 'lr', value: '9' }]))).toThrow(
    'not allowed',
  );
});
