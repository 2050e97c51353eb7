import { type Stats, accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { Writable } from 'node:stream';
import { UserError, messageOf } from '../base/errors';
import { writeFileAtomic } from '../platform/atomicFile';
import type { Attempt, ExitRecord } from '../platform/attemptFiles';
import { identityOf } from '../platform/identity';
import { type Child, exitOf, spawnDetached } from '../platform/spawn';
import { log } from './log';
import { type WatchContext, watchScript } from './watchScript';

/**
 * Starts the script when `go` says so, watches over it, and tells how it ended. An interpreter that is known to wait
 * (`attempt.holds`) is started at once and gets ready meanwhile. Never throws for what the script does.
 * @param go resolves with null when the script may start, with a sentence when it must not.
 */
export async function runScript(context: WatchContext, go: Promise<string | null>): Promise<ExitRecord> {
  const { attempt, files, stop } = context;
  const neverRan = (reason: string): ExitRecord => ({
    exitCode: null,
    signal: null,
    endedAt: Date.now(),
    stoppedBy: stop.byPerson ? 'person' : null,
    reason,
    maxRssBytes: null,
    isSeen: true,
  });
  let child: Child | null = null;
  let startedAt: number;
  try {
    const found = findObstacle(attempt);
    if (found === null && attempt.holds) child = await start(attempt, files.output);
    const refusal = await go;
    stop.look();
    const obstacle = stop.byPerson ? 'It was stopped before the script started.' : (refusal ?? found);
    if (obstacle !== null) {
      child?.kill('SIGKILL'); // It has not begun with the script: there is nothing to save.
      return neverRan(obstacle);
    }
    startedAt = Date.now(); // Before: no file that the script writes is older.
    child ??= await start(attempt, files.output);
  } catch (error) {
    if (!(error instanceof UserError)) log(error);
    return neverRan(messageOf(error));
  }
  if (attempt.holds) letGo(child);
  return watchStarted(child, startedAt, context);
}

/** What a program would say less clearly itself, or only after seconds of importing. */
function findObstacle({ workingDirectory, script }: Attempt): string | null {
  if (kindOf(workingDirectory)?.isDirectory() !== true)
    return `There is no folder ${workingDirectory} to run in.`;
  if (script === null) return null;
  const file = kindOf(script);
  if (file === null) return `There is no script ${script}. Check its name and the folder it is run from.`;
  if (file.isDirectory()) return `${script} is a folder. Name the script in it that should run.`;
  try {
    accessSync(script, constants.R_OK);
    return null;
  } catch {
    return `The script ${script} may not be read. Change its permissions.`;
  }
}

function kindOf(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null; // Not there, or not to be looked at.
  }
}

const HOLD_FD = 3; // The first after the three that every program has.

async function start(attempt: Attempt, output: string): Promise<Child> {
  // The script holds the file itself: with a pipe it would die at its next print once the runner is gone.
  const file = openSync(output, 'a');
  try {
    return await spawnDetached(attempt.program, attempt.args, {
      cwd: attempt.workingDirectory,
      env: attempt.holds ? { ...attempt.env, WINNOW_HOLD_FD: String(HOLD_FD) } : attempt.env,
      stdio: ['ignore', file, file, ...(attempt.holds ? (['pipe'] as const) : [])],
    });
  } finally {
    closeSync(file);
  }
}

/** The interpreter waits for one byte before it begins with the script; without it, at the end, it goes. */
function letGo(child: Child): void {
  const pipe = child.stdio[HOLD_FD];
  if (!(pipe instanceof Writable)) return;
  pipe.on('error', () => {
    /* It could not start, and ended: its exit code tells. */
  });
  pipe.end('g');
}

async function watchStarted(child: Child, startedAt: number, context: WatchContext): Promise<ExitRecord> {
  const { files, runner } = context;
  const ended = exitOf(child).then((end) => ({ ...end, endedAt: Date.now() }));
  const pid = child.pid ?? 0;
  const identity = await identityOf(pid); // Null when it ended that quickly.
  if (identity !== null) {
    // A full disk must not end the watch: without the note the script is found by its environment.
    await writeFileAtomic(files.processes, JSON.stringify({ runner, script: identity })).catch(log);
  }
  return watchScript({ pid, identity, startedAt, isNew: true, ended: () => ended }, context);
}
