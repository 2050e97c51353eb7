import { readdir } from 'node:fs/promises';
import { delay } from '../../src/base/abort';
import { type RunDetail, isOver } from '../../src/model/run';
import { readJson } from '../../src/platform/atomicFile';
import { attempt as attemptFile, attemptPaths, attemptProcesses } from '../../src/platform/attemptFiles';
import { findEndpoint } from '../../src/platform/endpoint';
import { findScript } from '../../src/platform/findScript';
import { type ProcessIdentity, groupMembers, lifeOf } from '../../src/platform/identity';
import { connectServer } from '../../src/platform/server';
import type { StoreState } from '../../src/platform/stateFolder';
import { processesThatName } from './processesOf';

/**
 * The server of a folder, or the runner or the script of the run that goes on, as soon as there is one; null when
 * there is none, or the run is over.
 */
export async function processOf(
  state: StoreState,
  target: 'server' | 'runner' | 'script',
): Promise<ProcessIdentity | null> {
  if (target === 'server') return (await findEndpoint(state))?.identity ?? null;
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    const live = (await attemptsIn(state)).at(0);
    if (live === undefined) return null;
    const files = attemptPaths(state, live);
    const processes = await readJson(files.processes, attemptProcesses);
    const identity = processes?.[target] ?? null;
    if (identity !== null) return (await lifeOf(identity)) === 'alive' ? identity : null;
    // Nobody is there any more to say which process the script is: it is looked for as the server does.
    if (processes !== null && target === 'script' && (await lifeOf(processes.runner)) === 'gone') {
      return findScript(null, (await readJson(files.attempt, attemptFile))?.token ?? null);
    }
    await delay(2);
  }
  return null;
}

/** Kills a process and waits until it is gone. */
export async function killForGood(identity: ProcessIdentity): Promise<void> {
  process.kill(identity.pid, 'SIGKILL');
  while ((await lifeOf(identity)) === 'alive') await delay(1);
}

/**
 * Waits for the end of a run as a view does: only the window and the runner start the server again.
 * @param comeBack opens the window again. Called once, when a server that had settled the run was killed with it:
 * then nobody is left who would start one, and nothing is left to settle.
 */
export async function endOf(
  state: StoreState,
  folder: string,
  runId: string,
  comeBack: () => Promise<void> = () => Promise.resolve(),
): Promise<RunDetail> {
  let isBack = false;
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const found = await askOnly(state, folder, runId);
    if (found !== null && isOver(found.state)) return found;
    if (found === null && !isBack && (await isAllSettled(state))) {
      isBack = true;
      await comeBack();
    }
    await delay(50);
  }
  throw new Error(`The run ${runId} did not end within a minute.`);
}

/** How many processes that were of a run still live a moment after its end. */
export async function leftOf(seen: readonly ProcessIdentity[], witnessFile: string): Promise<number> {
  for (const until = Date.now() + 3_000; ;) {
    const lives = await Promise.all(seen.map(lifeOf));
    const groups = await Promise.all(seen.map(groupMembers));
    const left = lives.filter((life) => life !== 'gone').length + groups.flat().length;
    const named = processesThatName(witnessFile).length;
    if (left + named === 0 || Date.now() > until) return left + named;
    await delay(20);
  }
}

/** The ids of the attempts that have not been settled. */
export async function attemptsIn({ attemptsDirectory }: StoreState): Promise<string[]> {
  return (await readdir(attemptsDirectory)).flatMap((name) => /^([0-9a-f]{32})\.json$/.exec(name)?.[1] ?? []);
}

/** Whether no attempt waits to be settled, and no server lives. */
async function isAllSettled(state: StoreState): Promise<boolean> {
  const server = (await findEndpoint(state))?.identity ?? null;
  if (server !== null && (await lifeOf(server)) === 'alive') return false;
  return (await attemptsIn(state)).length === 0;
}

async function askOnly(state: StoreState, folder: string, runId: string): Promise<RunDetail | null> {
  if ((await findEndpoint(state)) === null) return null;
  try {
    const handle = await connectServer(folder);
    return handle === null ? null : (await handle.client.call('getRun', { runId })).run;
  } catch {
    return null; // It was killed between two questions.
  }
}
