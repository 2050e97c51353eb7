import os from 'node:os';
import type { HostFacts, PythonEnvironment, RunEnvironment } from '../model/environment';
import { gpuNames } from '../platform/nvidia';
import { packagesOf } from './packages';
import { probeInterpreter } from './probe';

export interface EnvironmentRequest {
  /** The interpreter, a path or a name of the PATH; null for a program that is not Python. */
  readonly python: string | null;
  /** The environment of the script. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What a script runs in: its interpreter with the packages, and this machine. */
export async function captureEnvironment(
  request: EnvironmentRequest,
): Promise<Omit<RunEnvironment, 'seeds'>> {
  const [python, gpus] = await Promise.all([pythonOf(request), gpuNames(request.env, request.signal)]);
  return { python, host: hostFacts(gpus) };
}

async function pythonOf({ python, env, signal }: EnvironmentRequest): Promise<PythonEnvironment | null> {
  if (python === null) return null;
  const probed = await probeInterpreter(python, env, signal);
  if (probed === null) return null;
  const { version, interpreter } = probed;
  return { version, interpreter, lockedBy: 'package metadata', packages: await packagesOf(probed) };
}

function hostFacts(gpus: readonly string[]): HostFacts {
  return {
    name: os.hostname(),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    cpuCount: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    gpus,
  };
}
