/** What a run ran in: the interpreter, its packages and the machine. */
export interface RunEnvironment {
  /** Null for a program that is not Python. */
  readonly python: PythonEnvironment | null;
  readonly host: HostFacts;
  /** Seeds that the script set, by what they were set for: `random`, `numpy`, `torch`. */
  readonly seeds: Readonly<Record<string, string>>;
}

export interface PythonEnvironment {
  /** `3.12.7` */
  readonly version: string;
  /** The interpreter's absolute path. */
  readonly interpreter: string;
  /** What made the lock. */
  readonly lockedBy: 'pip freeze' | 'uv pip freeze' | 'package metadata';
  /** Lines of the lock as requirements.txt has them, such as `numpy==2.4.0`, sorted. */
  readonly packages: readonly string[];
}

export interface HostFacts {
  readonly name: string;
  /** `Linux 6.1.0 x64` */
  readonly system: string;
  readonly cpuCount: number;
  readonly memoryBytes: number;
  /** Names of the GPUs that the run could see; empty without nvidia-smi. */
  readonly gpus: readonly string[];
}
