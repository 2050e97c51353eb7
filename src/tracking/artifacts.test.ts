import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { addRun, temporaryFolder } from '../store/testing';
import { createArtifacts } from './artifacts';
import { dial, exchange, lines, readAnswer } from './rawClient';
import { listen, listenOnPort, openServer } from './testing';

const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

function withRun() {
  const server = openServer();
  const runId = addRun(server.store);
  return { ...server, runId, base: `0/${runId}/artifacts` };
}

/** Every file below a folder, uploads that are under way too. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
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

  test('comes without a length, in chunks, and after the client was told to go on', async () => {
    const { base, listener, artifacts } = withRun();
    const port = await listenOnPort({ listener });
    const put = (name: string, ...headers: string[]) =>
      lines(`PUT ${PROXY}/${base}/${name} HTTP/1.1`, ...headers);
    const chunked = `${put('chunked', 'Transfer-Encoding: chunked')}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`;
    expect((await exchange(port, chunked)).status).toBe(200);
    expect((await exchange(port, `${put('empty', 'Transfer-Encoding: chunked')}0\r\n\r\n`)).status).toBe(200);
    expect((await exchange(port, put('none', 'Content-Length: 0'))).status).toBe(200);
    expect((await exchange(port, put('nothing'))).status).toBe(200);
    const socket = await dial(port);
    socket.write(put('asked', 'Expect: 100-continue', 'Content-Length: 3'));
    expect((await readAnswer(socket)).status).toBe(100);
    socket.write('xyz');
    expect((await readAnswer(socket)).status).toBe(200);
    const stored = readdirSync(path.join(artifacts, base)).map((name) => [
      name,
      readFileSync(path.join(artifacts, base, name), 'utf8'),
    ]);
    expect(Object.fromEntries(stored)).toEqual({
      chunked: 'abcde',
      empty: '',
      none: '',
      nothing: '',
      asked: 'xyz',
    });
  });

  test('of some megabytes comes back as it was, a part of it too', async () => {
    const { base, ...server } = withRun();
    const ask = await listen(server);
    const content = Buffer.alloc(5_000_001, 'winnow ').toString();
    expect((await ask('PUT', `${PROXY}/${base}/big`, content)).status).toBe(200);
    expect((await ask('GET', `${PROXY}/${base}/big`)).text).toBe(content);
    const part = await ask('GET', `${PROXY}/${base}/big`, undefined, { range: 'bytes=1000000-3999999' });
    expect([part.status, part.text]).toEqual([206, content.slice(1_000_000, 4_000_000)]);
  });

  test.each([
    ['bytes=2-4', 206, 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=7-99', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=-3', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=-99', 206, 'abcdefghij', 'bytes 0-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=4-2', 200, 'abcdefghij', undefined],
    ['bytes=0-1,4-5', 200, 'abcdefghij', undefined],
    ['bytes=99999999999999999999-', 416, '', 'bytes */10'],
    ['lines=1-2', 200, 'abcdefghij', undefined],
  ])('with the range %s is %i', async (range, status, text, contentRange) => {
    const { base, ...server } = withRun();
    const ask = await listen(server);
    await ask('PUT', `${PROXY}/${base}/f`, 'abcdefghij');
    const got = await ask('GET', `${PROXY}/${base}/f`, undefined, { range });
    expect([got.status, got.text, got.headers['content-range']]).toEqual([status, text, contentRange]);
    expect(got.headers['accept-ranges']).toBe('bytes');
    const head = await ask('HEAD', `${PROXY}/${base}/f`, undefined, { range });
    expect([head.status, head.text]).toEqual([status, '']);
    expect(head.headers['content-length']).toBe(String(text.length));
  });

  test('is not sent again to whom has it, and whole when it changed between two parts', async () => {
    const { base, ...server } = withRun();
    const ask = await listen(server);
    await ask('PUT', `${PROXY}/${base}/f`, 'first');
    const { etag } = (await ask('HEAD', `${PROXY}/${base}/f`)).headers;
    const again = await ask('GET', `${PROXY}/${base}/f`, undefined, { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
    await ask('PUT', `${PROXY}/${base}/f`, 'second');
    const part = await ask('GET', `${PROXY}/${base}/f`, undefined, { range: 'bytes=1-2', 'if-range': etag });
    expect([part.status, part.text]).toEqual([200, 'second']);
  });

  test.each([
    ['early', 'half of it'],
    ['late', 'x'.repeat(3 * 1024 * 1024)],
  ])('leaves nothing of an upload that broke off %s', async (_when, half) => {
    const { base, artifacts, bugs, listener } = withRun();
    const port = await listenOnPort({ listener });
    const socket = await dial(port);
    const head = lines(`PUT ${PROXY}/${base}/d/f HTTP/1.1`, 'Content-Length: 99999999');
    await new Promise((resolve) => socket.write(head + half, resolve));
    if (half.length > 1024 * 1024) await vi.waitFor(() => expect(filesBelow(artifacts)).toHaveLength(1));
    socket.destroy();
    expect((await exchange(port, lines('GET /health HTTP/1.1'))).status).toBe(200);
    await vi.waitFor(() => expect(filesBelow(artifacts)).toEqual([]));
    expect(bugs).toEqual([]);
  });

  test('that several clients upload at once is one of theirs, whole', async () => {
    const { base, artifacts, ...server } = withRun();
    const ask = await listen(server);
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(2_000_000 + i));
    const answers = await Promise.all(contents.map((content) => ask('PUT', `${PROXY}/${base}/f`, content)));
    expect(answers.map(({ status }) => status)).toEqual(contents.map(() => 200));
    expect(contents).toContain((await ask('GET', `${PROXY}/${base}/f`)).text);
    expect(filesBelow(artifacts)).toHaveLength(1);
  });

  test('that is being sent stays what it was when another takes its place', async () => {
    const { base, listener, ...server } = withRun();
    const ask = await listen({ listener });
    const port = await listenOnPort({ listener });
    const old = 'o'.repeat(40_000_000); // More than the buffers of a connection take.
    await ask('PUT', `${PROXY}/${base}/f`, old);
    const socket = await dial(port);
    socket.pause();
    socket.write(lines(`GET ${PROXY}/${base}/f HTTP/1.1`));
    await ask('PUT', `${PROXY}/${base}/f`, 'new');
    expect((await readAnswer(socket.resume())).body === old).toBe(true);
    expect(server.bugs).toEqual([]);
  });

  test('that nobody waits for any more is closed', async () => {
    const { base, listener, artifacts, bugs } = withRun();
    const ask = await listen({ listener });
    const port = await listenOnPort({ listener });
    await ask('PUT', `${PROXY}/${base}/f`, 'o'.repeat(40_000_000));
    const file = path.join(artifacts, base, 'f');
    const isOpen = () =>
      readdirSync('/proc/self/fd').some((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`) === file;
        } catch {
          return false; // Closed since it was listed.
        }
      });
    const socket = await dial(port);
    socket.pause();
    socket.write(lines(`GET ${PROXY}/${base}/f HTTP/1.1`));
    if (process.platform === 'linux') await vi.waitFor(() => expect(isOpen()).toBe(true));
    socket.destroy();
    if (process.platform === 'linux') await vi.waitFor(() => expect(isOpen()).toBe(false));
    expect((await exchange(port, lines('GET /health HTTP/1.1'))).status).toBe(200);
    expect(bugs).toEqual([]);
  });

  test('without room on the disk is 503 with Retry-After, and the client hears it', async () => {
    const { base, artifacts, ...server } = withRun();
    const ask = await listen(server);
    const answer = await new Promise<Awaited<ReturnType<typeof ask>>>((resolve) => {
      void listenOnPort(server).then(async (port) => {
        const socket = await dial(port);
        socket.write(lines(`PUT ${PROXY}/${base}/f HTTP/1.1`, `Content-Length: ${Number.MAX_SAFE_INTEGER}`));
        socket.write(Buffer.alloc(2 * 1024 * 1024));
        const { status, head, body } = await readAnswer(socket);
        resolve({ status, text: body, headers: { 'retry-after': /retry-after: (\d+)/.exec(head)?.[1] } });
      });
    });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(answer.text).toContain('Make room on the disk');
    expect(filesBelow(artifacts)).toEqual([]);
    expect((await ask('PUT', `${PROXY}/${base}/f`, 'small')).status).toBe(200);
  });

  test('in the place of a folder, or below a file, is refused with a sentence', async () => {
    const { ask, base, artifacts, bugs } = withRun();
    await ask('PUT', `${PROXY}/${base}/d/f`, 'x');
    for (const name of ['d', 'd/f/g', 'n'.repeat(256)]) {
      expect([name, (await ask('PUT', `${PROXY}/${base}/${name}`, 'y')).status]).toEqual([name, 400]);
    }
    expect(filesBelow(artifacts)).toEqual([path.join(base, 'd/f')]);
    expect(bugs).toEqual([]);
  });

  test('has one name however it is encoded, and every name that a script gives', async () => {
    const { base, artifacts, ...server } = withRun();
    const ask = await listen(server);
    await ask('PUT', `${PROXY}/${base}/a%20b`, '1');
    expect((await ask('GET', `${PROXY}/${base}/%61%20%62`)).text).toBe('1');
    for (const name of ['a+b', '100%', '%41', 'ü é', '图', '🎈', 'a&b=c;d', "it's (1)!", '-x', 'a%2Fb']) {
      const target = `${PROXY}/${base}/${encodeURIComponent(name)}`;
      expect([name, (await ask('PUT', target, name)).status]).toEqual([name, 200]);
      expect((await ask('GET', target)).text).toBe(name);
    }
    expect(readdirSync(path.join(artifacts, base))).toHaveLength(11);
  });

  test('of a deleted run is kept and not changed', async () => {
    const { ask, base, store, runId } = withRun();
    await ask('PUT', `${PROXY}/${base}/f`, 'kept');
    store.write('full', () => store.deleteRuns([runId]));
    expect((await ask('PUT', `${PROXY}/${base}/f`, 'new')).status).toBe(400);
    expect((await ask('DELETE', `${PROXY}/${base}/f`)).status).toBe(400);
    expect(await (await ask('GET', `${PROXY}/${base}/f`)).text()).toBe('kept');
  });

  test('comes by the addresses of the web pages too', async () => {
    const { ask, runId } = withRun();
    const octets = { 'content-type': 'application/octet-stream' };
    const upload = `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=a%20b%2Fc.txt`;
    expect((await ask('POST', upload, 'posted', octets)).status).toBe(200);
    const got = await ask('GET', `/get-artifact?run_id=${runId}&path=a%20b%2Fc.txt`);
    expect(await got.text()).toBe('posted');
    expect(got.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect((await ask('GET', `/get-artifact?run_uuid=${runId}&path=..%2F..%2Fx`)).status).toBe(400);
    expect((await ask('POST', upload, 'x'.repeat(10 * 1024 * 1024 + 1), octets)).status).toBe(413);
    expect((await ask('POST', upload, '', octets)).status).toBe(400);
  });

  test('in several parts is answered so that the client sends it whole', async () => {
    const { ask, post, base, runId, bugs } = withRun();
    for (const step of ['create', 'complete', 'abort']) {
      const answer = await post(`/api/2.0/mlflow-artifacts/mpu/${step}/${base}`, { path: 'f', num_parts: 2 });
      expect(answer).toMatchObject({ status: 501, body: { error_code: 'NOT_IMPLEMENTED' } });
      expect(answer.body['message']).toMatch(
        /^Multipart upload is not supported for the current artifact repository/,
      );
    }
    expect((await ask('GET', `/api/2.0/mlflow-artifacts/presigned/${base}/f`)).status).toBe(501);
    const presigned = await post('/api/2.0/mlflow/artifacts/presigned-upload-url', {
      run_id: runId,
      path: 'f',
    });
    expect(presigned.status).toBe(404);
    expect(bugs).toEqual([]);
  });
});

describe('a list', () => {
  test('of ten thousand files comes whole, and in pages where the protocol has them', async () => {
    const { get, base, artifacts, runId } = withRun();
    const folder = path.join(artifacts, base, 'many');
    mkdirSync(folder, { recursive: true });
    const names = Array.from({ length: 12_000 }, (_, i) => `f${String(i).padStart(6, '0')}`);
    for (const name of names) writeFileSync(path.join(folder, name), 'x');
    const whole = (await get(`${PROXY}?path=${base}/many`)).body['files'] as {
      path: string;
      file_size: number;
    }[];
    expect(whole.map((file) => file.path)).toEqual(names);
    expect(whole.every((file) => file.file_size === 1)).toBe(true);
    const url = `/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=many`;
    const first = (await get(url)).body;
    const second = (await get(`${url}&page_token=${encodeURIComponent(String(first['next_page_token']))}`))
      .body;
    expect(first['files']).toHaveLength(10_000);
    expect(second['files']).toHaveLength(2_000);
    expect(second['next_page_token']).toBeUndefined();
  });

  test('has neither links nor what is no file, and ends where links go round', async () => {
    const { get, base, artifacts, runId } = withRun();
    const folder = path.join(artifacts, base);
    mkdirSync(path.join(folder, 'd'), { recursive: true });
    writeFileSync(path.join(folder, 'f'), 'x');
    symlinkSync('..', path.join(folder, 'd/round'));
    symlinkSync('/etc/passwd', path.join(folder, 'passwd'));
    symlinkSync('nowhere', path.join(folder, 'broken'));
    expect((await get(`${PROXY}?path=${base}`)).body['files']).toEqual([
      { path: 'd', is_dir: true },
      { path: 'f', is_dir: false, file_size: 1 },
    ]);
    expect((await get(`${PROXY}?path=${base}/d`)).body).toEqual({});
    expect((await get(`${PROXY}?path=${base}/d/round/d/round`)).status).toBe(400);
    expect((await get(`/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=d/round`)).status).toBe(400);
  });

  test('of a file, or of what is not there, is empty', async () => {
    const { ask, get, base, runId } = withRun();
    await ask('PUT', `${PROXY}/${base}/f`, 'x');
    for (const name of ['f', 'none', 'f/none']) {
      expect((await get(`${PROXY}?path=${base}/${name}`)).body).toEqual({});
      expect((await get(`/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=${name}`)).body).toEqual({
        root_uri: `mlflow-artifacts:/${base}`,
      });
    }
  });
});

test('what a server that was killed left of uploads is gone at the next start', () => {
  const root = path.join(temporaryFolder(), 'artifacts');
  mkdirSync(path.join(root, '.incoming'), { recursive: true });
  writeFileSync(path.join(root, '.incoming/left'), 'half');
  createArtifacts(root);
  expect(filesBelow(root)).toEqual([]);
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

  test('also when a folder of it becomes a link while the upload is under way', async () => {
    const { base, artifacts, listener } = withRun();
    const port = await listenOnPort({ listener });
    const outside = `${artifacts}-evil`;
    mkdirSync(outside);
    mkdirSync(path.join(artifacts, base, 'd'), { recursive: true });
    const socket = await dial(port);
    const first = Buffer.alloc(2 * 1024 * 1024);
    socket.write(lines(`PUT ${PROXY}/${base}/d/x HTTP/1.1`, `Content-Length: ${first.length + 1}`));
    socket.write(first);
    await vi.waitFor(() => expect(filesBelow(artifacts)).toHaveLength(1));
    rmSync(path.join(artifacts, base, 'd'), { recursive: true });
    symlinkSync(outside, path.join(artifacts, base, 'd'));
    socket.write('x');
    expect((await readAnswer(socket)).status).toBe(400);
    expect(readdirSync(outside)).toEqual([]);
    expect(filesBelow(path.join(artifacts, '.incoming'))).toEqual([]);
  });

  test('also when it is a link itself, which is removed but never followed', async () => {
    const { ask, base, artifacts } = withRun();
    const secret = `${artifacts}-secret`;
    writeFileSync(secret, 'secret');
    mkdirSync(path.join(artifacts, base), { recursive: true });
    symlinkSync(secret, path.join(artifacts, base, 'f'));
    expect((await ask('GET', `${PROXY}/${base}/f`)).status).toBe(404);
    expect((await ask('PUT', `${PROXY}/${base}/f`, 'own')).status).toBe(200);
    expect(await (await ask('GET', `${PROXY}/${base}/f`)).text()).toBe('own');
    expect(readFileSync(secret, 'utf8')).toBe('secret');
  });

  test('also when all artifacts lie behind a link', async () => {
    const { ask, base, artifacts } = withRun();
    const outside = `${artifacts}-evil`;
    mkdirSync(outside);
    symlinkSync(outside, artifacts);
    const put = await ask('PUT', `${PROXY}/${base}/f`, 'x');
    expect([put.status, await put.text()]).toEqual([403, expect.stringContaining('is a link')]);
    expect(readdirSync(outside)).toEqual([]);
  });

  test('also when it names a run that is not there, or of another experiment', async () => {
    const { ask, runId } = withRun();
    expect((await ask('PUT', `${PROXY}/0/${'0'.repeat(32)}/artifacts/x`, 'x')).status).toBe(404);
    expect((await ask('PUT', `${PROXY}/7/${runId}/artifacts/x`, 'x')).status).toBe(400);
    expect((await ask('PUT', `${PROXY}/0/${runId}/other/x`, 'x')).status).toBe(400);
  });
});

describe('where the files of an experiment go', () => {
  test.each(['', 'mlflow-artifacts:/', 'mlflow-artifacts:/7/models', 'plain', 'a folder/of mine'])(
    'is for the server to say, whatever the client says: %j',
    async (artifact_location) => {
      const { post, get } = openServer();
      const created = await post('/api/2.0/mlflow/experiments/create', { name: 'x', artifact_location });
      const id = String(created.body['experiment_id']);
      expect((await get(`/api/2.0/mlflow/experiments/get?experiment_id=${id}`)).body).toMatchObject({
        experiment: { artifact_location: `mlflow-artifacts:/${id}` },
      });
    },
  );

  test.each([
    'file:///etc',
    'file:x',
    'http:///#/../../etc',
    'http://evil.example/x?a/../../..',
    'mlflow-artifacts://evil.example/x',
    'mlflow-artifacts:/../../etc',
    'mlflow-artifacts:/%2e%2e/x',
    'dbfs:/x',
    's3://b',
    '\\\\host\\share',
    '/etc',
    '//etc',
    'C:/x',
    'c:x',
    '../x',
    'a/%252e%252e/x',
    'a?b',
    'a#b',
  ])('is not taken from a client: %s', async (artifact_location) => {
    const { post, bugs } = openServer();
    const answer = await post('/api/2.0/mlflow/experiments/create', { name: 'x', artifact_location });
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Leave artifact_location out') },
    });
    expect(bugs).toEqual([]);
  });
});
