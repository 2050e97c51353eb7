// What a test left running: runs and tracking servers are detached, so that no window can take them down.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends every run and every tracking server of a test's own state folder, and waits until they are gone.
 *
 * @param {string} stateHome what WINNOW_STATE_HOME was
 */
export async function endEverything(stateHome) {
  const attempts = filesIn(stateHome, 'attempts').filter((file) => file.endsWith('.processes.json'));
  for (const { runner, script } of attempts.map(readIfThere).filter(Boolean)) {
    // A script is the leader of its process group.
    if (script) send(-script.pid, 'SIGKILL');
    await end(runner.pid, 'SIGTERM');
  }
  await endTrackingServers(stateHome);
}

/**
 * Signals every tracking server of a test's own state folder and waits until it is gone. Returns their pids.
 *
 * @param {string} stateHome
 * @param {NodeJS.Signals} [signal]
 * @returns {Promise<number[]>}
 */
export async function endTrackingServers(stateHome, signal = 'SIGTERM') {
  const endpoints = filesIn(stateHome, '.').filter((file) => path.basename(file) === 'endpoint.json');
  const pids = endpoints.map(readIfThere).flatMap((endpoint) => endpoint?.identity.pid ?? []);
  const live = pids.filter(isAlive);
  await Promise.all(live.map((pid) => end(pid, signal)));
  return live;
}

/** The files in a subfolder of every store's private folder. */
function filesIn(stateHome, subfolder) {
  const stores = path.join(stateHome, 'stores');
  if (!existsSync(stores)) return [];
  return readdirSync(stores)
    .map((key) => path.join(stores, key, subfolder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
}

function readIfThere(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    /* Its owner has just taken it away. */
    return undefined;
  }
}

async function end(pid, signal) {
  const killAt = Date.now() + 10_000; // Far beyond what a clean end takes.
  send(pid, signal);
  while (isAlive(pid)) {
    if (Date.now() > killAt) send(pid, 'SIGKILL');
    await sleep(20);
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    /* It has ended. */
  }
}

/**
 * One that has ended and waits for a parent to read its exit code is not alive.
 *
 * @param {number} pid
 * @returns {boolean}
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}
