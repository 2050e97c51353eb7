import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';

const startLine = z.object({ kind: z.literal('start'), at: z.number(), pid: z.number() });
const endLine = z.object({ kind: z.literal('end'), exitCode: z.number(), pid: z.optional(z.number()) });

/**
 * Which process the hook was in first since an instant, and when it began (epoch ms); null when it was in none. It
 * names a script whose runner could not any more.
 */
export async function readHookStart(
  file: string,
  since: number,
): Promise<{ readonly pid: number; readonly at: number } | null> {
  for (const line of await linesOf(file)) {
    const start = startLine.safeParse(parsed(line));
    if (start.success && start.data.at >= since) return { pid: start.data.pid, at: start.data.at };
  }
  return null;
}

/**
 * The exit code that the hook inside a script noted when the script ended by itself; null when there is none:
 * a script that was killed, or has no hook, notes nothing.
 * @param pid the script's process; a line that names another one is one of its children's or an earlier start's.
 */
export async function readHookEnd(file: string, pid: number): Promise<number | null> {
  for (const line of (await linesOf(file)).reverse()) {
    const end = endLine.safeParse(parsed(line));
    if (end.success && (end.data.pid ?? pid) === pid) return end.data.exitCode;
  }
  return null;
}

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    /* An empty line, or one that a kill cut short. */
    return null;
  }
}
