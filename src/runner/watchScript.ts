import type { Attempt, AttemptPaths, ExitRecord, RunPaths } from '../platform/attemptFiles';
import { type ProcessIdentity, groupMembers } from '../platform/identity';
import { carryOutStop } from './carryOutStop';
import { eventLog } from './eventLog';
import { observe } from './observe';
import { watchPrinted } from './printedMetrics';
import type { ServerWatch } from './serverWatch';
import type { StopWish } from './stopWish';

export interface WatchContext {
  readonly attempt: Attempt;
  readonly files: AttemptPaths & RunPaths;
  readonly runner: ProcessIdentity;
  readonly stop: StopWish;
  readonly server: ServerWatch;
}

/** A script that runs, started by this runner or by one before it. */
export interface WatchedScript {
  readonly pid: number;
  /** Null when it ended before it could be asked for. */
  readonly identity: ProcessIdentity | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Whether its start is not yet in the events. */
  readonly isNew: boolean;
  /** Resolves with how it ended. */
  readonly ended: () => Promise<ScriptEnd>;
}

export type ScriptEnd = Pick<ExitRecord, 'exitCode' | 'signal' | 'endedAt'> &
  Partial<Pick<ExitRecord, 'isSeen' | 'reason'>>;

/** Watches over a script to its end: samples it, carries out a wish to stop, and tells how it ended. */
export async function watchScript(script: WatchedScript, context: WatchContext): Promise<ExitRecord> {
  const { attempt, files, stop, server } = context;
  const { pid, identity, startedAt } = script;
  const events = await eventLog(files.events);
  if (script.isNew) await events.append({ kind: 'started', at: startedAt, pid });
  else await events.append({ kind: 'adopted', at: Date.now(), pid });
  void server.nudge();

  const over = new AbortController();
  const observation = observe(
    { pid, startedAt, files, env: attempt.env, events, onSample: () => void server.nudge(), look: stop.look },
    over.signal,
  );
  const { printed } = attempt;
  const reading =
    printed === null
      ? Promise.resolve()
      : watchPrinted({ files, ...printed, events, onPoints: () => void server.nudge() }, over.signal);
  const stopping =
    identity === null ? Promise.resolve() : carryOutStop(identity, stop, attempt.graceMs, over.signal);
  const end = await script.ended();
  const stoppedBy = stop.byPerson ? 'person' : null;
  over.abort();
  await stopping; // A stop ends with the last child, not with the first process.
  const { maxRssBytes } = await observation;
  await reading;
  await events.close();
  const left = stoppedBy === null && identity !== null ? await leftBehind(identity) : null;
  return { isSeen: true, ...end, stoppedBy, reason: left ?? end.reason ?? null, maxRssBytes };
}

/** A script may leave helpers running on purpose, so they are left alone and named. */
async function leftBehind(script: ProcessIdentity): Promise<string | null> {
  const pids = (await groupMembers(script)).map((row) => row.pid);
  return pids.length === 0 ? null : `The script left processes running: ${pids.join(', ')}.`;
}
