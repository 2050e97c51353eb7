import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../base/errors';
import type { Ingest } from '../ingest/ingest';
import type { StoreLocation } from '../platform/storeLocation';
import type { Purgeable } from '../store/purge';
import type { Store } from '../store/store';

/** What goes, or went, for good. */
export interface PurgeReport {
  readonly runCount: number;
  readonly modelCount: number;
  readonly experimentCount: number;
  /** Before: the size of the files beside the database. Afterwards: all that the disk has back. */
  readonly sizeBytes: number;
}

/**
 * Removes what was deleted: rows, points, artifacts and outputs. The code of snapshots stays, since later runs share
 * it: a run's own part of it is a few kilobytes.
 */
export interface Purge {
  /** What a purge would remove: things deleted before an instant in epoch milliseconds. */
  plan(before: number): Promise<PurgeReport>;
  /** Removes it, bit by bit, while requests go on. What was interrupted goes on when it is called again. */
  run(before: number): Promise<PurgeReport>;
}

export interface PurgeDeps {
  readonly store: Store;
  readonly ingest: Ingest;
  readonly location: Pick<StoreLocation, 'artifacts' | 'runs' | 'winnowDirectory'>;
}

const NOTHING_BEFORE = 0;

export function createPurge({ store, ingest, location }: PurgeDeps): Purge {
  let working: Promise<unknown> = Promise.resolve();

  function foldersOf({ runs, models, experimentIds }: Purgeable): string[] {
    return [
      ...runs.flatMap(({ runId, experimentId }) => [
        path.join(location.artifacts, experimentId, runId),
        path.join(location.runs, runId),
        path.join(location.winnowDirectory, 'checkouts', runId),
      ]),
      ...models.map(({ modelId, experimentId }) =>
        path.join(location.artifacts, experimentId, 'models', modelId),
      ),
      ...experimentIds.map((experimentId) => path.join(location.artifacts, experimentId)),
    ];
  }

  async function plan(before: number): Promise<PurgeReport> {
    const found = store.purgeable(before);
    const whole = new Set(found.experimentIds.map((id) => path.join(location.artifacts, id)));
    let sizeBytes = 0;
    for (const folder of foldersOf(found)) {
      if (!whole.has(path.dirname(folder))) sizeBytes += await sizeOf(folder);
    }
    return reportOf(found, sizeBytes);
  }

  async function remove(before: number): Promise<PurgeReport> {
    const found = store.purgeable(before);
    if (isNothing(found)) return reportOf(found, 0);
    const { sizeBytes: fileBytes } = await plan(before);
    const databaseBytes = store.sizeBytes();
    const runIds = found.runs.map(({ runId }) => runId);
    await ingest.write('full', () => store.startPurge(runIds));
    for (const folder of foldersOf(found)) await rm(folder, { recursive: true, force: true });
    for (const { modelId } of found.models) await ingest.write('normal', () => store.purgeModel(modelId));
    for (const runId of runIds) {
      while (await ingest.write('normal', () => store.purgePoints(runId))) await nextTurn();
      await ingest.write('normal', () => store.purgeRun(runId));
    }
    for (const experimentId of found.experimentIds) {
      await ingest.write('full', () => store.purgeExperiment(experimentId));
    }
    while (store.shrink()) await nextTurn();
    store.checkpoint();
    return reportOf(found, fileBytes + Math.max(0, databaseBytes - store.sizeBytes()));
  }

  return {
    plan,
    run(before) {
      // One after the other: what the second finds is what the first has left.
      const next = working.then(() => remove(before));
      working = next.catch(() => undefined);
      return next;
    },
  };
}

/** Goes on with a purge that an earlier server did not finish. */
export async function resumePurge(purge: Purge): Promise<void> {
  await purge.run(NOTHING_BEFORE);
}

function reportOf({ runs, models, experimentIds }: Purgeable, sizeBytes: number): PurgeReport {
  return {
    runCount: runs.length,
    modelCount: models.length,
    experimentCount: experimentIds.length,
    sizeBytes,
  };
}

function isNothing({ runs, models, experimentIds }: Purgeable): boolean {
  return runs.length + models.length + experimentIds.length === 0;
}

/** The size of all files below a path, in bytes. Links count as themselves. */
async function sizeOf(target: string): Promise<number> {
  try {
    const found = await lstat(target);
    if (!found.isDirectory()) return found.size;
    let size = 0;
    for (const name of await readdir(target)) size += await sizeOf(path.join(target, name));
    return size;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return 0;
    throw error;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
