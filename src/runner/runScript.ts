import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { UserError, messageOf } from '../base/errors';
import { writeFileAtomic } from '../platform/atomicFile';
import type { Attempt, ExitRecord } from '../platform/attemptFiles';
import { identityOf } from '../platform/identity';
import { type Child, exitOf, spawnDetached } from '../platform/spawn';
import { log } from './log';
import { type WatchContext, watchScript } from './watchScript';

export interface ScriptContext extends WatchContext {
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
    isSeen: true,
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
  return watchStarted(child, context);
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

async function watchStarted(child: Child, context: ScriptContext): Promise<ExitRecord> {
  const { files, runner } = context;
  const startedAt = Date.now();
  const ended = exitOf(child).then((end) => ({ ...end, endedAt: Date.now() }));
  const pid = child.pid ?? 0;
  const identity = await identityOf(pid); // Null when it ended that quickly.
  if (identity !== null) {
    // A full disk must not end the watch: without the note the script is found by its environment.
    await writeFileAtomic(files.processes, JSON.stringify({ runner, script: identity })).catch(log);
  }
  return watchScript({ pid, identity, startedAt, isNew: true, ended: () => ended }, context);
}
