import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../api/client';
import type { RequestOf } from '../api/endpoints';
import { filesOnDisk } from '../code/filesOnDisk';
import { planSeeds } from '../code/seeds';
import { type Call, UsageError } from './command';

/** Queues a script once, or several times with another seed each, and says so. */
export async function addToQueue(
  client: ApiClient,
  request: Omit<RequestOf<'startRun'>, 'requestId'>,
  { times, retries }: { readonly times: number | null; readonly retries: number },
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
  const runs = [];
  for (const { seed, args: own, variables, edits } of plan?.runs ?? [
    { seed: null, args, variables: {}, edits: [] },
  ]) {
    const started = await client.call('startRun', {
      ...{ ...request, args: [...own], variables, edits: [...edits], retries },
      ...{ requestId: randomUUID(), mode: 'queue' },
      name: name !== null && seed !== null ? `${name}-${seed}` : name,
      ...(param === null || seed === null ? {} : { params: { [param]: String(seed) } }),
    });
    runs.push({ runId: started.runId, name: started.name, state: 'queued', seed });
    if (!call.json) call.print(started.runId);
  }
  if (call.json) call.printJson({ runs });
  else if (runs.length > 1)
    call.note(
      `${runs.length} runs wait, with ${param ?? 'WINNOW_SEED'} ${runs[0]?.seed} to ${runs.at(-1)?.seed}.`,
    );
  return 0;
}
