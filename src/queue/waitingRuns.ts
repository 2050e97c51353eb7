import { rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError, isAbortError, messageOf } from '../base/errors';
import { inTurn } from '../base/inTurn';
import { shareSnapshot } from '../capture/snapshot';
import type { QueueState } from '../model/queue';
import { type RunDetail, type RunId, TAGS, isOver } from '../model/run';
import type { AnswerOf, RequestOf } from '../api/endpoints';
import { runPaths } from '../platform/attemptFiles';
import { listGpus, visibleGpus } from '../platform/gpus';
import { gpusElsewhere } from '../platform/gpusElsewhere';
import { ownIdentity } from '../platform/identity';
import { editedCode } from './editedCode';
import { endedCheckouts, tidyAfter } from './endedCheckout';
import { VISIBLE, gpuVariables } from './gpuChoice';
import { isolate } from './isolate';
import { completeSnapshot } from './keepCode';
import { configuredOf, outputPathOf, runOf } from './makeRun';
import { attemptOf, newAttemptKeys, printedRulesOf } from './newAttempt';
import { nextToStart } from './nextToStart';
import type { QueueServices } from './queue';
import { readConfig } from './readConfig';
import { reorder } from './reorder';
import { type Starter, requireExecutor } from './startAttempt';
import { type WaitingRequest, createWaitingRequests } from './waitingRequest';

/** The runs that wait for a slot. Everything of it lies on the disk: it goes on where another server left it. */
export interface WaitingRuns {
  /** Makes a run that waits; its code is kept when this resolves. The same request again gives the same run. */
  add(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>>;
  /**
   * Queues a run that has ended once more, with its code of then.
   * @throws UserError 'run-not-over', 'no-command', 'no-snapshot'.
   */
  retry(request: RequestOf<'retryRun'>): Promise<AnswerOf<'retryRun'>>;
  move(runIds: readonly RunId[], before: RunId | null): Promise<void>;
  /** @throws UserError 'run-started' for a run that does not wait any more and has not ended. */
  remove(runIds: readonly RunId[]): Promise<void>;
  setPaused(paused: boolean): Promise<void>;
  state(): Promise<QueueState>;
  has(runId: RunId): boolean;
  /** Whether a server is needed, so that they go on. */
  readonly goOn: boolean;
  /** After a server's start: decides whether they go on by themselves, and clears up what was cut off. */
  open(): Promise<void>;
  /** Starts what can start. */
  fill(): Promise<void>;
  /** A run of ours has ended: whoever waits may start, its checkout is cleared up, and it may be tried again. */
  ended(runId: RunId): Promise<void>;
}

const ABSENCE_MS = 30 * 60_000; // By then a person has begun something else, and may not want hours of work to start.
const SEEN_MS = 60_000;

/** What is said of a start that was cut off before the script began; by the runner, or for it. */
const CUT_OFF = /^The (tracking server|runner) (was )?ended before the script/;

export function createWaitingRuns(
  services: QueueServices,
  starter: Starter,
  signal: AbortSignal,
): WaitingRuns {
  const { ledger, location, state: files, log } = services;
  const requests = createWaitingRequests(files);
  let filling: Promise<void> | null = null;
  let again = false;
  let seenAt = 0;
  /** Before that nothing is started: runs whose end is only seen now would let others start without asking. */
  let isOpen = false;

  const answerOf = ({ runId, name }: { runId: RunId; name: string }) => ({
    runId,
    name,
    outputPath: outputPathOf(location, runId),
  });
  const has = (runId: RunId) => ledger.waitingRuns().some((run) => run.runId === runId);

  async function add(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>> {
    const known = ledger.startedBy(request.requestId);
    if (known !== null) {
      if (has(known.runId)) await prepare(known.runId);
      return answerOf(known);
    }
    const config = await readConfig(location.folder);
    const visible = visibleGpus(await listGpus(), request.env[VISIBLE]);
    // A run of its own GPU each, unless it says otherwise: two on one would both be slow, or out of memory.
    const gpuCount = request.gpuCount ?? Math.min(1, visible.length);
    if (gpuCount > visible.length) throw tooFewGpus(gpuCount, visible.length);
    const requestKey = await requests.keep({
      env: request.env,
      maxSnapshotFileBytes: request.maxSnapshotFileBytes,
      edits: request.edits ?? [],
      experimentChosen: request.experiment !== null,
      ...(request.printedMetrics === undefined ? {} : { printedMetrics: request.printedMetrics }),
      configured: configuredOf(config),
    });
    const run = runOf(services, request, config, { requestKey, isolated: true, gpuCount });
    requireExecutor(run.command);
    const created = await ledger.createRun(run, null);
    await prepare(created.runId);
    void fill();
    return answerOf(created);
  }

  /** Keeps the code of a run that waits, if that is not done. What goes wrong ends the run with a sentence. */
  function prepare(runId: RunId): Promise<void> {
    return inTurn(`prepare ${runId}`, async () => {
      const run = ledger.run(runId);
      const key = ledger.placementOf(runId)?.requestKey ?? null;
      if (run === null || run.command === null || isReady(run) || !has(runId)) return;
      const request = key === null ? null : await requests.read(key);
      if (request === null) return end(runId, 'failed', LOST_REQUEST);
      const { folder } = run.command;
      try {
        const original = run.tags[TAGS.retryOf];
        if (original !== undefined) return await shareCode(runId, ledger.run(original));
        const { edits, maxSnapshotFileBytes: maxFileBytes } = request;
        const kept = await editedCode(services, { runId, folder, maxFileBytes, edits }, signal);
        if (kept.refusal !== null) return await end(runId, 'failed', kept.refusal);
        await ledger.runSnapshot(runId, kept);
        if (kept.snapshot === null) return;
        const save = (snapshot: typeof kept.snapshot) =>
          ledger.runSnapshot(runId, { snapshot, reason: null });
        void completeSnapshot(services, save, kept.snapshot, folder, signal);
      } catch (error) {
        if (isAbortError(error)) return; // The next server goes on with it.
        log(error);
        await end(runId, 'failed', `The code could not be kept: ${messageOf(error)}`);
      }
    });
  }

  async function shareCode(runId: RunId, original: RunDetail | null): Promise<void> {
    const snapshot = original?.snapshot ?? null;
    if (snapshot === null)
      return end(runId, 'failed', 'The code of the run that it repeats is not there any more.');
    await shareSnapshot(location.snapshots, runId, snapshot.commit, signal);
    await ledger.runSnapshot(runId, { snapshot, reason: null });
  }

  async function end(runId: RunId, state: 'failed' | 'stopped', reason: string): Promise<void> {
    const key = ledger.placementOf(runId)?.requestKey ?? null;
    await ledger.endWaiting(runId, { state, reason });
    if (key !== null) await requests.forget(key);
  }

  async function retry({ requestId, runId, env }: RequestOf<'retryRun'>): Promise<AnswerOf<'retryRun'>> {
    const run = ledger.run(runId);
    if (run === null) throw new UserError('not-found', `Run with id=${runId} not found`);
    if (!isOver(run.state)) {
      throw new UserError(
        'run-not-over',
        `${run.name} has not ended yet. Stop it first, or wait for its end.`,
      );
    }
    const configured = configuredOf(await readConfig(location.folder));
    const request = { env, edits: [], experimentChosen: true, configured };
    return answerOf(await repeat(requestId, run, request, 0));
  }

  async function repeat(requestId: string, run: RunDetail, request: WaitingRequest, retries: number) {
    const known = ledger.startedBy(requestId);
    if (known !== null) return known;
    const { command, snapshot } = run;
    if (command === null) {
      throw new UserError(
        'no-command',
        `${run.name} was not started by Winnow, so its command is not known.`,
      );
    }
    requireExecutor(command);
    if (snapshot === null) {
      throw new UserError(
        'no-snapshot',
        `The code of ${run.name} was not kept. Start its script anew instead.`,
      );
    }
    const note = run.tags[TAGS.note];
    const before = ledger.placementOf(run.runId);
    const requestKey = await requests.keep(request);
    const created = await ledger.createRun(
      {
        ...{ requestId, experiment: run.experiment, goal: null, name: null, command },
        outputPath: (id) => outputPathOf(location, id),
        tags: { [TAGS.retryOf]: run.runId, ...(note === undefined ? {} : { [TAGS.note]: note }) },
        placement: {
          ...{ requestKey, isolated: true, gpus: null, retries },
          gpuCount: before?.gpuCount ?? 0,
          params: before?.params ?? {},
        },
      },
      null,
    );
    await prepare(created.runId);
    void fill();
    return created;
  }

  function fill(): Promise<void> {
    again = true;
    filling ??= (async () => {
      try {
        while (again) {
          again = false;
          while (await startNext());
        }
      } catch (error) {
        if (!isAbortError(error)) log(error);
      } finally {
        filling = null;
      }
    })();
    return filling;
  }

  async function startNext(): Promise<boolean> {
    if (!isOpen || signal.aborted || ledger.queueSwitch().paused) return false;
    if (ledger.waitingRuns().length === 0) return false;
    await noteSeen();
    const gpus = await listGpus();
    const slots = await slotsNow();
    const inUse = await gpusInUse();
    const waiting = [];
    for (const { runId, gpuCount, requestKey } of ledger.waitingRuns()) {
      const list =
        gpuCount === 0 || requestKey === null ? undefined : (await requests.read(requestKey))?.env[VISIBLE];
      const run = ledger.run(runId);
      const ready = run !== null && isReady(run);
      waiting.push({ runId, gpuCount, ready, visibleGpus: visibleGpus(gpus, list) });
    }
    const next = nextToStart({
      waiting,
      slots,
      slotsInUse: ledger.liveAttempts().length,
      freeGpus: gpus.map(({ index }) => index).filter((index) => !inUse.includes(index)),
    });
    if (next === null) return false;
    await start(next.runId, next.gpus);
    return true;
  }

  async function start(runId: RunId, gpus: readonly number[]): Promise<void> {
    const run = ledger.run(runId);
    const key = ledger.placementOf(runId)?.requestKey ?? null;
    const request = key === null ? null : await requests.read(key);
    if (run === null || run.command === null || request === null) return end(runId, 'failed', LOST_REQUEST);
    const { command, snapshot } = run;
    try {
      const isolated = snapshot === null ? null : await isolate(services, runId, command, snapshot, signal);
      const keys = newAttemptKeys();
      await starter.launch(keys.attemptId, async () => {
        const { experimentChosen } = request;
        if (!(await ledger.startWaiting(runId, { ...keys, experimentChosen }, gpus))) return null;
        const configured = { ...request.configured, ...command.variables, ...gpuVariables(gpus) };
        const env = isolated?.environment(request.env) ?? request.env;
        const plan = isolated?.plan;
        const where = plan === undefined ? {} : { plan };
        const printedRules = printedRulesOf(await readConfig(location.folder), request.printedMetrics);
        const { experimentId } = run;
        const order = { keys, runId, experimentId, command, env, configured, printedRules, ...where };
        return { attempt: attemptOf(services, order), command, configured, code: null };
      });
    } catch (error) {
      if (isAbortError(error)) throw error;
      if (!(error instanceof UserError)) log(error);
      await end(runId, 'failed', `The run could not be started: ${messageOf(error)}`);
    }
  }

  /** Also those of this user's runs in other folders. */
  async function gpusInUse(): Promise<readonly number[]> {
    if ((await listGpus()).length === 0) return [];
    return [...new Set([...ledger.gpusInUse(), ...(await gpusElsewhere(files))])].sort((a, b) => a - b);
  }

  /** One run at a time, or one for each GPU: a training takes all cores that it finds. */
  async function slotsNow(): Promise<number> {
    try {
      const { local } = (await readConfig(location.folder)).slots;
      if (local !== null) return local;
    } catch {
      /* Said when the next run is asked for; whoever waits goes on meanwhile. */
    }
    return Math.max(1, (await listGpus()).length);
  }

  async function ended(runId: RunId): Promise<void> {
    const run = ledger.run(runId);
    const placement = ledger.placementOf(runId);
    if (run === null || placement === null) return fill();
    const { requestKey, retries } = placement;
    const request = requestKey === null ? null : await requests.read(requestKey);
    if (request !== null && run.startedAt === null && CUT_OFF.test(run.reason ?? '')) {
      await rm(runPaths(path.join(location.runs, runId)).exit, { force: true });
      await ledger.returnToQueue(runId);
      return fill();
    }
    if (!isOver(run.state)) return;
    if (placement.isolated) await tidyAfter(services, run);
    if (request !== null && retries > 0 && run.state === 'failed' && run.startedAt !== null) {
      await repeat(`retry-of-${runId}`, run, request, retries - 1);
    }
    if (requestKey !== null) await requests.forget(requestKey);
    return fill();
  }

  async function open(): Promise<void> {
    const { paused, bootId, seenAt: lastSeenAt } = ledger.queueSwitch();
    const waiting = ledger.waitingRuns();
    const { bootId: ownBoot } = await ownIdentity();
    const rebooted = bootId !== null && bootId !== ownBoot;
    const away = lastSeenAt !== null && Date.now() - lastSeenAt > ABSENCE_MS;
    if (!paused && waiting.length > 0 && (rebooted || away)) {
      await ledger.setQueuePaused(true, pauseSentence(waiting.length, lastSeenAt ?? 0, rebooted));
    }
    await noteSeen();
    isOpen = true;
    for (const key of await requests.keys()) {
      const placement = ledger.placementByKey(key);
      if (placement === null) await requests.forget(key);
      else if (isOver(ledger.run(placement.runId)?.state ?? 'lost')) await ended(placement.runId);
    }
    for (const runId of endedCheckouts(services)) await ended(runId);
    for (const { runId } of waiting) void prepare(runId).then(fill).catch(log);
    void fill();
  }

  async function noteSeen(): Promise<void> {
    if (Date.now() - seenAt < SEEN_MS) return;
    seenAt = Date.now();
    await ledger.noteQueueSeen((await ownIdentity()).bootId, seenAt);
  }

  return {
    add: (request) => inTurn(`start ${location.database} ${request.requestId}`, () => add(request)),
    retry: (request) => inTurn(`start ${location.database} ${request.requestId}`, () => retry(request)),
    async move(runIds, before) {
      const order = ledger.waitingRuns().map(({ runId }) => runId);
      await ledger.orderWaiting(reorder(order, runIds, before));
      void fill();
    },
    async remove(runIds) {
      for (const runId of runIds) {
        const run = ledger.run(runId);
        if (run === null) throw new UserError('not-found', `Run with id=${runId} not found`);
        if (has(runId)) await end(runId, 'stopped', 'It was removed from the queue.');
        else if (!isOver(run.state)) {
          throw new UserError('run-started', `${run.name} does not wait any more: it runs. Stop it instead.`);
        }
      }
      void fill();
    },
    async setPaused(paused) {
      await ledger.setQueuePaused(paused, null);
      if (!paused) void fill();
    },
    async state() {
      const { paused, pausedWhy } = ledger.queueSwitch();
      return {
        ...{ paused, pausedWhy },
        slots: await slotsNow(),
        slotsInUse: ledger.liveAttempts().length,
        gpus: (await listGpus()).map(({ index }) => index),
        gpusInUse: await gpusInUse(),
        waiting: ledger.waitingRuns().map(({ runId, name, experiment, gpuCount, queuedAt }) => ({
          runId,
          name,
          experiment,
          gpuCount,
          queuedAt,
        })),
      };
    },
    has,
    get goOn() {
      return !ledger.queueSwitch().paused && ledger.waitingRuns().length > 0;
    },
    open,
    fill,
    ended,
  };
}

const LOST_REQUEST =
  'The file with the environment that it was to start in is gone or cannot be read. Add it to the queue again.';

/** Its code is kept, or there is a reason why it goes on without. */
function isReady({ snapshot, reason }: RunDetail): boolean {
  return snapshot !== null || reason !== null;
}

function tooFewGpus(count: number, visible: number): UserError {
  const there = visible === 0 ? 'no GPU' : visible === 1 ? 'one GPU' : `${visible} GPUs`;
  return new UserError(
    'gpu-missing',
    `The run asks for ${count} GPUs, and it could see ${there} here (nvidia-smi, CUDA_VISIBLE_DEVICES). Ask for fewer.`,
  );
}

function pauseSentence(count: number, seenAt: number, rebooted: boolean): string {
  const why = rebooted ? 'The machine was started anew' : 'Nobody looked after the queue for a while';
  const since = new Date(seenAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  const who = count === 1 ? 'one run waits' : `${count} runs wait`;
  return `${why}: ${who} since ${since}, and ${count === 1 ? 'goes' : 'go'} on when you resume the queue.`;
}
