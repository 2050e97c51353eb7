import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { type StoreState, stateHome } from './stateHome';

/** A tracking server that can be spoken to by its socket. */
export interface LiveServer {
  /** A Unix domain socket that speaks what the server's port does. */
  readonly socket: string;
  /** What requests are addressed to all the same. */
  readonly trackingUri: string;
  readonly token: string;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** What became of the store when the server opened it, for a person; usually null. */
  readonly notice: string | null;
  /** The private folder of its store. */
  readonly directory: string;
}

/**
 * The server of a store's folder (see findStoreFolder), found without any proof by the network: nobody but this user
 * can have put a socket where it is looked for. Null when there is none, or when anything is unusual: then the way of
 * server.ts counts, which also starts one. Whether it still lives shows when it is spoken to.
 */
export function findLiveServer(folder: string): LiveServer | null {
  try {
    if (!isPrivate(stateHome())) return null;
    const directory = linkOf(folder);
    const socket = socketOf(directory);
    if (!fits(socket)) return null;
    const told: unknown = JSON.parse(readFileSync(path.join(directory, 'endpoint.json'), 'utf8'));
    const { trackingUri, token, version, live, identity } = fields(told);
    const { folder: served, startedAt, notice } = fields(live);
    if (served !== folder || !isHere(fields(identity))) return null;
    if (typeof trackingUri !== 'string' || typeof token !== 'string') return null;
    if (typeof version !== 'string' || typeof startedAt !== 'number') return null;
    const said = typeof notice === 'string' ? notice : null;
    return { socket, trackingUri, token, version, startedAt, notice: said, directory };
  } catch {
    return null; // Not there, or not as it should be: the other way says what is wrong.
  }
}

/** For the server: where it listens besides its port, or null where the path is too long for a socket. */
export function socketFor(state: StoreState): string | null {
  const socket = socketOf(state.directory);
  return fits(socket) ? socket : null;
}

/** For the server: lets the state be found by what the folder is on the disk, without a hash of its path. */
export function linkLiveServer(folder: string, state: StoreState): void {
  const link = linkOf(folder);
  mkdirSync(path.dirname(link), { recursive: true, mode: 0o700 });
  const made = `${link}.${process.pid}`;
  rmSync(made, { force: true });
  symlinkSync(path.join('..', 'stores', state.key), made);
  renameSync(made, link);
}

/** What a process says in JSON, or nothing: every field must be looked at before it is used. */
function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function linkOf(folder: string): string {
  const { dev, ino } = statSync(folder);
  return path.join(stateHome(), 'live', `${dev.toString(36)}-${ino.toString(36)}`);
}

function socketOf(directory: string): string {
  return path.join(directory, 'socket');
}

const MOST_BYTES = 100; // sun_path has 104 on macOS and 108 on Linux, with the NUL.

function fits(socket: string): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(socket) <= MOST_BYTES;
}

function isPrivate(directory: string): boolean {
  const { uid, mode } = statSync(directory);
  return process.getuid !== undefined && uid === process.getuid() && (mode & 0o077) === 0;
}

/**
 * Whether a server is in this process's own place: a socket in a home folder that containers share can be spoken to
 * from each of them, and a run belongs where its person is.
 */
function isHere({ bootId, pidNamespace }: Readonly<Record<string, unknown>>): boolean {
  if (process.platform !== 'linux') return true; // Kernels are not shared there.
  if (bootId !== readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) return false;
  const namespace = statSync('/proc/self/ns/pid', { throwIfNoEntry: false });
  return pidNamespace === (namespace === undefined ? '' : String(namespace.ino));
}
