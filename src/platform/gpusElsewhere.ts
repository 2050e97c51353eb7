import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { readJson } from './atomicFile';
import { attemptProcesses } from './attemptFiles';
import { lifeOf } from './identity';
import { type StoreState, stateHome } from './stateFolder';

/** What is needed of an attempt's private file. */
const withEnvironment = z.object({ env: z.record(z.string(), z.string()) });

const ATTEMPT = /^([0-9a-f]{32})\.json$/;

/**
 * The GPUs that live runs of this user's other folders were given: each folder has a server of its own, and none
 * knows of the others' queues. Indexes of CUDA_VISIBLE_DEVICES; a list of UUIDs is not understood.
 */
export async function gpusElsewhere(own: StoreState, home = stateHome()): Promise<readonly number[]> {
  const stores = path.join(home, 'stores');
  const used = new Set<number>();
  for (const key of await readdir(stores).catch(() => [])) {
    if (key === own.key) continue;
    const folder = path.join(stores, key, 'attempts');
    for (const name of await readdir(folder).catch(() => [])) {
      const attemptId = ATTEMPT.exec(name)?.[1];
      if (attemptId === undefined) continue;
      const attempt = await readJson(path.join(folder, name), withEnvironment).catch(() => null);
      const list = attempt?.env['CUDA_VISIBLE_DEVICES'] ?? '';
      const indexes = list.split(',').filter((part) => /^\d+$/.test(part.trim()));
      if (indexes.length === 0) continue;
      const processes = await readJson(path.join(folder, `${attemptId}.processes.json`), attemptProcesses);
      // One that has not said who it is was started a moment ago, or never will be: better one GPU idle.
      if (processes !== null && (await isGone(processes))) continue;
      for (const index of indexes) used.add(Number(index));
    }
  }
  return [...used];
}

async function isGone({ runner, script }: z.output<typeof attemptProcesses>): Promise<boolean> {
  if ((await lifeOf(runner)) !== 'gone') return false;
  return script === null || (await lifeOf(script)) === 'gone';
}
