import { isAbortError } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { ResumePlan } from '../model/attempt';
import type { LeftOutFile, RunId, RunSnapshot } from '../model/run';
import type { AnswerOf, RequestOf } from '../api/endpoints';
import type { Programs } from '../platform/runtimes';
import type { StoreState } from '../platform/stateFolder';
import type { StoreLocation } from '../platform/storeLocation';
import type { Evidence } from './evidence';
import type { Holders } from './holders';
import type { AttemptLedger } from './ledger';
import { createAdopter } from './adopter';
import { createRunners } from './runners';
import { type ResumeRequest, createResumer } from './resumeRun';
import { settleAttempt } from './settleAttempt';
import { createStarter } from './startAttempt';
import { type StopAnswer, stopAttempt } from './stopAttempt';
import { type WaitingRuns, createWaitingRuns } from './waitingRuns';

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
  stop(runId: RunId, kill: boolean): Promise<StopAnswer>;
  /** The runs that wait for a slot. */
  readonly waiting: WaitingRuns;
  /** How a run could go on. @throws UserError as `resume` does. */
  planResume(runId: RunId): Promise<ResumePlan>;
  /**
   * Starts one more attempt of a run. The same request again answers with the same.
   * @throws UserError 'run-live', 'run-finished', 'run-without-runner', 'run-deleted' or 'not-found'.
   */
  resume(request: ResumeRequest): Promise<AnswerOf<'resumeRun'>>;
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
    readonly attempt?: number;
    /** Larger files are named and left out. */
    readonly maxFileBytes?: number;
    /** Called once when the code is kept: the script may start. */
    readonly onKept?: () => void;
    readonly signal?: AbortSignal;
  }) => Promise<RunSnapshot>;
  /** Hashes files that were too large for the snapshot, once the script runs. */
  readonly hashLeftOut?: (request: {
    readonly folder: string;
    readonly snapshots: string;
    readonly leftOut: readonly LeftOutFile[];
    readonly signal?: AbortSignal;
  }) => Promise<readonly LeftOutFile[]>;
  /** Interpreters that wait by themselves; without it every script starts after its code is kept. */
  readonly holders?: Holders;
  /** Where what is recorded by itself goes; nothing is when absent. */
  readonly evidence?: Evidence;
  readonly log: (problem: unknown) => void;
}

const LOOK_MS = 2_000; // A nudge is the usual way; this is for runners that died and nudges that got lost.

export function createQueue(given: QueueServices): Queue {
  // Whoever ends an attempt makes room for those that wait.
  const services: QueueServices = {
    ...given,
    ledger: {
      ...given.ledger,
      async attemptEnded(attemptId, end) {
        const live = given.ledger.liveAttempt(attemptId);
        await given.ledger.attemptEnded(attemptId, end);
        if (live !== null) void waiting.ended(live.runId).catch(unlessDisposed);
      },
    },
  };
  const disposed = new AbortController();
  /** Whatever is left to do after an end is done by the next server, too. */
  const unlessDisposed = (error: unknown) => {
    if (!disposed.signal.aborted) given.log(error);
  };
  const runners = createRunners(services);
  const starter = createStarter(services, runners, disposed.signal);
  const waiting = createWaitingRuns(services, starter, disposed.signal);
  const resumer = createResumer(services, starter, disposed.signal);
  const adopter = createAdopter(runners);
  const settling = new Map<string, Promise<void>>();

  async function settle(attemptId: string): Promise<void> {
    const live = services.ledger.liveAttempt(attemptId);
    if (live === null) return;
    await settleAttempt(services, live, starter.isStarting(live.attemptId), adopter);
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
      .then(waiting.fill)
      .catch((error: unknown) => {
        if (!isAbortError(error)) services.log(error);
      })
      .finally(() => (looking = false));
  }, LOOK_MS);
  timer.unref();

  return {
    start: (request) => (request.mode === 'queue' ? waiting.add(request) : starter.start(request)),
    planResume: resumer.plan,
    resume: resumer.resume,
    stop: (runId, kill) =>
      waiting.has(runId)
        ? waiting.remove([runId]).then(() => ({ killAt: null }))
        : stopAttempt(services, runId, kill, settleInTurn),
    waiting,
    reconcile,
    dispose() {
      clearInterval(timer);
      disposed.abort();
      runners.dispose();
    },
  };
}
