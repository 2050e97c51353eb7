import { isAbortError } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { LeftOutFile, RunId, RunSnapshot } from '../model/run';
import type { AnswerOf, RequestOf } from '../api/endpoints';
import type { Programs } from '../platform/runtimes';
import type { StoreState } from '../platform/stateFolder';
import type { StoreLocation } from '../platform/storeLocation';
import type { Evidence } from './evidence';
import type { AttemptLedger } from './ledger';
import { createRunners } from './runners';
import { settleAttempt } from './settleAttempt';
import { createStarter } from './startAttempt';
import { stopAttempt } from './stopAttempt';

/** Starts runs, ends them, and finds out what became of them. */
export interface Queue extends Disposable {
  /**
   * Makes a run and starts its script in the background. The same request again answers with the same run.
   * @throws UserError when winnow.yaml cannot be read, or nothing can be run here.
   */
  start(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>>;
  /**
   * Asks a run to end, politely or at once. Resolves when it is asked, not when it has ended.
   * @throws UserError 'run-over', 'run-without-runner' or 'run-elsewhere'.
   */
  stop(runId: RunId, kill: boolean): Promise<void>;
  /** Takes in what the files of one attempt, or of all that are alive, say since the last time. */
  reconcile(attemptId?: string): Promise<void>;
}

export interface QueueServices {
  readonly ledger: AttemptLedger;
  readonly location: StoreLocation;
  readonly state: StoreState;
  readonly programs: Programs;
  readonly trackingUri: () => string;
  readonly takeSnapshot: (request: {
    readonly folder: string;
    readonly snapshots: string;
    readonly runId: RunId;
    /** Larger files are named and left out. */
    readonly maxFileBytes?: number;
    readonly signal?: AbortSignal;
  }) => Promise<RunSnapshot>;
  /** Hashes files that were too large for the snapshot, once the script runs. */
  readonly hashLeftOut?: (request: {
    readonly folder: string;
    readonly snapshots: string;
    readonly leftOut: readonly LeftOutFile[];
    readonly signal?: AbortSignal;
  }) => Promise<readonly LeftOutFile[]>;
  /** Where what is recorded by itself goes; nothing is when absent. */
  readonly evidence?: Evidence;
  readonly log: (problem: unknown) => void;
}

const LOOK_MS = 2_000; // A nudge is the usual way; this is for runners that died and nudges that got lost.

export function createQueue(services: QueueServices): Queue {
  const disposed = new AbortController();
  const runners = createRunners(services);
  const starter = createStarter(services, runners, disposed.signal);
  const settling = new Map<string, Promise<void>>();

  async function settle(attemptId: string): Promise<void> {
    const live = services.ledger.liveAttempt(attemptId);
    if (live !== null) await settleAttempt(services, live, starter.isStarting(live.attemptId));
  }

  /** One at a time for each attempt: the offset of its events must not be moved by two. */
  function settleInTurn(attemptId: string): Promise<void> {
    const before = settling.get(attemptId) ?? Promise.resolve();
    const mine = before
      .then(() => settle(attemptId))
      .catch(services.log)
      .finally(() => {
        if (settling.get(attemptId) === mine) settling.delete(attemptId);
      });
    settling.set(attemptId, mine);
    return mine;
  }

  async function reconcile(attemptId?: string): Promise<void> {
    const ids: readonly string[] =
      attemptId === undefined ? services.ledger.liveAttempts().map((each) => each.attemptId) : [attemptId];
    await Promise.all(ids.map(settleInTurn));
  }

  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    reconcile()
      .catch((error: unknown) => {
        if (!isAbortError(error)) services.log(error);
      })
      .finally(() => (looking = false));
  }, LOOK_MS);
  timer.unref();

  return {
    start: starter.start,
    stop: (runId, kill) => stopAttempt(services, runId, kill, settleInTurn),
    reconcile,
    dispose() {
      clearInterval(timer);
      disposed.abort();
      runners.dispose();
    },
  };
}
