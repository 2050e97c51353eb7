import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readJson } from '../platform/atomicFile';
import {
  type ExitRecord,
  type RunEvent,
  attemptPaths,
  attemptProcesses,
  exitRecord,
  runEvent,
  runPaths,
  stopRequest,
} from '../platform/attemptFiles';
import { lifeOf } from '../platform/identity';
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
 */
export async function settleAttempt(
  services: QueueServices,
  attempt: LiveAttempt,
  isStarting: boolean,
): Promise<void> {
  const files = {
    ...attemptPaths(services.state, attempt.attemptId),
    ...runPaths(path.join(services.location.runs, attempt.runId)),
  };
  // In this order: whoever wrote how it ended had written all events before.
  const end = await findEnd(files, attempt, isStarting);
  await takeEvents(services, attempt, files.events);
  await takeHook(services, attempt, files.hook);
  if (end === null) return;
  await noteCost(services, attempt, end.endedAt);
  await services.ledger.attemptEnded(attempt.attemptId, end);
  for (const file of [files.attempt, files.processes, files.stop, files.exitFallback]) {
    await rm(file, { force: true });
  }
}

type Files = ReturnType<typeof attemptPaths> & ReturnType<typeof runPaths>;

/** How the attempt ended, or null while it goes on or nobody here can say. */
async function findEnd(files: Files, attempt: LiveAttempt, isStarting: boolean): Promise<AttemptEnd | null> {
  const recorded = await readExit(files);
  if (recorded !== null) return endOf(recorded);
  const processes = await readJson(files.processes, attemptProcesses);
  if (processes === null) {
    if (isStarting || Date.now() - attempt.createdAt < BOOT_MS) return null;
    return unseen('failed', 'The tracking server ended before the script could be started.');
  }
  if ((await lifeOf(processes.runner)) !== 'gone') return null;
  if (processes.script !== null && (await lifeOf(processes.script)) !== 'gone') return null;
  // The runner may have written it between the first look and its end.
  const late = await readExit(files);
  if (late !== null) return endOf(late);
  if ((await readJson(files.stop, stopRequest)) !== null) return unseen('stopped', null);
  if (processes.script === null) return unseen('lost', 'The runner was ended before the script started.');
  return unseenScript(attempt.clientStatus);
}

async function readExit(files: Files): Promise<ExitRecord | null> {
  return (await readJson(files.exit, exitRecord)) ?? (await readJson(files.exitFallback, exitRecord));
}

function endOf({ exitCode, signal, endedAt, stoppedBy, reason }: ExitRecord): AttemptEnd {
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
  for (const event of events) {
    if (event.kind === 'started') {
      startedAt = event.at;
      await ledger.attemptStarted(attempt.attemptId, { at: event.at, pid: event.pid });
    } else {
      samples.push(systemMetrics(event, startedAt ?? event.at));
    }
  }
  await ledger.attemptSamples(attempt.attemptId, samples, eventsOffset);
}

function readEvent(line: string): RunEvent[] {
  try {
    const event = runEvent.safeParse(JSON.parse(line));
    return event.success ? [event.data] : [];
  } catch {
    /* An empty line, or one that a full disk cut short. */
    return [];
  }
}
