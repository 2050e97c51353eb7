import type { RunCommand } from '../model/run';

/** What to start so that a run's script runs. */
export interface LaunchPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  /** A file that must exist before the program is worth starting. */
  readonly script: string;
}

/** Where an attempt has its files. */
export interface RunPlace {
  /** The folder of Winnow's programs. */
  readonly programs: string;
  readonly runDirectory: string;
}

/** A way to run a script. */
export interface Executor {
  readonly id: string;
  readonly label: string;
  /** Whether it is the one for this kind of script. */
  accepts(command: RunCommand): boolean;
  /** Why it cannot run anything here, as a sentence, or null when it can. */
  check(): string | null;
  /** Decides, and starts nothing. */
  plan(command: RunCommand, place: RunPlace): LaunchPlan;
}
