import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Command } from '../command';
import { exitCodeOf, followRun, verbOf } from '../followRun';
import { runServerOf } from '../runServer';

/** Starts a run that was stopped, failed or lost once more, from its checkpoint, and follows its output. */
export const resume: Command = {
  name: 'resume',
  synopsis: 'resume RUN [--folder DIR] [--detach] [--json] [-- ARG…]',
  summary:
    'Resumes a run that was stopped, failed or lost from its newest checkpoint, as a new attempt of it.',
  options: { detach: { type: 'boolean', help: 'return as soon as the attempt exists' } },
  words: { least: 1, most: Infinity },

  async run(call) {
    const [ref = '', ...more] = call.words;
    const server = await call.server();
    const { client } = server;
    const { run } = await client.call('resolveRun', { ref });
    const { plan } = await client.call('planResume', { runId: run.runId });
    const from = run.outputPath === null ? 0 : await sizeOf(run.outputPath);
    const started = await client.call('resumeRun', {
      requestId: randomUUID(),
      runId: run.runId,
      args: [...plan.args, ...more],
      env: Object.fromEntries(
        Object.entries(call.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    });
    const going = plan.checkpoint === null ? '' : ` from ${plan.checkpoint.path}`;
    call.note(`Attempt ${started.number} of run ${started.name}${going}.`);
    if (call.flag('detach')) {
      if (call.json) call.printJson({ runId: started.runId, attempt: started.number, state: 'queued' });
      else call.print(started.runId);
      return 0;
    }
    const ended = await followRun(runServerOf(server), { ...started, from }, call);
    if (ended.reason !== null) call.note(`winnow resume: ${ended.reason}`);
    const { runId, state, exitCode } = ended;
    if (call.json) call.printJson({ runId, attempt: started.number, state, exitCode });
    else call.note(`Run ${ended.name} (${runId.slice(0, 8)}) ${verbOf(ended)}.`);
    return exitCodeOf(ended);
  },
};

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
