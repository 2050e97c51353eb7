import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { delay } from '../base/abort';
import { UserError, errorCode } from '../base/errors';
import { type Run, type RunId, isOver } from '../model/run';
import { runPaths } from '../platform/runPaths';
import type { Call } from './command';
import type { FollowedRun, RunServer } from './runServer';

const LOOK_MS = 25; // Output is seen as if it came from a pipe; a look is one read of a local file.
const ASK_MS = 1_000; // The files say when it is over; the server is asked in case that nobody could write them.

export interface RunToFollow {
  readonly runId: RunId;
  readonly outputPath: string;
  /** How much of the output was seen before, in bytes. */
  readonly from?: number;
}

/**
 * Copies a run's output to standard output until the run is over. Ctrl-C and SIGTERM stop the run politely, a
 * second one kills it. A server that dies meanwhile is started again.
 */
export async function followRun(
  first: RunServer,
  { runId, outputPath, from = 0 }: RunToFollow,
  call: Pick<Call, 'runServer' | 'note'>,
): Promise<FollowedRun> {
  let server = first;
  async function ask<T>(question: (server: RunServer) => Promise<T>): Promise<T> {
    try {
      return await question(server);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'server-unreachable') throw error;
      server = await call.runServer();
      return question(server);
    }
  }

  /** A store that was set aside in the middle knows no run: the server that did so says it. */
  async function unknownRun(error: unknown): Promise<never> {
    if (!(error instanceof UserError) || error.code !== 'not-found') throw error;
    await call.runServer();
    throw new UserError(
      'run-lost',
      `The store does not know this run any more. Whatever its script prints is kept in ${outputPath}.`,
      { cause: error },
    );
  }

  const stopListening = stopOnSignals(call, async (kill) => {
    try {
      await ask((each) => each.stopRun(runId, kill));
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'run-over') throw error;
    }
  });
  const output = new OutputFile(outputPath, from);
  const { exit } = runPaths(path.dirname(outputPath));
  try {
    for (let askAt = performance.now() + ASK_MS; ;) {
      const grew = await output.copyNew();
      if (existsSync(exit) || performance.now() >= askAt) {
        const run = await ask((each) => each.getRun(runId)).catch(unknownRun);
        if (isOver(run.state)) {
          await output.copyNew();
          return run;
        }
        askAt = performance.now() + ASK_MS;
      }
      if (!grew) await delay(LOOK_MS);
    }
  } finally {
    stopListening();
    output.close();
  }
}

/** Hears Ctrl-C and SIGTERM: the first stops politely, the second kills. Returns what ends that. */
export function stopOnSignals(call: Pick<Call, 'note'>, stop: (kill: boolean) => Promise<void>): () => void {
  let count = 0;
  const listener = () => {
    count++;
    if (count > 2) return;
    call.note(count === 1 ? 'Stopping the run. Press Ctrl-C again to kill it.' : 'Killing the run.');
    stop(count === 2).catch((error: unknown) => call.note(`winnow run: ${String(error)}`));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
  };
}

/** A file that grows, and may not be there yet. It is read at once: there is nothing else to do. */
class OutputFile {
  private handle: number | null = null;
  private readonly buffer = Buffer.alloc(64 * 1024);

  constructor(
    private readonly file: string,
    private offset: number,
  ) {}

  /** Copies what is new; whether there was anything. */
  async copyNew(): Promise<boolean> {
    let copied = false;
    this.handle ??= openIfThere(this.file);
    while (this.handle !== null) {
      const bytesRead = readSync(this.handle, this.buffer, 0, this.buffer.length, this.offset);
      if (bytesRead === 0) return copied;
      this.offset += bytesRead;
      copied = true;
      await writeOut(this.buffer.subarray(0, bytesRead));
    }
    return copied;
  }

  close(): void {
    if (this.handle !== null) closeSync(this.handle);
  }
}

function writeOut(chunk: Buffer): Promise<void> {
  // Waits for a slow reader, and copies the bytes: the buffer is used again.
  return new Promise((resolve) => void process.stdout.write(Buffer.from(chunk), () => resolve()));
}

function openIfThere(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** How a run ended, to follow its name in a sentence. */
export function verbOf({ state, exitCode, signal }: Pick<Run, 'state' | 'exitCode' | 'signal'>): string {
  if (state !== 'failed') return state === 'lost' ? 'was lost' : state === 'stopped' ? 'was stopped' : state;
  if (signal !== null) return `was ended by ${signal}`;
  return exitCode === null ? 'failed' : `failed with exit code ${exitCode}`;
}

/** The script's exit code; 128 + n for a signal; 125 when neither is known. */
export function exitCodeOf({ exitCode, signal }: Pick<Run, 'exitCode' | 'signal'>): number {
  if (exitCode !== null) return exitCode;
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return number === undefined ? 125 : 128 + number;
}
