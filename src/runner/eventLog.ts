import { open } from 'node:fs/promises';
import type { RunEvent } from '../platform/attemptFiles';
import { log } from './log';

export interface EventLog {
  /** Adds one line. A full disk loses the line, never the run. */
  append(event: RunEvent): Promise<void>;
  close(): Promise<void>;
}

/** The events of a run, one JSON object a line, added at the end of the file. */
export async function eventLog(file: string): Promise<EventLog> {
  const handle = await open(file, 'a');
  return {
    append: (event) => handle.appendFile(`${JSON.stringify(event)}\n`).catch(log),
    close: () => handle.close(),
  };
}
