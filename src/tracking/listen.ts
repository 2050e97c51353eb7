import { randomBytes, randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import * as z from 'zod/mini';
import { delay } from '../base/abort';
import { UserError, errorCode } from '../base/errors';
import { type ServerSecret, challengeProof } from '../platform/server';
import { CHALLENGE_PATH } from './gate';

/** Below the range that Linux and macOS hand out for outgoing connections (32768 and 49152 up). */
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
const PATIENCE_MS = 3_000; // A server that makes room for this one needs no longer to let go of the port.
const ATTEMPTS = 200;

export interface Listening {
  readonly port: number;
  readonly token: string;
  /** Whether the port or the token are new. */
  readonly isNew: boolean;
  /** Whether another program had taken the port that clients know. */
  readonly hasMoved: boolean;
}

/** What a person asked for: another port or token than the ones that clients know. */
export interface ListenWish {
  readonly port?: number | undefined;
  readonly token?: string | undefined;
}

/**
 * Listens on the port that clients know. When another program has it, the server moves and takes a new token:
 * whoever has the old port may have seen the old one.
 */
export async function listenOn(
  server: Server,
  known: ServerSecret | null,
  wish: ListenWish = {},
): Promise<Listening> {
  if (wish.port !== undefined) return listenOnWished(server, wish.port, wish.token, known);
  const secret = known !== null && wish.token !== undefined ? { ...known, token: wish.token } : known;
  if (secret !== null) {
    for (const until = Date.now() + PATIENCE_MS; ; await delay(50)) {
      if (await tryPort(server, secret.port)) {
        return { ...secret, isNew: secret.token !== known?.token, hasMoved: false };
      }
      if (Date.now() >= until || (await isStranger(secret))) break;
    }
  }
  const token = wish.token ?? newToken();
  for (let i = 0; i < ATTEMPTS; i++) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (port !== secret?.port && (await tryPort(server, port))) {
      return { port, token, isNew: true, hasMoved: secret !== null };
    }
  }
  throw new Error(`No free port was found between ${FIRST_PORT} and ${LAST_PORT}.`);
}

/** A port that a person chose is that one or none. */
async function listenOnWished(
  server: Server,
  port: number,
  token: string | undefined,
  known: ServerSecret | null,
): Promise<Listening> {
  for (const until = Date.now() + PATIENCE_MS; ; await delay(50)) {
    if (await tryPort(server, port)) break;
    if (Date.now() < until) continue;
    throw new UserError(
      'port-taken',
      `Port ${port} of 127.0.0.1 is taken by another program. Choose another one with --port, or leave it out.`,
    );
  }
  return { port, token: token ?? known?.token ?? newToken(), isNew: true, hasMoved: false };
}

function newToken(): string {
  return randomBytes(32).toString('hex');
}

const answer = z.object({ proof: z.string() });

/** Whether another program answers on the port. One of our own that is about to end proves itself; it sees no token. */
async function isStranger({ port, token }: ServerSecret): Promise<boolean> {
  const nonce = randomBytes(16).toString('hex');
  try {
    const response = await fetch(`http://127.0.0.1:${port}${CHALLENGE_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ nonce }),
      redirect: 'error',
      signal: AbortSignal.timeout(1000),
    });
    const proved = answer.safeParse(await response.json().catch(() => null));
    return !proved.success || proved.data.proof !== challengeProof(token, nonce);
  } catch {
    return false; // Nobody speaks HTTP there at this moment: it may be free at the next.
  }
}

function tryPort(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => {
      server.off('listening', onListening);
      if (['EADDRINUSE', 'EACCES'].includes(errorCode(error) ?? '')) resolve(false);
      else reject(error);
    };
    const onListening = () => {
      server.off('error', onError);
      resolve(true);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ port, host: '127.0.0.1', exclusive: true, backlog: 511 });
  });
}
