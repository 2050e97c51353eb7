// The tracking servers that a test left running: they are detached, and end by themselves only when idle.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Signals every tracking server of a test's own state folder and waits until it is gone. Returns their pids.
 *
 * @param {string} stateHome what WINNOW_STATE_HOME was
 * @param {NodeJS.Signals} [signal]
 * @returns {Promise<number[]>}
 */
export async function endTrackingServers(stateHome, signal = 'SIGTERM') {
  const pids = trackingServers(stateHome).filter((pid) => send(pid, signal));
  for (const pid of pids) while (send(pid, 0)) await sleep(20);
  return pids;
}

function trackingServers(stateHome) {
  const stores = path.join(stateHome, 'stores');
  if (!existsSync(stores)) return [];
  return readdirSync(stores)
    .map((key) => path.join(stores, key, 'endpoint.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')).identity.pid);
}

/** False when the process is gone, or has ended and waits for a parent to read its exit code. */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}
