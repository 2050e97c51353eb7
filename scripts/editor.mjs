// Starts VS Code's server on this machine, for a browser: `npm start` and the tests stand on it.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectNode, run } from './project.mjs';

const HOST = '127.0.0.1';
const START_MS = 60_000; // Three seconds on a quiet machine; a busy one has two cores for several editors.
const END_MS = 5_000; // A tenth of a second is usual.

/** Nothing that talks, asks or is drawn over the window. */
export const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'git.openRepositoryInParentFolders': 'never',
  // The tracking server listens on this machine for this machine: nothing to offer to the browser.
  'remote.autoForwardPorts': false,
};

/**
 * Starts VS Code's server and waits until it answers.
 *
 * @param {object} options
 * @param {string} options.editor the folder that ensureEditor() returns
 * @param {string} options.data a folder for its user data, extensions and logs
 * @param {number} [options.port] a free one by default
 * @param {NodeJS.ProcessEnv} [options.env] what its extension host sees
 * @param {string[]} [options.args] more arguments of the server
 * @param {number | 'ignore'} [options.output] where its own output goes
 * @param {AbortSignal} [options.signal] ends it, also while it starts
 * @returns {Promise<{pid: number, port: number, address: (folder: string) => string, ended: Promise<number | null>, stop: () => Promise<void>}>}
 */
export async function startEditor(options) {
  const { editor, data, port, env = withoutNpm(), args = [], output = 'ignore', signal } = options;
  const chosen = port ?? (await freePort());
  const child = spawn(
    projectNode(),
    [
      path.join(editor, 'out/server-main.js'),
      ...['--host', HOST, '--port', String(chosen), '--without-connection-token'],
      '--accept-server-license-terms',
      ...dataArguments(data),
      ...args,
    ],
    // In the group of whoever starts it: what ends the whole group, as Ctrl-C does, leaves no editor behind.
    { cwd: editor, env, stdio: ['ignore', output, output] },
  );
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  const failed = new Promise((_, reject) => child.once('error', reject));
  failed.catch(() => {});
  const stop = () => end(child, ended);
  signal?.addEventListener('abort', () => void stop(), { once: true });
  try {
    await Promise.race([answers(chosen, ended), failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid,
    port: chosen,
    address: (folder) =>
      `http://${HOST}:${chosen}/?folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}`,
    ended,
    stop,
  };
}

/** Installs a packed extension, as a person does with "Install from VSIX…". */
export function installExtension({ editor, data, vsix }) {
  run(
    projectNode(),
    [path.join(editor, 'out/server-main.js'), ...dataArguments(data), '--install-extension', vsix, '--force'],
    { cwd: editor },
  );
}

/** Writes the settings a person would have, unless there are some to keep. */
export function writeSettings(data, settings, { keep = false } = {}) {
  const file = path.join(data, 'user/User/settings.json');
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`, { flag: keep ? 'wx' : 'w' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** The environment as it was before npm added its own: a window started by hand has none of it. */
export function withoutNpm(env = process.env) {
  const kept = Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE$|NODE_OPTIONS$)/i.test(name));
  const folders = (env.PATH ?? '').split(path.delimiter);
  const isNpm = (folder) =>
    folder.endsWith(path.join('node_modules', '.bin')) || folder.includes('node-gyp-bin');
  return {
    ...Object.fromEntries(kept),
    PATH: folders.filter((folder) => !isNpm(folder)).join(path.delimiter),
  };
}

/** A port nothing listens on now. */
export async function freePort(wanted = 0) {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, HOST, resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function dataArguments(data) {
  return [
    ...['--user-data-dir', path.join(data, 'user')],
    ...['--extensions-dir', path.join(data, 'extensions')],
    ...['--server-data-dir', path.join(data, 'server')],
  ];
}

async function answers(port, ended) {
  const deadline = Date.now() + START_MS;
  let over = false;
  void ended.then(() => (over = true));
  while (Date.now() < deadline) {
    if (over) throw new Error(`VS Code's server ended before it listened on ${HOST}:${port}.`);
    try {
      if ((await fetch(`http://${HOST}:${port}/version`)).ok) return;
    } catch {
      /* It does not listen yet. */
    }
    await sleep(100);
  }
  throw new Error(`VS Code's server did not answer on ${HOST}:${port} within ${START_MS / 1000} s.`);
}

async function end(child, ended) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  // Extension hosts notice only seconds later that their server is gone, and would write into removed folders.
  const hosts = childrenOf(child.pid);
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await ended;
  clearTimeout(timer);
  for (const pid of hosts) send(pid, 'SIGTERM');
}

/** On Linux; elsewhere they are left to notice it by themselves. */
function childrenOf(pid) {
  try {
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return pids === '' ? [] : pids.split(' ').map(Number);
  } catch {
    return [];
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    /* It has ended. */
  }
}
