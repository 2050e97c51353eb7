import { open } from 'node:fs/promises';
import type { Disposable } from '../base/lifecycle';
import { withoutHostVariables } from '../platform/environment';
import type { Programs } from '../platform/runtimes';
import { type Child, spawnDetached } from '../platform/spawn';
import type { StoreState } from '../platform/stateFolder';

/**
 * Starts runners. For a while after a start it keeps one ready that has booted and has no attempt yet: whoever
 * starts a run soon starts another, and that one need not wait for a boot. A spare runner that is not needed, or
 * whose server ends, sees the end of its input and goes. It is no run: nothing waits for it.
 */
export interface Runners extends Disposable {
  /** A runner that gets ready for the attempt in this file, and starts its script when it is told to. */
  start(attemptFile: string): Promise<Child>;
  /** A runner that watches over the script of the attempt in this file, which runs and has none. */
  adopt(attemptFile: string): Promise<Child>;
}

export interface RunnersOptions {
  readonly state: StoreState;
  readonly programs: Programs;
  readonly log: (problem: unknown) => void;
  /** How long after a start the next runner is booted. */
  readonly pauseMs?: number;
  /** How long a spare runner is kept. */
  readonly keepMs?: number;
}

const PAUSE_MS = 1_000; // Not at once: the boot would take a core from the script that just starts.
const KEEP_MS = 5 * 60_000; // A person looks at a result and tries again; after that 45 MB are better free.

export function createRunners(options: RunnersOptions): Runners {
  const { log, pauseMs = PAUSE_MS, keepMs = KEEP_MS } = options;
  let spare: Child | null = null;
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;

  function takeSpare(): Child | null {
    const taken = spare;
    spare = null;
    return taken !== null && taken.exitCode === null && taken.signalCode === null ? taken : null;
  }

  function after(ms: number, work: () => void): void {
    clearTimeout(timer);
    if (!disposed) timer = setTimeout(work, ms).unref();
  }

  async function bootSpare(): Promise<void> {
    const booted = await bootRunner(options);
    if (disposed || spare !== null) return sendAway(booted);
    spare = booted;
    after(keepMs, () => sendAway(takeSpare()));
  }

  return {
    async start(attemptFile) {
      const runner = takeSpare() ?? (await bootRunner(options));
      runner.stdin?.write(`attempt ${JSON.stringify(attemptFile)}\n`);
      after(pauseMs, () => void bootSpare().catch(log));
      return runner;
    },
    async adopt(attemptFile) {
      const runner = takeSpare() ?? (await bootRunner(options));
      runner.stdin?.end(`adopt ${JSON.stringify(attemptFile)}\n`);
      return runner;
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
      sendAway(takeSpare());
    },
  };
}

function sendAway(runner: Child | null): void {
  runner?.stdin?.end();
}

async function bootRunner({ programs, state }: RunnersOptions): Promise<Child> {
  const log = await open(state.logFile, 'a', 0o600);
  try {
    const runner = await spawnDetached(programs.node.command, [programs.runner], {
      cwd: state.directory,
      env: { ...withoutHostVariables(process.env), ...programs.node.env },
      stdio: ['pipe', log.fd, log.fd],
    });
    runner.stdin?.on('error', () => {
      /* It ended before it was told anything: its files, or their absence, say so. */
    });
    return runner;
  } finally {
    await log.close();
  }
}
