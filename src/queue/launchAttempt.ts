import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UserError, isAbortError, messageOf } from '../base/errors';
import type { AttemptId, RunCommand, RunSnapshot } from '../model/run';
import { forceToDisk, writeFileNow } from '../platform/atomicFile';
import { type Attempt, attemptPaths, runPaths } from '../platform/attemptFiles';
import type { Child } from '../platform/spawn';
import { graceMsOf } from './grace';
import { type KeptCode, completeSnapshot } from './keepCode';
import { noteEnvironment } from './noteEnvironment';
import { noteParams } from './noteParams';
import type { QueueServices } from './queue';
import type { Runners } from './runners';

export interface Launch {
  /** An attempt that is in the store, of a run that may have had others. */
  readonly attempt: Attempt;
  readonly command: RunCommand;
  /** Variables that a reader of the run's folder may know with their values: those of winnow.yaml, and the run's own. */
  readonly configured: Readonly<Record<string, string>>;
  /**
   * Gets the code ready while the runner boots, such as by a snapshot of it. It may call `onReady` before it is
   * done: the script starts then. Null for code that is ready and recorded: nothing is waited for then.
   */
  readonly code: ((onReady: () => void) => Promise<KeptCode>) | null;
}

/**
 * Writes the attempt's files and starts its runner; the script starts when its code is ready too. Whatever goes
 * wrong ends the attempt with a sentence. Resolves when there is nothing left to do for it here.
 */
export async function launchAttempt(
  services: QueueServices,
  runners: Runners,
  { attempt, command, configured, code }: Launch,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, state } = services;
  const attemptId = attempt.attemptId as AttemptId;
  let runner: Child | null = null;
  try {
    const files = { ...attemptPaths(state, attemptId), ...runPaths(attempt.runDirectory) };
    const graceMs = await graceMsOf(attempt.folder);
    mkdirSync(attempt.runDirectory, { recursive: true });
    writeFileNow(files.attempt, JSON.stringify({ ...attempt, graceMs }));
    writeFileNow(files.spec, JSON.stringify(specOf(attempt, command, configured), null, 2), 0o644);
    // The runner first: it gets ready, and an interpreter with it, in the time that the code takes.
    const starting = runners.start(files.attempt);
    starting.catch(() => undefined); // It is awaited below; until then something else may fail.
    let onReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (onReady = resolve));
    const keeping = code === null ? Promise.resolve(null) : code(onReady);
    keeping.catch(() => undefined); // The same.
    const [started] = await Promise.all([starting, Promise.race([ready, keeping])]);
    runner = started;
    const goes = ready.then(() => say(started, 'go'));
    const kept = await keeping;
    if (kept !== null && kept.refusal !== null) return say(started, `no ${kept.refusal}`);
    onReady();
    await goes;
    await Promise.all([files.attempt, files.spec].map(forceToDisk)).catch(services.log);
    if (kept !== null) await ledger.snapshotTaken(attemptId, kept);
    void noteEnvironment(services, attempt, command, signal);
    void noteParams(services, attempt);
    await noteOtherTracking(services, attempt);
    if (kept !== null && kept.snapshot !== null) {
      const save = (snapshot: RunSnapshot) => ledger.snapshotTaken(attemptId, { snapshot, reason: null });
      await completeSnapshot(services, save, kept.snapshot, command.folder, signal);
    }
  } catch (error) {
    if (isAbortError(error)) return; // The server ends: the runner sees its input end and says so in its files.
    say(runner, `no ${messageOf(error)}`);
    if (runner !== null) throw error;
    await ledger.attemptEnded(attemptId, {
      state: 'failed',
      endedAt: Date.now(),
      exitCode: null,
      signal: null,
      reason: `The run could not be started: ${messageOf(error)}`,
    });
    if (!(error instanceof UserError)) throw error;
  }
}

/** Says the one word that a runner waits for; once it is said, no other one counts. */
function say(runner: Child | null, word: string): void {
  if (runner?.stdin?.writableEnded === false) runner.stdin.end(`${word.replaceAll('\n', ' ')}\n`);
}

/** A script that reports to another server is left to do so; its run says where. */
async function noteOtherTracking({ ledger, log }: QueueServices, attempt: Attempt): Promise<void> {
  if (attempt.script?.endsWith('.py') !== true) return;
  try {
    const source = await readFile(attempt.script, 'utf8');
    const { findTrackingUri } = await import('../code/trackingUri');
    const uri = findTrackingUri(source);
    if (uri !== null) await ledger.logsElsewhere(attempt.attemptId as AttemptId, uri);
  } catch (error) {
    log(error); // The run goes on; only a remark is missing.
  }
}

/** What a reader of the folder may know: no value of the asker's environment, and no token. */
function specOf(attempt: Attempt, command: RunCommand, configured: Readonly<Record<string, string>>) {
  return {
    runId: attempt.runId,
    attemptId: attempt.attemptId,
    command,
    requestedAt: Date.now(),
    env: configured,
    inheritedVariables: Object.keys(attempt.env).sort(),
  };
}
