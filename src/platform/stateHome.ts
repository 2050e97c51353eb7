import os from 'node:os';
import path from 'node:path';

// Apart from stateFolder.ts, which costs a command's start a hash function that it may do without.

/** Where everything private about one store lies: secrets, process ids, logs. Never in the workspace. */
export interface StoreState {
  /** 16 hexadecimal digits that stand for the workspace folder. */
  readonly key: string;
  readonly directory: string;
  /** Where the live server is and which process it is (see server.ts). */
  readonly endpointFile: string;
  /** The port and the token, kept over restarts. */
  readonly secretFile: string;
  /** What the server prints. */
  readonly logFile: string;
  /** One file an attempt that is alive: its environment, its token, its process identities. */
  readonly attemptsDirectory: string;
}

/** The user-private folder of Winnow: $WINNOW_STATE_HOME, $XDG_STATE_HOME/winnow, or the system's usual place. */
export function stateHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env['WINNOW_STATE_HOME']) return path.resolve(env['WINNOW_STATE_HOME']);
  if (env['XDG_STATE_HOME']) return path.resolve(env['XDG_STATE_HOME'], 'winnow');
  return process.platform === 'darwin'
    ? path.join(os.homedir(), 'Library', 'Application Support', 'winnow')
    : path.join(os.homedir(), '.local', 'state', 'winnow');
}

/** The state whose directory is known, as `storeState` has found and made it. */
export function stateIn(directory: string): StoreState {
  return {
    key: path.basename(directory),
    directory,
    endpointFile: path.join(directory, 'endpoint.json'),
    secretFile: path.join(directory, 'secret.json'),
    logFile: path.join(directory, 'server.log'),
    attemptsDirectory: path.join(directory, 'attempts'),
  };
}
