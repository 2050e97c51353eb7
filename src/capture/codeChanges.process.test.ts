import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareCode, compareWithBase, parseChanges, readBaseFile } from './codeChanges';

describe('what changed in the code', () => {
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    }).trim();
  const commit = (): string => {
    git('add', '-A');
    git('commit', '-qm', 'x', '--allow-empty');
    return git('rev-parse', 'HEAD');
  };
  const write = (name: string, text: string | Buffer) => writeFileSync(path.join(folder, name), text);

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-code-'));
    git('init', '-q');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is told by file and counted in lines', async () => {
    write('a.py', '1\n2\n3\n');
    write('gone.py', 'x\n');
    write('b.bin', Buffer.from([0, 1]));
    const before = commit();
    write('a.py', '1\nzwei\n3\n4\n');
    rmSync(path.join(folder, 'gone.py'));
    write('b.bin', Buffer.from([0, 2]));
    write('näw\tfile\n.py', 'y\n');
    const after = commit();
    const snapshots = path.join(folder, '.git');
    expect(await compareCode(snapshots, before, after)).toEqual([
      { path: 'a.py', change: 'modified', addedLines: 2, deletedLines: 1 },
      { path: 'b.bin', change: 'modified', addedLines: null, deletedLines: null },
      { path: 'gone.py', change: 'deleted', addedLines: 0, deletedLines: 1 },
      { path: 'näw\tfile\n.py', change: 'added', addedLines: 1, deletedLines: 0 },
    ]);
    expect(await compareCode(snapshots, after, after)).toEqual([]);
    const base = await compareWithBase({ snapshots, commit: after, base: before, folder });
    expect(base.map(({ path: file, change }) => [file, change])).toEqual([
      ['a.py', 'modified'],
      ['b.bin', 'modified'],
      ['gone.py', 'deleted'],
      ['näw\tfile\n.py', 'added'],
    ]);
    const request = { snapshots, commit: after, base: before, folder };
    expect((await readBaseFile(request, 'gone.py'))?.toString()).toBe('x\n');
    expect(await readBaseFile(request, 'näw\tfile\n.py')).toBeNull();
  });

  it('says which snapshot is gone, and takes no option for a commit', async () => {
    const here = commit();
    const snapshots = path.join(folder, '.git');
    await expect(compareCode(snapshots, 'e'.repeat(40), here)).rejects.toThrow('is not in');
    await expect(compareCode(snapshots, '--output=/tmp/x', here)).rejects.toThrow('is not in');
    await expect(compareWithBase({ snapshots, commit: here, base: 'e'.repeat(40), folder })).rejects.toThrow(
      'not in the repository any more',
    );
  });

  it('reads nothing into an empty answer', () => expect(parseChanges(Buffer.alloc(0))).toEqual([]));
});
