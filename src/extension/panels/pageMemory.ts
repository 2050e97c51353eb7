import type * as z from 'zod/mini';
import { type Memory } from '../runColours';

/**
 * What pages would lose with the state that VS Code keeps for them: it writes that up to a minute late, so a window
 * that is loaded again or dies before comes back with less. A value a page, by its key; of those that were kept
 * longest ago some are given up.
 */
export interface PageMemory<Value> {
  /** What was kept last; null when there is nothing, or nothing of this version. */
  read(key: string): Value | null;
  keep(key: string, value: Value): void;
  forget(key: string): void;
}

const MOST_KEPT = 30; // Pages that are open at a time; those that are closed are forgotten.

/** A memory under a name of its own; what an earlier version left is read through the schema. */
export function createPageMemory<Value>(
  memory: Memory,
  name: string,
  schema: z.ZodMiniType<Value>,
): PageMemory<Value> {
  const entries = new Map<string, unknown>(entriesOf(memory.get(name)));
  const save = () => void memory.update(name, [...entries]);
  return {
    read(key) {
      const read = schema.safeParse(entries.get(key));
      return read.success ? read.data : null;
    },
    keep(key, value) {
      entries.delete(key);
      entries.set(key, value);
      for (const oldest of [...entries.keys()].slice(0, -MOST_KEPT)) entries.delete(oldest);
      save();
    },
    forget(key) {
      if (entries.delete(key)) save();
    },
  };
}

function entriesOf(stored: unknown): [string, unknown][] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry: unknown) =>
    Array.isArray(entry) && typeof entry[0] === 'string' ? [[entry[0], entry[1]] as [string, unknown]] : [],
  );
}
