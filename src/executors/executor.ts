import type { RunCommand } from '../model/run';

/** What to start so that a run's script runs. */
export interface LaunchPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  /** A file that must exist before the program is worth starting. */
  readonly script: string;
}

/** A way to run a script. */
export interface Executor {
  readonly id: string;
  readonly label: string;
  /** Why it cannot run anything here, as a sentence, or null when it can. */
  check(): string | null;
  /** Decides, and starts nothing. */
  plan(command: RunCommand): LaunchPlan;
}
