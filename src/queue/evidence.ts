import path from 'node:path';
import type { Ingest } from '../ingest/ingest';
import type { RunEnvironment } from '../model/environment';
import type { OpenedFile } from '../model/openedFile';
import { type RunId, TAGS } from '../model/run';
import type { DatasetInput } from '../store/runs';
import type { Store } from '../store/store';
import { looksSecret } from './secrets';

/** What the hook saw since it was asked last. */
export interface Seen {
  readonly params: Readonly<Record<string, string>>;
  readonly seeds: Readonly<Record<string, string>>;
  readonly files: readonly OpenedFile[];
}

/** Where what is recorded by itself is written. Every call may be repeated. */
export interface Evidence {
  hookOffset(attemptId: string): number;
  /** Writes what was seen and moves the offset, in one transaction. */
  hookTaken(attemptId: string, seen: Seen, hookOffset: number): Promise<void>;
  environmentTaken(runId: RunId, environment: Omit<RunEnvironment, 'seeds'>): Promise<void>;
  /** Files whose content nobody has hashed yet. */
  waitingFiles(): readonly { readonly runId: RunId; readonly file: OpenedFile }[];
  /** The file becomes a dataset of its run, for MLflow's clients too. */
  fileSettled(runId: RunId, file: OpenedFile): Promise<void>;
  /** The value that a metric had last, or null. */
  lastValue(runId: RunId, metric: string): number | null;
  tagged(runId: RunId, tags: Readonly<Record<string, string>>): Promise<void>;
}

export type EvidenceLedgerStore = Pick<
  Store,
  | 'getAttempt'
  | 'getRun'
  | 'hookOffset'
  | 'logInputs'
  | 'putEnvironment'
  | 'putOpenedFiles'
  | 'recordParams'
  | 'recordSeeds'
  | 'runHead'
  | 'setHookOffset'
  | 'setTags'
  | 'settleFile'
  | 'waitingFiles'
>;

const AT_ONCE = 50; // A file is asked for again when these are done.
const MOST_CHARACTERS = 6000; // As MLflow's own limit of a param's value.

export function createEvidence(store: EvidenceLedgerStore, ingest: Ingest): Evidence {
  return {
    hookOffset: store.hookOffset,

    hookTaken: (attemptId, seen, hookOffset) =>
      ingest.write('full', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null || hookOffset <= store.hookOffset(attemptId)) return;
        const run = store.runHead(attempt.runId);
        store.recordParams(run, fit(seen.params));
        store.recordSeeds(run, seen.seeds);
        store.putOpenedFiles(run, seen.files);
        store.setHookOffset(attemptId, hookOffset);
      }),

    environmentTaken: (runId, environment) =>
      ingest.write('full', () => store.putEnvironment(store.runHead(runId), environment)),

    waitingFiles: () => store.waitingFiles(AT_ONCE),

    fileSettled: (runId, file) =>
      ingest.write('full', () => {
        const run = store.runHead(runId);
        const folder = store.getRun(runId)?.command?.folder ?? null;
        store.settleFile(run, file.path, file);
        store.logInputs(run, [datasetOf(file, folder)]);
      }),

    lastValue: (runId, metric) => store.getRun(runId)?.metrics[metric]?.last ?? null,

    tagged: (runId, tags) =>
      ingest.write('full', () =>
        store.setTags(
          store.runHead(runId),
          Object.entries(tags).map(([key, value]) => ({ key, value })),
        ),
      ),
  };
}

function fit(params: Readonly<Record<string, string>>) {
  return Object.entries(params)
    .filter(([key, value]) => isName(key) && !looksSecret(key) && value.length <= MOST_CHARACTERS)
    .map(([key, value]) => ({ key, value }));
}

function isName(key: string): boolean {
  return key !== '' && key.length <= 250 && !key.includes('\0');
}

const MOST_DIGEST = 36; // MLflow's limit of a dataset's digest.

/** As MLflow's clients log a file of this machine; see mlflow/data of its source. */
function datasetOf(file: OpenedFile, folder: string | null): DatasetInput {
  const name = shownPath(file.path, folder);
  const profile = {
    ...(file.sizeBytes === null ? {} : { size_bytes: file.sizeBytes }),
    ...(file.modifiedAt === null ? {} : { modified_at: file.modifiedAt }),
    ...(file.fileCount === null ? {} : { files_read: file.fileCount }),
  };
  const tags = [{ key: 'mlflow.data.context', value: contextOf(name) }];
  if (file.problem !== null) tags.push({ key: TAGS.datasetProblem, value: file.problem });
  return {
    dataset: {
      name: name.slice(-500),
      digest: file.digest?.slice(0, MOST_DIGEST) ?? 'unknown',
      source_type: 'local',
      source: JSON.stringify({ uri: file.path }),
      profile: JSON.stringify(profile),
    },
    tags,
  };
}

function shownPath(file: string, folder: string | null): string {
  if (folder === null) return file;
  const relative = path.relative(folder, file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}

/** What a file is for, as far as its name says so. */
function contextOf(name: string): string {
  if (/(^|[^a-z])(val|valid|validation|dev)([^a-z]|$)/i.test(name)) return 'validation';
  if (/(^|[^a-z])(test|testing|eval|evaluation)([^a-z]|$)/i.test(name)) return 'testing';
  if (/(^|[^a-z])(train|training)([^a-z]|$)/i.test(name)) return 'training';
  return 'input';
}
