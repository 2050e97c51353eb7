import { type FileHandle, open } from 'node:fs/promises';
import { numbersToWire } from '../api/wire';
import type { RunEvent } from '../platform/attemptFiles';
import { log } from './log';

export interface EventLog {
  /** Adds one line. A full disk loses the line, never the run. */
  append(event: RunEvent): Promise<void>;
  close(): Promise<void>;
}

/**
 * The events of a run, one JSON object a line, added at the end of the file. Where the file cannot be opened (a
 * full disk, a folder that was removed) the events are lost, never the run.
 */
export async function eventLog(file: string): Promise<EventLog> {
  const handle = await openAtLine(file).catch(log);
  return {
    append: async (event) => handle?.appendFile(`${JSON.stringify(event, numbersToWire)}\n`).catch(log),
    close: async () => handle?.close(),
  };
}

async function openAtLine(file: string): Promise<FileHandle> {
  const handle = await open(file, 'a+');
  const { size } = await handle.stat();
  const last = Buffer.alloc(1, '\n');
  if (size > 0) await handle.read(last, 0, 1, size - 1);
  if (last[0] !== 0x0a) await handle.appendFile('\n'); // A runner that was killed left half a line.
  return handle;
}
