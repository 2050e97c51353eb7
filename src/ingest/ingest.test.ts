import { expect, test } from 'vitest';
import { addRun, openTemporary } from '../store/testing';
import type { Store } from '../store/store';
import { createIngest } from './ingest';

function counting(store: Store) {
  let commits = 0;
  const counted = {
    ...store,
    write<T>(durability: 'full' | 'normal', work: () => T): T {
      commits++;
      return store.write(durability, work);
    },
  };
  return { counted, commits: () => commits };
}

test('writes of one turn share a commit, and one that fails fails alone', async () => {
  const store = openTemporary();
  const runId = addRun(store);
  const published: number[] = [];
  const { counted, commits } = counting(store);
  const ingest = createIngest(counted, (changes) => published.push(changes.metrics.size));
  const log = (step: number) =>
    ingest.write('normal', () =>
      store.logMetrics(store.runHead(runId), [{ name: 'loss', value: step, step, timestamp: step }]),
    );
  const results = await Promise.allSettled([
    log(0),
    ingest.write('full', () => {
      store.setTags(store.runHead(runId), [{ key: 'half', value: 'done' }]);
      throw new Error('no');
    }),
    log(1),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(commits()).toBe(1);
  expect(published).toEqual([1]);
  expect(store.getRun(runId)?.metrics['loss']?.count).toBe(2);
  expect(store.getRun(runId)?.tags['half']).toBeUndefined();
});

test('a disk that is full fails everyone of the group: nobody is told what is not written', async () => {
  const store = openTemporary();
  const ingest = createIngest(store, () => undefined);
  const results = await Promise.allSettled([
    ingest.write('full', () => store.createExperiment('one')),
    ingest.write('full', () => {
      throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
    }),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(store.getExperimentByName('one')).toBeNull();
  await expect(ingest.write('full', () => store.createExperiment('two'))).resolves.toBe('1');
});
