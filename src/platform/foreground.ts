import path from 'node:path';
import { installPrograms } from './runtimes';
import { runAttached } from './spawn';

/** How the tracking server is to run in the foreground. */
export interface ForegroundOptions {
  readonly folder: string;
  /** The folder of the bundles. */
  readonly dist: string;
  readonly port: number | undefined;
  /** At least 8 characters without a space; the folder's own token when absent. */
  readonly token: string | undefined;
  /** Answers without a token, too. */
  readonly open: boolean;
  readonly json: boolean;
  /** The one line that says that it is ready. */
  readonly print: (line: string) => void;
  /** What else it has to say. */
  readonly log: (message: unknown) => void;
}

/** What the bundle of the tracking server exports, for a process that wants to be the server itself. */
export interface ServerProgram {
  serveForeground(options: ForegroundOptions): Promise<number>;
}

const SERVER = 'server.js';
/** The environment variable that a token travels in: arguments can be read by every user of the machine. */
export const TOKEN_VARIABLE = 'WINNOW_SERVER_TOKEN';

/**
 * Becomes the folder's tracking server until it is told to end, and resolves with the exit code. Where this
 * process's Node cannot load the database, a fit one is started and lives as long as this process.
 * @throws UserError as `serveForeground` of the server's bundle does, or 'node-missing'.
 */
export async function serveInForeground(options: ForegroundOptions): Promise<number> {
  // better-sqlite3 does not fail but crashes the process on a runtime with an older Node-API.
  if (Number(process.versions.napi) >= 10) {
    const file = path.join(options.dist, SERVER);
    const program = require(file) as ServerProgram;
    return program.serveForeground(options);
  }
  const { node } = await installPrograms(options.dist);
  const args = [path.join(options.dist, SERVER), '--foreground', '--folder', options.folder];
  if (options.port !== undefined) args.push('--port', String(options.port));
  if (options.open) args.push('--no-token');
  if (options.json) args.push('--json');
  const secret = options.token === undefined ? {} : { [TOKEN_VARIABLE]: options.token };
  return runAttached(node.command, args, { ...process.env, ...node.env, ...secret });
}
