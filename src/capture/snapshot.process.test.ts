import { chmod, mkdir, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type TestRepository, fingerprint, testRepository } from '../git/testing';
import type { RunId } from '../model/run';
import { runProgram } from '../platform/spawn';
import { compareSnapshot, hashLeftOut, listSnapshot, readSnapshotFile, takeSnapshot } from './snapshot';

let count = 0;
function nextRunId(): RunId {
  return (++count).toString(16).padStart(32, '0') as RunId;
}

function snapshotsOf(repository: TestRepository): string {
  return path.join(repository.folder, '.winnow', 'snapshots.git');
}

async function withWinnowFolder(repository: TestRepository): Promise<TestRepository> {
  await repository.write('.winnow/.gitignore', '*\n');
  return repository;
}

function take(
  repository: TestRepository,
  options: { folder?: string; maxFileBytes?: number; signal?: AbortSignal; onKept?: () => void } = {},
) {
  const { folder, git } = repository;
  return takeSnapshot({ folder, snapshots: snapshotsOf(repository), runId: nextRunId(), git, ...options });
}

async function contents(repository: TestRepository, commit: string): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const file of await listSnapshot(snapshotsOf(repository), commit)) {
    result[file] =
      (await readSnapshotFile(snapshotsOf(repository), commit, file))?.toString('utf8') ?? 'missing';
  }
  return result;
}

async function expectSound(repository: TestRepository) {
  const ended = await runProgram('git', ['--git-dir', snapshotsOf(repository), 'fsck', '--strict', '--full']);
  expect(ended.stderr.replace(/^notice: .*\n/gm, '')).toBe('');
  expect(ended.code).toBe(0);
}

describe('a snapshot', () => {
  test('holds tracked, changed and untracked files and no ignored ones', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('.gitignore', 'data/\n*.log\n');
    await repository.write('train.py', 'print(1)\n');
    await repository.write('gone.py', 'x');
    const base = await repository.commit();
    await rm(path.join(repository.folder, 'gone.py'));
    await repository.write('train.py', 'print(2)\n');
    await repository.write('lib/new.py', 'new\n');
    await repository.write('data/huge.csv', '1,2\n');
    await repository.write('out.log', 'noise');
    const snapshot = await take(repository, { folder: path.join(repository.folder, 'lib') });
    expect(await contents(repository, snapshot.commit)).toEqual({
      '.gitignore': 'data/\n*.log\n',
      'train.py': 'print(2)\n',
      'lib/new.py': 'new\n',
    });
    expect(snapshot).toMatchObject({
      baseCommit: base,
      branch: 'main',
      dirty: true,
      fileCount: 3,
      leftOut: [],
    });
    await expectSound(repository);
  });

  test('keeps the bytes whatever .gitattributes and autocrlf say, and runs no filter', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.run('config', 'core.autocrlf', 'true');
    await repository.run('config', 'filter.spy.clean', `sh -c 'touch "${repository.home}/filter-ran"; cat'`);
    await repository.write(
      '.gitattributes',
      '* text=auto\n*.id ident\n*.f filter=spy\n*.u working-tree-encoding=UTF-16\n',
    );
    const files: Record<string, Buffer> = {
      'dos.py': Buffer.from('a\r\nb\r\n'),
      'mixed.txt': Buffer.from('a\r\nb\nc\r'),
      'x.id': Buffer.from('$Id: kept $\n'),
      'x.f': Buffer.from('secret\r\n'),
      'x.u': Buffer.from([0xff, 0xfe, 0x61, 0x00]),
      'binary.bin': Buffer.from([0, 1, 2, 13, 10, 255]),
      'empty.py': Buffer.alloc(0),
    };
    for (const [file, content] of Object.entries(files)) await repository.write(file, content);
    const { commit } = await take(repository);
    for (const [file, content] of Object.entries(files)) {
      expect((await readSnapshotFile(snapshotsOf(repository), commit, file))?.equals(content), file).toBe(
        true,
      );
    }
    await expect(stat(path.join(repository.home, 'filter-ran'))).rejects.toThrow();
    await expectSound(repository);
  });

  test('keeps links, executable bits and unusual names', async () => {
    const repository = await withWinnowFolder(await testRepository());
    const names = [
      'new\nline.py',
      'quo"te\'.py',
      'Grüße 😀.py',
      '-dash.py',
      ' space .py',
      'back\\slash.py',
      'tab\t.py',
      ':colon',
    ];
    for (const name of names) await repository.write(name, name);
    await repository.commit();
    for (const name of names) await repository.write(`untracked/${name}`, name);
    await repository.write('run.sh', '#!/bin/sh\n');
    await chmod(path.join(repository.folder, 'run.sh'), 0o755);
    await symlink('../nowhere/ä', path.join(repository.folder, 'link'));
    await symlink('/etc', path.join(repository.folder, 'folder-link'));
    const { commit } = await take(repository);
    const found = await contents(repository, commit);
    for (const name of names) {
      expect(found[name]).toBe(name);
      expect(found[`untracked/${name}`]).toBe(name);
    }
    expect(found).toMatchObject({ link: '../nowhere/ä', 'folder-link': '/etc' });
    const args = ['--git-dir', snapshotsOf(repository), 'ls-tree', commit, 'run.sh', 'link'];
    const listed = (await runProgram('git', args)).stdout.toString();
    expect(listed).toMatch(/^120000 .*\tlink\n100755 .*\trun\.sh\n$/);
    await expectSound(repository);
  });

  test('keeps names that are no UTF-8', async () => {
    const repository = await withWinnowFolder(await testRepository());
    const name = Buffer.concat([
      Buffer.from(`${repository.folder}/`),
      Buffer.from([0x66, 0xe4, 0x2e, 0x70, 0x79]),
    ]);
    await writeFile(name, 'latin');
    const { commit } = await take(repository);
    const args = ['--git-dir', snapshotsOf(repository), 'ls-tree', '-z', '--name-only', commit];
    expect((await runProgram('git', args)).stdout).toEqual(Buffer.from([0x66, 0xe4, 0x2e, 0x70, 0x79, 0]));
  });

  test('enters nested repositories and submodules', async () => {
    const inner = await testRepository();
    await inner.write('module.py', 'inner\n');
    await inner.commit();
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('a.py', 'a');
    await repository.run(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      'add',
      '--quiet',
      inner.folder,
      'vendor/sub',
    );
    await repository.commit();
    await repository.run('init', '--quiet', 'nested');
    await repository.write('nested/.gitignore', 'ignored\n');
    await repository.write('nested/n.py', 'n');
    await repository.write('nested/ignored', 'i');
    await repository.write('vendor/sub/untracked.py', 'u');
    const { commit } = await take(repository);
    expect(Object.keys(await contents(repository, commit)).sort()).toEqual([
      '.gitmodules', 'a.py', 'nested/.gitignore', 'nested/n.py', 'vendor/sub/module.py', 'vendor/sub/untracked.py',
    ]); // prettier-ignore
  });

  test('works in a folder without git and leaves out what tools make', async () => {
    const repository = await testRepository({ init: false });
    for (const file of [
      'train.py',
      'lib/a.py',
      '.venv/x.py',
      'env3/pyvenv.cfg',
      'env3/y.py',
      'lib/__pycache__/a.pyc',
      'mlruns/0',
      '.winnow/winnow.db',
    ]) {
      await repository.write(file, file);
    }
    await runProgram('mkfifo', [path.join(repository.folder, 'pipe')]);
    const snapshot = await take(repository);
    expect(Object.keys(await contents(repository, snapshot.commit)).sort()).toEqual(['lib/a.py', 'train.py']);
    expect(snapshot).toMatchObject({ baseCommit: null, branch: null, dirty: false });
    expect(snapshot.leftOut).toEqual([
      { path: 'pipe', why: 'not a regular file', sizeBytes: null, sha256: null },
    ]);
  });

  test('names large files at once and hashes them later, each only once', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('big.bin', 'x'.repeat(2000));
    await repository.write('a.py', 'a');
    const first = await take(repository, { maxFileBytes: 1000 });
    expect(first.leftOut).toEqual([{ path: 'big.bin', why: 'too large', sizeBytes: 2000, sha256: null }]);
    const { folder, git } = repository;
    const hashed = await hashLeftOut({
      folder,
      git,
      snapshots: snapshotsOf(repository),
      leftOut: first.leftOut,
    });
    const sha256 = createHash('sha256').update('x'.repeat(2000)).digest('hex');
    expect(hashed).toEqual([{ path: 'big.bin', why: 'too large', sizeBytes: 2000, sha256 }]);
    expect((await take(repository, { maxFileBytes: 1000 })).leftOut).toEqual(hashed);
    await repository.write('big.bin', 'y'.repeat(2000));
    expect((await take(repository, { maxFileBytes: 1000 })).leftOut).toEqual(first.leftOut);
  });

  test.skipIf(process.getuid?.() === 0)('names what cannot be read', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('secret.py', 's');
    await repository.write('closed/inside.py', 's');
    await repository.write('a.py', 'a');
    await chmod(path.join(repository.folder, 'secret.py'), 0);
    await chmod(path.join(repository.folder, 'closed'), 0);
    const snapshot = await take(repository);
    await chmod(path.join(repository.folder, 'closed'), 0o755);
    expect(Object.keys(await contents(repository, snapshot.commit))).toEqual(['a.py']);
    expect(snapshot.leftOut.map(({ path: file, why }) => [file, why]).sort()).toEqual([
      ['closed', 'unreadable'],
      ['secret.py', 'unreadable'],
    ]);
  });

  test('does not follow a tracked folder that became a link', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('lib/a.py', 'mine');
    await repository.commit();
    await rm(path.join(repository.folder, 'lib'), { recursive: true });
    await writeFile(path.join(repository.home, 'a.py'), 'not mine');
    await symlink(repository.home, path.join(repository.folder, 'lib'));
    const { commit } = await take(repository);
    expect(await contents(repository, commit)).toEqual({ lib: repository.home });
  });

  test('of the same code is the same commit, also after the states were lost', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('a.py', 'a');
    await repository.commit();
    const first = await take(repository);
    expect((await take(repository)).commit).toBe(first.commit);
    await repository.write('a.py', 'b');
    const changed = await take(repository);
    expect(changed.commit).not.toBe(first.commit);
    await writeFile(path.join(snapshotsOf(repository), 'winnow-states.json'), '{"version":1,"tree');
    const after = await take(repository);
    expect(await contents(repository, after.commit)).toEqual({ 'a.py': 'b' });
    const refs = await runProgram('git', [
      '--git-dir',
      snapshotsOf(repository),
      'for-each-ref',
      '--format=x',
    ]);
    expect(refs.stdout.toString().trim().split('\n')).toHaveLength(4);
    await expectSound(repository);
  });

  test('sees a second change of the same size within the same moment', async () => {
    const repository = await withWinnowFolder(await testRepository());
    for (let i = 0; i < 10; i++) {
      await repository.write('a.py', `value ${i}`);
      const { commit } = await take(repository);
      expect(await contents(repository, commit)).toEqual({ 'a.py': `value ${i}` });
    }
  });

  test('sees a change whose size and modification time were put back', async () => {
    const repository = await withWinnowFolder(await testRepository());
    const file = path.join(repository.folder, 'a.py');
    await repository.write('a.py', 'old');
    await utimes(file, 1_000_000, 1_000_000);
    await take(repository);
    await repository.write('a.py', 'new');
    await utimes(file, 1_000_000, 1_000_000);
    expect(await contents(repository, (await take(repository)).commit)).toEqual({ 'a.py': 'new' });
  });

  test('follows files that become folders, folders that become files, and modes', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('a', 'file');
    await repository.write('b/c', 'folder');
    await take(repository);
    await rm(path.join(repository.folder, 'a'));
    await rm(path.join(repository.folder, 'b'), { recursive: true });
    await repository.write('a/d', 'folder now');
    await repository.write('b', 'file now');
    expect(await contents(repository, (await take(repository)).commit)).toEqual({
      'a/d': 'folder now',
      b: 'file now',
    });
    const before = await take(repository);
    await chmod(path.join(repository.folder, 'b'), 0o755);
    expect((await take(repository)).commit).not.toBe(before.commit);
    await rm(path.join(repository.folder, 'a'), { recursive: true });
    await rm(path.join(repository.folder, 'b'));
    expect((await take(repository)).fileCount).toBe(0);
    await expectSound(repository);
  });

  test('of a small change is the tree that git itself would write, names of every order included', async () => {
    const repository = await withWinnowFolder(await testRepository());
    const names = ['a.py', 'a/b.py', 'a-b', 'a0', 'a/b/c', 'lib/a', 'lib.py', 'lib-x/é', 'lib0'];
    await repository.write('a.py', 'first');
    await take(repository);
    for (const name of names) await repository.write(name === 'a/b.py' ? 'a/b.txt' : name, name);
    let kept = 0;
    const { folder, git } = repository;
    const request = { folder, git, snapshots: snapshotsOf(repository) };
    const { commit } = await takeSnapshot({ ...request, runId: nextRunId(), onKept: () => (kept += 1) });
    expect(kept).toBe(1);
    await repository.run('add', '--all');
    const own = (await repository.run('write-tree')).trim();
    const args = ['--git-dir', snapshotsOf(repository), 'rev-parse', `${commit}^{tree}`];
    expect((await runProgram('git', args)).stdout.toString().trim()).toBe(own);
    await expectSound(repository);
  });

  test('starts over when objects are missing', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('a.py', 'a');
    await take(repository);
    await rm(path.join(snapshotsOf(repository), 'objects'), { recursive: true });
    await mkdir(path.join(snapshotsOf(repository), 'objects', 'pack'), { recursive: true });
    await rm(path.join(snapshotsOf(repository), 'refs', 'winnow'), { recursive: true });
    await repository.write('b.py', 'b');
    const { commit } = await take(repository);
    expect(await contents(repository, commit)).toEqual({ 'a.py': 'a', 'b.py': 'b' });
  });

  test('is not disturbed by files that come, go and grow meanwhile', async () => {
    const repository = await withWinnowFolder(await testRepository());
    for (let i = 0; i < 300; i++) await repository.write(`d/f${i}.py`, 'x'.repeat(i));
    let busy = true;
    const disturb = (async () => {
      for (let i = 0; busy; i = (i + 1) % 300) {
        const file = path.join(repository.folder, `d/f${i}.py`);
        if (i % 3 === 0) await rename(file, `${file}.moved`).then(() => rename(`${file}.moved`, file));
        else if (i % 3 === 1) await writeFile(file, 'y'.repeat((i * 7919) % 5000));
        else await truncate(file, i % 2);
      }
    })();
    for (let i = 0; i < 5; i++) await take(repository);
    busy = false;
    await disturb;
    const { commit, fileCount } = await take(repository);
    expect(fileCount).toBe(300);
    // Without the states each file is read again: the comparison is of contents.
    await rm(path.join(snapshotsOf(repository), 'winnow-states.json'));
    const { folder, git } = repository;
    const request = {
      folder,
      git,
      snapshots: snapshotsOf(repository),
      commit,
      against: 'working-tree' as const,
    };
    expect((await compareSnapshot(request)).files).toEqual([]);
    await expectSound(repository);
  });

  test('asked for many times at once is each complete', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('a.py', 'a');
    const all = await Promise.all(Array.from({ length: 8 }, () => take(repository)));
    expect(new Set(all.map(({ commit }) => commit)).size).toBe(1);
    await expectSound(repository);
  });

  test('leaves the repository as it was, index included', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('a.py', 'a');
    await repository.commit();
    await repository.write('a.py', 'b');
    await repository.write('staged.py', 's');
    await repository.run('add', 'staged.py');
    await repository.write('.git/MERGE_HEAD', '');
    await repository.write('.git/index.lock', '');
    const outside = (file: string) => file.startsWith('.winnow');
    const before = await fingerprint(repository.folder, outside);
    await take(repository);
    expect(await fingerprint(repository.folder, outside)).toEqual(before);
  });

  test('runs nothing that the repository configures', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('a.py', 'a');
    await repository.commit();
    const spy = path.join(repository.folder, '.git', 'spy');
    await repository.write('.git/spy', `#!/bin/sh\ntouch "${repository.home}/ran"\n`);
    await chmod(spy, 0o755);
    await repository.run('config', 'core.fsmonitor', spy);
    await mkdir(path.join(repository.folder, '.git', 'hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'reference-transaction', 'pre-commit']) {
      await repository.write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch "${repository.home}/ran"\n`);
      await chmod(path.join(repository.folder, '.git', 'hooks', hook), 0o755);
    }
    await take(repository);
    await expect(stat(path.join(repository.home, 'ran'))).rejects.toThrow();
  });

  test('knows a detached HEAD and a repository without a commit', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('a.py', 'a');
    expect(await take(repository)).toMatchObject({ baseCommit: null, branch: 'main', dirty: true });
    const base = await repository.commit();
    await repository.run('checkout', '--quiet', '--detach');
    expect(await take(repository)).toMatchObject({ baseCommit: base, branch: null, dirty: false });
  });

  test('is not called changed for what a script does to a clean file from its first moment on', async () => {
    const repository = await withWinnowFolder(await testRepository());
    for (const name of ['results.txt', 'old.txt', 'run.sh']) await repository.write(name, 'before');
    await repository.commit();
    const inRepository = (name: string) => path.join(repository.folder, name);
    const script = () => {
      writeFileSync(inRepository('results.txt'), 'after');
      rmSync(inRepository('old.txt'), { force: true });
      chmodSync(inRepository('run.sh'), 0o755);
    };
    expect(await take(repository, { onKept: script })).toMatchObject({ dirty: false });
    // What it left is a change to the next one, be it put back in the middle of that.
    const undo = () => writeFileSync(inRepository('results.txt'), 'other');
    expect(await take(repository, { onKept: undo })).toMatchObject({ dirty: true });
  });

  test('finds a repository that appears, moves and goes', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await repository.write('lib/a.py', '1\n');
    await repository.write('lib/ignored.log', '1\n');
    await repository.write('.gitignore', '*.log\n');
    await repository.commit();
    const folder = path.join(repository.folder, 'lib');
    const named = async () =>
      Object.keys(await contents(repository, (await take(repository, { folder })).commit));
    expect(await named()).toEqual(['.gitignore', 'lib/a.py']);
    expect(await named()).toEqual(['.gitignore', 'lib/a.py']);
    await runProgram('git', ['init', '--quiet', folder]);
    expect(await named()).toEqual(['a.py', 'ignored.log']);
    await rm(path.join(folder, '.git'), { recursive: true });
    expect(await named()).toEqual(['.gitignore', 'lib/a.py']);
    await rm(path.join(repository.folder, '.git/HEAD')); // Now it is none, for git.
    expect(await named()).toEqual(['a.py', 'ignored.log']);
  });

  test('can be left', async () => {
    const repository = await withWinnowFolder(await testRepository());
    for (let i = 0; i < 600; i++) await repository.write(`f${i}.py`, `${i}`);
    const controller = new AbortController();
    const taking = take(repository, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(taking).rejects.toThrow();
    expect((await take(repository)).fileCount).toBe(600);
    await expectSound(repository);
  });
});

describe('comparing a snapshot', () => {
  test('tells what was added, changed and deleted in the working tree since', async () => {
    const repository = await withWinnowFolder(await testRepository());
    for (const file of ['same.py', 'changed.py', 'gone.py', 'grown.py']) await repository.write(file, file);
    const { commit } = await take(repository);
    await repository.write('changed.py', 'other');
    await repository.write('new.py', 'new');
    await repository.write('grown.py', 'x'.repeat(500));
    await rm(path.join(repository.folder, 'gone.py'));
    const { folder, git } = repository;
    const request = { folder, git, snapshots: snapshotsOf(repository), commit, maxFileBytes: 100 };
    expect(await compareSnapshot({ ...request, against: 'working-tree' })).toEqual({
      top: folder,
      files: [
        { path: 'changed.py', change: 'modified' },
        { path: 'gone.py', change: 'deleted' },
        { path: 'grown.py', change: 'modified' },
        { path: 'new.py', change: 'added' },
      ],
    });
    const later = await take(repository);
    const between = await compareSnapshot({ ...request, against: { commit: later.commit } });
    expect(between.files).toHaveLength(4);
  });

  test('says so when the snapshot is gone', async () => {
    const repository = await withWinnowFolder(await testRepository());
    await take(repository);
    await expect(listSnapshot(snapshotsOf(repository), '0'.repeat(40))).rejects.toMatchObject({
      code: 'snapshot-missing',
    });
    await expect(listSnapshot(snapshotsOf(repository), '--help')).rejects.toMatchObject({
      code: 'snapshot-missing',
    });
  });
});
