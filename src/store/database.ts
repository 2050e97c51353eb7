import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database, { type Database as Db } from 'better-sqlite3';
import { UserError, errorCode, messageOf } from '../base/errors';
import { MIGRATIONS } from './migrations';

export type { Db };

export interface OpenOptions {
  /** The absolute path of winnow.db, or ':memory:'. Its folder exists. */
  readonly database: string;
  /** The path of better_sqlite3.node; found beside the package when absent. */
  readonly nativeBinding?: string | undefined;
  readonly readOnly?: boolean;
  /** 'delete' where the disk is on a network: WAL needs shared memory. */
  readonly journal?: 'wal' | 'delete';
  /** Whether this generation id was seen here before; a stranger's file is checked through and through. */
  readonly isKnown?: (generation: string) => boolean;
}

export interface OpenedDatabase {
  readonly db: Db;
  /** Made once with the file: tells a restored or copied store from the one that was known. */
  readonly generation: string;
  /** A sentence why nothing can be written, or null. */
  readonly readOnly: string | null;
  /** Sentences that a person should read: a damaged file was set aside, a copy was kept. */
  readonly notices: readonly string[];
}

const APPLICATION_ID = 0x574e_4f57; // "WNOW"

/**
 * Opens or creates the store's file, brings its schema up to date and sets the pragmas. A newer file, and one
 * that cannot be written, is opened for reading only; a damaged one is renamed and an empty one takes its place.
 * @throws UserError 'store-in-use' when another process has it open, 'store-foreign' when it is no store of
 * Winnow's, 'store-unreadable' when nothing can be done with it, 'sqlite-missing' when the native module cannot
 * be loaded.
 */
export function openDatabase(options: OpenOptions): OpenedDatabase {
  const notices: string[] = [];
  try {
    refuseEmptied(options.database);
    return { ...openChecked(options, notices), notices };
  } catch (error) {
    if (options.readOnly === true) throw error;
    if (isUnwritable(error)) return { ...openCopy(options, error), notices };
    if (!isStoreDamage(error)) throw error;
    const aside = setAside(options.database);
    notices.push(
      `The store ${options.database} is damaged (${messageOf(error)}). It was kept as ${aside}, and an empty one was made in its place.`,
    );
    return { ...openChecked(options, notices), notices };
  }
}

/** Whether an error of SQLite's says that the file is damaged; one that was checked before may be so since. */
export function isStoreDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(errorCode(error) ?? '');
}

/** Whether an error of SQLite's is trouble of our own that may pass: a full disk, a lock, failing I/O. */
export function isStoreTrouble(error: unknown): boolean {
  return /^SQLITE_(FULL|BUSY|LOCKED|IOERR|NOMEM|CANTOPEN|READONLY)/.test(errorCode(error) ?? '');
}

/** SQLite takes an empty file for a new store, and throws away the write-ahead log beside it. */
function refuseEmptied(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.size !== 0 || existsSync(`${file}-journal`)) return;
  throw Object.assign(new Error('the file is empty'), { code: 'SQLITE_CORRUPT' });
}

function isUnwritable(error: unknown): boolean {
  return /^SQLITE_(READONLY|CANTOPEN)/.test(errorCode(error) ?? '');
}

/**
 * The store of a folder that cannot be written is read from a copy: SQLite reads a file with a write-ahead log
 * only where it can write beside it.
 */
function openCopy(options: OpenOptions, cause: unknown): Omit<OpenedDatabase, 'notices'> {
  const folder = mkdtempSync(path.join(tmpdir(), 'winnow-store-'));
  const database = path.join(folder, 'winnow.db');
  try {
    for (const suffix of ['', '-wal', '-journal']) {
      if (suffix === '' || existsSync(options.database + suffix)) {
        copyFileSync(options.database + suffix, database + suffix);
      }
    }
    const opened = openChecked({ ...options, database, journal: 'delete' }, []);
    opened.db.pragma('query_only = ON');
    return {
      ...opened,
      readOnly: `The store ${options.database} cannot be written, so its runs are shown and none can be started. Make ${path.dirname(options.database)} writable.`,
    };
  } catch (error) {
    throw new UserError(
      'store-unreadable',
      `The store ${options.database} can neither be written (${messageOf(cause)}) nor be read from a copy (${messageOf(error)}). Make ${path.dirname(options.database)} writable.`,
      { cause: error },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true }); // The open file lives on without its name.
  }
}

function openChecked(options: OpenOptions, notices: string[]): Omit<OpenedDatabase, 'notices'> {
  const db = connect(options, options.readOnly === true);
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('mmap_size = 0');
    db.pragma('temp_store = MEMORY');
    const version = versionOf(db, options.database);
    // Before the first table, or a purge could not give pages back without writing the whole file anew.
    if (version === 0 && options.readOnly !== true) db.pragma('auto_vacuum = INCREMENTAL');
    if (version > MIGRATIONS.length) return openNewer(db, options, version);
    if (options.readOnly === true) {
      return { db, generation: generationOf(db), readOnly: 'The store was opened for reading only.' };
    }
    lockAndSetJournal(db, options);
    if (version > 0) {
      checkSchema(db, options, version);
      if (options.isKnown?.(generationOf(db)) !== true) checkContent(db);
    }
    if (version < MIGRATIONS.length) migrate(db, options.database, version, notices);
    return { db, generation: generationOf(db), readOnly: null };
  } catch (error) {
    db.close();
    if (errorCode(error)?.startsWith('SQLITE_BUSY') === true) {
      throw new UserError(
        'store-in-use',
        `The store ${options.database} is open in another process. Close that one, or wait until it ends.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function connect(options: OpenOptions, readonly: boolean): Db {
  // better-sqlite3 13 does not fail but crashes the process on a runtime with an older Node-API.
  if (!(Number(process.versions.napi) >= 10)) {
    throw new UserError(
      'sqlite-missing',
      `Node ${process.versions.node} is too old for the store: use Node 22.14 or newer.`,
    );
  }
  const native = options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding };
  // A short wait: whoever has the file open keeps it open (EXCLUSIVE), so waiting longer would not help.
  return new Database(options.database, { ...native, readonly, timeout: 200 });
}

function versionOf(db: Db, file: string): number {
  const version = Number(db.pragma('user_version', { simple: true }));
  const application = Number(db.pragma('application_id', { simple: true }));
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (isEmpty && version === 0) return 0;
  if (application !== APPLICATION_ID) {
    throw new UserError(
      'store-foreign',
      `${file} is a database of another program. Move it away, and Winnow makes a store of its own.`,
    );
  }
  return version;
}

function openNewer(db: Db, options: OpenOptions, version: number): Omit<OpenedDatabase, 'notices'> {
  db.close();
  const reader = connect(options, true);
  reader.pragma('trusted_schema = OFF');
  return {
    db: reader,
    generation: generationOf(reader),
    readOnly: `The store ${options.database} was written by a newer Winnow (schema ${version}, this one knows ${MIGRATIONS.length}). It is open for reading only: update Winnow to write to it.`,
  };
}

function lockAndSetJournal(db: Db, options: OpenOptions): void {
  // One writer for the whole life of the process: no -shm file, and a second server is refused at once.
  db.pragma('locking_mode = EXCLUSIVE');
  const wanted = options.database === ':memory:' ? 'memory' : (options.journal ?? 'wal');
  const mode = db.pragma(`journal_mode = ${wanted}`, { simple: true });
  if (mode !== wanted) throw new Error(`SQLite refused journal mode ${wanted} and has ${String(mode)}.`);
  db.pragma('synchronous = NORMAL');
  db.pragma('wal_autocheckpoint = 10000'); // About 40 MB: a burst rewrites the same pages, and each checkpoint waits for the disk.
  db.pragma('journal_size_limit = 67108864');
  db.pragma('fullfsync = 1'); // macOS: a plain fsync does not flush the drive's cache. Elsewhere it does nothing.
  db.pragma('checkpoint_fullfsync = 1');
  db.exec('BEGIN IMMEDIATE; COMMIT'); // Takes the lock now rather than at the first write.
}

/** Refuses a file whose tables, views or triggers are not exactly those that the migrations make. */
function checkSchema(db: Db, options: OpenOptions, version: number): void {
  const expected = connect({ ...options, database: ':memory:' }, false);
  try {
    for (const sql of MIGRATIONS.slice(0, version)) expected.exec(sql);
    if (JSON.stringify(schemaOf(db)) !== JSON.stringify(schemaOf(expected))) {
      throw new UserError(
        'store-foreign',
        `${options.database} has tables, views or triggers that Winnow did not make, so it is not opened. Move it away, and Winnow makes a store of its own.`,
      );
    }
  } finally {
    expected.close();
  }
}

function schemaOf(db: Db): unknown[] {
  return db
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name <> 'sqlite_stat1' ORDER BY type, name",
    )
    .all();
}

function checkContent(db: Db): void {
  const result = db.pragma('quick_check(1)', { simple: true });
  if (result !== 'ok') throw Object.assign(new Error(String(result)), { code: 'SQLITE_CORRUPT' });
}

function migrate(db: Db, file: string, from: number, notices: string[]): void {
  if (from > 0) {
    const copy = `${file}.schema-${from}`;
    if (!existsSync(copy)) db.prepare('VACUUM INTO ?').run(copy);
    notices.push(
      `The store was brought to schema ${MIGRATIONS.length}. A copy from before is kept as ${copy}.`,
    );
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < from) continue;
    db.transaction(() => {
      db.exec(sql);
      if (index === 0) createFirstRows(db);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
  db.pragma('wal_checkpoint(TRUNCATE)'); // A store whose log is lost is still a store, and known.
}

function createFirstRows(db: Db): void {
  db.pragma(`application_id = ${APPLICATION_ID}`);
  const now = Date.now();
  db.prepare('INSERT INTO store (id, generation, created_at) VALUES (1, ?, ?)').run(randomUUID(), now);
  // MLflow's clients log to experiment 0 when they name none.
  db.prepare(
    "INSERT INTO experiments (experiment_id, name, created_at, updated_at, seq) VALUES (0, 'Default', ?, ?, 1)",
  ).run(now, now);
}

function generationOf(db: Db): string {
  return String(db.prepare('SELECT generation FROM store').pluck().get());
}

function setAside(file: string): string {
  const aside = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const suffix of ['-wal', '-shm', '-journal', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, path.resolve(aside + suffix));
  }
  return aside;
}
