import { createHash } from 'node:crypto';
import type { HostFacts, PythonEnvironment, RunEnvironment } from '../model/environment';
import type { OpenedFile } from '../model/openedFile';
import type { RunId } from '../model/run';
import type { Db } from './database';
import type { Journal } from './journal';
import type { KeyValue } from './keyValues';
import type { RunHead } from './runs';

/** What is recorded of a run by itself: nobody logged it. */
export interface EvidenceStore {
  /**
   * Params as the script's process had them. What a client logged stays; what was seen first stays; what the person
   * typed gives way. A client that logs one of them later has the last word.
   */
  recordParams(run: RunHead, params: readonly KeyValue[]): void;
  /** Seeds by what they were set for; the first one of each stays. */
  recordSeeds(run: RunHead, seeds: Readonly<Record<string, string>>): void;
  putEnvironment(run: RunHead, environment: Omit<RunEnvironment, 'seeds'>): void;
  /** Null when nothing is known (yet). */
  getEnvironment(runId: string): RunEnvironment | null;
  /** Files as they were opened; one that is known stays as it is, a folder's count only grows. */
  putOpenedFiles(run: RunHead, files: readonly OpenedFile[]): void;
  openedFiles(runId: string): OpenedFile[];
  /** Files that wait for their digest, of all runs. */
  waitingFiles(limit: number): { readonly runId: RunId; readonly file: OpenedFile }[];
  settleFile(run: RunHead, path: string, end: Pick<OpenedFile, 'digest' | 'problem'>): void;
  /** Bytes of hook.jsonl that are taken in. */
  hookOffset(attemptId: string): number;
  setHookOffset(attemptId: string, offset: number): void;
}

interface EnvironmentRow {
  version: string | null;
  interpreter: string | null;
  locked_by: PythonEnvironment['lockedBy'] | null;
  packages: string | null;
  host: string | null;
  seeds: string;
}

interface FileRow {
  run_id: RunId;
  path: string;
  is_folder: number;
  file_count: number | null;
  size_bytes: number | null;
  modified_at: number | null;
  digest: string | null;
  problem: string | null;
}

export function evidenceStore(db: Db, journal: Journal): EvidenceStore {
  const touch = db.prepare<[number, number]>('UPDATE runs SET seq = ? WHERE run_key = ?');
  const putParam = db.prepare<[number, string, string]>(
    `INSERT INTO params (run_key, key, value, recorded) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET value = excluded.value, recorded = excluded.recorded
     WHERE params.recorded = 2 AND excluded.recorded = 1`,
  );
  // json_patch: those that are there already win.
  const putSeeds = db.prepare<[number, string]>(
    `INSERT INTO run_environments (run_key, seeds) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET seeds = json_patch(excluded.seeds, run_environments.seeds)`,
  );
  const putLock = db.prepare<[string, string]>(
    'INSERT INTO package_locks (sha256, packages) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const lockKey = db.prepare<[string], number>('SELECT lock_key FROM package_locks WHERE sha256 = ?').pluck();
  const put = db.prepare<[number, string | null, string | null, string | null, number | null, string]>(
    `INSERT INTO run_environments (run_key, version, interpreter, locked_by, lock_key, host)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, interpreter = excluded.interpreter,
       locked_by = excluded.locked_by, lock_key = excluded.lock_key, host = excluded.host`,
  );
  const environment = db.prepare<[string], EnvironmentRow>(
    `SELECT version, interpreter, locked_by, packages, host, seeds FROM run_environments
     JOIN runs USING (run_key) LEFT JOIN package_locks USING (lock_key) WHERE run_id = ?`,
  );
  const putFile = db.prepare<[number, string, number, number | null, number | null, number | null]>(
    `INSERT INTO opened_files (run_key, path, is_folder, file_count, size_bytes, modified_at)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET file_count = max(coalesce(file_count, 0), coalesce(excluded.file_count, 0))
     WHERE opened_files.is_folder = 1 AND excluded.file_count IS NOT NULL`,
  );
  const select = `SELECT run_id, path, is_folder, file_count, size_bytes, modified_at, digest, problem
     FROM opened_files JOIN runs USING (run_key)`;
  const files = db.prepare<[string], FileRow>(`${select} WHERE run_id = ? ORDER BY path`);
  const waiting = db.prepare<[number], FileRow>(
    `${select} WHERE digest IS NULL AND problem IS NULL AND purged = 0 LIMIT ?`,
  );
  const settle = db.prepare<[string | null, string | null, number, string]>(
    'UPDATE opened_files SET digest = ?, problem = ? WHERE run_key = ? AND path = ?',
  );
  const offset = db
    .prepare<[string], number>('SELECT hook_offset FROM attempts WHERE attempt_id = ?')
    .pluck();
  const setOffset = db.prepare<[number, string]>('UPDATE attempts SET hook_offset = ? WHERE attempt_id = ?');

  function changed(run: RunHead): void {
    touch.run(journal.next(), run.runKey);
    journal.run(run.runId, run.experimentId);
  }

  return {
    recordParams(run, params) {
      for (const { key, value } of params) putParam.run(run.runKey, key, value);
      if (params.length > 0) changed(run);
    },

    recordSeeds(run, seeds) {
      if (Object.keys(seeds).length === 0) return;
      putSeeds.run(run.runKey, JSON.stringify(seeds));
      changed(run);
    },

    putEnvironment(run, { python, host }) {
      put.run(
        run.runKey,
        python?.version ?? null,
        python?.interpreter ?? null,
        python?.lockedBy ?? null,
        python === null ? null : keepLock(python.packages),
        JSON.stringify(host),
      );
      changed(run);
    },

    getEnvironment(runId) {
      const row = environment.get(runId);
      if (row === undefined || row.host === null) return null;
      return {
        python: pythonOf(row),
        host: JSON.parse(row.host) as HostFacts,
        seeds: JSON.parse(row.seeds) as Record<string, string>,
      };
    },

    putOpenedFiles(run, opened) {
      for (const { path, isFolder, fileCount, sizeBytes, modifiedAt } of opened) {
        putFile.run(run.runKey, path, isFolder ? 1 : 0, fileCount, sizeBytes, modifiedAt);
      }
      if (opened.length > 0) changed(run);
    },

    openedFiles: (runId) => files.all(runId).map(fileOf),
    waitingFiles: (limit) => waiting.all(limit).map((row) => ({ runId: row.run_id, file: fileOf(row) })),

    settleFile(run, path, { digest, problem }) {
      settle.run(digest, problem, run.runKey, path);
      changed(run);
    },

    hookOffset: (attemptId) => offset.get(attemptId) ?? 0,
    setHookOffset: (attemptId, bytes) => void setOffset.run(bytes, attemptId),
  };

  function keepLock(packages: readonly string[]): number {
    const text = packages.join('\n');
    const sha256 = createHash('sha256').update(text).digest('hex');
    putLock.run(sha256, text);
    return lockKey.get(sha256) ?? 0;
  }
}

function pythonOf(row: EnvironmentRow): PythonEnvironment | null {
  const { version, interpreter, locked_by: lockedBy, packages } = row;
  if (version === null || interpreter === null || lockedBy === null) return null;
  return { version, interpreter, lockedBy, packages: packages?.split('\n').filter(Boolean) ?? [] };
}

function fileOf(row: FileRow): OpenedFile {
  return {
    path: row.path,
    isFolder: row.is_folder === 1,
    fileCount: row.file_count,
    sizeBytes: row.size_bytes,
    modifiedAt: row.modified_at,
    digest: row.digest,
    problem: row.problem,
  };
}
