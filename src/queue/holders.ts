import { statSync } from 'node:fs';

/**
 * Interpreters that were seen to wait for the word of their runner before they begin with a script, because the
 * hook in them does. Such a one is started while the code is still being kept. Forgotten with the server: then one
 * run starts as if it were the first.
 */
export interface Holders {
  has(program: string): boolean;
  add(program: string): void;
}

export function createHolders(): Holders {
  const seen = new Map<string, number>();
  return {
    has: (program) => seen.get(program) === madeAt(program),
    add(program) {
      const at = madeAt(program);
      if (at !== undefined) seen.set(program, at);
    },
  };
}

/** Another interpreter in the same place has another time. */
function madeAt(program: string): number | undefined {
  return statSync(program, { throwIfNoEntry: false })?.mtimeMs;
}
