import { describe, expect, it } from 'vitest';
import { allAtOnce } from '../../base/slices';
import type { Goal } from '../../model/goal';
import { TAGS } from '../../model/run';
import type { Store } from '../store';
import { addRun, log, openTemporary } from '../testing';

const GOAL: Goal = { metric: 'acc', direction: 'maximize', target: null };

function finished(store: Store, value: number, params: Readonly<Record<string, string>>): string {
  const runId = addRun(store, { name: `run ${value}` });
  log(store, runId, [{ name: 'acc', value }]);
  store.write('normal', () => {
    store.logParams(
      store.runHead(runId),
      Object.entries(params).map(([key, text]) => ({ key, value: text })),
    );
    store.updateRun(runId, { state: 'finished' });
  });
  return runId;
}

const facts = (store: Store, championId: string | null) => allAtOnce(store.readFacts('0', GOAL, championId));

describe('the facts of an experiment', () => {
  it('name the best run, the champion and how the best other configuration stands beside it', () => {
    const store = openTemporary();
    const champion = finished(store, 0.9, { lr: '1', seed: '0' });
    finished(store, 0.92, { lr: '1', seed: '1' });
    finished(store, 0.98, { lr: '2', seed: '0' });
    const best = finished(store, 0.99, { lr: '2', seed: '1' });
    expect(facts(store, champion)).toMatchObject({
      runCount: 4,
      runningCount: 0,
      best: { runId: best, value: 0.99 },
      champion: { runId: champion, value: 0.9 },
      difference: { seedCount: 2, championSeedCount: 2, chosenFrom: 1 },
    });
    expect(facts(store, champion).difference?.difference).toBeCloseTo(0.075, 12);
  });

  it('follow what changes: a param that comes later, an archived and a deleted run', () => {
    const store = openTemporary();
    const champion = finished(store, 0.9, { lr: '1' });
    const other = finished(store, 0.95, { lr: '1' });
    expect(facts(store, champion).difference).toBeNull();
    store.write('normal', () => store.logParams(store.runHead(other), [{ key: 'depth', value: '3' }]));
    expect(facts(store, champion).difference?.difference).toBeCloseTo(0.05, 12);
    store.write('normal', () => store.setTags(store.runHead(other), [{ key: TAGS.archived, value: 'true' }]));
    expect(facts(store, champion)).toMatchObject({ runCount: 1, best: { runId: champion } });
  });

  it('name few runs that are worth looking at: best, champion, running, newest', () => {
    const store = openTemporary();
    const champion = finished(store, 0.5, {});
    const best = finished(store, 1, {});
    for (let i = 0; i < 10; i++) finished(store, 0.1, {});
    const running = addRun(store);
    const { worthSeeing } = facts(store, champion);
    expect(worthSeeing.slice(0, 3)).toEqual([best, champion, running]);
    expect(worthSeeing).toHaveLength(7);
  });

  it('are few before the first run and without a value', () => {
    const store = openTemporary();
    expect(facts(store, null)).toMatchObject({ runCount: 0, best: null, champion: null, worthSeeing: [] });
    const runId = addRun(store);
    log(store, runId, [{ name: 'acc', value: NaN }]);
    expect(facts(store, null)).toMatchObject({ best: null, worthSeeing: [runId] });
  });
});
