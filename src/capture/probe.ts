import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { once } from '../base/once';
import { UserError } from '../base/errors';
import { findOnPath } from '../platform/findOnPath';
import { runProgram } from '../platform/spawn';

export interface Interpreter {
  /** `3.12.7` */
  readonly version: string;
  /** Its absolute path. */
  readonly interpreter: string;
  /** Folders that packages are looked for in, in order. */
  readonly paths: readonly string[];
}

const answer = once(() => z.object({ version: z.string(), paths: z.array(z.string()) }));
const PROBE = `import sys
from json import dumps
print(dumps({"version": ".".join(map(str, sys.version_info[:3])), "paths": [p for p in sys.path if p]}))`;
const PROBE_MS = 20_000; // Far beyond a cold start from a network disk.
const known = new Map<string, Interpreter>();

/** Asks an interpreter once where it looks for packages; null when it cannot be asked. */
export async function probeInterpreter(
  python: string,
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Interpreter | null> {
  const interpreter = path.isAbsolute(python) ? python : findOnPath(python, env['PATH']);
  if (interpreter === null) return null;
  const key = await stateOf(interpreter);
  const before = known.get(key);
  if (before !== undefined) return before;
  const deadline = AbortSignal.timeout(PROBE_MS);
  try {
    const ended = await runProgram(
      interpreter,
      ['-E', '-c', PROBE], // Without the variables of Python, and so without the hook.
      { cwd: path.parse(interpreter).root, env },
      signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    );
    const told = ended.code === 0 ? answer().safeParse(JSON.parse(ended.stdout.toString('utf8'))) : null;
    if (told?.success !== true) return null;
    const probed = { interpreter, ...told.data };
    known.set(key, probed);
    return probed;
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted || error instanceof UserError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** An environment that was made anew has another answer. */
async function stateOf(interpreter: string): Promise<string> {
  const config = path.join(path.dirname(interpreter), '..', 'pyvenv.cfg');
  const states = [interpreter, await realpath(interpreter).catch(() => interpreter), config].map(
    async (file) => `${file}:${(await stat(file).catch(() => null))?.mtimeMs ?? ''}`,
  );
  return (await Promise.all(states)).join('\n');
}
