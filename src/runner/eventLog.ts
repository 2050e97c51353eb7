import { type FileHandle, open } from 'node:fs/promises';
import { numbersToWire } from '../api/wire';
import type { RunEvent } from '../platform/attemptFiles';
import { log } from './log';

export interface EventLog {
  /** Adds one line. A full disk loses the line, never the run; then it says false. */
  append(event: RunEvent): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * The events of a run, one JSON object a line, added at the end of the file. Where the file cannot be opened (a
 * full disk, a folder that was removed) the events are lost, never the run.
 */
export async function eventLog(file: string): Promise<EventLog> {
  const handle = await openAtLine(file).catch((error: unknown) => {
    log(error);
    return null;
  });
  let isWhole = true;
  return {
    async append(event) {
      if (handle === null) return true; // Nobody could keep it for later either.
      try {
        if (!isWhole) await endLine(handle);
        isWhole = false;
        await handle.appendFile(`${JSON.stringify(event, numbersToWire)}\n`);
        isWhole = true;
        return true;
      } catch (error) {
        log(error);
        return false;
      }
    },
    close: async () => handle?.close(),
  };
}

async function openAtLine(file: string): Promise<FileHandle> {
  const handle = await open(file, 'a+');
  await endLine(handle);
  return handle;
}

/** A runner that was killed, or a full disk, may have left half a line: what is added must not become a part of it. */
async function endLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size === 0) return;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  if (last[0] !== 0x0a) await handle.appendFile('\n');
}
