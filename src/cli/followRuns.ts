import { type FileHandle } from 'node:fs/promises';
import { delay } from '../base/abort';
import { UserError } from '../base/errors';
import { type Run, type RunId, isOver } from '../model/run';
import { openIfThere } from '../platform/outputFile';
import type { ServerHandle } from '../platform/server';
import type { Call } from './command';
import { stopOnSignals } from './followRun';

const LOOK_MS = 50; // A look at an output is one read of a local file.
const ASK_MS = 500;

export interface QueuedRun {
  readonly runId: RunId;
  readonly name: string;
  readonly outputPath: string;
}

/**
 * Shows the output of runs that wait and run one after another or side by side until all are over: whole lines, each
 * with its run's name in front. Ctrl-C takes those that wait out of the queue and stops the others politely, a second
 * one kills them. A server that dies meanwhile is started again.
 */
export async function followRuns(
  first: ServerHandle,
  followed: readonly QueuedRun[],
  call: Call,
): Promise<readonly Run[]> {
  let server = first;
  const runIds = followed.map(({ runId }) => runId);
  const width = Math.max(...followed.map(({ name }) => name.length));
  const outputs = new Map(
    followed.map(({ runId, name, outputPath }) => [
      runId,
      new Lines(outputPath, (line) => call.print(`${name.padEnd(width)} | ${line}`)),
    ]),
  );
  const states = new Map<RunId, Run['state']>();

  async function ask(): Promise<readonly Run[]> {
    const request = { runIds, limit: runIds.length, includeDeleted: true };
    try {
      return (await server.client.call('searchRuns', request)).runs;
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'server-unreachable') throw error;
      server = await call.server();
      return (await server.client.call('searchRuns', request)).runs;
    }
  }

  async function stop(kill: boolean): Promise<void> {
    await server.client.call('removeQueued', { runIds });
    for (const { runId, state } of await ask()) {
      if (!isOver(state)) await server.client.call('stopRun', { runId, kill }).catch(letOver);
    }
  }

  const stopListening = stopOnSignals(call, stop);
  try {
    for (let askAt = 0; ;) {
      const isTime = performance.now() >= askAt;
      const runs = isTime ? await ask() : null;
      for (const lines of outputs.values()) await lines.copyNew();
      for (const run of runs ?? []) {
        if (!isOver(run.state) || isOver(states.get(run.runId) ?? 'queued')) continue;
        states.set(run.runId, run.state);
        await outputs.get(run.runId)?.end();
      }
      if (runs !== null) {
        if (runs.every(({ state }) => isOver(state))) return inOrder(runs, runIds);
        askAt = performance.now() + ASK_MS;
      }
      await delay(LOOK_MS);
    }
  } finally {
    stopListening();
    for (const lines of outputs.values()) await lines.close();
  }
}

function letOver(error: unknown): void {
  if (!(error instanceof UserError && error.code === 'run-over')) throw error;
}

function inOrder(runs: readonly Run[], runIds: readonly RunId[]): readonly Run[] {
  return runIds.flatMap((runId) => runs.find((run) => run.runId === runId) ?? []);
}

const NEWLINE = 0x0a;
const LONGEST_LINE = 64 * 1024; // A longer one is shown in parts.

/** The lines of a file that grows, and may not be there yet. */
class Lines {
  private handle: FileHandle | null = null;
  private offset = 0;
  private held = Buffer.alloc(0);
  private readonly piece = Buffer.allocUnsafe(64 * 1024);

  constructor(
    private readonly file: string,
    private readonly show: (line: string) => void,
  ) {}

  async copyNew(): Promise<void> {
    this.handle ??= await openIfThere(this.file);
    while (this.handle !== null) {
      const { bytesRead } = await this.handle.read(this.piece, 0, this.piece.length, this.offset);
      if (bytesRead === 0) return;
      this.offset += bytesRead;
      this.held = Buffer.concat([this.held, this.piece.subarray(0, bytesRead)]);
      for (let at = this.held.indexOf(NEWLINE); at !== -1; at = this.held.indexOf(NEWLINE)) this.take(at, 1);
      if (this.held.length > LONGEST_LINE) this.take(this.held.length, 0);
    }
  }

  /** Shows what is left without a line feed. */
  async end(): Promise<void> {
    await this.copyNew();
    if (this.held.length > 0) this.take(this.held.length, 0);
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }

  /** Of a bar that draws its line again and again the last drawing is shown. */
  private take(length: number, more: number): void {
    const drawn = this.held.toString('utf8', 0, length).split('\r');
    this.show(drawn.findLast((each) => each !== '') ?? '');
    this.held = this.held.subarray(length + more);
  }
}
