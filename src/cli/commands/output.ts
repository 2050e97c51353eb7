import { stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { delay } from '../../base/abort';
import { UserError } from '../../base/errors';
import { isOver } from '../../model/run';
import { runPaths } from '../../platform/attemptFiles';
import { openIfThere, startOfLastLines } from '../../platform/outputFile';
import { type Call, type Command, UsageError } from '../command';

const LOOK_MS = 100;
const ASK_MS = 1_000; // The files say when it is over; the server is asked in case that nobody could write them.

/** Prints what a run printed, byte for byte. Ending it stops nothing. */
export const output: Command = {
  name: 'output',
  synopsis: 'output RUN [--folder DIR] [--follow] [--tail N]',
  summary: "Prints a run's output, from its start or its last lines.",
  options: {
    follow: { type: 'boolean', help: 'go on until the run is over' },
    tail: { type: 'string', value: 'N', help: 'only the last N lines' },
  },
  words: { least: 1, most: 1 },

  async run(call) {
    const lines = tailOf(call);
    const { client } = await call.server();
    const { run } = await client.call('resolveRun', { ref: call.words[0] ?? '' });
    if (run.outputPath === null) {
      throw new UserError(
        'run-without-runner',
        `The run ${run.name} was not started by Winnow: its output is where it was started.`,
      );
    }
    const isLive = async () => !isOver((await client.call('getRun', { runId: run.runId })).run.state);
    await copy(run.outputPath, lines, call.flag('follow') ? isLive : null);
    return 0;
  },
};

function tailOf(call: Call): number | null {
  const text = call.text('tail');
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError('--tail takes a number of lines.');
  return Number(text);
}

async function copy(
  file: string,
  lines: number | null,
  isLive: (() => Promise<boolean>) | null,
): Promise<void> {
  const { exit } = runPaths(path.dirname(file));
  let handle: FileHandle | null = null;
  let offset = 0;
  let askAt = performance.now();
  let live = isLive !== null;
  try {
    for (;;) {
      if (handle === null) {
        handle = await openIfThere(file);
        if (handle !== null && lines !== null) offset = await tailStart(handle, lines);
      }
      if (handle !== null) offset = await copyFrom(handle, offset);
      if (!live) return;
      if (performance.now() >= askAt || (await isThere(exit))) {
        live = (await isLive?.()) ?? false;
        askAt = performance.now() + ASK_MS;
        if (!live) continue; // One more look: its last lines may have come meanwhile.
      }
      await delay(LOOK_MS);
    }
  } finally {
    await handle?.close();
  }
}

async function tailStart(handle: FileHandle, lines: number): Promise<number> {
  const { size } = await handle.stat();
  return lines === 0 ? size : startOfLastLines(handle, size, lines);
}

async function copyFrom(handle: FileHandle, start: number): Promise<number> {
  const buffer = Buffer.alloc(64 * 1024);
  for (let offset = start; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    if (bytesRead === 0) return offset;
    offset += bytesRead;
    await write(Buffer.from(buffer.subarray(0, bytesRead)));
  }
}

/** Waits for a slow reader. */
function write(bytes: Buffer): Promise<void> {
  return new Promise((resolve) => void process.stdout.write(bytes, () => resolve()));
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
