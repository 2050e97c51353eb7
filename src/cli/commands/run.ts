import { readFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from '../../base/errors';
import { rememberedPython } from '../../platform/rememberedPython';
import { type Command, UsageError } from '../command';
import { RUN, isForQueue, numberOf, requestOf, runNow } from '../runNow';

/** Starts a script as the window does, and follows its output. */
export const run: Command = {
  ...RUN,

  async run(call) {
    const { folder } = await call.location();
    const [script = await configuredScript(folder), ...args] = call.words;
    const request = await requestOf(call, [script, ...args], await rememberedPython(folder));
    if (!isForQueue(call)) return runNow(call, request);
    const { addToQueue } = await import('../addToQueue');
    const count = numberOf(call, 'times');
    const times = {
      times: count ?? null,
      retries: numberOf(call, 'retries') ?? 0,
      follow: count !== undefined && !call.flag('queue') && !call.flag('detach'),
    };
    return addToQueue(await call.server(), request, times, call);
  },
};

async function configuredScript(folder: string): Promise<string> {
  try {
    // Loaded when it is needed: reading YAML takes longer than everything else here.
    const { readWinnowYaml } = await import('../../code/winnowYaml');
    const { script } = readWinnowYaml(readFileSync(path.join(folder, 'winnow.yaml'), 'utf8')).run;
    if (script !== null) return script;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  throw new UsageError('Name the script to run: winnow run -- train.py --lr 0.1');
}
