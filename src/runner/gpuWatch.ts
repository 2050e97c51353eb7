import type { Disposable } from '../base/lifecycle';
import { findOnPath } from '../platform/findOnPath';
import { FORMAT, type GpuSample, queryGpus, readGpus } from '../platform/nvidia';
import { spawnPiped } from '../platform/spawn';
import { log } from './log';

/** The GPUs that a script may use, as nvidia-smi tells of them every few seconds. */
export interface GpuWatch extends Disposable {
  /** What was told last of each; empty without nvidia-smi. */
  latest(): readonly GpuSample[];
}

const EVERY_SECONDS = 5; // One process for the life of the run: a call for each look would cost more than the look.

/**
 * Starts nvidia-smi when it is on the script's PATH. When the runner is killed, nvidia-smi ends at its next line,
 * which nobody reads.
 */
export function watchGpus(env: Readonly<Record<string, string>>): GpuWatch {
  const program = findOnPath('nvidia-smi', env['PATH']);
  if (program === null) return { latest: () => [], dispose: () => undefined };
  const gpus = new Map<number, GpuSample>();
  const ended = new AbortController();
  const child = spawnPiped(program, [queryGpus, FORMAT, `--loop=${EVERY_SECONDS}`], { env }, ended.signal);
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const at = (rest + text).lastIndexOf('\n') + 1;
    for (const gpu of readGpus((rest + text).slice(0, at), env)) gpus.set(gpu.index, gpu);
    rest = (rest + text).slice(at).slice(-10_000);
  });
  child.stderr?.resume();
  child.stdin?.end();
  child.on('error', (error) => {
    if (!ended.signal.aborted) log(error);
  });
  child.on('exit', () => gpus.clear()); // What it said last is not true for ever.
  return { latest: () => [...gpus.values()], dispose: () => ended.abort() };
}
