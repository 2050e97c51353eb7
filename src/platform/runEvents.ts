import { readFile } from 'node:fs/promises';
import { type RunEvent, runEvent } from './attemptFiles';

/** Every whole event in a run's `events.jsonl`; none when there is no such file. */
export async function readEvents(file: string): Promise<RunEvent[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').flatMap(readEvent);
}

/** The event of one line; none for an empty line, one that was cut short, or a kind that is not known here. */
export function readEvent(line: string): RunEvent[] {
  try {
    const event = runEvent.safeParse(JSON.parse(line));
    return event.success ? [event.data] : [];
  } catch {
    return [];
  }
}
