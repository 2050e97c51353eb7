// Everything the bench opens, so that it gives all of it back: at the end, after an error and on Ctrl-C.
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const GRACE_MS = 5_000; // Long enough for a Python server to end its workers.

/** What is open, in order of opening: `close` waits for a clean end, `drop` does what can be done at once. */
const open = new Set();
let isStopping = false;

/** Closes what was opened last first. */
export async function closeAll() {
  for (let last = [...open].at(-1); last !== undefined; last = [...open].at(-1)) await last.close();
}

/** Makes sure that nothing stays behind, however the process ends (but for SIGKILL). */
export function closeOnExit() {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, () => {
      isStopping = true;
      console.error(`\nStopped by ${signal}: cleaning up …`);
      void closeAll().finally(() => process.exit(code));
    });
  }
  process.on('exit', () => {
    for (const thing of [...open].reverse()) thing.drop();
  });
}

/** After Ctrl-C: waits for the end of the process, so that what fails because it was closed is not reported. */
export async function endIfStopping() {
  // A signal that came during synchronous work is heard in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  if (isStopping) await new Promise(() => undefined);
}

/** Keeps `thing` until it is closed; closing twice is closing once. */
export function own({ close, drop = () => {} }) {
  let closing;
  const thing = {
    close: () => (closing ??= Promise.resolve(close()).finally(() => open.delete(thing))),
    drop,
  };
  open.add(thing);
  return thing;
}

/** A folder that goes when the bench ends. Its real path: macOS has links in the way to its temporary folder. */
export async function temporaryFolder(label) {
  // Made and owned in one go: nothing can come between.
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), `winnow-bench-${label}-`)));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  own({ close: remove, drop: remove });
  await endIfStopping();
  return folder;
}

/**
 * Starts a program in a process group of its own, so that its workers end with it.
 * `stdio` is that of `spawn`; what the program says on a piped stderr is kept for the message of a failure.
 */
export function start(command, args, options = {}) {
  if (isStopping) throw new Error('The bench is ending.');
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options, detached: true });
  let complaint = '';
  let gone = child.pid === undefined;
  child.stderr?.on('data', (chunk) => (complaint = (complaint + chunk).slice(-4_000)));
  const ended = new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`Could not start ${command}: ${error.message}`)));
    child.on('exit', () => {
      // Workers that outlived it go now: later its number may be another program's.
      signalGroup(child.pid, 'SIGKILL');
      gone = true;
    });
    child.on('close', (code, signal) => resolve({ code, signal, stderr: complaint }));
  });
  ended.catch(() => {
    /* Whoever waits for the program hears it; nobody may be waiting yet. */
  });
  const signalUnlessGone = (signal) => !gone && signalGroup(child.pid, signal);
  const owned = own({
    close: () => endGroup(signalUnlessGone, ended),
    drop: () => signalUnlessGone('SIGKILL'),
  });
  return { child, ended, close: owned.close, complaint: () => complaint };
}

/**
 * Runs a program to its end; throws with its last words when it fails.
 * @param options.onOutput hears what came out so far, each time there is more.
 */
export async function runToEnd(command, args, { onOutput, ...options } = {}) {
  const program = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let stdout = '';
  program.child.stdout.on('data', (chunk) => {
    stdout += chunk;
    onOutput?.(stdout);
  });
  const { code, signal, stderr } = await program.ended;
  await program.close();
  if (code !== 0) {
    throw new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}.\n${stderr.trim()}`);
  }
  return { stdout, stderr };
}

async function endGroup(signal, ended) {
  const grace = setTimeout(() => signal('SIGKILL'), GRACE_MS);
  signal('SIGTERM');
  await ended.catch(() => {
    /* It never started: there is nothing to end. */
  });
  clearTimeout(grace);
}

/** Ends a process that is not a child of ours, such as a tracking server that a command started. */
export async function endProcess(pid) {
  const deadline = Date.now() + GRACE_MS;
  signalProcess(pid, 'SIGTERM');
  while (signalProcess(pid, 0)) {
    if (Date.now() > deadline) return void signalProcess(pid, 'SIGKILL');
    await wait(20);
  }
}

const signalGroup = (pid, signal) => pid !== undefined && signalProcess(-pid, signal);

/** False when there is no such process any more. Signal 0 only asks. */
export function signalProcess(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    /* It has ended already. */
    return false;
  }
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
