import type * as vscode from 'vscode';
import type { ApiClient, Connection } from '../api/client';
import type { FeedEvent } from '../api/feed';
import type { ServerHandle } from '../platform/server';
import { delay } from '../base/abort';
import { UserError, isAbortError, messageOf } from '../base/errors';
import { Emitter } from '../base/events';
import type { Disposable } from '../base/lifecycle';
import type { RunId } from '../model/run';
import { later } from './load';

/** How it stands between this window and a folder's tracking server. */
export type LinkStatus =
  /** Nobody asked for it yet, or the folder has no `.winnow`. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** One workspace folder and the way to its tracking server. */
export interface FolderLink extends Disposable {
  readonly folder: vscode.WorkspaceFolder;
  readonly status: LinkStatus;
  /** Where the server listens, null while there is none. */
  readonly connection: Connection | null;
  /** Why nothing can be written to the store, such as a database of a newer version; null when it can. */
  readonly readOnly: string | null;
  /** What happened to the store when it was opened, such as that a damaged one was set aside; null usually. */
  readonly notice: string | null;
  /** When the server was found dead and replaced, epoch milliseconds; null while that is not news. */
  readonly restartedAt: number | null;
  /** Whether the folder has a `.winnow` directory. Reads the disk, starts nothing. */
  hasStore(): Promise<boolean>;
  /**
   * The client of the folder's server. Finds or starts the server when there is no connection yet; calls that
   * come meanwhile share one attempt.
   */
  client(signal?: AbortSignal): Promise<ApiClient>;
  /** Connects to a server that runs already; false when none does. Never starts one. */
  connectIfRunning(): Promise<boolean>;
  /** Every event of the feed, in order, also over restarts of the server. */
  readonly onFeed: (listener: (event: FeedEvent) => void) => Disposable;
  readonly onDidChange: (listener: () => void) => Disposable;
}

export interface LinkOptions {
  readonly folder: vscode.WorkspaceFolder;
  /** The folder of the bundles, from which the server is installed. */
  readonly dist: string;
  readonly log: vscode.LogOutputChannel;
}

/** Waits between attempts to bring a dead server back; the last one repeats. */
const RETRY_MS = [0, 200, 500, 1_000, 2_000, 5_000];
/** After so many failures in a row the view says so; the attempts go on. */
const FAILURES_BEFORE_SAYING = 4;
/** How long a restart is news. */
const NEWS_MS = 60_000;

const BACK_MS = 10_000; // It is back in a quarter of a second; a busy machine takes a few.
const LOOK_MS = 25;

export function createFolderLink({ folder, dist, log }: LinkOptions): FolderLink {
  const closed = new AbortController();
  const fed = new Emitter<FeedEvent>((error) => log.error(messageOf(error)));
  const changed = new Emitter<void>((error) => log.error(messageOf(error)));
  const directory = folder.uri.fsPath;

  let status: LinkStatus = { kind: 'idle' };
  let handle: ServerHandle | null = null;
  let opening: Promise<ApiClient> | null = null;
  let restartedAt: number | null = null;

  const become = (next: LinkStatus) => {
    status = next;
    changed.fire();
  };

  /**
   * Asks the server that lives. One that was killed is started again within moments by whoever notices first: its
   * answer is waited for, since every request may be repeated.
   */
  const asking = async <T>(
    ask: (client: ApiClient) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> => {
    const asked = handle;
    const client = asked?.client ?? (await (opening ??= open()));
    try {
      return await ask(client);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'server-unreachable' || asked === null) throw error;
      const next = await another(asked, signal);
      if (next === null) throw error;
      return ask(next.client);
    }
  };
  const patient: ApiClient = {
    call: (name, request, signal) => asking((client) => client.call(name, request, signal), signal),
    readSeries: (request, signal) => asking((client) => client.readSeries(request, signal), signal),
    feed: (since, signal) => {
      if (handle === null) throw new UserError('server-unreachable', 'There is no tracking server yet.');
      return handle.client.feed(since, signal);
    },
  };

  /** The server in another one's place; null when there is none in time. */
  const another = async (gone: ServerHandle, signal?: AbortSignal): Promise<ServerHandle | null> => {
    const end = performance.now() + BACK_MS;
    while (handle === gone && performance.now() < end && !closed.signal.aborted) await delay(LOOK_MS, signal);
    return handle === gone || closed.signal.aborted ? null : handle;
  };

  /** Takes a server into use: everything after this moment comes by the feed. */
  const use = async (found: ServerHandle): Promise<ApiClient> => {
    const { seq, startedAt } = await found.client.call('info', {}, closed.signal);
    handle = found;
    void follow(found, seq, startedAt);
    become({ kind: 'connected' });
    return patient;
  };

  const follow = async (first: ServerHandle, firstSeq: number, firstStart: number) => {
    let server = first;
    let since = firstSeq;
    let startedAt = firstStart;
    while (!closed.signal.aborted) {
      try {
        for await (const event of server.client.feed(since, closed.signal)) {
          since = event.seq;
          fed.fire(event);
        }
      } catch (error) {
        if (closed.signal.aborted) return;
        log.info(`The feed of ${directory} broke off: ${messageOf(error)}`);
      }
      const again = await comeBack();
      if (again === null) return;
      server = again.server;
      handle = server;
      if (again.startedAt !== startedAt) announceRestart();
      if (again.seq < since) fed.fire(everythingAnew(again.seq));
      since = Math.min(since, again.seq);
      startedAt = again.startedAt;
      become({ kind: 'connected' });
    }
  };

  /** Finds the server or starts it again, until it answers; null when the window lets go. */
  const comeBack = async () => {
    const { ensureServer } = await later();
    for (let failures = 0; ; failures++) {
      try {
        await delay(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0, closed.signal);
        const server = await ensureServer(directory, { dist }, closed.signal);
        const { seq, startedAt } = await server.client.call('info', {}, closed.signal);
        return { server, seq, startedAt };
      } catch (error) {
        if (closed.signal.aborted) return null;
        log.warn(`The tracking server of ${directory} did not come back: ${messageOf(error)}`);
        if (failures + 1 === FAILURES_BEFORE_SAYING) become({ kind: 'failed', error });
      }
    }
  };

  const announceRestart = () => {
    const at = Date.now();
    restartedAt = at;
    const timer = setTimeout(() => {
      if (restartedAt === at) restartedAt = null;
      changed.fire();
    }, NEWS_MS);
    closed.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };

  const open = async (): Promise<ApiClient> => {
    become({ kind: 'connecting' });
    try {
      const { ensureServer } = await later();
      return await use(await ensureServer(directory, { dist }, closed.signal));
    } catch (error) {
      if (!isAbortError(error)) become({ kind: 'failed', error });
      throw error;
    } finally {
      opening = null;
    }
  };

  return {
    folder,
    get status() {
      return status;
    },
    get connection() {
      return handle?.connection ?? null;
    },
    get readOnly() {
      return handle?.info.readOnly ?? null;
    },
    get notice() {
      return handle?.info.notice ?? null;
    },
    get restartedAt() {
      return restartedAt;
    },
    async hasStore() {
      const [{ locateStore }, { stat }] = await Promise.all([later(), import('node:fs/promises')]);
      try {
        const { winnowDirectory } = await locateStore(directory);
        return (await stat(winnowDirectory)).isDirectory();
      } catch {
        /* Refused, unreadable or not there: the first run will say which. */
        return false;
      }
    },
    async client(signal) {
      signal?.throwIfAborted();
      if (handle !== null) return patient;
      opening ??= open();
      return opening;
    },
    async connectIfRunning() {
      if (handle !== null || opening !== null) return true;
      const { connectServer } = await later();
      const found = await connectServer(directory);
      if (found === null || closed.signal.aborted) return false;
      if (handle === null) await use(found);
      return true;
    },
    onFeed: fed.on,
    onDidChange: changed.on,
    dispose() {
      closed.abort(new DOMException('The window lets go of the folder.', 'AbortError'));
      fed.dispose();
      changed.dispose();
    },
  };
}

function everythingAnew(seq: number): FeedEvent {
  return { seq, runs: [], metrics: [], experiments: [], promotions: true, queue: true, reset: true };
}

/** A run and the folder whose store has it. */
export interface RunRef {
  readonly link: FolderLink;
  readonly runId: RunId;
}
