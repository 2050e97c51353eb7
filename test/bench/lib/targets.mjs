// The three servers that the same client talks to: Winnow, the floor and the peer.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { freePort } from '../../../scripts/editor.mjs';
import { ensureBuilt, projectNode, root } from '../../../scripts/project.mjs';
import { endProcess, own, runToEnd, signalProcess, start, temporaryFolder, wait } from './owned.mjs';
import { mlflowPrograms } from './python.mjs';

const READY_MS = 120_000; // MLflow creates its tables at the first start; on a busy machine that takes a while.

/**
 * A server to measure.
 * @typedef {{ env: Record<string, string>, pid: number, close: () => Promise<void> }} Target
 */

/**
 * @param {string} [recording] a file of lib/recorder.mjs with answers to give.
 * @returns {Promise<Target>} the stub that answers at once.
 */
export async function startFloor(recording) {
  const args = [path.join(root, 'test/bench/floor.mjs'), ...(recording === undefined ? [] : [recording])];
  const program = start(projectNode(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const uri = await new Promise((resolve, reject) => {
    program.child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    program.ended.then(({ stderr }) => reject(new Error(`The floor did not start.\n${stderr}`)), reject);
  });
  return { env: { MLFLOW_TRACKING_URI: uri }, pid: program.child.pid, close: program.close };
}

/**
 * `mlflow server` on SQLite with one worker, as its documentation starts it.
 * @returns {Promise<Target & { database: string }>} `database` is its file, for filling it.
 */
export async function startPeer() {
  const programs = await mlflowPrograms();
  const folder = await temporaryFolder('mlflow');
  const database = path.join(folder, 'mlflow.db');
  const port = await freePort();
  const program = start(
    path.join(programs, 'mlflow'),
    [
      'server',
      ...['--backend-store-uri', `sqlite:///${database}`],
      ...['--artifacts-destination', path.join(folder, 'artifacts')],
      ...['--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
    ],
    {
      cwd: folder,
      env: {
        ...quietEnvironment(),
        PATH: `${programs}${path.delimiter}${process.env.PATH}`,
        // Eight more processes for jobs of its own, which take the cores at the start and 1.7 GB: not what is compared.
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      },
    },
  );
  const uri = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_MS;
  while (!(await answers(`${uri}/health`))) {
    if (program.child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`mlflow server did not start.\n${program.complaint()}`);
    }
    await wait(100);
  }
  return { env: { MLFLOW_TRACKING_URI: uri }, pid: program.child.pid, database, close: program.close };
}

/**
 * The `winnow` command of this checkout, with a state folder of its own.
 * @returns `command` to put arguments behind, and the environment `env` for it.
 */
export async function winnowCommand() {
  ensureBuilt();
  const cli = path.join(root, 'dist/cli.js');
  if (!existsSync(cli)) throw new Error(`${cli} is missing: the build made no command line.`);
  const state = await temporaryFolder('state');
  // Servers outlive the command that starts them; the state folder knows them all.
  const endServers = () => Promise.all(serversOf(state).map((pid) => endProcess(pid)));
  own({
    close: endServers,
    drop: () => serversOf(state).forEach((pid) => signalProcess(pid, 'SIGKILL')),
  });
  return {
    command: [projectNode(), cli],
    env: { ...quietEnvironment(), WINNOW_STATE_HOME: state },
    /** Ends every tracking server that was started with this state folder, by whomever. */
    endServers,
  };
}

/** @returns {Promise<Target>} the tracking server of `folder`, started when there is none. */
export async function startWinnow(winnow, folder) {
  const [program, ...args] = winnow.command;
  await mkdir(folder, { recursive: true });
  const { stdout } = await runToEnd(program, [...args, 'server', '--folder', folder, '--json'], {
    cwd: folder,
    env: winnow.env,
  });
  const { trackingUri, token, pid } = JSON.parse(stdout);
  return {
    env: { MLFLOW_TRACKING_URI: trackingUri, MLFLOW_TRACKING_TOKEN: token },
    pid,
    close: () => endProcess(pid),
  };
}

/** This environment without what would lead MLflow elsewhere or let it call home. */
export function quietEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(MLFLOW_|WINNOW_|npm_|NODE_OPTIONS$)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    NO_PROXY: [process.env.NO_PROXY, '127.0.0.1', 'localhost'].filter(Boolean).join(','),
    no_proxy: [process.env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(','),
    DO_NOT_TRACK: 'true',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
  };
}

/** The pids in every `stores/<key>/endpoint.json` of a state folder. */
function serversOf(state) {
  const stores = path.join(state, 'stores');
  return listing(stores).flatMap((key) => {
    try {
      const pid = /"pid":\s*(\d+)/.exec(readFileSync(path.join(stores, key, 'endpoint.json'), 'utf8'));
      return pid === null ? [] : [Number(pid[1])];
    } catch {
      /* No server of this store lives. */
      return [];
    }
  });
}

function listing(folder) {
  try {
    return readdirSync(folder);
  } catch {
    /* Nothing was ever started. */
    return [];
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    /* It does not listen yet. */
    return false;
  }
}
