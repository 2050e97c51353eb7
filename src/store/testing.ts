/* For tests: a store of its own in a temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Point } from './metrics';
import type { NewRun } from './runs';
import { type Store, type StoreOptions, openStore } from './store';

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function openTemporary(options: Partial<StoreOptions> = {}): Store {
  const folder = temporaryFolder();
  const store = openStore({
    database: path.join(folder, 'winnow.db'),
    artifacts: path.join(folder, 'artifacts'),
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

/** A running run of experiment 0, or as said. */
export function addRun(store: Store, run: Partial<NewRun> = {}): string {
  return store.write('normal', () =>
    store.createRun({ experimentId: '0', name: 'a run', state: 'running', startedAt: 1, ...run }),
  );
}

export function log(
  store: Store,
  runId: string,
  points: readonly (Partial<Point> & { value: number })[],
): void {
  store.write('normal', () =>
    store.logMetrics(
      store.runHead(runId),
      points.map((point, i) => ({ name: 'loss', step: i, timestamp: 1000 + i, ...point })),
    ),
  );
}
