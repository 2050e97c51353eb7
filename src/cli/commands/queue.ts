import type { ApiClient } from '../../api/client';
import type { QueueState } from '../../model/queue';
import { formatAge } from '../../model/format';
import type { RunId } from '../../model/run';
import { type Call, type Command, UsageError } from '../command';
import { plain, table } from '../table';

/** Shows the runs that wait, and changes their order. */
export const queue: Command = {
  name: 'queue',
  synopsis:
    'queue [list | move RUN WHERE | remove RUN… | retry RUN | pause | resume] [--folder DIR] [--json]',
  summary:
    'Shows the runs that wait; moves them (WHERE: top, up, down, bottom or a place), removes, pauses, resumes.',
  options: {},
  words: { least: 0, most: Infinity },

  async run(call) {
    const [action = 'list', ...rest] = call.words;
    const { client } = await call.server();
    switch (action) {
      case 'list':
        if (rest.length > 0) throw new UsageError(`"${rest[0]}" is one word too many.`);
        break;
      case 'move':
        await move(client, rest);
        break;
      case 'remove':
        if (rest.length === 0)
          throw new UsageError('Name the runs to remove: winnow queue remove brisk-heron');
        await client.call('removeQueued', {
          runIds: await Promise.all(rest.map((ref) => idOf(client, ref))),
        });
        break;
      case 'retry':
        return retry(call, client, rest);
      case 'pause':
      case 'resume':
        await client.call('pauseQueue', { paused: action === 'pause' });
        break;
      default:
        throw new UsageError(`There is no "winnow queue ${action}".`);
    }
    const { queue: state } = await client.call('getQueue', {});
    if (call.json) call.printJson({ queue: state });
    else for (const line of linesOf(state)) call.print(line);
    return 0;
  },
};

async function idOf(client: ApiClient, ref: string): Promise<RunId> {
  return (await client.call('resolveRun', { ref })).run.runId;
}

async function move(client: ApiClient, [ref, where, ...more]: readonly string[]): Promise<void> {
  if (ref === undefined || where === undefined || more.length > 0) {
    throw new UsageError('Say what goes where: winnow queue move brisk-heron top');
  }
  const runId = await idOf(client, ref);
  const { queue: state } = await client.call('getQueue', {});
  const order = state.waiting.map((run) => run.runId);
  const at = order.indexOf(runId);
  if (at < 0) throw new UsageError(`The run "${ref}" does not wait.`);
  const to = placeOf(where, at, order.length);
  const others = order.filter((each) => each !== runId);
  await client.call('moveQueued', { runIds: [runId], before: others[to] ?? null });
}

/** From 0; one beyond the last is the last. */
function placeOf(where: string, at: number, count: number): number {
  switch (where) {
    case 'top':
      return 0;
    case 'up':
      return Math.max(0, at - 1);
    case 'down':
      return at + 1;
    case 'bottom':
      return count;
    default:
      if (!/^[1-9]\d*$/.test(where))
        throw new UsageError(`"${where}" is no place: top, up, down, bottom or a number.`);
      return Number(where) - 1;
  }
}

async function retry(call: Call, client: ApiClient, [ref, ...more]: readonly string[]): Promise<number> {
  if (ref === undefined || more.length > 0)
    throw new UsageError('Name one run: winnow queue retry brisk-heron');
  const { randomUUID } = await import('node:crypto');
  const env = Object.fromEntries(
    Object.entries(call.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const runId = await idOf(client, ref);
  const again = await client.call('retryRun', { requestId: randomUUID(), runId, env });
  if (call.json) call.printJson({ runId: again.runId, name: again.name, state: 'queued' });
  else call.print(again.runId);
  return 0;
}

function linesOf(state: QueueState): readonly string[] {
  const { waiting, slots, slotsInUse, gpus, gpusInUse, paused, pausedWhy } = state;
  const now = Date.now();
  const rows = waiting.map(({ name, experiment, gpuCount, queuedAt, runId }, index) => [
    ...[String(index + 1), plain(name), plain(experiment), gpuCount === 0 ? '' : `${gpuCount} GPU`],
    ...[formatAge(queuedAt, now), runId.slice(0, 8)],
  ]);
  const gpuText = gpus.length === 0 ? '' : `, ${gpusInUse.length} of ${gpus.length} GPUs`;
  return [
    ...(paused ? [pausedWhy ?? 'The queue is paused: "winnow queue resume" lets it go on.'] : []),
    waiting.length === 0
      ? 'Nothing waits.'
      : table([['', 'name', 'experiment', '', 'waits', 'id'], ...rows], [0, 4]),
    `${slotsInUse} of ${slots} slots in use${gpuText}.`,
  ];
}
