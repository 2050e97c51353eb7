import { type RunSnapshot, type RunState, TAGS } from '../model/run';
import type { Point } from '../store/metrics';
import type { PrintedSeries } from '../store/printed';
import type { Store } from '../store/store';
import type { Ingest } from './ingest';

/** How an attempt ended, as its runner saw it or as it was inferred. */
export interface AttemptEnd {
  readonly state: Extract<RunState, 'finished' | 'failed' | 'stopped' | 'pruned' | 'lost'>;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
  readonly endedAt: number;
}

/** What the queue tells of its attempts. Telling the same again changes nothing. */
export interface AttemptIngest {
  attemptStarted(attemptId: string, started: { pid: number; startedAt: number }): Promise<void>;
  attemptSnapshot(attemptId: string, snapshot: RunSnapshot): Promise<void>;
  /**
   * Samples of the process tree, what the script printed, and how far events.jsonl was read: all are written
   * together or not at all.
   */
  attemptSamples(
    attemptId: string,
    points: readonly Point[],
    eventsOffset: number,
    printed?: readonly PrintedSeries[],
  ): Promise<void>;
  /** Ends the attempt's run, and runs that its script created beside it and left open. */
  attemptEnded(attemptId: string, end: AttemptEnd): Promise<void>;
}

export type AttemptIngestStore = Pick<
  Store,
  | 'getAttempt'
  | 'getRun'
  | 'runHead'
  | 'updateAttempt'
  | 'endAttempt'
  | 'updateRun'
  | 'logMetrics'
  | 'setTags'
  | 'searchRunKeys'
  | 'readRuns'
  | 'logPrinted'
  | 'sweepPrinted'
>;

export function createAttemptIngest(store: AttemptIngestStore, ingest: Ingest): AttemptIngest {
  return {
    attemptStarted: (attemptId, { pid, startedAt }) =>
      ingest.write('full', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null || attempt.endedAt !== null) return;
        const { startedAt: first } = store.getRun(attempt.runId) ?? {};
        store.updateAttempt(attemptId, { startedAt });
        store.updateRun(attempt.runId, { state: 'running', pid, startedAt: first ?? startedAt });
      }),

    attemptSnapshot: (attemptId, snapshot) =>
      ingest.write('full', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null) return;
        store.updateAttempt(attemptId, { snapshot });
        const first = store.getRun(attempt.runId)?.snapshot ?? null;
        // A run stays what it began with; what a later attempt ran is that attempt's.
        if (attempt.number > 1 && first !== null) return;
        store.updateRun(attempt.runId, { snapshot });
        store.setTags(store.runHead(attempt.runId), gitTags(snapshot));
      }),

    attemptSamples: (attemptId, points, eventsOffset, printed = []) =>
      ingest.write('normal', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null || eventsOffset <= attempt.eventsOffset) return;
        const run = store.runHead(attempt.runId);
        store.logMetrics(run, points);
        if (printed.length > 0) store.logPrinted(run, printed);
        store.updateAttempt(attemptId, { eventsOffset });
      }),

    attemptEnded: (attemptId, given) =>
      ingest.write('full', () => {
        const attempt = store.getAttempt(attemptId);
        if (attempt === null || attempt.endedAt !== null) return;
        // The clock may have been set back meanwhile: nothing ends before it starts.
        const { startedAt } = store.getRun(attempt.runId) ?? {};
        const end = { ...given, endedAt: Math.max(given.endedAt, startedAt ?? 0) };
        store.endAttempt(attemptId, end);
        store.sweepPrinted(store.runHead(attempt.runId));
        store.updateRun(attempt.runId, { ...end, pid: null });
        for (const runId of openBesides(attemptId)) {
          store.updateRun(runId, { state: end.state, endedAt: end.endedAt, reason: end.reason });
        }
      }),
  };

  function openBesides(attemptId: string): string[] {
    const keys = store.searchRunKeys({
      filter: `tags.\`${TAGS.attempt}\` = '${attemptId}' AND status = 'RUNNING'`,
      lifecycle: 'all',
      limit: 10_000,
      offset: 0,
    });
    return store.readRuns(keys).map((run) => run.runId);
  }
}

/** How the code stood to the user's commits, under MLflow's names. */
function gitTags({ baseCommit, branch, dirty }: RunSnapshot) {
  return [
    ...(baseCommit === null ? [] : [{ key: TAGS.gitCommit, value: baseCommit }]),
    ...(branch === null ? [] : [{ key: TAGS.gitBranch, value: branch }]),
    ...(baseCommit === null ? [] : [{ key: TAGS.gitDirty, value: String(dirty) }]),
  ];
}
