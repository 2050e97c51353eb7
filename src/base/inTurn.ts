const turns = new Map<string, Promise<unknown>>();

/**
 * Runs `work` after everything that was asked for the same key before, in this process: one at a time, in
 * order, whatever became of the ones before.
 */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(work);
  const settled = mine.catch(() => undefined);
  turns.set(key, settled);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === settled) turns.delete(key);
  }
}
