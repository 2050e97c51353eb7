import type { RunId } from '../model/run';

/** What there is to give, and who waits for it in which order. */
export interface Line {
  readonly waiting: readonly Waiter[];
  readonly slots: number;
  readonly slotsInUse: number;
  /** GPUs that no run of ours has. */
  readonly freeGpus: readonly number[];
}

export interface Waiter {
  readonly runId: RunId;
  /** Whether its code is kept, so that it could start. */
  readonly ready: boolean;
  readonly gpuCount: number;
  /** GPUs that it may see; more than it asks for, or it can never start here. */
  readonly visibleGpus: readonly number[];
}

/**
 * The run that starts now, or null while the first of them waits for something. The order that is shown is held: a
 * run that needs less does not pass one that waits for GPUs. Only one that can never start here holds up nobody.
 */
export function nextToStart(line: Line): { readonly runId: RunId; readonly gpus: readonly number[] } | null {
  if (line.slotsInUse >= line.slots) return null;
  const first = line.waiting.find(({ gpuCount, visibleGpus }) => visibleGpus.length >= gpuCount);
  if (first === undefined || !first.ready) return null;
  const free = first.visibleGpus.filter((index) => line.freeGpus.includes(index));
  return free.length < first.gpuCount ? null : { runId: first.runId, gpus: free.slice(0, first.gpuCount) };
}
