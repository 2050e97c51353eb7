import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TestServer, openServer } from './testing';

function aRun(server: TestServer): { runId: string; folder: string } {
  const runId = server.store.write('full', () =>
    server.store.createRun({ experimentId: '0', name: 'brisk-otter', state: 'running' }),
  );
  const folder = path.join(server.artifacts, '0', runId, 'artifacts');
  mkdirSync(folder, { recursive: true });
  return { runId, folder };
}

describe("a run's files", () => {
  it('are listed a folder at a time, with their sizes', async () => {
    const server = openServer();
    const { runId, folder } = aRun(server);
    mkdirSync(path.join(folder, 'model'));
    writeFileSync(path.join(folder, 'model', 'MLmodel'), 'flavors:\n');
    writeFileSync(path.join(folder, 'a.txt'), 'abc');
    const list = (request: object) => server.post('/api/winnow/runs/artifacts/list', { runId, ...request });
    expect((await list({ folder: '' })).body).toEqual({
      entries: [
        { name: 'a.txt', isFolder: false, sizeBytes: 3 },
        { name: 'model', isFolder: true, sizeBytes: 0 },
      ],
      hasMore: false,
    });
    expect((await list({ folder: 'model' })).body.entries).toHaveLength(1);
    expect((await list({ folder: 'nothing' })).body.entries).toEqual([]);
  });

  it('are listed in pages when there are thousands', async () => {
    const server = openServer();
    const { runId, folder } = aRun(server);
    for (let n = 0; n < 1200; n++) writeFileSync(path.join(folder, `f${String(n).padStart(4, '0')}`), '');
    const page = async (offset: number) =>
      (await server.post('/api/winnow/runs/artifacts/list', { runId, folder: '', offset })).body;
    expect((await page(0)).entries).toHaveLength(500);
    expect((await page(0)).hasMore).toBe(true);
    expect((await page(1000)).entries).toHaveLength(200);
    expect((await page(1000)).hasMore).toBe(false);
  });

  it('are read from their beginning, so much as was asked for', async () => {
    const server = openServer();
    const { runId, folder } = aRun(server);
    writeFileSync(path.join(folder, 'a.txt'), 'abcdef');
    const read = (maxBytes: number, name = 'a.txt') =>
      server.post('/api/winnow/runs/artifacts/read', { runId, path: name, maxBytes });
    expect((await read(3)).body).toEqual({ content: Buffer.from('abc').toString('base64'), sizeBytes: 6 });
    expect((await read(100)).body.content).toBe(Buffer.from('abcdef').toString('base64'));
    expect((await read(100, 'none.txt')).status).toBe(404);
    expect((await read(1e9)).status).toBe(400);
  });

  it.each(['../../../../winnow.db', '/etc/passwd', 'a/../../b', '%2e%2e/x', '..', 'a\u0000b', 'C:/x', ''])(
    'are never those of another folder: %j',
    async (name) => {
      const server = openServer();
      const { runId } = aRun(server);
      const read = await server.post('/api/winnow/runs/artifacts/read', { runId, path: name, maxBytes: 10 });
      expect(read.status).toBe(400);
      if (name !== '') {
        const listed = await server.post('/api/winnow/runs/artifacts/list', { runId, folder: name });
        expect(listed.status).toBe(400);
      }
      expect(server.bugs).toEqual([]);
    },
  );

  it('are no links', async () => {
    const server = openServer();
    const { runId, folder } = aRun(server);
    writeFileSync(path.join(server.artifacts, 'secret'), 'secret');
    symlinkSync(path.join(server.artifacts, 'secret'), path.join(folder, 'link'));
    symlinkSync(server.artifacts, path.join(folder, 'up'));
    const listed = await server.post('/api/winnow/runs/artifacts/list', { runId, folder: '' });
    expect(listed.body.entries).toEqual([]);
    for (const name of ['link', 'up/secret']) {
      const read = await server.post('/api/winnow/runs/artifacts/read', { runId, path: name, maxBytes: 10 });
      expect([400, 404], name).toContain(read.status);
    }
  });

  it('of a run that is not there are not found', async () => {
    const server = openServer();
    const runId = 'f'.repeat(32);
    expect((await server.post('/api/winnow/runs/artifacts/list', { runId, folder: '' })).status).toBe(404);
    expect((await server.post('/api/winnow/runs/inputs', { runId })).status).toBe(404);
    expect((await server.post('/api/winnow/runs/set-note', { runId, note: 'x' })).status).toBe(404);
    expect((await server.post('/api/winnow/runs/code/compare', { runId, from: 'base' })).status).toBe(404);
  });
});

describe('a note', () => {
  it('is the tag that MLflow keeps it in, may be repeated and taken away', async () => {
    const server = openServer();
    const { runId } = aRun(server);
    const set = (note: string) => server.post('/api/winnow/runs/set-note', { runId, note });
    const tag = () => server.store.getRun(runId)?.tags['mlflow.note.content'];
    await set('**a** <script>');
    await set('**a** <script>');
    expect(tag()).toBe('**a** <script>');
    await set('');
    expect((await set('')).status).toBe(200);
    expect(tag()).toBeUndefined();
    expect((await set('x'.repeat(8_001))).status).toBe(400);
  });

  it('of a deleted run cannot be written', async () => {
    const server = openServer();
    const { runId } = aRun(server);
    server.store.write('full', () => server.store.deleteRuns([runId]));
    expect((await server.post('/api/winnow/runs/set-note', { runId, note: 'x' })).status).toBe(400);
  });

  it('and a star are told to the window as a change of the run', async () => {
    const server = openServer();
    const { runId } = aRun(server);
    await server.post('/api/winnow/runs/set-star', { runId, starred: true });
    expect(server.store.getRun(runId)?.tags['winnow.starred']).toBe('true');
    await server.post('/api/winnow/runs/set-star', { runId, starred: false });
    expect(server.store.getRun(runId)?.tags['winnow.starred']).toBeUndefined();
  });
});

describe('what a run is connected with', () => {
  it('are its datasets with their rows, and its models', async () => {
    const server = openServer();
    const { runId } = server.attempt();
    await server.post('/api/2.0/mlflow/runs/log-inputs', {
      run_id: runId,
      datasets: [
        {
          tags: [{ key: 'mlflow.data.context', value: 'training' }],
          dataset: {
            name: 'train.csv',
            digest: 'abc',
            source_type: 'local',
            source: '/d/train.csv',
            profile: '{"num_rows": 1078}',
          },
        },
        { tags: [], dataset: { name: 'odd', digest: 'd', source_type: 'x', source: '', profile: 'no JSON' } },
      ],
    });
    const { status, body } = await server.post('/api/winnow/runs/inputs', { runId });
    expect(status).toBe(200);
    expect(body).toEqual({
      datasets: [
        {
          name: 'odd',
          digest: 'd',
          context: null,
          sourceType: 'x',
          source: '',
          rowCount: null,
          problem: null,
        },
        {
          name: 'train.csv',
          digest: 'abc',
          context: 'training',
          sourceType: 'local',
          source: '/d/train.csv',
          rowCount: 1078,
          problem: null,
        },
      ],
      models: [],
      versions: [],
    });
  });
});
