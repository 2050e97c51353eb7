import { readFile, readdir, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { delay } from '../base/abort';
import { takeSnapshot } from '../capture/snapshot';
import { createAttemptIngest } from '../ingest/attempts';
import { createIngest } from '../ingest/ingest';
import { type RunDetail, type RunId, isOver } from '../model/run';
import { readJson } from '../platform/atomicFile';
import { attemptProcesses } from '../platform/attemptFiles';
import { findOnPath } from '../platform/findOnPath';
import { groupMembers, lifeOf } from '../platform/identity';
import { programsIn } from '../platform/runtimes';
import { storeState } from '../platform/stateFolder';
import { createWinnowDirectory, locateStore } from '../platform/storeLocation';
import { temporaryFolder, temporaryStateHome } from '../platform/testing';
import { openStore } from '../store/store';
import { createEvidence } from './evidence';
import { type QueueServices, createQueue } from './queue';
import { createStoreLedger } from './storeLedger';

/** For tests: a folder with a store, a queue and real runners; at the end no process of it may be left. */
export async function laboratory(programs: string, changes: Partial<QueueServices> = {}) {
  await temporaryStateHome();
  const folder = await temporaryFolder('Größe "x" und \'y\'');
  const location = await locateStore(folder);
  const state = await storeState(folder);
  await createWinnowDirectory(location);
  const store = openStore(location);
  const ingest = createIngest(store, () => undefined);
  const problems: unknown[] = [];
  const services: QueueServices = {
    ledger: createStoreLedger(store, ingest, createAttemptIngest(store, ingest)),
    location,
    state,
    programs: programsIn(programs),
    trackingUri: () => 'http://127.0.0.1:1',
    takeSnapshot,
    evidence: createEvidence(store, ingest),
    log: (problem) => problems.push(problem),
    ...changes,
  };
  process.env['WINNOW_GRACE_MS'] = '300';
  const queue = createQueue(services);

  const run = (runId: RunId): RunDetail => {
    const found = store.getRun(runId);
    if (found === null) throw new Error('The run is not there.');
    return found;
  };
  async function until(runId: RunId, holds: (run: RunDetail) => boolean): Promise<RunDetail> {
    while (!holds(run(runId))) {
      await queue.reconcile();
      await delay(10);
    }
    return run(runId);
  }
  const processesOf = async () => {
    // Not what is about to take its place: a runner that is killed then leaves it.
    const names = await readdir(state.attemptsDirectory);
    const file = names.find((name) => name.endsWith('.processes.json') && !name.startsWith('.'));
    return file === undefined ? null : readJson(path.join(state.attemptsDirectory, file), attemptProcesses);
  };
  onTestFinished(async () => {
    queue.dispose();
    await ingest.settled();
    store.close();
    const processes = await processesOf();
    if (processes !== null) {
      expect(await lifeOf(processes.runner)).toBe('gone');
      if (processes.script !== null) expect(await groupMembers(processes.script)).toEqual([]);
    }
  });

  return {
    folder,
    location,
    state,
    ledger: services.ledger,
    programs: services.programs,
    queue,
    run,
    until,
    processesOf,
    problems,
    async start(script: string, lines: string, more: Partial<Parameters<typeof queue.start>[0]> = {}) {
      await writeFile(path.join(folder, script), lines, { mode: 0o755 });
      return queue.start({ ...request(script), ...more });
    },
    request,
    /** As a script does by its client. */
    log: (
      runId: RunId,
      facts: { metrics: readonly [string, number, number][]; params: readonly [string, string][] },
    ) =>
      ingest.write('full', () => {
        const head = store.runHead(runId);
        store.logParams(
          head,
          facts.params.map(([key, value]) => ({ key, value })),
        );
        store.logMetrics(
          head,
          facts.metrics.map(([name, value, step]) => ({ name, value, step, timestamp: Date.now() })),
        );
      }),
    ended: (runId: RunId) => until(runId, ({ state: now }) => isOver(now)),
    output: (runId: RunId) => readFile(path.join(location.runs, runId, 'output.log'), 'utf8'),
    runningScript: async () => {
      for (;;) {
        const processes = await processesOf();
        if (processes?.script) return { runner: processes.runner, script: processes.script };
        await delay(5);
      }
    },
  };

  function request(script: string) {
    return {
      requestId: randomUUID(),
      script,
      args: [] as string[],
      folder,
      python: findOnPath('python3', process.env['PATH']),
      experiment: null,
      name: null,
      env: { PATH: process.env['PATH'] ?? '', SECRET: 'hidden' },
    };
  }
}
