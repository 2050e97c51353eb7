import { rm } from 'node:fs/promises';
import * as z from 'zod/mini';
import { readJson, writeFileAtomic } from './atomicFile';
import { type ProcessIdentity, lifeOf, processIdentity } from './identity';
import type { StoreState } from './stateFolder';

/** What the live server says of itself in `endpoint.json`. It writes it once it listens and answers. */
export const serverEndpoint = z.object({
  trackingUri: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/)),
  token: z.string().check(z.minLength(8)),
  version: z.string(),
  identity: processIdentity,
  /** For whoever finds it by its socket, see liveServer.ts; a server of an older version says nothing of it. */
  live: z.optional(z.object({ folder: z.string(), startedAt: z.number(), notice: z.nullable(z.string()) })),
});

export type ServerEndpoint = Readonly<z.output<typeof serverEndpoint>>;

/** What a store's servers share over restarts: clients hold on to both. */
export const serverSecret = z.object({
  port: z.int().check(z.minimum(1024), z.maximum(65_535)),
  token: z.string().check(z.minLength(8)),
});

export type ServerSecret = Readonly<z.output<typeof serverSecret>>;

export async function readSecret(state: StoreState): Promise<ServerSecret | null> {
  return readJson(state.secretFile, serverSecret);
}

export async function writeSecret(state: StoreState, secret: ServerSecret): Promise<void> {
  await writeFileAtomic(state.secretFile, JSON.stringify(secret));
}

/** For the server: says where it is. Call it when requests are answered, not before. */
export async function publishEndpoint(state: StoreState, endpoint: ServerEndpoint): Promise<void> {
  await writeFileAtomic(state.endpointFile, JSON.stringify(endpoint));
}

/** For the server at its end: takes its own notice away, and nobody else's. */
export async function withdrawEndpoint(state: StoreState, identity: ProcessIdentity): Promise<void> {
  const published = await readJson(state.endpointFile, serverEndpoint);
  if (published?.identity.pid === identity.pid && published.identity.startTime === identity.startTime) {
    await rm(state.endpointFile, { force: true });
  }
}

/** Where the live server is, or null when none lives here. Whether it answers is another question. */
export async function findEndpoint(state: StoreState): Promise<ServerEndpoint | null> {
  const endpoint = await readJson(state.endpointFile, serverEndpoint);
  return endpoint !== null && (await lifeOf(endpoint.identity)) === 'alive' ? endpoint : null;
}
