import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { addRun } from '../store/testing';
import { listen, openServer } from './testing';

const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

function withRun() {
  const server = openServer();
  const runId = addRun(server.store);
  return { ...server, runId, base: `0/${runId}/artifacts` };
}

describe('an artifact', () => {
  test('is stored and comes back byte for byte, as something that no browser runs', async () => {
    const { ask, base } = withRun();
    const put = await ask('PUT', `${PROXY}/${base}/a%20b/%C3%BC%25.html`, '<script>1</script>');
    expect(put.status).toBe(200);
    const got = await ask('GET', `${PROXY}/${base}/a%20b/%C3%BC%25.html`);
    expect(await got.text()).toBe('<script>1</script>');
    expect(got.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    expect(got.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('may be empty, and the last complete upload wins', async () => {
    const { ask, base } = withRun();
    for (const content of ['first and longer', undefined]) {
      expect((await ask('PUT', `${PROXY}/${base}/f`, content)).status).toBe(200);
    }
    expect(await (await ask('GET', `${PROXY}/${base}/f`)).text()).toBe('');
  });

  test('is listed by name in the proxy, by path in the run, with its size', async () => {
    const { ask, get, base, runId } = withRun();
    await ask('PUT', `${PROXY}/${base}/d/f.txt`, '12345');
    expect((await get(`${PROXY}?path=${encodeURIComponent(`${base}/d`)}`)).body).toEqual({
      files: [{ path: 'f.txt', is_dir: false, file_size: 5 }],
    });
    expect((await get(`/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=d`)).body).toEqual({
      root_uri: `mlflow-artifacts:/${base}`,
      files: [{ path: 'd/f.txt', is_dir: false, file_size: 5 }],
    });
    expect((await get(`/api/2.0/mlflow/artifacts/list?run_id=${runId}`)).body['files']).toEqual([
      { path: 'd', is_dir: true },
    ]);
  });

  test('is removed, and what is not there is 404', async () => {
    const { ask, base } = withRun();
    await ask('PUT', `${PROXY}/${base}/f`, 'x');
    expect((await ask('DELETE', `${PROXY}/${base}/f`)).status).toBe(200);
    expect((await ask('GET', `${PROXY}/${base}/f`)).status).toBe(404);
  });

  test('leaves nothing of an upload that broke off', async () => {
    const { artifacts, base, ...server } = withRun();
    const ask = await listen(server);
    await expect(ask('PUT', `${PROXY}/${base}/f`, 'cut')).rejects.toThrow();
    await vi.waitFor(() => expect(readdirSync(path.join(artifacts, '.incoming'))).toEqual([]));
    expect(existsSync(path.join(artifacts, base, 'f'))).toBe(false);
  });
});

describe('a path that leads elsewhere is refused', () => {
  const CORPUS = [
    '../x',
    '..%2fx',
    '..%2Fx',
    '%2e%2e/x',
    '%2e%2e%2fx',
    '%252e%252e%252fx',
    '%25252e%25252e%25252fx',
    '..%5cx',
    '..\\x',
    'a/../../x',
    'a/%2e%2e/%2e%2e/x',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    '//proc/self/environ',
    'C:/x',
    'C:%5Cx',
    'a%3f/a',
    'a%23/../x',
    'a%00b',
    'a/./b',
    'nul',
    'x.',
    'x%20',
    '%c0%ae%c0%ae/x',
    '%',
  ];

  test.each(CORPUS)('%s', async (evil) => {
    const { base, artifacts, ...server } = withRun();
    const ask = await listen(server);
    const root = path.dirname(artifacts);
    writeFileSync(path.join(root, 'canary'), 'sings');
    mkdirSync(`${artifacts}-evil`, { recursive: true });
    for (const prefix of [`${base}/`, '']) {
      for (const [method, body] of [
        ['PUT', 'evil'],
        ['GET', undefined],
        ['DELETE', undefined],
      ] as const) {
        const response = await ask(method, `${PROXY}/${prefix}${evil}`, body);
        expect([400, 404]).toContain(response.status);
      }
    }
    const listed = await ask('GET', `${PROXY}?path=${evil.replaceAll('#', '%23')}`);
    expect([400, 404]).toContain(listed.status);
    expect(readFileSync(path.join(root, 'canary'), 'utf8')).toBe('sings');
    expect(readdirSync(root).sort()).toEqual(expect.arrayContaining(['artifacts-evil', 'canary']));
    expect(readdirSync(`${artifacts}-evil`)).toEqual([]);
  });

  test('also when a folder of it is a link out of the store', async () => {
    const { ask, base, artifacts } = withRun();
    const outside = `${artifacts}-evil`;
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'secret'), 'secret');
    mkdirSync(path.join(artifacts, base), { recursive: true });
    symlinkSync(outside, path.join(artifacts, base, 'link'));
    expect((await ask('PUT', `${PROXY}/${base}/link/x`, 'evil')).status).toBe(400);
    expect((await ask('GET', `${PROXY}/${base}/link/secret`)).status).toBe(400);
    expect((await ask('GET', `${PROXY}?path=${base}/link`)).status).toBe(400);
    expect(readdirSync(outside)).toEqual(['secret']);
  });

  test('also when it names a run that is not there, or of another experiment', async () => {
    const { ask, runId } = withRun();
    expect((await ask('PUT', `${PROXY}/0/${'0'.repeat(32)}/artifacts/x`, 'x')).status).toBe(404);
    expect((await ask('PUT', `${PROXY}/7/${runId}/artifacts/x`, 'x')).status).toBe(400);
    expect((await ask('PUT', `${PROXY}/0/${runId}/other/x`, 'x')).status).toBe(400);
  });
});

test('a location of its own is not taken from a client', async () => {
  const { post } = openServer();
  for (const artifact_location of [
    'file:///etc',
    'http:///#/../../etc',
    'dbfs:/x',
    '\\\\host\\share',
    's3://b',
  ]) {
    const answer = await post('/api/2.0/mlflow/experiments/create', {
      name: artifact_location,
      artifact_location,
    });
    expect(answer.status).toBe(400);
  }
});
