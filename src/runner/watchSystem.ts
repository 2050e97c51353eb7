import os from 'node:os';
import path from 'node:path';
import type { RunEvent } from '../platform/attemptFiles';
import { energyCounter } from './energy';
import { watchGpus } from './gpuWatch';
import { packageJoules, sampleMachine } from './machine';
import { sampleTree } from './sampleTree';
import type { Observed } from './observe';

export interface SystemWatch {
  /** What the run uses now and used since the last look; null when its processes are gone. */
  sample(): Promise<(RunEvent & { kind: 'sample' }) | null>;
  [Symbol.dispose](): void;
}

/** Looks at the processes of a run and at the machine below them. */
export function watchSystem({ pid, files, env }: Pick<Observed, 'pid' | 'files' | 'env'>): SystemWatch {
  const gpuWatch = watchGpus(env);
  const energy = energyCounter(os.availableParallelism());
  const since = counterSinceFirst();
  let diskRead = 0;
  let diskWritten = 0;
  return {
    async sample() {
      const [tree, machine, joules] = await Promise.all([
        sampleTree(pid),
        sampleMachine(path.dirname(files.output)),
        packageJoules(),
      ]);
      if (tree === null) return null;
      const at = Date.now();
      const gpus = gpuWatch.latest();
      const { disk, ...used } = tree;
      // A process that ended and was not waited for takes its count along: what was seen stays.
      diskRead = Math.max(diskRead, disk?.read ?? 0);
      diskWritten = Math.max(diskWritten, disk?.written ?? 0);
      const { diskFreeBytes: free, diskTotalBytes: total } = machine;
      return {
        kind: 'sample',
        at,
        ...used,
        ...(disk === null ? {} : { diskReadBytes: diskRead, diskWrittenBytes: diskWritten }),
        ...(free === null || !total
          ? {}
          : { diskFreeBytes: free, diskUsedPercent: 100 * (1 - free / total) }),
        ...since('networkReceivedBytes', machine.networkReceivedBytes),
        ...since('networkSentBytes', machine.networkSentBytes),
        ...(gpus.length === 0 ? {} : { gpus: [...gpus] }),
        energy: energy({
          at,
          cpuPercent: used.cpuPercent,
          memoryBytes: used.memoryBytes,
          gpuWatts: gpus.flatMap((gpu) => gpu.powerWatts ?? []),
          packageJoules: joules,
        }),
      };
    },
    [Symbol.dispose]: () => gpuWatch.dispose(),
  };
}

/** Counts from the first value of each name on; nothing where there is none. */
function counterSinceFirst() {
  const first = new Map<string, number>();
  return <Name extends string>(name: Name, value: number | null): { [Key in Name]?: number } => {
    if (value === null) return {};
    const before = first.get(name) ?? value;
    first.set(name, before);
    const found: { [Key in Name]?: number } = {};
    found[name] = Math.max(0, value - before);
    return found;
  };
}
