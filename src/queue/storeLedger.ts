import os from 'node:os';
import { UserError } from '../base/errors';
import { TAGS } from '../model/run';
import type { AttemptIngest } from '../ingest/attempts';
import type { Ingest } from '../ingest/ingest';
import type { Point } from '../store/metrics';
import type { Store } from '../store/store';
import type { AttemptLedger, AttemptSample, CreatedRun, NewRun } from './ledger';

export type LedgerStore = Pick<
  Store,
  | 'attemptsOf'
  | 'createAttempt'
  | 'createExperiment'
  | 'addPlacement'
  | 'createRun'
  | 'deleteTag'
  | 'freeName'
  | 'getAttempt'
  | 'getExperimentByName'
  | 'getRun'
  | 'giveParams'
  | 'gpusInUse'
  | 'leaveQueue'
  | 'noteQueueSeen'
  | 'orderWaiting'
  | 'placementByKey'
  | 'placementOf'
  | 'queueSwitch'
  | 'returnToQueue'
  | 'setQueuePaused'
  | 'waitingRuns'
  | 'getTag'
  | 'liveAttempts'
  | 'printedRules'
  | 'rememberStart'
  | 'runHead'
  | 'setGoal'
  | 'setTags'
  | 'startedBy'
  | 'updateRun'
>;

/** The ledger of a store: reads go to it directly, writes through ingest. */
export function createStoreLedger(
  store: LedgerStore,
  ingest: Ingest,
  attempts: AttemptIngest,
): AttemptLedger {
  const waits = (runId: string) => store.waitingRuns().some((run) => run.runId === runId);

  return {
    startedBy(requestId) {
      const runId = store.startedBy(requestId);
      const run = runId === null ? null : store.getRun(runId);
      return run === null ? null : { runId: run.runId, name: run.name };
    },

    createRun: (run, attempt) =>
      ingest.write('full', () => {
        const created = createRun(store, run, attempt === null);
        if (attempt !== null) store.createAttempt({ ...attempt, runId: created.runId });
        return created;
      }),

    addAttempt: (runId, { requestId, ...attempt }) =>
      ingest.write('full', () => {
        if (store.getAttempt(attempt.attemptId) !== null) return;
        if (requestId !== undefined) store.rememberStart(requestId, runId);
        store.createAttempt({ ...attempt, runId });
        // What the client of the attempt before said at its end says nothing about this one.
        const head = store.runHead(runId);
        if (store.getTag(head, TAGS.clientStatus) !== null) store.deleteTag(head, TAGS.clientStatus);
        store.updateRun(runId, {
          state: 'queued',
          endedAt: null,
          exitCode: null,
          signal: null,
          reason: null,
        });
      }),

    startWaiting: (runId, attempt, gpus) =>
      ingest.write('full', () => {
        if (!waits(runId)) return false;
        store.createAttempt({ ...attempt, runId });
        store.leaveQueue(runId, gpus.length > 0 ? gpus : null);
        return true;
      }),

    endWaiting: (runId, end) =>
      ingest.write('full', () => {
        if (!waits(runId)) return;
        store.leaveQueue(runId, null);
        store.updateRun(runId, { ...end, endedAt: Date.now() });
      }),

    runSnapshot: (runId, { snapshot, reason }) =>
      ingest.write('full', () => store.updateRun(runId, snapshot === null ? { reason } : { snapshot })),

    run: (runId) => store.getRun(runId),

    setTags: (runId, tags) =>
      ingest.write('normal', () =>
        store.setTags(
          store.runHead(runId),
          Object.entries(tags).map(([key, value]) => ({ key, value })),
        ),
      ),

    placementOf: (runId) => store.placementOf(runId),
    placementByKey: (requestKey) => store.placementByKey(requestKey),
    waitingRuns: () => store.waitingRuns(),
    orderWaiting: (runIds) => ingest.write('full', () => store.orderWaiting(runIds)),
    returnToQueue: (runId) =>
      ingest.write('full', () => {
        store.updateRun(runId, { state: 'queued', startedAt: null, endedAt: null, reason: null });
        store.returnToQueue(runId);
      }),
    gpusInUse: () => store.gpusInUse(),
    queueSwitch: () => store.queueSwitch(),
    setQueuePaused: (paused, why) => ingest.write('full', () => store.setQueuePaused(paused, why)),
    noteQueueSeen: (bootId, at) => ingest.write('normal', () => store.noteQueueSeen(bootId, at)),

    snapshotTaken(attemptId, { snapshot, reason }) {
      if (snapshot !== null) return attempts.attemptSnapshot(attemptId, snapshot);
      return ingest.write('full', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt !== null) store.updateRun(attempt.runId, { reason });
      });
    },

    codeChanged: (attemptId) =>
      ingest.write('normal', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null) return;
        const value = String(attempt.number);
        store.setTags(store.runHead(attempt.runId), [{ key: TAGS.codeChanged, value }]);
      }),

    logsElsewhere: (attemptId, uri) =>
      ingest.write('normal', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null || attempt.joinedKey !== null) return;
        store.setTags(store.runHead(attempt.runId), [{ key: TAGS.logsTo, value: uri }]);
      }),

    attemptStarted: (attemptId, { at, pid }) => attempts.attemptStarted(attemptId, { pid, startedAt: at }),

    cellReached: (attemptId, { number, count, state, error }) =>
      ingest.write('normal', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null || attempt.endedAt !== null) return;
        const run = store.runHead(attempt.runId);
        store.setTags(run, [{ key: TAGS.cells, value: `${number}/${count}` }]);
        if (state !== 'failed') return;
        store.updateRun(attempt.runId, {
          reason: `Cell ${number} of ${count} failed${error === undefined ? '' : `: ${error}`}`,
        });
      }),

    paramsKnown: (attemptId, params) =>
      ingest.write('full', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt !== null) store.giveParams(store.runHead(attempt.runId), params);
      }),

    attemptSamples: (attemptId, samples, eventsOffset, printed) =>
      attempts.attemptSamples(attemptId, samples.flatMap(pointsOf), eventsOffset, printed),

    printedRules: (experimentId) => store.printedRules(experimentId).map(({ rule }) => rule),

    attemptEnded(attemptId, end) {
      // Why there is no snapshot stays worth knowing when the end has nothing to add.
      const attempt = store.getAttempt(attemptId);
      const before = attempt === null ? null : (store.getRun(attempt.runId)?.reason ?? null);
      return attempts.attemptEnded(attemptId, { ...end, reason: end.reason ?? before });
    },

    attemptsOf: (runId) => store.attemptsOf(runId),

    liveAttempts: () => store.liveAttempts().map(({ attemptId, runId }) => ({ attemptId, runId })),

    liveAttempt(id) {
      const attempt = store.getAttempt(id);
      if (attempt === null || attempt.endedAt !== null) return null;
      const { attemptId, runId, createdAt, eventsOffset } = attempt;
      const run = store.getRun(runId);
      const clientStatus = run?.tags[TAGS.clientStatus] ?? null;
      const artifactDirectory = run?.artifactDirectory ?? null;
      const startedAt = run?.startedAt ?? null;
      return { attemptId, runId, createdAt, startedAt, eventsOffset, clientStatus, artifactDirectory };
    },
  };
}

function createRun(store: LedgerStore, run: NewRun, waits: boolean): CreatedRun {
  const { command, goal, outputPath } = run;
  const known = store.getExperimentByName(run.experiment);
  if (known?.deleted === true) {
    throw new UserError(
      'experiment-deleted',
      `The experiment ${run.experiment} was deleted. Choose another name for the experiment, or restore it.`,
    );
  }
  const experimentId = known?.experimentId ?? store.createExperiment(run.experiment);
  if (goal !== null) store.setGoal(experimentId, goal);
  const name = run.name ?? store.freeName();
  const user = os.userInfo().username;
  const runId = store.createRun({
    experimentId,
    name,
    state: 'queued',
    userId: user,
    command,
    outputPath,
    tags: {
      [TAGS.user]: user,
      [TAGS.sourceName]: command.script,
      [TAGS.sourceType]: 'LOCAL',
      ...run.tags,
    },
  });
  store.giveParams(store.runHead(runId), run.placement.params);
  store.addPlacement({ ...run.placement, runId, queuedAt: Date.now(), waits });
  store.rememberStart(run.requestId, runId);
  return { runId, name, experimentId };
}

function pointsOf({ at, step, metrics }: AttemptSample): Point[] {
  return Object.entries(metrics).map(([name, value]) => ({ name, value, step, timestamp: at }));
}
