import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../base/errors';
import { isExecutable } from '../../platform/findOnPath';
import { choosePython, rememberedPython } from '../../platform/interpreter';
import { type Call, type Command, UsageError } from '../command';
import { exitCodeOf, followRun, verbOf } from '../followRun';

/** Starts a script as the window does, and follows its output. */
export const run: Command = {
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

  async run(call) {
    const { folder } = call;
    const location = await call.location();
    const [script = await configuredScript(location.folder), ...args] = call.words;
    const [python, server] = await Promise.all([pythonFor(script, call, location.folder), call.server()]);
    const request = {
      script,
      args,
      folder,
      python,
      experiment: call.text('experiment') ?? null,
      name: call.text('name') ?? null,
      env: Object.fromEntries(
        Object.entries(call.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      gpuCount: numberOf(call, 'gpus'),
    };
    const times = numberOf(call, 'times');
    if (call.flag('queue') || times !== undefined) {
      const { addToQueue } = await import('../addToQueue');
      return addToQueue(
        server,
        request,
        {
          times: times ?? null,
          retries: numberOf(call, 'retries') ?? 0,
          follow: times !== undefined && !call.flag('queue') && !call.flag('detach'),
        },
        call,
      );
    }
    const started = await server.client.call('startRun', { ...request, requestId: randomUUID() });
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
  },
};

function numberOf(call: Call, option: string): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`--${option} takes a number, and "${text}" is none.`);
  return Number(text);
}

async function configuredScript(folder: string): Promise<string> {
  try {
    // Loaded when it is needed: reading YAML takes longer than everything else here.
    const { readWinnowYaml } = await import('../../code/winnowYaml');
    const { script } = readWinnowYaml(await readFile(path.join(folder, 'winnow.yaml'), 'utf8')).run;
    if (script !== null) return script;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  throw new UsageError('Name the script to run: winnow run -- train.py --lr 0.1');
}

/** A program of another language is executed itself, everything else goes to Python. */
async function pythonFor(script: string, call: Call, storeFolder: string): Promise<string | null> {
  const setting = call.text('python') ?? null;
  const isProgram = !/\.(py|ipynb)$/i.test(script) && isExecutable(path.resolve(call.folder, script));
  if (isProgram && setting === null) return null;
  return choosePython({
    setting,
    env: call.env,
    folder: call.folder,
    remembered: await rememberedPython(storeFolder),
  });
}
