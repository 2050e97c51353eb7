import { Emitter } from '../../base/events';
import { type Disposable, Owned } from '../../base/lifecycle';
import type { QueueState } from '../../model/queue';
import type { RunId } from '../../model/run';
import type { Errors } from '../errors';
import type { FolderLink, Folders } from '../serverConnection';

/** What waits in the folders of this window, as far as their servers are connected. */
export interface QueueModel extends Disposable {
  /** Null while it is not known. */
  stateOf(link: FolderLink): QueueState | null;
  /** The place of a run that waits, from 1; null: it does not wait. */
  placeOf(link: FolderLink, runId: RunId): number | null;
  /** Asks the servers now. */
  refresh(): Promise<void>;
  readonly onDidChange: (listener: () => void) => Disposable;
}

const PAUSE_MS = 200; // Twenty runs that are added at once are one change.

export function createQueueModel(folders: Folders, errors: Errors): QueueModel {
  const owned = new Owned();
  const changed = owned.add(new Emitter<void>((error) => errors.report(error)));
  const states = new Map<FolderLink, QueueState>();
  const followed = new Map<FolderLink, { readonly feed: Disposable; timer: NodeJS.Timeout | null }>();

  async function ask(link: FolderLink): Promise<void> {
    if (link.status.kind !== 'connected') return;
    const client = await link.client();
    const { queue } = await client.call('getQueue', {});
    if (JSON.stringify(states.get(link)) === JSON.stringify(queue)) return;
    states.set(link, queue);
    changed.fire();
  }

  function askSoon(link: FolderLink): void {
    const following = followed.get(link);
    if (following === undefined || following.timer !== null) return;
    following.timer = setTimeout(() => {
      following.timer = null;
      errors.background('queue', ask(link));
    }, PAUSE_MS);
  }

  function follow(link: FolderLink): void {
    if (followed.has(link)) return;
    const feed = link.onFeed(({ queue, reset, runs }) => {
      // Runs that start and end change what those that wait are waiting for.
      const counts = runs.length > 0 && (states.get(link)?.waiting.length ?? 0) > 0;
      if (queue || reset || counts) askSoon(link);
    });
    followed.set(link, { feed, timer: null });
  }

  function letGo(link: FolderLink): void {
    const following = followed.get(link);
    following?.feed.dispose();
    clearTimeout(following?.timer ?? undefined);
    followed.delete(link);
    states.delete(link);
  }

  const sync = (link: FolderLink | undefined) => {
    for (const known of [...followed.keys()]) if (!folders.all.includes(known)) letGo(known);
    for (const each of folders.all) follow(each);
    if (link?.status.kind === 'connected') askSoon(link);
    else if (link === undefined) changed.fire();
  };
  owned.add(folders.onDidChange(sync));
  sync(undefined);
  owned.onDispose(() => {
    for (const link of [...followed.keys()]) letGo(link);
  });

  return {
    stateOf: (link) => states.get(link) ?? null,
    placeOf(link, runId) {
      const index = states.get(link)?.waiting.findIndex((run) => run.runId === runId) ?? -1;
      return index < 0 ? null : index + 1;
    },
    refresh: async () => void (await Promise.all(folders.all.map(ask))),
    onDidChange: changed.on,
    dispose: () => owned.dispose(),
  };
}
