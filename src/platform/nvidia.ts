import { UserError } from '../base/errors';
import { findOnPath } from './findOnPath';
import { runProgram } from './spawn';

/** What a GPU's driver counts of it by the names of `nvidia-smi --query-gpu`. */
export const GPU_FIELDS = ['index', 'uuid', 'name', 'utilization.gpu', 'memory.used', 'power.draw'] as const;

export interface GpuSample {
  /** As CUDA_VISIBLE_DEVICES counts. */
  readonly index: number;
  readonly name: string;
  /** 0 to 100; null where the GPU does not tell. */
  readonly utilizationPercent: number | null;
  readonly memoryMegabytes: number | null;
  readonly powerWatts: number | null;
}

const ASK_MS = 20_000; // The first call after a boot loads the driver.

/** The names of the GPUs that a program with this environment sees; none without nvidia-smi. */
export async function gpuNames(
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<string[]> {
  const program = findOnPath('nvidia-smi', env['PATH']);
  if (program === null) return [];
  const deadline = AbortSignal.timeout(ASK_MS);
  try {
    const { code, stdout } = await runProgram(
      program,
      [queryGpus, FORMAT],
      { env },
      signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    );
    return code === 0 ? readGpus(stdout.toString('utf8'), env).map(({ name }) => name) : [];
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted || error instanceof UserError) return [];
    throw error;
  }
}

/** The arguments that make nvidia-smi print a line a GPU, which `readGpus` understands. */
export const queryGpus = `--query-gpu=${GPU_FIELDS.join(',')}`;
export const FORMAT = '--format=csv,noheader,nounits';

/** The GPUs of a printed table, only those that CUDA_VISIBLE_DEVICES leaves visible. */
export function readGpus(text: string, env: Readonly<Record<string, string>>): GpuSample[] {
  const visible = env['CUDA_VISIBLE_DEVICES']?.split(',').map((each) => each.trim());
  return text.split('\n').flatMap((line): GpuSample[] => {
    const fields = line.split(',').map((field) => field.trim());
    const [index, uuid = '', name = ''] = fields;
    if (index === undefined || !/^\d+$/.test(index)) return [];
    if (
      visible !== undefined &&
      !visible.some((each) => each === index || (each !== '' && uuid.startsWith(each)))
    ) {
      return [];
    }
    const [utilizationPercent = null, memoryMegabytes = null, powerWatts = null] = fields
      .slice(3)
      .map(numberOf);
    return [{ index: Number(index), name, utilizationPercent, memoryMegabytes, powerWatts }];
  });
}

/** `[N/A]` and the like: this GPU does not tell. */
function numberOf(field: string): number | null {
  const value = Number(field);
  return field === '' || !Number.isFinite(value) ? null : value;
}
