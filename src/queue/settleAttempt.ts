import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { readJson } from '../platform/atomicFile';
import {
  type ExitRecord,
  type RunEvent,
  attempt as attemptFile,
  attemptPaths,
  attemptProcesses,
  exitRecord,
  runPaths,
  stopRequest,
} from '../platform/attemptFiles';
import { findScript } from '../platform/findScript';
import { readHookEnd, readHookStart } from '../platform/hookLife';
import { lifeOf } from '../platform/identity';
import { readEvent } from '../platform/runEvents';
import type { PrintedSeries } from '../store/printed';
import { keepArtifacts } from './keepArtifacts';
import type { Adopter } from './adopter';
import type { AttemptEnd, AttemptSample, LiveAttempt } from './ledger';
import { noteCost } from './cost';
import type { QueueServices } from './queue';
import { readFrom } from './readFrom';
import { systemMetrics } from './systemMetrics';
import { takeHook } from './takeHook';

const BOOT_MS = 30_000; // A runner that has not said a word by then never will.

/**
 * Takes in what an attempt's files say since the last time, and settles its run when it is over.
 * @param isStarting whether this process is just starting it.
 * @param adopter gives a script whose runner is gone another one.
 */
export async function settleAttempt(
  services: QueueServices,
  attempt: LiveAttempt,
  isStarting: boolean,
  adopter: Adopter,
): Promise<void> {
  const files = {
    ...attemptPaths(services.state, attempt.attemptId),
    ...runPaths(path.join(services.location.runs, attempt.runId)),
  };
  // In this order: whoever wrote how it ended had written all events before.
  const end = await findEnd(files, attempt, isStarting, adopter);
  await takeEvents(services, attempt, files.events);
  await takeHook(services, attempt, files.hook);
  if (end === null) return;
  await keepArtifacts(services, attempt, files);
  await noteCost(services, attempt, end.endedAt);
  await services.ledger.attemptEnded(attempt.attemptId, end);
  await removePrivateFiles(services.state.attemptsDirectory, attempt.attemptId);
}

/** Also what somebody who was killed left half done: a lock, a file that was about to take its place. */
async function removePrivateFiles(directory: string, attemptId: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.includes(attemptId)) await rm(path.join(directory, name), { force: true });
  }
}

type Files = ReturnType<typeof attemptPaths> & ReturnType<typeof runPaths>;

/** How the attempt ended, or null while it goes on or nobody here can say. */
async function findEnd(
  files: Files,
  attempt: LiveAttempt,
  isStarting: boolean,
  adopter: Adopter,
): Promise<AttemptEnd | null> {
  const recorded = await readExit(files, attempt.attemptId);
  if (recorded !== null) return endOf(recorded, attempt.clientStatus);
  const processes = await readJson(files.processes, attemptProcesses);
  if (processes === null) {
    if (isStarting || Date.now() - attempt.createdAt < BOOT_MS) return null;
    return unseen('failed', 'The tracking server ended before the script could be started.');
  }
  const runner = await lifeOf(processes.runner);
  if (runner !== 'gone') return null;
  if (processes.script !== null && (await lifeOf(processes.script)) === 'elsewhere') return null;
  const token = (await readJson(files.attempt, attemptFile))?.token;
  if ((await findScript(processes.script, token ?? null)) !== null) {
    await adopter.adopt(files.attempt);
    return null;
  }
  // The runner may have written it between the first look and its end.
  const late = await readExit(files, attempt.attemptId);
  if (late !== null) return endOf(late, attempt.clientStatus);
  if (processes.script === null && !adopter.hasWaited(files.attempt)) return null;
  if (await adopter.readLast(files.attempt)) return null;
  const pid = processes.script?.pid ?? (await readHookStart(files.hook, attempt.createdAt))?.pid;
  const exitCode = pid === undefined ? null : await readHookEnd(files.hook, pid);
  if ((await readJson(files.stop, stopRequest)) !== null) return { ...unseen('stopped', null), exitCode };
  if (exitCode !== null) return { ...unseen(exitCode === 0 ? 'finished' : 'failed', null), exitCode };
  if (processes.script === null && attempt.clientStatus === null) return neverNamed(files);
  return unseenScript(attempt.clientStatus);
}

/** The end of an attempt whose runner named no process, of which none is found, and of whose end nobody tells. */
async function neverNamed(files: Files): Promise<AttemptEnd> {
  // A runner opens the output before it starts the script: without it there was no process to lose.
  const mayHaveRun = await stat(files.output).then(
    () => true,
    () => false,
  );
  return mayHaveRun
    ? unseen(
        'lost',
        'Its runner was ended just when it started the script, so nobody saw whether it ran and how it ended.',
      )
    : unseen('failed', 'The runner was ended before the script started.');
}

async function readExit(files: Files, attemptId: string): Promise<ExitRecord | null> {
  for (const file of [files.exit, files.exitFallback]) {
    const record = await readJson(file, exitRecord);
    if (record !== null && (record.attemptId ?? attemptId) === attemptId) return record;
  }
  return null;
}

function endOf(record: ExitRecord, clientStatus: string | null): AttemptEnd {
  const { exitCode, signal, endedAt, stoppedBy, reason } = record;
  if (!record.isSeen && exitCode === null && stoppedBy === null) {
    return { ...unseenScript(clientStatus), endedAt };
  }
  const state = stoppedBy === 'person' ? 'stopped' : exitCode === 0 ? 'finished' : 'failed';
  return { state, endedAt, exitCode, signal, reason };
}

/** Nobody saw it end: only what its MLflow client said before is known. */
function unseenScript(clientStatus: string | null): AttemptEnd {
  switch (clientStatus) {
    case 'FINISHED':
      return unseen('finished', 'Its runner was ended by force, so the exit code is unknown.');
    case 'FAILED':
      return unseen('failed', 'Its runner was ended by force, so the exit code is unknown.');
    default:
      return unseen('lost', 'Its runner was ended by force, so nobody saw how the script ended.');
  }
}

function unseen(state: AttemptEnd['state'], reason: string | null): AttemptEnd {
  return { state, endedAt: Date.now(), exitCode: null, signal: null, reason };
}

/** Takes in the whole lines that were added since the offset. */
async function takeEvents({ ledger }: QueueServices, attempt: LiveAttempt, file: string): Promise<void> {
  const added = await readFrom(file, attempt.eventsOffset);
  const whole = added.subarray(0, added.lastIndexOf(0x0a) + 1);
  if (whole.length === 0) return;
  const eventsOffset = attempt.eventsOffset + whole.length;
  const events = whole.toString('utf8').split('\n').flatMap(readEvent);
  let { startedAt } = attempt;
  const samples: AttemptSample[] = [];
  const printed: PrintedSeries[] = [];
  for (const event of events) {
    if (event.kind === 'started') {
      startedAt ??= event.at; // Steps count from the first start of the run.
      await ledger.attemptStarted(attempt.attemptId, { at: event.at, pid: event.pid });
    } else if (event.kind === 'sample') {
      samples.push(systemMetrics(event, startedAt ?? event.at));
    } else if (event.kind === 'params') {
      await ledger.paramsKnown(attempt.attemptId, event.params);
    } else if (event.kind === 'printed') {
      printed.push(...event.series.map((series) => printedSeriesOf(series, event.at)));
    }
  }
  const cell = events.findLast((event) => event.kind === 'cell');
  if (cell !== undefined) await ledger.cellReached(attempt.attemptId, cell);
  await ledger.attemptSamples(attempt.attemptId, samples, eventsOffset, printed);
}

function printedSeriesOf(
  { values, ...series }: (RunEvent & { kind: 'printed' })['series'][number],
  at: number,
): PrintedSeries {
  const { name } = series;
  return { ...series, points: values.map(([step, value]) => ({ name, step, value, timestamp: at })) };
}
