import { type Gpu, visibleGpus } from '../platform/gpus';

export const VISIBLE = 'CUDA_VISIBLE_DEVICES';

/**
 * GPUs for a run that starts at once: free ones first, then those that others have, since it is never held back.
 * Fewer than it asks for when there are no more.
 */
export function gpusAtOnce(
  gpus: readonly Gpu[],
  list: string | undefined,
  inUse: readonly number[],
  count: number,
): readonly number[] {
  const visible = visibleGpus(gpus, list);
  const isFree = (index: number) => !inUse.includes(index);
  return [...visible.filter(isFree), ...visible.filter((index) => !isFree(index))].slice(0, count);
}

/** The GPUs that an asker's own environment names for a run, so that nobody else gets them. Null: it names none. */
export function gpusNamed(env: Readonly<Record<string, string>>): readonly number[] | null {
  const named = (env[VISIBLE] ?? '').split(',').filter((part) => /^\s*\d+\s*$/.test(part));
  return named.length === 0 ? null : named.map(Number);
}

/** The variables that give a run its GPUs: counted by their place on the bus, as nvidia-smi does. */
export function gpuVariables(gpus: readonly number[]): Readonly<Record<string, string>> {
  return gpus.length === 0 ? {} : { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', [VISIBLE]: gpus.join(',') };
}
