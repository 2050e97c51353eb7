import { readFileSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import type { AnswerOf } from '../api/endpoints';
import { failureOf, reach } from '../api/failure';
import { RUN_STATES, isRunId } from '../model/run';
import { type LiveServer, findLiveServer } from '../platform/liveServer';
import { openSocket, postOver } from '../platform/socketPost';
import { VERSION } from '../platform/version';
import type { FollowedRun, RunServer } from './runServer';

/** A server that was found by its socket. */
export interface QuickServer extends RunServer {
  /** What became of the store when the server opened it; usually null. */
  readonly notice: string | null;
  /** What the window chose last for the folder, see rememberedPython.ts. */
  readonly rememberedPython: string | null;
}

/**
 * The live server of a store's folder by its socket, with what `winnow run` needs of it and no more: the typed client,
 * its schemas and node:http cost a command more time than the request does. Null when there is none, or it is of
 * another version or build: then it is for platform/server.ts.
 * @param dist the folder of the bundles.
 */
export async function openQuickServer(folder: string, dist: string): Promise<QuickServer | null> {
  const live = findLiveServer(folder);
  if (live === null || !isCurrent(live, dist)) return null;
  let opened: Socket | null = await openSocket(live.socket).catch(() => null);
  if (opened === null) return null;

  const { socket, trackingUri: uri, token, notice, directory } = live;
  async function call(endpoint: string, request: unknown): Promise<Fields> {
    const first = opened;
    opened = null;
    const body = JSON.stringify(request);
    const { status, text } = await reach(async () =>
      postOver(first ?? (await openSocket(socket)), { uri, path: `/api/winnow/${endpoint}`, token, body }),
    );
    if (status >= 400) throw failureOf(status, text);
    return fields(JSON.parse(text));
  }

  return {
    notice,
    rememberedPython: rememberedIn(directory),
    startRun: async (request) => startedRun(await call('runs/start', request)),
    getRun: async (runId) => followedRun(fields((await call('runs/get', { runId }))['run'])),
    stopRun: async (runId, kill) => void (await call('runs/stop', { runId, kill })),
  };
}

/** Neither of another version nor of a bundle that was built anew since the server started, as in a checkout. */
function isCurrent({ version, startedAt }: LiveServer, dist: string): boolean {
  const bundle = statSync(path.join(dist, 'server.js'), { throwIfNoEntry: false });
  return version === VERSION && (bundle === undefined || bundle.mtimeMs <= startedAt);
}

function rememberedIn(directory: string): string | null {
  try {
    return textOf(fields(JSON.parse(readFileSync(path.join(directory, 'python.json'), 'utf8'))), 'python');
  } catch {
    return null; // No window chose one.
  }
}

type Fields = Readonly<Record<string, unknown>>;

function startedRun(answer: Fields): AnswerOf<'startRun'> {
  return { runId: runIdOf(answer), name: textOf(answer, 'name'), outputPath: textOf(answer, 'outputPath') };
}

function followedRun(run: Fields): FollowedRun {
  const { state, exitCode, signal, reason } = run;
  const known = RUN_STATES.find((each) => each === state);
  if (known === undefined) throw unexpected('state');
  return {
    runId: runIdOf(run),
    name: textOf(run, 'name'),
    state: known,
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    signal: typeof signal === 'string' ? signal : null,
    reason: typeof reason === 'string' ? reason : null,
  };
}

function runIdOf({ runId }: Fields) {
  if (!isRunId(runId)) throw unexpected('runId');
  return runId;
}

function textOf(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value !== 'string') throw unexpected(name);
  return value;
}

function unexpected(name: string): Error {
  return new Error(`The tracking server's answer has no ${name} that is one.`);
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
