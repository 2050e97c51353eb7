import { runProgram } from './spawn';

/** A GPU of this machine, as nvidia-smi counts it: by its place on the bus. */
export interface Gpu {
  readonly index: number;
  readonly uuid: string;
}

const KEEP_MS = 60_000; // GPUs come and go with drivers, not by the second, and asking costs up to a second.

let asked: { readonly at: number; readonly gpus: Promise<readonly Gpu[]> } | null = null;

/** The GPUs of this machine; none without nvidia-smi, or when it knows of none. Asked once a minute. */
export function listGpus(env: NodeJS.ProcessEnv = process.env, now = Date.now()): Promise<readonly Gpu[]> {
  if (asked === null || now - asked.at > KEEP_MS) asked = { at: now, gpus: askGpus(env) };
  return asked.gpus;
}

/** Asks anew the next time: for tests. */
export function forgetGpus(): void {
  asked = null;
}

async function askGpus(env: NodeJS.ProcessEnv): Promise<readonly Gpu[]> {
  try {
    const args = ['--query-gpu=index,uuid', '--format=csv,noheader'];
    const { code, stdout } = await runProgram('nvidia-smi', args, { env }, AbortSignal.timeout(10_000));
    if (code !== 0) return [];
    return stdout
      .toString('utf8')
      .split('\n')
      .flatMap((line) => {
        const [index = '', uuid = ''] = line.split(',').map((part) => part.trim());
        return /^\d+$/.test(index) ? [{ index: Number(index), uuid }] : [];
      });
  } catch {
    /* There is no nvidia-smi, or it does not answer: nothing can be given out. */
    return [];
  }
}

/**
 * The GPUs that a list in CUDA_VISIBLE_DEVICES leaves: by index or the beginning of a UUID, up to the first entry that
 * names none, as CUDA reads it. Undefined: all of them.
 */
export function visibleGpus(gpus: readonly Gpu[], list: string | undefined): readonly number[] {
  if (list === undefined) return gpus.map(({ index }) => index);
  const visible: number[] = [];
  for (const entry of list.split(',').map((part) => part.trim())) {
    const found = gpus.find(
      ({ index, uuid }) => String(index) === entry || (entry !== '' && uuid.startsWith(entry)),
    );
    if (found === undefined) break;
    visible.push(found.index);
  }
  return visible;
}
