import { delay } from '../base/abort';
import {
  type ProcessIdentity,
  groupMembers,
  identityOf,
  lifeOf,
  signalGroup,
  signalProcess,
} from './identity';
import { descendantsOf } from './processTable';

const POLL_MS = 20; // Short for a person who waits, long against the millisecond that reading the table takes.

/** What a script that did not follow SIGINT in its grace time has after SIGTERM, in milliseconds. */
export const termMsOf = (graceMs: number): number => Math.min(graceMs, TERM_MS);

const TERM_MS = 5_000; // A checkpoint was to be written before; this is for closing files.

/**
 * Ends the process group that `leader` leads or led, and the children that have left the group: SIGINT, then
 * SIGTERM after the grace time, then SIGKILL; or SIGKILL at once. Resolves when all of
 * them are gone; nothing is signalled that is not known for sure.
 * @param signal ends the patience, so that a kill can take over.
 */
export async function stopGroup(
  leader: ProcessIdentity,
  options: { readonly graceMs: number; readonly kill: boolean },
  signal?: AbortSignal,
): Promise<void> {
  const strays = await straysOf(leader);
  const steps: NodeJS.Signals[] = options.kill ? [] : ['SIGINT', 'SIGTERM'];
  for (const step of steps) {
    await signalGroup(leader, step);
    if (step === 'SIGTERM') for (const stray of strays) await signalProcess(stray, step);
    const graceMs = step === 'SIGINT' ? options.graceMs : termMsOf(options.graceMs);
    if (await isGoneWithin(graceMs, leader, strays, signal)) return;
  }
  for (;;) {
    await signalGroup(leader, 'SIGKILL');
    for (const stray of strays) await signalProcess(stray, 'SIGKILL');
    if (await isGoneWithin(500, leader, strays, signal)) return;
  }
}

/** Children that called setsid: found by their parents while these live. */
async function straysOf(leader: ProcessIdentity): Promise<ProcessIdentity[]> {
  if ((await lifeOf(leader)) !== 'alive') return [];
  const members = new Set((await groupMembers(leader)).map((row) => row.pid));
  const outside = (await descendantsOf(leader.pid)).filter((pid) => !members.has(pid));
  return (await Promise.all(outside.map(identityOf))).filter((identity) => identity !== null);
}

async function isGoneWithin(
  ms: number,
  leader: ProcessIdentity,
  strays: readonly ProcessIdentity[],
  signal?: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + ms;
  do {
    const lives = await Promise.all(strays.map(lifeOf));
    if (!lives.includes('alive') && (await groupMembers(leader)).length === 0) return true;
    await delay(POLL_MS, signal);
  } while (performance.now() < end);
  return false;
}
