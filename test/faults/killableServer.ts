import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { delay } from '../../src/base/abort';
import { runProgram } from '../../src/platform/spawn';
import { endEverything, isAlive } from '../harness/leftovers.mjs';

const root = path.resolve(__dirname, '../..');

/** A folder whose tracking server is started by the `winnow` command, and can be killed and started again. */
export interface KillableServer {
  readonly folder: string;
  /** For files of the test itself; goes away with the folder. */
  readonly scratch: string;
  readonly trackingUri: string;
  readonly token: string;
  /** Of every server that ran so far; the last one is the one that runs. */
  readonly pids: readonly number[];
  /** Kills it as an out-of-memory killer does, and resolves when it is dead. */
  kill(): Promise<void>;
  /** Starts it as whoever needs it next does. @throws Error when it has another port or token than before. */
  start(): Promise<void>;
  /** Ends it politely. */
  end(): Promise<void>;
  /** Takes all of it away. */
  dispose(): Promise<void>;
}

/** What `winnow server --json` prints. */
const started = z.object({ trackingUri: z.string(), token: z.string(), pid: z.number() });

export async function startKillableServer(): Promise<KillableServer> {
  const scratch = await realpath(await mkdtemp(path.join(os.tmpdir(), 'winnow-faults-')));
  const [folder, state] = [path.join(scratch, 'project'), path.join(scratch, 'state')];
  await mkdir(folder);
  await mkdir(state);
  const first = await winnowServer();
  const pids = [first.pid];

  async function winnowServer() {
    const { stdout, stderr, code } = await runProgram(
      process.execPath,
      [path.join(root, 'dist/cli.js'), 'server', '--folder', folder, '--json'],
      { env: { ...process.env, WINNOW_STATE_HOME: state } },
    );
    if (code !== 0) throw new Error(`winnow server ended with ${code}: ${String(stdout)} ${stderr}`);
    return started.parse(JSON.parse(stdout.toString('utf8')));
  }

  async function signal(name: NodeJS.Signals): Promise<void> {
    const pid = pids.at(-1) ?? 0;
    process.kill(pid, name);
    while (isAlive(pid)) await delay(2);
  }

  return {
    folder,
    scratch,
    trackingUri: first.trackingUri,
    token: first.token,
    pids,
    kill: () => signal('SIGKILL'),
    async start() {
      const { trackingUri, token, pid } = await winnowServer();
      pids.push(pid);
      if (trackingUri !== first.trackingUri || token !== first.token) {
        throw new Error(`The server moved from ${first.trackingUri} to ${trackingUri} or took a new token.`);
      }
    },
    end: () => signal('SIGTERM'),
    async dispose() {
      await endEverything(state);
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
