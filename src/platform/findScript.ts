import { readFile } from 'node:fs/promises';
import { type ProcessIdentity, groupMembers, identityOf, lifeOf } from './identity';
import { listProcesses } from './processTable';

/**
 * The process of an attempt that still lives, or whose group does; null when it is proved gone.
 * @param known what the attempt's runner wrote down; null when it was ended before it could. Then a live process
 *   that leads a group of its own and has the attempt's token in its environment is the one (Linux).
 */
export async function findScript(
  known: ProcessIdentity | null,
  token: string | null,
): Promise<ProcessIdentity | null> {
  if (known !== null) {
    const isGone = (await lifeOf(known)) === 'gone' && (await groupMembers(known)).length === 0;
    return isGone ? null : known;
  }
  if (token === null || process.platform !== 'linux') return null;
  for (const { pid, group, defunct } of await listProcesses()) {
    if (defunct || group !== pid || pid === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''); // Another user's.
    if (environment.split('\0').includes(`MLFLOW_TRACKING_TOKEN=${token}`)) return identityOf(pid);
  }
  return null;
}
