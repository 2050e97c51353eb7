import { describe, expect, test } from 'vitest';
import { TAGS } from '../model/run';
import { PLAIN_VIEW } from '../model/savedView';
import { addRun, log } from '../store/testing';
import { openServer } from './testing';

const QUERY = {
  experimentIds: ['0'],
  filter: '',
  sort: [],
  groupBy: null,
  folded: [],
  includeArchived: false,
};
const ACCURACY = { kind: 'metric', name: 'val_accuracy', of: 'best' };
const LR = { kind: 'param', name: 'lr' };

function openFilled() {
  const server = openServer();
  const { store } = server;
  const ids = [0.9, 0.7, 0.8, 0.6].map((value, i) => {
    const runId = addRun(store, { name: `run-${i}`, startedAt: 1000 + i });
    store.write('normal', () =>
      store.logParams(store.runHead(runId), [{ key: 'lr', value: i < 2 ? '0.1' : '0.02' }]),
    );
    log(store, runId, [{ name: 'val_accuracy', value }]);
    return runId;
  });
  const ask = async (path: string, body: object) => server.post(`/api/winnow/${path}`, body);
  return { ...server, ids, ask };
}

describe('the table', () => {
  test('gives a stretch of the runs in their order, with their cells', async () => {
    const { ask, ids } = openFilled();
    const query = { ...QUERY, sort: [{ column: ACCURACY, descending: true }] };
    const { status, body } = await ask('table/read', { query, columns: [ACCURACY, LR], from: 1, count: 2 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      from: 1,
      rowCount: 4,
      runCount: 4,
      allCount: 4,
      rows: [
        { kind: 'run', runId: ids[2], cells: [0.8, '0.02'] },
        { kind: 'run', runId: ids[1], cells: [0.7, '0.1'] },
      ],
    });
  });

  test('gives groups with means, and hides the runs of folded ones', async () => {
    const { ask } = openFilled();
    const query = { ...QUERY, groupBy: LR, folded: ['0.1'] };
    const { body } = await ask('table/read', { query, columns: [ACCURACY], from: 0, count: 10 });
    expect(body).toMatchObject({
      rowCount: 4,
      rows: [
        { kind: 'group', value: '0.02', runCount: 2, isFolded: false, cells: [{ kind: 'numbers' }] },
        { kind: 'run' },
        { kind: 'run' },
        { kind: 'group', value: '0.1', isFolded: true },
      ],
    });
  });

  test('refuses a filter that makes no sense, and says where', async () => {
    const { ask } = openFilled();
    const query = { ...QUERY, filter: 'metrics.loss <' };
    const { status, body } = await ask('table/read', { query, columns: [], from: 0, count: 1 });
    expect(status).toBe(400);
    expect(body['message']).toMatch(/column/);
  });

  test('finds a row, lists runs, columns and values, and reads columns', async () => {
    const { ask, ids } = openFilled();
    expect((await ask('table/find', { query: QUERY, runId: ids[0] })).body).toEqual({ index: 3 });
    expect((await ask('table/run-ids', { query: QUERY, limit: 2 })).body).toEqual({
      runIds: [ids[3], ids[2]],
    });
    const { body } = await ask('table/columns', {
      experimentIds: ['0'],
      filter: '',
      includeArchived: false,
    });
    expect(body['columns']).toContainEqual({
      column: { kind: 'metric', name: 'val_accuracy', of: 'last' },
      runCount: 4,
      differs: true,
      isNumeric: true,
      min: 0.6,
      max: 0.9,
    });
    expect(
      (await ask('table/values', { experimentIds: ['0'], column: LR, containing: '2', limit: 9 })).body,
    ).toEqual({ values: [{ text: '0.02', runCount: 2 }] });
    expect(
      (await ask('table/read-columns', { query: QUERY, runIds: [ids[1]], columns: [LR], limit: 9 })).body,
    ).toEqual({
      runIds: [ids[1]],
      names: ['run-1'],
      states: ['running'],
      cells: [['0.1']],
      runCount: 1,
    });
  });
});

describe('tags of several runs', () => {
  test('are set and taken away, and archived runs leave the table', async () => {
    const { ask, ids } = openFilled();
    const set = { runIds: [ids[0], ids[1]], tags: [{ key: TAGS.archived, value: 'true' }] };
    expect((await ask('runs/set-tags', set)).status).toBe(200);
    expect((await ask('runs/set-tags', set)).status).toBe(200);
    const list = async () => (await ask('table/run-ids', { query: QUERY, limit: 9 })).body['runIds'];
    expect(await list()).toEqual([ids[3], ids[2]]);
    await ask('runs/set-tags', { runIds: [ids[0]], tags: [{ key: TAGS.archived, value: null }] });
    await ask('runs/set-tags', { runIds: [ids[0]], tags: [{ key: TAGS.archived, value: null }] });
    expect(await list()).toEqual([ids[3], ids[2], ids[0]]);
  });
});

describe('saved views', () => {
  const view = (name: string, filter = '') => ({
    experimentId: '0',
    view: { name, definition: { ...PLAIN_VIEW, filter } },
  });

  test('are kept in their order, replaced by name, renamed and deleted', async () => {
    const { ask } = openFilled();
    await ask('views/save', view('b'));
    await ask('views/save', view('a'));
    const saved = await ask('views/save', view('b', 'metrics.loss < 1'));
    expect(saved.body).toEqual({ views: [view('b', 'metrics.loss < 1').view, view('a').view] });
    const rename = { experimentId: '0', name: 'b', to: 'c' };
    expect((await ask('views/rename', rename)).status).toBe(200);
    expect((await ask('views/rename', rename)).status).toBe(200);
    expect((await ask('views/rename', { ...rename, name: 'a' })).body['error_code']).toBe('already-exists');
    await ask('views/delete', { experimentId: '0', name: 'c' });
    expect((await ask('views/list', { experimentId: '0' })).body).toEqual({ views: [view('a').view] });
  });

  test('say that the experiment changed', async () => {
    const { ask, store, feed } = openFilled();
    const seq = store.currentSeq();
    await ask('views/save', view('a'));
    expect(store.changesSince(seq)?.experiments.has('0')).toBe(true);
    expect(feed).toBeDefined();
  });

  test('with more than a page can have are refused', async () => {
    const { ask } = openFilled();
    const broken = view('x'.repeat(201));
    expect((await ask('views/save', broken)).status).toBe(400);
    expect((await ask('views/list', { experimentId: '77' })).status).toBe(404);
  });
});
