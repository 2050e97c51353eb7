import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openStore } from './store';
import { addRun, log, openTemporary, temporaryFolder } from './testing';

function options(folder: string) {
  return { database: path.join(folder, 'winnow.db'), artifacts: path.join(folder, 'artifacts') };
}

test('what was written is there after a restart, with its numbers', () => {
  const folder = temporaryFolder();
  const first = openStore(options(folder));
  const runId = addRun(first);
  log(first, runId, [{ value: 1 }]);
  const seq = first.currentSeq();
  log(first, runId, [{ value: 2, step: 1 }]);
  const { generation } = first;
  first.close();

  const second = openStore(options(folder));
  expect(second.generation).toBe(generation);
  expect([...(second.changesSince(seq)?.metrics.keys() ?? [])]).toEqual([runId]);
  expect(second.changesSince(second.currentSeq())?.metrics.size).toBe(0);
  expect(second.changesSince(10_000)).toBeNull();
  second.close();
});

test('a damaged file is set aside byte for byte, and an empty store takes its place', () => {
  const folder = temporaryFolder();
  const bytes = Buffer.alloc(8192, 'this is no database at all');
  writeFileSync(path.join(folder, 'winnow.db'), bytes);
  const store = openStore(options(folder));
  expect(store.notices[0]).toContain('is damaged');
  const aside = readdirSync(folder).find((name) => name.includes('.damaged-')) ?? '';
  expect(readFileSync(path.join(folder, aside))).toEqual(bytes);
  expect(store.integrity()).toBe('ok');
  addRun(store);
  store.close();
});

test('an emptied file is set aside with its write-ahead log, which is not thrown away', () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'winnow.db'), '');
  writeFileSync(path.join(folder, 'winnow.db-wal'), 'all that is left');
  const store = openStore(options(folder));
  expect(store.notices[0]).toContain('the file is empty');
  const aside = readdirSync(folder).find((name) => /\.damaged-.*-wal$/.test(name)) ?? '';
  expect(readFileSync(path.join(folder, aside), 'utf8')).toBe('all that is left');
  store.close();
});

test('a store without its write-ahead log is still the same store', () => {
  const folder = temporaryFolder();
  const store = openStore(options(folder));
  const left = temporaryFolder();
  copyFileSync(path.join(folder, 'winnow.db'), path.join(left, 'winnow.db'));
  const again = openStore(options(left));
  expect([again.generation, again.notices]).toEqual([store.generation, []]);
  again.close();
  store.close();
});

test('a store that can be neither written nor read is named in a sentence', () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'winnow.db'));
  expect(() => openStore(options(folder))).toThrow(/can neither be written .* Make .* writable\.$/);
});

// Root may write everywhere, so there is nothing to see then.
test.skipIf(process.getuid?.() === 0)('a store that cannot be written is read, with what its log has', () => {
  const folder = temporaryFolder();
  const store = openStore(options(folder));
  const runId = addRun(store);
  const left = temporaryFolder();
  for (const name of ['winnow.db', 'winnow.db-wal']) {
    copyFileSync(path.join(folder, name), path.join(left, name));
  }
  store.close();
  chmodSync(left, 0o500);
  const reader = openStore(options(left));
  chmodSync(left, 0o700);
  expect(reader.readOnly).toContain('cannot be written');
  expect(reader.getRun(runId)?.name).toBe('a run');
  expect(() => addRun(reader)).toThrow(/readonly/);
  reader.close();
  expect(readdirSync(left)).toEqual(['winnow.db', 'winnow.db-wal']);
});

test('a newer store is read and never written', () => {
  const folder = temporaryFolder();
  const first = openStore(options(folder));
  const runId = addRun(first);
  first.close();
  const newer = new Database(path.join(folder, 'winnow.db'));
  newer.pragma('user_version = 999');
  newer.exec('CREATE TABLE of_the_future (id INTEGER) STRICT');
  newer.close();

  const store = openStore(options(folder));
  expect(store.readOnly).toContain('newer Winnow');
  expect(store.getRun(runId)?.name).toBe('a run');
  expect(() => addRun(store)).toThrow(/readonly/);
  store.close();
});

test("another program's database is refused, and left as it is", () => {
  const folder = temporaryFolder();
  const other = new Database(path.join(folder, 'winnow.db'));
  other.exec('CREATE TABLE customers (id INTEGER)');
  other.close();
  const before = readFileSync(path.join(folder, 'winnow.db'));
  expect(() => openStore(options(folder))).toThrow(/another program/);
  expect(readFileSync(path.join(folder, 'winnow.db'))).toEqual(before);
});

test('a store with a trigger that Winnow did not make is refused', () => {
  const folder = temporaryFolder();
  openStore(options(folder)).close();
  const stranger = new Database(path.join(folder, 'winnow.db'));
  stranger.exec("CREATE TRIGGER sly AFTER INSERT ON runs BEGIN UPDATE runs SET name = 'x'; END");
  stranger.close();
  expect(() => openStore(options(folder))).toThrow(/did not make/);
});

test('a second process is told that the store is in use', () => {
  const folder = temporaryFolder();
  const first = openStore(options(folder));
  expect(() => openStore(options(folder))).toThrow(/open in another process/);
  first.close();
});

test('a transaction that fails leaves nothing', () => {
  const store = openTemporary();
  expect(() =>
    store.write('full', () => {
      store.createExperiment('half');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(store.getExperimentByName('half')).toBeNull();
  expect(store.integrity()).toBe('ok');
});
