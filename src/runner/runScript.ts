import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { UserError, isAbortError, messageOf } from '../base/errors';
import { writeFileAtomic } from '../platform/atomicFile';
import type { Attempt, AttemptPaths, ExitRecord, RunPaths } from '../platform/attemptFiles';
import { type ProcessIdentity, groupMembers, identityOf } from '../platform/identity';
import { type Child, exitOf, spawnDetached } from '../platform/spawn';
import { stopGroup } from '../platform/stopGroup';
import { eventLog } from './eventLog';
import { log } from './log';
import { observe } from './observe';
import type { ServerWatch } from './serverWatch';
import type { StopWish } from './stopWish';

export interface ScriptContext {
  readonly attempt: Attempt;
  readonly files: AttemptPaths & RunPaths;
  readonly runner: ProcessIdentity;
  readonly stop: StopWish;
  readonly server: ServerWatch;
  /** Why the script must not start, or null. */
  readonly refusal: string | null;
}

/** Starts the script, watches over it, and tells how it ended. Never throws for what the script does. */
export async function runScript(context: ScriptContext): Promise<ExitRecord> {
  const { attempt, files, stop, refusal } = context;
  const neverRan = (reason: string): ExitRecord => ({
    exitCode: null,
    signal: null,
    endedAt: Date.now(),
    stoppedBy: stop.byPerson ? 'person' : null,
    reason,
    maxRssBytes: null,
  });
  const [found] = await Promise.all([findObstacle(attempt), stop.look()]);
  if (stop.byPerson) return neverRan('It was stopped before the script started.');
  const obstacle = refusal ?? found;
  if (obstacle !== null) return neverRan(obstacle);
  let child: Child;
  try {
    child = await start(attempt, files.output);
  } catch (error) {
    if (!(error instanceof UserError)) log(error);
    return neverRan(messageOf(error));
  }
  return watchOver(child, context);
}

/** What a program would say less clearly itself, or only after seconds of importing. */
async function findObstacle({ workingDirectory, script }: Attempt): Promise<string | null> {
  const folder = await stat(workingDirectory).catch(() => null);
  if (folder?.isDirectory() !== true) return `There is no folder ${workingDirectory} to run in.`;
  if (script === null) return null;
  const file = await stat(script).catch(() => null);
  if (file === null) return `There is no script ${script}. Check its name and the folder it is run from.`;
  if (file.isDirectory()) return `${script} is a folder. Name the script in it that should run.`;
  return access(script, constants.R_OK).then(
    () => null,
    () => `The script ${script} may not be read. Change its permissions.`,
  );
}

async function start(attempt: Attempt, output: string): Promise<Child> {
  // The script holds the file itself: with a pipe it would die at its next print once the runner is gone.
  const file = await open(output, 'a');
  try {
    return await spawnDetached(attempt.program, attempt.args, {
      cwd: attempt.workingDirectory,
      env: attempt.env,
      stdio: ['ignore', file.fd, file.fd],
    });
  } finally {
    await file.close();
  }
}

async function watchOver(child: Child, context: ScriptContext): Promise<ExitRecord> {
  const { attempt, files, runner, stop, server } = context;
  const startedAt = Date.now();
  const ended = exitOf(child).then((end) => ({ ...end, endedAt: Date.now() }));
  const pid = child.pid ?? 0;
  const script = await identityOf(pid); // Null when it ended that quickly.
  if (script !== null) await writeFileAtomic(files.processes, JSON.stringify({ runner, script }));
  const events = await eventLog(files.events);
  await events.append({ kind: 'started', at: startedAt, pid });
  void server.nudge();

  const over = new AbortController();
  const observation = observe(
    { pid, startedAt, files, env: attempt.env, events, onSample: () => void server.nudge(), look: stop.look },
    over.signal,
  );
  const stopping =
    script === null ? Promise.resolve() : stopWhenWished(script, stop, attempt.graceMs, over.signal);
  const end = await ended;
  const stoppedBy = stop.byPerson ? 'person' : null;
  over.abort();
  await stopping; // A stop ends with the last child, not with the first process.
  const { maxRssBytes } = await observation;
  await events.close();
  return {
    ...end,
    stoppedBy,
    reason: stoppedBy === null && script !== null ? await leftBehind(script) : null,
    maxRssBytes,
  };
}

async function stopWhenWished(
  script: ProcessIdentity,
  stop: StopWish,
  graceMs: number,
  over: AbortSignal,
): Promise<void> {
  const ended = new Promise<'ended'>((resolve) => over.addEventListener('abort', () => resolve('ended')));
  if ((await Promise.race([stop.wished, ended])) === 'ended') return;
  try {
    await stopGroup(script, { graceMs, kill: stop.kill.aborted }, stop.kill.aborted ? undefined : stop.kill);
  } catch (error) {
    if (!isAbortError(error)) throw error;
    await stopGroup(script, { graceMs, kill: true });
  }
}

/** A script may leave helpers running on purpose, so they are left alone and named. */
async function leftBehind(script: ProcessIdentity): Promise<string | null> {
  const pids = (await groupMembers(script)).map((row) => row.pid);
  return pids.length === 0 ? null : `The script left processes running: ${pids.join(', ')}.`;
}
