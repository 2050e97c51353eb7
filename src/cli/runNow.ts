import path from 'node:path';
import type { RequestOf } from '../api/endpoints';
import { isExecutable } from '../platform/findOnPath';
import { choosePython } from '../platform/interpreter';
import { type Access, type Command, type Typed, UsageError } from './command';
import { exitCodeOf, followRun, verbOf } from './followRun';

/** What `winnow run` takes, for whoever carries it out. */
export const RUN: Omit<Command, 'run'> = {
  name: 'run',
  synopsis:
    'run [--folder DIR] [--experiment E] [--name N] [--python P] [--detach] [--queue] [--times N] [--retries N] [--gpus N] [--json] -- SCRIPT [ARG…]',
  summary: 'Runs a script as an experiment and follows its output; Ctrl-C stops it politely, a second kills.',
  options: {
    experiment: { type: 'string', value: 'E', help: "the experiment; wins over the script's own" },
    name: { type: 'string', value: 'N', help: 'the name of the run' },
    python: { type: 'string', value: 'P', help: 'the interpreter' },
    detach: { type: 'boolean', help: 'return as soon as the run exists' },
    queue: { type: 'boolean', help: 'let it wait for a slot, with the code as it is now; returns at once' },
    times: {
      type: 'string',
      value: 'N',
      help: 'queue it N times, each with another seed, and follow them; with --queue return at once',
    },
    retries: { type: 'string', value: 'N', help: 'queue it again up to N times when it fails; with --queue' },
    gpus: { type: 'string', value: 'N', help: 'how many GPUs it gets, by CUDA_VISIBLE_DEVICES' },
  },
  words: { least: 0, most: Infinity },
};

/** Whether a run is to wait in the queue instead of being started now. */
export function isForQueue(call: Pick<Typed, 'flag' | 'text'>): boolean {
  return call.flag('queue') || call.text('times') !== undefined;
}

/** Starts the run of a request, and follows it to its end. Resolves with the exit code. */
export async function runNow(
  call: Typed & Pick<Access, 'runServer'>,
  request: Omit<RequestOf<'startRun'>, 'requestId'>,
): Promise<number> {
  const server = await call.runServer();
  const started = await server.startRun({ ...request, requestId: newRequestId() });
  if (call.flag('detach')) {
    if (call.json) call.printJson({ runId: started.runId, state: 'queued', exitCode: null });
    else call.print(started.runId);
    return 0;
  }
  const ended = await followRun(server, started, call);
  if (ended.reason !== null) call.note(`winnow run: ${ended.reason}`);
  if (call.json) call.printJson({ runId: ended.runId, state: ended.state, exitCode: ended.exitCode });
  else call.note(`Run ${ended.name} (${ended.runId.slice(0, 8)}) ${verbOf(ended)}.`);
  return exitCodeOf(ended);
}

/** What a call of `winnow run` asks of the server. */
export async function requestOf(
  call: Typed,
  [script, ...args]: readonly [string, ...string[]],
  remembered: string | null,
): Promise<Omit<RequestOf<'startRun'>, 'requestId'>> {
  return {
    script,
    args,
    folder: call.folder,
    python: await pythonFor(script, call, remembered),
    experiment: call.text('experiment') ?? null,
    name: call.text('name') ?? null,
    env: Object.fromEntries(
      Object.entries(call.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    gpuCount: numberOf(call, 'gpus'),
  };
}

/** A number of at most four digits, or undefined. @throws UsageError */
export function numberOf(call: Pick<Typed, 'text'>, option: string): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`--${option} takes a number, and "${text}" is none.`);
  return Number(text);
}

/** A program of another language is executed itself, everything else goes to Python. */
async function pythonFor(script: string, call: Typed, remembered: string | null): Promise<string | null> {
  const setting = call.text('python') ?? null;
  const isProgram = !/\.(py|ipynb)$/i.test(script) && isExecutable(path.resolve(call.folder, script));
  if (isProgram && setting === null) return null;
  return choosePython({ setting, env: call.env, folder: call.folder, remembered });
}

/** Another one for every call of the command that there ever is; it need not be hard to guess. */
function newRequestId(): string {
  // Not of node:crypto, which takes longer to load than the request takes.
  const parts = [process.pid, process.hrtime.bigint(), performance.timeOrigin, Math.random()];
  return parts
    .map((part) => part.toString(36))
    .join('-')
    .slice(0, 100);
}
