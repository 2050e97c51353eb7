import os from 'node:os';
import { UserError } from '../base/errors';
import { TAGS } from '../model/run';
import type { AttemptIngest } from '../ingest/attempts';
import type { Ingest } from '../ingest/ingest';
import type { Point } from '../store/metrics';
import type { Store } from '../store/store';
import type { AttemptLedger, AttemptSample, NewAttempt } from './ledger';

export type LedgerStore = Pick<
  Store,
  | 'createAttempt'
  | 'createExperiment'
  | 'createRun'
  | 'freeName'
  | 'getAttempt'
  | 'getExperimentByName'
  | 'getRun'
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
  return {
    startedBy(requestId) {
      const runId = store.startedBy(requestId);
      const run = runId === null ? null : store.getRun(runId);
      return run === null ? null : { runId: run.runId, name: run.name };
    },

    createAttempt: (attempt) => ingest.write('full', () => create(store, attempt)),

    snapshotTaken(attemptId, { snapshot, reason }) {
      if (snapshot !== null) return attempts.attemptSnapshot(attemptId, snapshot);
      return ingest.write('full', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt !== null) store.updateRun(attempt.runId, { reason });
      });
    },

    logsElsewhere: (attemptId, uri) =>
      ingest.write('normal', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null || attempt.joinedKey !== null) return;
        store.setTags(store.runHead(attempt.runId), [{ key: TAGS.logsTo, value: uri }]);
      }),

    attemptStarted: (attemptId, { at, pid }) => attempts.attemptStarted(attemptId, { pid, startedAt: at }),

    attemptSamples: (attemptId, samples, eventsOffset, printed) =>
      attempts.attemptSamples(attemptId, samples.flatMap(pointsOf), eventsOffset, printed),

    printedRules: (experimentId) => store.printedRules(experimentId).map(({ rule }) => rule),

    attemptEnded(attemptId, end) {
      // Why there is no snapshot stays worth knowing when the end has nothing to add.
      const attempt = store.getAttempt(attemptId);
      const before = attempt === null ? null : (store.getRun(attempt.runId)?.reason ?? null);
      return attempts.attemptEnded(attemptId, { ...end, reason: end.reason ?? before });
    },

    liveAttempts: () => store.liveAttempts().map(({ attemptId, runId }) => ({ attemptId, runId })),

    liveAttempt(id) {
      const attempt = store.getAttempt(id);
      if (attempt === null || attempt.endedAt !== null) return null;
      const { attemptId, runId, createdAt, eventsOffset } = attempt;
      const run = store.getRun(runId);
      const clientStatus = run?.tags[TAGS.clientStatus] ?? null;
      return { attemptId, runId, createdAt, startedAt: run?.startedAt ?? null, eventsOffset, clientStatus };
    },
  };
}

function create(store: LedgerStore, attempt: NewAttempt) {
  const { attemptId, command, goal, outputPath } = attempt;
  const known = store.getExperimentByName(attempt.experiment);
  if (known?.deleted === true) {
    throw new UserError(
      'experiment-deleted',
      `The experiment ${attempt.experiment} was deleted. Choose another name for the experiment, or restore it.`,
    );
  }
  const experimentId = known?.experimentId ?? store.createExperiment(attempt.experiment);
  if (goal !== null) store.setGoal(experimentId, goal);
  const name = attempt.name ?? store.freeName();
  const user = os.userInfo().username;
  const runId = store.createRun({
    experimentId,
    name,
    state: 'queued',
    userId: user,
    command,
    attemptId,
    outputPath,
    tags: {
      [TAGS.user]: user,
      [TAGS.sourceName]: command.script,
      [TAGS.sourceType]: 'LOCAL',
    },
  });
  const { tokenHash, experimentChosen } = attempt;
  store.createAttempt({ attemptId, runId, tokenHash, experimentChosen });
  store.rememberStart(attempt.requestId, runId);
  return { runId, name, experimentId };
}

function pointsOf({ at, step, metrics }: AttemptSample): Point[] {
  return Object.entries(metrics).map(([name, value]) => ({ name, value, step, timestamp: at }));
}
