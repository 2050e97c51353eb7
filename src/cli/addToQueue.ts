import { randomUUID } from 'node:crypto';
import type { RequestOf } from '../api/endpoints';
import { filesOnDisk } from '../code/filesOnDisk';
import { planSeeds } from '../code/seeds';
import type { ServerHandle } from '../platform/server';
import { type Call, UsageError } from './command';
import { exitCodeOf, verbOf } from './followRun';
import type { QueuedRun } from './followRuns';

/**
 * Queues a script once, or several times with another seed each, and says so. Several are followed to their end
 * unless that is not wanted; then the exit code is that of the first that did not finish.
 */
export async function addToQueue(
  server: ServerHandle,
  request: Omit<RequestOf<'startRun'>, 'requestId'>,
  {
    times,
    retries,
    follow,
  }: { readonly times: number | null; readonly retries: number; readonly follow: boolean },
  call: Call,
): Promise<number> {
  if (times !== null && times < 1) throw new UsageError('--times takes a number from 1 on.');
  const { script, args, folder, name } = request;
  const plan = times === null ? null : await planSeeds(script, args, times, filesOnDisk(folder));
  if (plan !== null && plan.param === null) {
    call.note(
      `winnow run: no param of ${script} takes a seed, so WINNOW_SEED and PYTHONHASHSEED are set in its environment.`,
    );
  }
  const param = plan?.param ?? null;
  const runs: (QueuedRun & { readonly seed: number | null })[] = [];
  for (const { seed, args: own, variables, edits } of plan?.runs ?? [
    { seed: null, args, variables: {}, edits: [] },
  ]) {
    const started = await server.client.call('startRun', {
      ...{ ...request, args: [...own], variables, edits: [...edits], retries },
      ...{ requestId: randomUUID(), mode: 'queue' },
      name: name !== null && seed !== null ? `${name}-${seed}` : name,
      ...(param === null || seed === null ? {} : { params: { [param]: String(seed) } }),
    });
    runs.push({ ...started, seed });
    if (!call.json && !follow) call.print(started.runId);
  }
  const seeds = `with ${param ?? 'WINNOW_SEED'} ${runs[0]?.seed} to ${runs.at(-1)?.seed}`;
  if (!follow) {
    const queued = runs.map(({ runId, name: own, seed }) => ({ runId, name: own, state: 'queued', seed }));
    if (call.json) call.printJson({ runs: queued });
    else if (runs.length > 1)
      call.note(`${runs.length} runs wait, ${seeds}. winnow output RUN --follow shows one.`);
    return 0;
  }
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  call.note(`${count} in the queue, ${seeds}. Ctrl-C stops them; with --queue they are left alone.`);
  const { queue } = await server.client.call('getQueue', {});
  if (queue.paused) call.note('The queue is paused, so they wait: winnow queue resume lets them start.');
  const { followRuns } = await import('./followRuns');
  const ended = await followRuns(server, runs, call);
  if (call.json) {
    const told = ended.map(({ runId, name: own, state, exitCode }, i) => {
      return { runId, name: own, state, exitCode, seed: runs[i]?.seed ?? null };
    });
    call.printJson({ runs: told });
  } else {
    for (const run of ended) call.note(`Run ${run.name} (${run.runId.slice(0, 8)}) ${verbOf(run)}.`);
  }
  const bad = ended.find(({ state }) => state !== 'finished');
  return bad === undefined ? 0 : exitCodeOf(bad);
}
