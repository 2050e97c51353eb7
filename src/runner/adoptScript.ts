import { delay } from '../base/abort';
import { readJson, writeFileAtomic } from '../platform/atomicFile';
import { type ExitRecord, attemptProcesses } from '../platform/attemptFiles';
import { findScript } from '../platform/findScript';
import { type ProcessIdentity, groupMembers, lifeOf } from '../platform/identity';
import { readEvents } from '../platform/runEvents';
import { readHookEnd, readHookStart } from '../platform/hookLife';
import { eventLog } from './eventLog';
import { watchPrinted } from './printedMetrics';
import { type ScriptEnd, type WatchContext, watchScript } from './watchScript';

/**
 * Watches over a script that a runner before this one started: nobody but the parent of a process gets its exit
 * code, so that is what the hook inside the script noted, or unknown. A script that is gone already is read to its
 * end all the same: what it printed last may hold metrics. Null when no process can be named: none ever ran, or its
 * runner was ended before it could name it.
 */
export async function adoptScript(context: WatchContext): Promise<ExitRecord | null> {
  const { attempt, files, runner } = context;
  const processes = await readJson(files.processes, attemptProcesses);
  if (processes === null) return null;
  const script = processes.script ?? (await findScript(null, attempt.token));
  if (script === null) {
    await readUnnamed(context);
    return null;
  }
  await writeFileAtomic(files.processes, JSON.stringify({ runner, script }));
  const started = (await readEvents(files.events)).findLast(
    (event) => event.kind === 'started' && event.pid === script.pid,
  );
  return watchScript(
    {
      pid: script.pid,
      identity: script,
      startedAt: started?.at ?? Date.now(),
      isNew: started === undefined,
      ended: () => waitForEnd(script, files.hook),
    },
    context,
  );
}

/** Takes in what a script left of which nobody saw that it ran: the hook in it says when it did. */
async function readUnnamed({ attempt, files, server }: WatchContext): Promise<void> {
  const events = await eventLog(files.events);
  const start = await readHookStart(files.hook, attempt.createdAt);
  const isKnown = (await readEvents(files.events)).some(
    (event) => event.kind === 'started' && event.at >= attempt.createdAt,
  );
  if (start !== null && !isKnown) await events.append({ kind: 'started', ...start });
  const { printed } = attempt;
  const onPoints = () => void server.nudge();
  if (printed !== null) {
    await watchPrinted({ files, ...printed, events, onPoints }, AbortSignal.abort());
  }
  await events.close();
}

const POLL_MS = 100; // One read of a small file of the kernel's: a day of it costs seconds of one core.

/** With its exit code unknown, a script is not over while anything that it started in its group goes on. */
async function waitForEnd(script: ProcessIdentity, hookFile: string): Promise<ScriptEnd> {
  while ((await lifeOf(script)) !== 'gone') await delay(POLL_MS);
  let endedAt = Date.now();
  const exitCode = await readHookEnd(hookFile, script.pid);
  if (exitCode !== null) return { exitCode, signal: null, endedAt };
  while ((await groupMembers(script)).length > 0) {
    await delay(POLL_MS);
    endedAt = Date.now();
  }
  return {
    exitCode: null,
    signal: null,
    endedAt,
    isSeen: false,
    reason: 'Its runner was ended by force, so the exit code is unknown.',
  };
}
