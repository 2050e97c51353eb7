import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { readJson, writeFileAtomic } from '../platform/atomicFile';
import type { StoreState } from '../platform/stateFolder';

/** What a run that waits will be started with and nobody else may read: kept until the run has ended. */
export const waitingRequest = z.object({
  /** The environment of whoever asked. */
  env: z.record(z.string(), z.string()),
  maxSnapshotFileBytes: z.optional(z.number()),
  edits: z.array(z.object({ path: z.string(), content: z.string() })),
  experimentChosen: z.boolean(),
  /** False: nothing that the script prints becomes a metric. */
  printedMetrics: z.optional(z.boolean()),
  /** The variables of winnow.yaml when it was asked for. */
  configured: z.record(z.string(), z.string()),
});

export type WaitingRequest = Readonly<z.output<typeof waitingRequest>>;

const SUFFIX = '.request.json';

/** The private files of runs that wait, 0600 in the state folder: they survive the server and the machine's restart. */
export interface WaitingRequests {
  /** @returns the key that the run remembers. */
  keep(request: WaitingRequest): Promise<string>;
  read(key: string): Promise<WaitingRequest | null>;
  forget(key: string): Promise<void>;
  /** Every key that has a file. */
  keys(): Promise<readonly string[]>;
}

export function createWaitingRequests({ attemptsDirectory }: StoreState): WaitingRequests {
  const fileOf = (key: string) => path.join(attemptsDirectory, `${key}${SUFFIX}`);
  return {
    async keep(request) {
      const key = randomBytes(16).toString('hex');
      await writeFileAtomic(fileOf(key), JSON.stringify(request));
      return key;
    },
    read: (key) => readJson(fileOf(key), waitingRequest),
    forget: (key) => rm(fileOf(key), { force: true }),
    keys: async () =>
      (await readdir(attemptsDirectory))
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => name.slice(0, -SUFFIX.length)),
  };
}
