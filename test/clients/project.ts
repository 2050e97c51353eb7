import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { delay } from '../../src/base/abort';
import type { RequestOf } from '../../src/api/endpoints';
import { type Run, type RunDetail, isOver } from '../../src/model/run';
import { type ServerHandle, ensureServer } from '../../src/platform/server';
import { runProgram } from '../../src/platform/spawn';

const root = path.resolve(__dirname, '../..');
const scripts = path.join(root, 'test/fixtures/scripts');
const dist = path.join(root, 'dist');

/** The requirements of the newest client: what tests use that are not about a version. */
const NEWEST = 'versions/mlflow-3.17.2.txt';

export interface ProjectOptions {
  /** A requirements file of this folder: the interpreter has just that. The newest client's when absent. */
  readonly environment?: string;
  /** More variables for the scripts. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly experiment?: string;
  readonly name?: string;
  readonly args?: readonly string[];
  /** Is told the run every now and then until it is over. */
  readonly watch?: (run: RunDetail) => void;
}

/** What a person chose in the form for a script of their own. */
export type ScriptRequest = Pick<RequestOf<'startRun'>, 'script' | 'args' | 'folder'> &
  Partial<Pick<RequestOf<'startRun'>, 'variables' | 'edits' | 'params' | 'mode'>>;

/** A fresh folder with its own tracking server, and the real client's Python. */
export interface Project {
  readonly folder: string;
  readonly server: ServerHandle;
  /** Starts a script of test/fixtures/scripts as the window does, and waits for its end. */
  run(script: string, options?: RunOptions): Promise<RunDetail>;
  /** Starts a script of the folder, and waits for its end. */
  start(request: ScriptRequest): Promise<RunDetail>;
  /** Every run, oldest first. */
  runs(): Promise<Run[]>;
  /** Runs a script by itself, with the variables that `winnow env` gives. Returns what it printed. */
  python(script: string, args?: readonly string[]): Promise<string>;
  /** Calls MLflow's own API, such as `runs/get?run_id=…`: with a body by POST, without one by GET. */
  mlflow(route: string, body?: object): Promise<unknown>;
  dispose(): Promise<void>;
}

export async function openProject(options: ProjectOptions = {}): Promise<Project> {
  if (!existsSync(path.join(dist, 'server.js'))) throw new Error('Build first: npm run build.');
  const interpreter = await clientPython(options.environment);
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'winnow client-')));
  const state = await mkdtemp(path.join(os.tmpdir(), 'winnow-state-'));
  process.env['WINNOW_STATE_HOME'] = state;
  const server = await ensureServer(folder, { dist });
  const { client, connection } = server;
  const temporary = path.join(state, 'tmp');
  await mkdir(temporary);
  const env = { ...scriptEnvironment(), TMPDIR: temporary, ...options.env };
  let requests = 0;

  async function settled(runId: string, watch: RunOptions['watch']): Promise<RunDetail> {
    for (;;) {
      const { run } = await client.call('getRun', { runId });
      if (isOver(run.state)) return run;
      watch?.(run);
      await delay(50);
    }
  }

  return {
    folder,
    server,
    async start(request) {
      const { runId } = await client.call('startRun', {
        requestId: `request-${++requests}`,
        python: interpreter,
        experiment: null,
        name: null,
        env,
        ...request,
      });
      return settled(runId, undefined);
    },
    async run(script, chosen = {}) {
      const { runId } = await client.call('startRun', {
        requestId: `request-${++requests}`,
        script: path.join(scripts, script),
        args: [...(chosen.args ?? [])],
        folder,
        python: interpreter,
        experiment: chosen.experiment ?? null,
        name: chosen.name ?? null,
        env,
      });
      return settled(runId, chosen.watch);
    },
    async runs() {
      const { runs } = await client.call('searchRuns', { limit: 1000 });
      return [...runs].sort((a, b) => a.createdAt - b.createdAt || (a.runId < b.runId ? -1 : 1));
    },
    async python(script, args = []) {
      const ended = await runProgram(interpreter, [path.join(scripts, script), ...args], {
        cwd: folder,
        env: {
          ...env,
          MLFLOW_TRACKING_URI: connection.trackingUri,
          MLFLOW_TRACKING_TOKEN: connection.token,
        },
      });
      if (ended.code !== 0) throw new Error(`${script} failed: ${ended.stderr}`);
      return ended.stdout.toString('utf8');
    },
    async mlflow(route, body) {
      const response = await fetch(`${connection.trackingUri}/api/2.0/mlflow/${route}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${connection.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    async dispose() {
      await client.call('handOver', { version: 'test' });
      await gone(server);
      await rm(folder, { recursive: true, force: true });
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** The interpreter of a requirements file of this folder; its environment is made once by the set-up. */
export async function clientPython(environment = NEWEST): Promise<string> {
  const setup: unknown = await import(path.join(root, 'scripts/setup.mjs'));
  const { ensurePython } = setup as { ensurePython(file: string): Promise<string> };
  return path.join(await ensurePython(path.join(__dirname, environment)), 'bin/python');
}

function scriptEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH,
    HOME,
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    PYTHONDONTWRITEBYTECODE: '1', // Some scripts import their neighbours.
  };
}

async function gone({ client }: ServerHandle): Promise<void> {
  for (;;) {
    try {
      await client.call('info', {});
    } catch {
      return; // Nobody answers any more.
    }
    await delay(20);
  }
}
