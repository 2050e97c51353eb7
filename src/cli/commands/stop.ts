import type { Command } from '../command';

/** Asks a run to end. */
export const stop: Command = {
  name: 'stop',
  synopsis: 'stop RUN [--folder DIR] [--kill] [--json]',
  summary: 'Asks a run to end: SIGINT, SIGTERM, then SIGKILL, children included.',
  options: { kill: { type: 'boolean', help: 'end it at once' } },
  words: { least: 1, most: 1 },

  async run(call) {
    const { client } = await call.server();
    const { run } = await client.call('resolveRun', { ref: call.words[0] ?? '' });
    const { killAt } = await client.call('stopRun', { runId: run.runId, kill: call.flag('kill') });
    if (call.json) call.printJson({ runId: run.runId, killAt });
    else if (killAt === null) call.note(`Run ${run.name} was asked to stop.`);
    else call.note(`Run ${run.name} was asked to stop and has ${secondsUntil(killAt)} s for a checkpoint.`);
    return 0;
  },
};

function secondsUntil(at: number): number {
  return Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
