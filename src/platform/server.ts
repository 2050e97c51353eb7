import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { delay } from '../base/abort';
import { UserError, isAbortError } from '../base/errors';
import { type ApiClient, type Connection, createClient } from '../api/client';
import type { AnswerOf } from '../api/endpoints';
import { readJson } from './atomicFile';
import { findEndpoint, serverEndpoint } from './endpoint';
import { withoutHostVariables } from './environment';
import { withFileLock } from './fileLock';
import { lifeOf } from './identity';
import { post, postForBytes } from './post';
import { installPrograms } from './runtimes';
import { spawnDetached } from './spawn';
import { type StoreState, storeState } from './stateFolder';
import { type StoreLocation, createWinnowDirectory, locateStore } from './storeLocation';
import { VERSION, isNewer } from './version';

export {
  type ServerEndpoint,
  type ServerSecret,
  publishEndpoint,
  readSecret,
  serverEndpoint,
  serverSecret,
  withdrawEndpoint,
  writeSecret,
} from './endpoint';

/** A tracking server that answered. */
export interface ServerHandle {
  readonly client: ApiClient;
  readonly connection: Connection;
  readonly location: StoreLocation;
  readonly info: AnswerOf<'info'>;
  /** Whether this call started it. */
  readonly started: boolean;
}

/** The proof that a server knows its token without saying it: HMAC-SHA256 in hexadecimal. */
export function challengeProof(token: string, nonce: string): string {
  return createHmac('sha256', token).update(nonce).digest('hex');
}

const START_MS = 20_000; // A cold start from a slow disk with a long migration; a usual one takes 150 ms.

/**
 * The folder's tracking server: the one that runs, or a new one. Of several callers at once, in whatever
 * process, one starts it and all get the same. One of an older version is asked to make room first.
 * @param folder its path, or what locateStore found for it.
 * @param options.dist the folder of the bundles, or the one that they were copied to.
 * @throws UserError with what the server said when it does not start.
 */
export async function ensureServer(
  folder: string | StoreLocation,
  options: { readonly dist: string },
  signal?: AbortSignal,
): Promise<ServerHandle> {
  const location = typeof folder === 'string' ? await locateStore(folder) : folder;
  const state = await storeState(location.folder);
  const deadline = AbortSignal.timeout(START_MS);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const current = async () => {
    const live = await findLive(state, location, either);
    return live !== null && !(await isOutdated(live, options.dist)) ? live : null;
  };
  try {
    return (
      (await current()) ??
      (await withFileLock(
        path.join(state.directory, 'starting.lock'),
        async () => (await current()) ?? (await replaceServer(state, location, options.dist, either)),
        current,
        either,
      ))
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (!deadline.aborted || error instanceof UserError) throw error;
    throw new UserError(
      'server-failed',
      `The tracking server of ${location.folder} did not answer within ${START_MS / 1000} seconds. Its log is ${state.logFile}.`,
      { cause: error },
    );
  }
}

/** The folder's tracking server if one runs; never starts one. */
export async function connectServer(folder: string, signal?: AbortSignal): Promise<ServerHandle | null> {
  const location = await locateStore(folder);
  return findLive(await storeState(location.folder), location, signal);
}

async function findLive(
  state: StoreState,
  location: StoreLocation,
  signal?: AbortSignal,
): Promise<ServerHandle | null> {
  const endpoint = await findEndpoint(state);
  if (endpoint === null) return null;
  const connection = { trackingUri: endpoint.trackingUri, token: endpoint.token };
  if (!(await knowsToken(connection, signal))) return null;
  const client = createClient(connection, post, postForBytes);
  try {
    const info = await client.call('info', {}, signal);
    return { client, connection, location, info, started: false };
  } catch (error) {
    if (isAbortError(error) || (error instanceof UserError && error.code !== 'server-unreachable')) {
      throw error;
    }
    return null; // It ended between the two questions.
  }
}

const challengeAnswer = z.object({ proof: z.string() });

/** A stranger on the port gets a nonce to see and no token. */
async function knowsToken({ trackingUri, token }: Connection, signal?: AbortSignal): Promise<boolean> {
  const nonce = randomBytes(16).toString('hex');
  try {
    const { text } = await post(
      `${trackingUri}/api/winnow/challenge`,
      { 'content-type': 'application/json' },
      JSON.stringify({ nonce }),
      signal,
    );
    const answer = challengeAnswer.safeParse(JSON.parse(text));
    if (!answer.success) return false;
    const [given, expected] = [Buffer.from(answer.data.proof), Buffer.from(challengeProof(token, nonce))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  } catch {
    signal?.throwIfAborted();
    return false; // Nobody there, or somebody who does not speak like this.
  }
}

/** Older than this program; or as old, but its bundle was built anew while it ran, as in a checkout. */
async function isOutdated({ info }: ServerHandle, dist: string): Promise<boolean> {
  if (info.version !== VERSION) return isNewer(VERSION, info.version);
  const bundle = await stat(path.join(dist, 'server.js')).catch(() => null);
  return bundle !== null && bundle.mtimeMs > info.startedAt && bundle.mtimeMs < Date.now();
}

// Most of what a request makes dies with it: 2 MB of room for the young instead of 16 keep an idle server 4 MB
// smaller, and cost no time in a burst of batches.
const SERVER_OPTIONS = ['--max-semi-space-size=2'];

/** Under the lock: makes an outdated server leave, then starts one. */
async function replaceServer(
  state: StoreState,
  location: StoreLocation,
  dist: string,
  signal: AbortSignal,
): Promise<ServerHandle> {
  const programs = await installPrograms(dist, signal);
  await createWinnowDirectory(location);
  const old = await readJson(state.endpointFile, serverEndpoint);
  const live = await findLive(state, location, signal);
  if (old !== null && live !== null) {
    await live.client.call('handOver', { version: VERSION }, signal);
    while ((await lifeOf(old.identity)) === 'alive') await delay(10, signal);
  }

  const log = await open(state.logFile, 'a', 0o600);
  try {
    const { size } = await log.stat();
    const args = [...SERVER_OPTIONS, programs.server, '--folder', location.folder];
    const child = await spawnDetached(programs.node.command, args, {
      cwd: state.directory, // Not the workspace: it can be moved or unmounted while the server lives.
      env: { ...withoutHostVariables(process.env), ...programs.node.env },
      stdio: ['ignore', log.fd, log.fd],
    });
    let ended = false;
    child.once('exit', () => (ended = true));
    for (;;) {
      const started = await findLive(state, location, signal);
      if (started !== null) return { ...started, started: true };
      if (ended) throw await startFailure(state, location, size);
      await delay(10, signal);
    }
  } finally {
    await log.close();
  }
}

async function startFailure(state: StoreState, location: StoreLocation, from: number): Promise<UserError> {
  const log = (await readFile(state.logFile)).subarray(from).toString('utf8').trim();
  // A server that could not even be loaded ends with its stack and Node's version: neither is a sentence.
  const last = log.split('\n').findLast((line) => !/^(\s|}|Node\.js v|$)/.test(line));
  return new UserError(
    'server-failed',
    `The tracking server of ${location.folder} did not start: ${last ?? 'it said nothing.'} Its log is ${state.logFile}.`,
  );
}
