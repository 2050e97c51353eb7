import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';

const endLine = z.object({ kind: z.literal('end'), exitCode: z.number(), pid: z.optional(z.number()) });

/**
 * The exit code that the hook inside a script noted when the script ended by itself; null when there is none:
 * a script that was killed, or has no hook, notes nothing.
 * @param pid the script's process; a line that names another one is one of its children's or an earlier start's.
 */
export async function readHookEnd(file: string, pid: number): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  for (const line of text.split('\n').reverse()) {
    const end = endLine.safeParse(parsed(line));
    if (end.success && (end.data.pid ?? pid) === pid) return end.data.exitCode;
  }
  return null;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    /* An empty line, or one that a kill cut short. */
    return null;
  }
}
