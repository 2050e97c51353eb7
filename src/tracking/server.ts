import { existsSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import path from 'node:path';
import { Owned } from '../base/lifecycle';
import { hashLeftOut, takeSnapshot } from '../capture/snapshot';
import { createGit } from '../git/git';
import { createAttemptIngest } from '../ingest/attempts';
import { createIngest } from '../ingest/ingest';
import { writeFileAtomic } from '../platform/atomicFile';
import { ownIdentity } from '../platform/identity';
import { programsIn } from '../platform/runtimes';
import { publishEndpoint, readSecret, withdrawEndpoint, writeSecret } from '../platform/server';
import { storeState } from '../platform/stateFolder';
import { createWinnowDirectory, locateStore } from '../platform/storeLocation';
import { VERSION } from '../platform/version';
import { recoverPromotions } from '../promotion/journal';
import type { PromotionTools } from '../promotion/tools';
import { createEvidence } from '../queue/evidence';
import { hashWaiting } from '../queue/hashWaiting';
import { createHolders } from '../queue/holders';
import { createQueue } from '../queue/queue';
import { createStoreLedger } from '../queue/storeLedger';
import { isStoreDamage } from '../store/database';
import { openStore } from '../store/store';
import { createListener } from './listener';
import { createArtifacts } from './artifacts';
import { createFeed } from './feed';
import { freezePackages } from './freeze';
import { IDLE_MS, createLife } from './life';
import { createPurge, resumePurge } from './purge';
import { createLimitedServer } from './limits';
import { type ListenWish, listenOn } from './listen';
import { noticeOf } from './notice';
import { listenOnSocket } from './socket';

export interface ServerOptions {
  readonly folder: string;
  /** The folder that this program lies in, with the runner and the database's native part. */
  readonly programs: string;
  readonly idleMs?: number;
  /** Another port or token than the ones that clients know. */
  readonly listen?: ListenWish;
  /** Answers without a token, too. */
  readonly open?: boolean;
  readonly log: (message: unknown) => void;
}

export interface RunningServer {
  readonly trackingUri: string;
  readonly token: string;
  /** Resolves when the server has ended by itself or was told to. */
  readonly ended: Promise<void>;
  /** Ends it: what was acknowledged is on disk, the port is free. */
  stop(): Promise<void>;
}

const STALE_MS = 30 * 60_000; // A run without a runner counts this long after its last request.
const TOKEN_GRACE_MS = 10 * 60_000; // Requests of a script's last moments may be repeated for minutes.

/**
 * Starts the tracking server of a folder. A store that was known, and so not looked through, may still turn out
 * to be damaged on the way: then it is looked through, set aside, and the server starts with an empty one.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  try {
    return await start(options, false);
  } catch (error) {
    if (!isStoreDamage(error)) throw error;
    options.log(error);
    return start(options, true);
  }
}

async function start(options: ServerOptions, isSuspect: boolean): Promise<RunningServer> {
  const owned = new Owned();
  try {
    return await compose(owned, options, isSuspect);
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

/** Builds the whole server, by hand and in order, and starts to answer. */
async function compose(
  owned: Owned,
  { folder, programs: directory, idleMs, listen, open = false, log: writeLog }: ServerOptions,
  isSuspect: boolean,
): Promise<RunningServer> {
  const startedAt = Date.now();
  const location = await locateStore(folder);
  const state = await storeState(location.folder);
  await createWinnowDirectory(location);

  const programs = programsIn(directory);
  const generationFile = path.join(state.directory, 'generation');
  const known = await readFile(generationFile, 'utf8').catch(() => '');
  const store = openStore({
    database: location.database,
    nativeBinding: nativeBindingOf(directory),
    artifacts: location.artifacts,
    journal: location.networkDisk ? 'delete' : 'wal',
    isKnown: (generation) => !isSuspect && generation === known,
  });
  owned.onDispose(() => store.close());
  for (const notice of store.notices) writeLog(notice);
  if (store.readOnly !== null) writeLog(store.readOnly);
  await writeFileAtomic(generationFile, store.generation);

  let onDamage = (): void => undefined;
  function log(problem: unknown): void {
    writeLog(problem);
    if (!isStoreDamage(problem)) return;
    rmSync(generationFile, { force: true }); // Unknown again, so that the next server looks through all of it.
    onDamage();
  }

  const feed = createFeed(store);
  owned.onDispose(() => feed.close());
  const ingest = createIngest(store, feed.publish);
  const ledger = createStoreLedger(store, ingest, createAttemptIngest(store, ingest));
  const evidence = createEvidence(store, ingest);
  let trackingUri = '';
  const queue = owned.add(
    createQueue({
      ledger,
      location,
      state,
      programs,
      trackingUri: () => trackingUri,
      takeSnapshot,
      hashLeftOut,
      holders: createHolders(),
      evidence,
      log,
    }),
  );
  const promotionTools: PromotionTools = {
    git: createGit(),
    folder: location.folder,
    snapshots: location.snapshots,
    directory: path.join(location.winnowDirectory, 'promotions'),
    goalOf: (run) => store.goalOf(run.experimentId),
    freeze: (run, signal) => {
      const recorded = store.getEnvironment(run.runId)?.python?.packages;
      return recorded === undefined
        ? freezePackages(run, signal)
        : Promise.resolve(`${recorded.join('\n')}\n`);
    },
    save: (promotion) => ingest.write('full', () => store.savePromotion(promotion)),
  };

  const purge = createPurge({ store, ingest, location });

  let token = '';
  let port = 0;
  let stopping: Promise<void> | null = null;
  let onEnded = (): void => undefined;
  const ended = new Promise<void>((resolve) => (onEnded = resolve));
  const life = owned.add(
    createLife({
      idleMs: idleMs ?? IDLE_MS,
      isNeeded: (quietMs) =>
        feed.listeners() > 0 ||
        store.liveAttempts().length > 0 ||
        queue.waiting.goOn ||
        (quietMs < STALE_MS &&
          store.liveRuns().some(({ runId, attemptId }) => attemptId === null && !queue.waiting.has(runId))),
      onIdle() {
        log('Nobody needs this server: it ends.');
        void stop();
      },
    }),
  );

  const listener = createListener({
    store,
    ingest,
    feed,
    artifacts: createArtifacts(location.artifacts),
    gate: {
      port: () => port,
      token: () => token,
      open,
      attemptOf(tokenHash) {
        const attempt = store.attemptByTokenHash(tokenHash);
        if (attempt === null || attempt.endedAt === null) return attempt;
        return Date.now() - attempt.endedAt < TOKEN_GRACE_MS ? attempt : null;
      },
    },
    winnow: {
      about: { version: VERSION, store: location.database, folder: location.folder, startedAt },
      hold: life.hold,
      handOver(version) {
        log(`Makes room for version ${version}.`);
        setImmediate(() => void stop());
      },
      queue: {
        start: queue.start,
        planResume: queue.planResume,
        resume: queue.resume,
        stop: queue.stop,
        nudge: queue.reconcile,
        waiting: queue.waiting,
      },
      snapshots: location.snapshots,
      folder: location.folder,
      promotionTools,
      purge,
    },
    onRequest: life.touch,
    logBug: log,
  });

  const server = createLimitedServer(listener);
  owned.onDispose(() => server.close());
  const local = createLimitedServer(listener);
  owned.onDispose(() => local.close());
  const secret = await readSecret(state);
  const listening = await listenOn(server, secret, listen);
  ({ port, token } = listening);
  trackingUri = `http://127.0.0.1:${port}`;
  if (listening.isNew) await writeSecret(state, { port, token });
  if (listening.hasMoved) await markInterrupted();
  const identity = await ownIdentity();
  if (store.readOnly === null) {
    await queue.reconcile();
    await queue.waiting.open();
    await recoverPromotions(promotionTools).catch(log);
    void resumePurge(purge).catch(log);
    hashWaiting({ evidence, log });
  }
  onDamage = () => void stop();
  life.touch(); // The time without anybody counts from when it can be found.
  const hasSocket = await listenOnSocket(local, location.folder, state, log);
  const live = { folder: location.folder, startedAt, notice: noticeOf(store) };
  const endpoint = { trackingUri, token, version: VERSION, identity };
  await publishEndpoint(state, { ...endpoint, ...(hasSocket ? { live } : {}) });

  /** Clients of live runs know the old port and will not find the new one: their output is kept all the same. */
  async function markInterrupted(): Promise<void> {
    log('Another program has the port that clients know: the server moved and took a new token.');
    if (store.readOnly !== null) return;
    await ingest.write('full', () => {
      for (const { runId, state: now } of store.liveRuns()) {
        if (now === 'queued') continue;
        store.updateRun(runId, {
          reason: 'Metrics were interrupted: another program took the port of the tracking server.',
        });
      }
    });
  }

  function stop(): Promise<void> {
    stopping ??= (async () => {
      life.dispose();
      feed.close();
      queue.dispose();
      await Promise.all([closeServer(server), closeServer(local)]);
      if (store.readOnly === null) await ingest.settled().catch(log);
      await withdrawEndpoint(state, identity).catch(log);
      owned.dispose();
      onEnded();
    })();
    return stopping;
  }

  return { trackingUri, token, ended, stop };
}

/** Beside the program where it was installed, below it in a checkout. */
function nativeBindingOf(directory: string): string | undefined {
  const installed = programsIn(directory).nativeBinding;
  if (existsSync(installed)) return installed;
  const built = path.join(directory, 'sqlite', `${process.platform}-${process.arch}.node`);
  return existsSync(built) ? built : undefined;
}

const GOODBYE_MS = 2_000; // Answers that are on their way get this long.

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), GOODBYE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
