import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { UserError, errorCode } from '../base/errors';

/** What a program left behind when it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the program; the own one when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Bytes for its standard input; none: it has an empty one. */
  readonly input?: string | Uint8Array;
  /** More output than this ends the program and rejects. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 512 * 1024 * 1024; // A listing of a million paths fits; a runaway program does not.

/**
 * Runs a program to its end and collects its output. Never through a shell: the arguments arrive as they are.
 * A non-zero exit is an answer, not an error.
 * @throws UserError 'program-missing' when there is no such program; the signal's reason when it is aborted.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
  signal?: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      signal,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const maxBytes = options.maxBytes ?? MAX_BYTES;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let size = 0;
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        child.kill('SIGKILL');
        reject(new Error(`${command} printed more than ${maxBytes} bytes.`));
      } else {
        into.push(chunk);
      }
    };
    child.stdout.on('data', collect(stdout));
    child.stderr.on('data', collect(stderr));
    child.on('error', (error) => reject(startFailure(command, options.cwd, error)));
    child.on('close', (code, endSignal) =>
      resolve({
        code,
        signal: endSignal,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8'),
      }),
    );
    child.stdin.on('error', () => {
      /* The program ended before it read its input: its exit code tells. */
    });
    child.stdin.end(options.input);
  });
}

/** A program that was started and may still run. */
export type Child = ChildProcess;

/** How a program ended; resolves at once when it has. */
export function exitOf(child: Child): Promise<{ exitCode: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve({ exitCode: child.exitCode, signal: child.signalCode });
    } else {
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    }
  });
}

/**
 * Runs a program in this process's place: it has the output and the terminal's signals, gets SIGTERM passed on,
 * and finds its standard input closed when this process dies. Resolves with the exit code, 128 + n for a signal.
 */
export function runAttached(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'inherit', 'inherit'], windowsHide: true });
    const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
    const wait = (): void => undefined; // Ctrl-C reaches the child by itself; this process waits for its end.
    process.on('SIGTERM', passOn).on('SIGHUP', passOn).on('SIGINT', wait);
    child.on('error', (error) => reject(startFailure(command, undefined, error)));
    child.on('close', (code, signal) => {
      process.off('SIGTERM', passOn).off('SIGHUP', passOn).off('SIGINT', wait);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

export interface DetachedOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Standard input, output and error: 'ignore', open file descriptors, or 'pipe' for the input only. */
  readonly stdio: StdioOptions;
}

/**
 * Starts a program in a session and process group of its own (group id = its pid), which outlives this
 * process. Resolves once it runs.
 * @throws UserError 'program-missing' when there is no such program or it may not be executed.
 */
export function spawnDetached(
  command: string,
  args: readonly string[],
  options: DetachedOptions,
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: true, windowsHide: true });
    child.once('error', (error) => reject(startFailure(command, options.cwd, error)));
    child.once('spawn', () => {
      child.unref();
      resolve(child);
    });
  });
}

/** Starts a program with pipes that stays open for a conversation, such as `git cat-file --batch`. */
export function spawnPiped(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
  signal?: AbortSignal,
): ChildProcess {
  return spawn(command, args, { ...options, signal, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
}

function startFailure(command: string, cwd: string | undefined, error: Error): Error {
  switch (errorCode(error)) {
    case 'ENOENT':
      return new UserError(
        'program-missing',
        `Could not start "${command}"${cwd === undefined ? '' : ` in ${cwd}`}: there is no such program or folder.`,
        { cause: error },
      );
    case 'EACCES':
      return new UserError('program-missing', `Could not start "${command}": it may not be executed.`, {
        cause: error,
      });
    default:
      return error;
  }
}
