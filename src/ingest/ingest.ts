import { UserError } from '../base/errors';
import { isStoreTrouble } from '../store/database';
import type { Changes } from '../store/journal';
import type { Durability, Store } from '../store/store';

/**
 * The single way into the store. Writes that arrive in the same turn of the event loop share one transaction,
 * and each is answered after its commit: eight clients at once cost one commit, and nobody waits for company.
 */
export interface Ingest {
  /**
   * Queues a write. Resolves with what `work` returned once it is committed; rejects with what it threw, and
   * then nothing of it is written while the others of its group are.
   */
  write<T>(durability: Durability, work: () => T): Promise<T>;
  /** Resolves when everything that was queued so far is written. */
  settled(): Promise<void>;
}

interface Item {
  readonly durability: Durability;
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  outcome: { readonly value: unknown } | { readonly error: unknown } | null;
}

export type IngestStore = Pick<Store, 'write' | 'part' | 'takeChanges' | 'readOnly'>;

/** @param publish hears the names of what changed after each commit. */
export function createIngest(store: IngestStore, publish: (changes: Changes) => void): Ingest {
  let queue: Item[] = [];

  function flush(): void {
    const group = queue;
    queue = [];
    const durability = group.some((item) => item.durability === 'full') ? 'full' : 'normal';
    try {
      store.write(durability, () => {
        for (const item of group) item.outcome = run(item, group.length === 1);
      });
    } catch (error) {
      // The commit failed, or the only write of the group did: nothing is written.
      for (const item of group) item.reject(error);
      store.takeChanges();
      return;
    }
    for (const item of group) {
      if (item.outcome !== null && 'value' in item.outcome) item.resolve(item.outcome.value);
      else item.reject(item.outcome?.error);
    }
    const changes = store.takeChanges();
    if (changes !== null) publish(changes);
  }

  function run(item: Item, isAlone: boolean): Item['outcome'] {
    if (isAlone) return { value: item.work() };
    try {
      return { value: store.part(item.work) };
    } catch (error) {
      // A full disk takes the whole transaction with it, so nobody of the group may be told "written".
      if (isStoreTrouble(error)) throw error;
      return { error };
    }
  }

  function write<T>(durability: Durability, work: () => T): Promise<T> {
    if (store.readOnly !== null) {
      return Promise.reject(new UserError('store-read-only', store.readOnly));
    }
    return new Promise<T>((resolve, reject) => {
      if (queue.length === 0) setImmediate(flush);
      queue.push({ durability, work, resolve: (value) => resolve(value as T), reject, outcome: null });
    });
  }

  return { write, settled: () => write('normal', () => undefined) };
}
