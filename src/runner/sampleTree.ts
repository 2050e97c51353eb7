import os from 'node:os';
import pidusage from 'pidusage';
import { descendantsOf } from '../platform/processTable';
import { diskOf } from './machine';

export interface TreeSample {
  /** Share of all cores of the machine, 0 to 100, as MLflow's own monitor counts. */
  readonly cpuPercent: number;
  /** Resident memory of all processes; what they share counts for each. */
  readonly memoryBytes: number;
  readonly processes: number;
  /** What they moved from and to disks since they started; null where nobody counts it. */
  readonly disk: { readonly read: number; readonly written: number } | null;
}

const cores = os.availableParallelism();

/** What a process and all below it use, since the last look; null when it is gone. */
export async function sampleTree(pid: number): Promise<TreeSample | null> {
  const pids = [pid, ...(await descendantsOf(pid))];
  const usages = await Promise.all(
    pids.map(
      (each) => pidusage(each).catch(() => null), // It ended between the two questions.
    ),
  );
  const disks = (await Promise.all(pids.map(diskOf))).filter((disk) => disk !== null);
  const living = usages.filter((usage) => usage !== null);
  if (living.length === 0) return null;
  return {
    cpuPercent: Math.min(100, living.reduce((sum, usage) => sum + usage.cpu, 0) / cores),
    memoryBytes: living.reduce((sum, usage) => sum + usage.memory, 0),
    processes: living.length,
    disk:
      disks.length === 0
        ? null
        : {
            read: disks.reduce((sum, disk) => sum + disk.read, 0),
            written: disks.reduce((sum, disk) => sum + disk.written, 0),
          },
  };
}
